//! What must never be seen, kept or written: other partners' data, old facts, what was read in the log of lookups.

use std::time::{Duration, Instant};

use guichet_bots::{Outbound, terminal};
use jiff::civil::date;
use proptest::prelude::*;

use super::house::{House, PATIENCE};
use super::moody::Mood;
use crate::conversation::{Request, Sent};
use crate::model::{Requester, Urgency};
use crate::portal_demo::World;
use crate::reply;

fn said(text: &str) -> Sent {
    Sent { text: text.to_owned(), ..Sent::default() }
}

const QUESTION: &str = "Pourquoi le contrat de Garage Martin n'a pas été réabonné ?";

#[tokio::test]
async fn a_slow_portal_keeps_nobody_else_waiting() {
    let house = House::open(Mood::Slow).await;
    let (id, token) = house.open_conversation(Some("U-12"), false).await;
    let (other, other_token) = house.open_conversation(None, false).await;
    let conversations = &house.conversations;
    let begun = Instant::now();
    let slow = async {
        let reply = conversations.turn(&id, &token, said(QUESTION)).await.expect("a reply");
        (begun.elapsed(), reply)
    };
    let quick = async {
        conversations.turn(&other, &other_token, said("bonjour")).await.expect("a reply");
        begun.elapsed()
    };
    let ((slow, reply), quick) = tokio::join!(slow, quick);
    assert!(quick < PATIENCE && slow >= PATIENCE && slow < Duration::from_secs(9), "{quick:?} {slow:?}");
    assert!(terminal::plain(&reply).contains("Le portail ne répond pas"));
}

#[tokio::test]
async fn every_lookup_is_kept_with_who_and_whom_and_why_and_without_what_was_read() {
    let house = House::open(Mood::Good).await;
    let (id, token) = house.open_conversation(Some("U-12"), false).await;
    for text in [QUESTION, "et sa prime de fidélité ?", "Quand expire le contrat de la société Verdanoux Frères ?"]
    {
        house.conversations.turn(&id, &token, said(text)).await.expect("a reply");
    }
    let lookups = house.conversations.store.list_lookups(10).await.expect("the audit");
    let lines: Vec<_> = lookups
        .iter()
        .map(|it| (it.user.as_str(), it.customer.as_ref().map(|id| id.as_str()), it.outcome.as_str()))
        .collect();
    let customer = Some("C-1001");
    assert_eq!(lines, [("U-12", None, "unknown"), ("U-12", customer, "found"), ("U-12", customer, "found")]);
    assert_eq!(lookups[2].entry.as_ref().map(|id| id.as_str()), Some("reabonnement-absent"));
    assert!(!format!("{lookups:?}").contains("Martin"));
}

#[tokio::test]
async fn facts_leave_the_conversation_when_their_time_is_over() {
    let house = House::open(Mood::Good).await;
    let (id, token) = house.open_conversation(Some("U-12"), false).await;
    house.conversations.turn(&id, &token, said(QUESTION)).await.expect("a reply");
    let store = &house.conversations.store;
    let shown = |messages: Vec<crate::model::Message>| format!("{messages:?}");
    let now = jiff::Timestamp::now().as_millisecond();
    let (early, late) = (now + 3_000_000, now + 3_700_000);
    assert_eq!(store.erase_facts(early, &reply::erased).await.expect("it is done"), 0);
    assert!(shown(store.list_messages(&id, 1).await.expect("messages")).contains("FA2"));
    assert_eq!(store.erase_facts(late, &reply::erased).await.expect("it is done"), 1);
    let left = shown(store.list_messages(&id, 1).await.expect("messages"));
    assert!(left.contains("ont été effacées") && !left.contains("FA2") && !left.contains("C-1001"), "{left}");
    let state = store.find_conversation(&id).await.expect("it is there").expect("it is there").state;
    assert_eq!((state.about, state.asking), (None, None));
    assert_eq!(store.list_lookups(10).await.expect("the audit").len(), 1);
}

