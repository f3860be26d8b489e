//! What staff see of the portal is what the partner of the conversation sees there, and leaves a trace.

use super::house::House;
use super::moody::Mood;
use crate::conversation::{PartnerFile, PortalKnown, Trouble};

const WHO: &str = "Inès Moreau";

async fn known(house: &House, id: &str, searched: &str) -> PortalKnown {
    match house.conversations.partner_file(id, WHO, searched).await.expect("it can be read") {
        PartnerFile::Known(known) => *known,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn staff_see_what_the_partner_sees_and_it_is_kept_who_looked() {
    let house = House::open(Mood::Good).await;
    let (id, _) = house.open_conversation(Some("U-12"), false).await;
    let nothing = known(&house, &id, "").await;
    assert!(nothing.partner.is_some() && nothing.customers.is_empty() && nothing.trouble.is_none(), "{nothing:?}");
    let found = known(&house, &id, "Garage Martin").await;
    assert_eq!(found.customers.iter().map(|customer| customer.id.as_str()).collect::<Vec<_>>(), ["C-1001"]);
    assert!(!found.contracts.is_empty() && found.contracts.iter().all(|it| it.customer.id.as_str() == "C-1001"));
    let others = known(&house, &id, "Verdanoux Frères").await;
    assert_eq!((others.trouble, others.customers.len()), (Some(Trouble::Unknown), 0), "it is another partner's");

    let store = &house.conversations.store;
    let lookups = store.list_lookups(9).await.expect("the audit");
    let outcomes: Vec<_> = lookups.iter().map(|it| it.outcome.as_str()).collect();
    assert_eq!(outcomes, ["unknown", "found", "found"]);
    let lines = store.list_audit("portal_read", None, 9).await.expect("the log");
    assert!(lines.iter().all(|line| line.who == WHO && line.object == id));
    assert_eq!(lines.iter().map(|line| line.after.as_str()).collect::<Vec<_>>(), ["P-1", "P-1 C-1001", "P-1"]);
}

#[tokio::test]
async fn without_a_proof_that_holds_nothing_is_asked() {
    let house = House::open(Mood::Good).await;
    for (user, is_over) in [(None, false), (Some("U-12"), true)] {
        let (id, _) = house.open_conversation(user, is_over).await;
        let file = house.conversations.partner_file(&id, WHO, "Garage Martin").await.expect("it can be read");
        assert!(matches!(file, PartnerFile::Anonymous | PartnerFile::Expired), "{file:?}");
    }
    assert!(house.conversations.store.list_lookups(9).await.expect("the audit").is_empty());
}

#[tokio::test]
async fn a_silent_portal_is_said_to_be_silent() {
    let house = House::open(Mood::Silent).await;
    let (id, _) = house.open_conversation(Some("U-12"), false).await;
    let file = known(&house, &id, "Garage Martin").await;
    assert_eq!((file.trouble, file.partner.is_none()), (Some(Trouble::Silent), true));
}
