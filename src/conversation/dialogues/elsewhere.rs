//! What whoever is signed in has open at the other desk only is offered, within a short time, and known here once something
//! is added to it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::house::House;
use super::moody::Mood;
use super::signed_in::{TROUBLE, Talk};
use crate::clients::tickets::memory::{Fault, MemoryDesk};
use crate::clients::tickets::{DeskAnswer, DeskComment, DeskError, DeskFile, DeskState, DeskTicket, Part, TicketDesk};
use crate::model::{EmailAddress, JobState, TicketDraft, TicketRef, TicketStatus};
use crate::store::{Hold, TicketFilter};

const CLAIRE: &str = "claire.aubry@alize.example";

fn claire() -> EmailAddress {
    CLAIRE.parse().expect("an address")
}

/// The service beside a desk where Claire has written a mail about her trouble.
async fn house() -> (House, Arc<MemoryDesk>) {
    let desk = Arc::new(MemoryDesk::default());
    assert_eq!(desk.receive(&claire(), TROUBLE), "1");
    let house = House::beside(Arc::clone(&desk) as _, Duration::from_secs(60)).await;
    (house, desk)
}

async fn tickets(house: &House) -> Vec<TicketRef> {
    let filter = TicketFilter { limit: 9, ..TicketFilter::default() };
    let tickets = house.conversations.store.list_tickets(&filter).await.expect("they can be read");
    tickets.into_iter().map(|ticket| ticket.draft.reference).collect()
}

#[tokio::test]
async fn a_request_that_only_the_other_desk_has_is_offered_and_known_here_once_it_is_added_to() {
    let (house, desk) = house().await;
    // It is about something else.
    desk.receive(&claire(), "Où sont les factures de mars ?");
    let talk = Talk::begin(&house, Some("U-11"), false).await;
    talk.send("bonjour").await;
    let offered = talk.ask_for_a_person(TROUBLE).await;
    assert!(offered.contains("Vous avez déjà une demande ouverte") && offered.contains("(n° 1)"), "{offered}");
    let file = house.conversations.send_file(&talk.id, &talk.token, "text/plain", "a.txt", b"erreur 42".to_vec()).await;
    let added = talk.send("oui").await;
    assert!(added.contains("J’ajoute votre message à la demande n° 1."), "{added}");

    let [reference] = tickets(&house).await.try_into().expect("it is known now");
    assert!(added.contains(&format!("sous la référence {reference}")), "{added}");
    let store = &house.conversations.store;
    let ticket = store.find_ticket(&reference).await.expect("it can be read").expect("it is there");
    assert_eq!((ticket.external_id.as_deref(), ticket.status), (Some("1"), TicketStatus::Open));
    assert_eq!(ticket.draft.requester.email, claire());
    let comments = store.list_comments(&reference).await.expect("they can be read");
    let text = &comments[0].text;
    assert!(text.starts_with(TROUBLE) && text.contains("Partenaire\u{a0}: bonjour"), "{text}");
    let files = store.list_files(&reference, Some(&comments[0].id)).await.expect("they can be read");
    assert_eq!((files.len(), &files[0].name), (1, &file.expect("it is kept").name));
    // The desk has the request: only what is added goes there, and nobody is told that a request has arrived.
    let work = store.list_jobs(JobState::Queued, 9).await.expect("it can be read");
    assert_eq!(work.iter().map(|job| job.kind.as_str()).collect::<Vec<_>>(), ["ticket.comment"]);

    // From now on it is a request like others, in other conversations as well.
    let offered = Talk::begin(&house, Some("U-11"), false).await.ask_for_a_person(TROUBLE).await;
    assert!(offered.contains(&format!("({reference})")) && !offered.contains("n° 1"), "{offered}");
    // What an agent says comes by its number there.
    assert_eq!(store.find_by_external_id("1").await.expect("it can be read"), Some(reference));
}

#[tokio::test]
async fn a_new_request_is_made_all_the_same_when_it_is_preferred() {
    let (house, _desk) = house().await;
    let talk = Talk::begin(&house, Some("U-11"), false).await;
    talk.ask_for_a_person(TROUBLE).await;
    let summary = talk.send("non").await;
    assert!(summary.contains("Je l’envoie"), "{summary}");
    assert!(talk.send("oui").await.contains("Votre demande est enregistrée"));
    let store = &house.conversations.store;
    let ticket = store.find_ticket(&tickets(&house).await[0]).await.expect("it can be read").expect("it is there");
    assert_eq!(ticket.external_id, None);
}