/// What is forgotten is not shown by the history either; other conversations keep theirs.
#[tokio::test]
async fn who_wants_a_customer_forgotten_finds_nothing_of_it_in_the_history() {
    let house = House::open(Mood::Good).await;
    let conversations = &house.conversations;
    let shown = async |id: &str| format!("{:?}", conversations.store.list_messages(id, 0).await.expect("messages"));
    let (other, other_token) = house.open_conversation(Some("U-12"), false).await;
    conversations.turn(&other, &other_token, said(QUESTION)).await.expect("a reply");
    let (id, token) = house.open_conversation(Some("U-12"), false).await;
    let which = said("Le contrat de la Clinique Saint-Jean est-il réabonné ?");
    let asked = conversations.turn(&id, &token, which).await.expect("a question");
    let choice = asked.options.first().expect("a contract").clone();
    let chosen = Sent { option: Some(choice.id), ..said(&choice.label) };
    conversations.turn(&id, &token, chosen).await.expect("a reply");
    conversations.turn(&id, &token, said(QUESTION)).await.expect("a reply");
    let before = shown(&id).await;
    assert!(before.contains("FA2532226") && before.contains("78271605"), "{before}");

    let reply = conversations.turn(&id, &token, said("oublie ce client")).await.expect("a reply");
    assert!(terminal::plain(&reply).contains("j’ai oublié ce client"), "{reply:?}");
    let left = shown(&id).await;
    assert!(!left.contains("FA2532226") && !left.contains("78271605"), "{left}");
    assert_eq!(left.matches("ont été effacées").count(), 3, "{left}");
    assert!(left.contains("Garage Martin n'a pas été réabonné"), "what the person wrote stays: {left}");
    assert!(shown(&other).await.contains("FA2532226"));
    let again = conversations.turn(&id, &token, said("oublie ce client")).await.expect("a reply");
    assert!(terminal::plain(&again).contains("aucun client en mémoire"), "{again:?}");
}

/// Which contract is meant is a question that shows serial numbers and dates.
#[tokio::test]
async fn what_may_be_chosen_and_what_was_chosen_goes_into_no_ticket_and_does_not_stay() {
    let house = House::open(Mood::Good).await;
    let (id, token) = house.open_conversation(Some("U-12"), false).await;
    let conversations = &house.conversations;
    let question = said("Le contrat de la Clinique Saint-Jean est-il réabonné ?");
    let asked = conversations.turn(&id, &token, question).await.expect("a question");
    let choice = asked.options.iter().find(|option| option.id == "contrat:K-10005").expect("a contract").clone();
    assert!(choice.label.contains("78271605"), "{choice:?}");
    let chosen = Sent { option: Some(choice.id), ..said(&choice.label) };
    conversations.turn(&id, &token, chosen).await.expect("a reply");
    let request = Request {
        key: "1".into(),
        requester: Requester {
            name: "Léa Roy".into(),
            email: "lea@revendeur.example".parse().expect("an address"),
            company: None,
        },
        subject: "Réabonnement".into(),
        description: "Pouvez-vous vérifier ?".into(),
        product: None,
        urgency: Urgency::Normal,
        attachments: Vec::new(),
    };
    let ticket = conversations.request_ticket(&id, &token, request).await.expect("a ticket");
    let transcript = format!("{:?}", ticket.draft.transcript);
    assert!(transcript.contains("Clinique Saint-Jean est-il réabonné"), "{transcript}");
    assert!(!transcript.contains("78271605") && !transcript.contains("janvier"), "{transcript}");
    let store = &conversations.store;
    let late = jiff::Timestamp::now().as_millisecond() + 3_700_000;
    store.erase_facts(late, &reply::erased).await.expect("it is done");
    let left = format!("{:?}", store.list_messages(&id, 0).await.expect("messages"));
    assert!(!left.contains("78271605"), "{left}");
}

#[tokio::test]
async fn who_signs_out_leaves_no_customer_behind() {
    let house = House::open(Mood::Good).await;
    let (id, token) = house.open_conversation(Some("U-12"), false).await;
    house.conversations.turn(&id, &token, said(QUESTION)).await.expect("a reply");
    let store = &house.conversations.store;
    let about = async || store.find_conversation(&id).await.expect("it is read").expect("it is there").state.about;
    assert!(about().await.is_some());
    store.remove_visitor(&id).await.expect("it is done");
    assert_eq!((about().await, store.find_visitor(&id).await.expect("it is read")), (None, None));
}