#[tokio::test]
async fn nobody_is_told_what_the_owner_of_an_address_that_was_merely_typed_has_asked_for() {
    let (house, _desk) = house().await;
    for (user, is_over) in [(None, false), (Some("U-11"), true), (Some("U-12"), false)] {
        let talk = Talk::begin(&house, user, is_over).await;
        let mut said = talk.ask_for_a_person(TROUBLE).await;
        if said.contains("il me faut votre nom") {
            said = talk.send(&format!("Claire Aubry, {CLAIRE}, société Alizé")).await;
        }
        assert!(said.contains("Je l’envoie") && !said.contains("n° 1"), "{user:?}: {said}");
    }
}

#[tokio::test]
async fn a_desk_that_fails_or_asked_to_be_left_alone_holds_nobody_up() {
    let (house, desk) = house().await;
    desk.fail_next([Some(Fault::Unavailable)]);
    let talk = Talk::begin(&house, Some("U-11"), false).await;
    let summary = talk.ask_for_a_person(TROUBLE).await;
    assert!(summary.contains("Je l’envoie"), "{summary}");
    // It is looked for once in a dialogue: the desk would answer now.
    let summary = talk.send("c'est pour demain").await;
    assert!(summary.contains("Je l’envoie") && !summary.contains("n° 1"), "{summary}");

    let until = jiff::Timestamp::now().as_millisecond() + 3_600_000;
    let hold = Hold { prefix: "ticket.".into(), since: 1, until, reason: "status 429".into(), is_to_be_mended: false };
    house.conversations.store.hold_work(&hold).await.expect("it is kept");
    let summary = Talk::begin(&house, Some("U-11"), false).await.ask_for_a_person(TROUBLE).await;
    assert!(summary.contains("Je l’envoie"), "{summary}");
    house.conversations.store.release_work("ticket.").await.expect("it is over");
    let offered = Talk::begin(&house, Some("U-11"), false).await.ask_for_a_person(TROUBLE).await;
    assert!(offered.contains("(n° 1)"), "{offered}");
}

/// A desk that never answers.
struct SilentDesk;

#[async_trait]
impl TicketDesk for SilentDesk {
    async fn create(&self, _: &TicketDraft, _: &Part) -> Result<DeskTicket, DeskError> {
        std::future::pending().await
    }

    async fn comment(&self, _: &str, _: &DeskComment) -> Result<(), DeskError> {
        std::future::pending().await
    }

    async fn read(&self, _: &[String]) -> Result<Vec<DeskState>, DeskError> {
        std::future::pending().await
    }

    async fn list_answers(&self, _: &str) -> Result<Vec<DeskAnswer>, DeskError> {
        std::future::pending().await
    }

    async fn fetch(&self, _: &DeskFile, _: usize) -> Result<Vec<u8>, DeskError> {
        std::future::pending().await
    }

    async fn find_own_user(&self) -> Result<String, DeskError> {
        std::future::pending().await
    }

    async fn list_open(&self, _: &EmailAddress) -> Result<Vec<DeskTicket>, DeskError> {
        std::future::pending().await
    }
}

#[tokio::test]
async fn a_desk_that_never_answers_holds_nobody_up() {
    let house = House::beside(Arc::new(SilentDesk), Duration::from_millis(20)).await;
    let talk = Talk::begin(&house, Some("U-11"), false).await;
    assert!(talk.ask_for_a_person(TROUBLE).await.contains("Je l’envoie"));
    assert!(talk.send("oui").await.contains("Votre demande est enregistrée"));
}

#[tokio::test]
async fn of_two_tabs_that_confirm_the_same_at_one_moment_one_is_offered_what_the_other_has_made() {
    let house = House::open(Mood::Good).await;
    let tabs = [Talk::begin(&house, Some("U-11"), false).await, Talk::begin(&house, Some("U-11"), false).await];
    for tab in &tabs {
        let summary = tab.ask_for_a_person(TROUBLE).await;
        assert!(summary.contains("Je l’envoie"), "neither has asked yet: {summary}");
    }
    let (one, two) = tokio::join!(tabs[0].send("[do:confirm]"), tabs[1].send("[do:confirm]"));
    let [reference] = tickets(&house).await.try_into().expect("one of them is kept");
    let (made, offered) = if one.contains("est enregistrée") { (one, two) } else { (two, one) };
    assert!(made.contains(&format!("sous la référence {reference}")), "{made}");
    assert!(offered.contains("déjà une demande ouverte") && offered.contains(reference.as_str()), "{offered}");
}