/// Words that may be a name are looked for in the portal; that nobody is called so is in the audit as well.
#[tokio::test]
async fn a_lookup_that_finds_nobody_is_in_the_audit() {
    let house = House::open(Mood::Good).await;
    let (id, token) = house.open_conversation(Some("U-12"), false).await;
    let text = "Peut-on encore résilier le contrat de la Menuiserie Zorglub ?";
    house.conversations.turn(&id, &token, said(text)).await.expect("a reply");
    let lookups = house.conversations.store.list_lookups(10).await.expect("the audit");
    assert_eq!(lookups.iter().map(|it| it.outcome.as_str()).collect::<Vec<_>>(), ["unknown"]);
}

#[tokio::test]
async fn a_proof_is_taken_once() {
    let house = House::open(Mood::Good).await;
    let (id, _) = house.open_conversation(None, false).await;
    let (visitor, store) = (house.visitor("U-11"), &house.conversations.store);
    store.keep_visitor(&id, &visitor, "jti-1", 1).await.expect("it is new");
    assert!(store.keep_visitor(&id, &visitor, "jti-1", 1).await.is_err());
    assert!(store.take_token("jti-1", 1).await.is_err());
    assert_eq!(store.find_visitor(&id).await.expect("it is read"), Some((visitor.clone(), 1)));
    store.create_link_code("hash", &visitor, 10).await.expect("it is kept");
    assert_eq!(store.link_account("discord", "42", "wrong", 5).await.expect("it is read"), None);
    assert_eq!(store.link_account("discord", "42", "hash", 10).await.expect("it is read"), None);
    assert_eq!(store.link_account("discord", "42", "hash", 5).await.expect("it is read"), Some(visitor.clone()));
    assert_eq!(store.link_account("discord", "43", "hash", 5).await.expect("it is read"), None);
    assert_eq!(store.find_linked("discord", "42").await.expect("it is read"), Some(visitor));
    assert!(store.unlink_account("discord", "42").await.expect("it is done"));
    assert_eq!(store.find_linked("discord", "42").await.expect("it is read"), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// In whatever world, whoever asks whatever about whomever, with a right or a leaky portal: nothing that is said names
    /// anything of another partner.
    #[test]
    fn no_partner_is_told_of_another_ones_customers(
        seed in any::<u64>(),
        who in 0..100_usize,
        customer in 0..1_000_usize,
        by in 0..4_usize,
        question in 0..4_usize,
        is_leaky in any::<bool>(),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        let (reply, theirs) = runtime.block_on(async {
            let mood = if is_leaky { Mood::Leaky } else { Mood::Good };
            let house = House::of(World::generated(date(2026, 11, 24), seed), mood, PATIENCE).await;
            let count = house.world.people().count();
            let user = house.world.people().nth(who % count).expect("a user").visitor.user.as_str().to_owned();
            let me = house.visitor(&user);
            let contracts = house.world.all_contracts();
            let others: Vec<_> = contracts.iter().filter(|it| it.customer.partner != me.partner).collect();
            let contract = others[customer % others.len()].clone();
            let named = match by {
                0 => format!("contrat {}", contract.serial_number),
                1 => format!("client {}", contract.customer.code),
                2 => format!("client {}", contract.customer.name),
                _ => format!("SIRET {}", contract.customer.siret.clone().unwrap_or_default()),
            };
            let asked = ["Est-il réabonné", "Combien coûtera le prochain réabonnement", "Où sont ses clés", "Peut-on le résilier"];
            let (id, token) = house.open_conversation(Some(&user), false).await;
            let text = format!("{}, {named} ?", asked[question]);
            let mut reply = house.conversations.turn(&id, &token, said(&text)).await.expect("a reply");
            if let Some(option) = reply.options.first().filter(|option| option.id.contains(':') && !option.id.starts_with("do:")) {
                let sent = Sent { option: Some(option.id.clone()), ..said("oui") };
                let next = house.conversations.turn(&id, &token, sent).await.expect("a reply");
                reply::join(&mut reply, next);
            }
            let theirs: Vec<String> = contracts
                .iter()
                .filter(|it| it.customer.partner != me.partner)
                .flat_map(|it| [it.serial_number.clone(), it.customer.code.clone(), it.customer.id.as_str().to_owned()])
                .filter(|number| !named.contains(number.as_str()))
                .collect();
            (reply, theirs)
        });
        let told = told(&reply);
        for number in theirs {
            prop_assert!(!told.contains(&number), "{number} in {told}");
        }
    }
}

fn told(reply: &Outbound) -> String {
    format!("{} {:?}", terminal::plain(reply), reply.options)
}
