//! What agents do at the other desk is read there; reports of an incident wait for their problem; what is solved is closed.

use super::house::{House, OUTGOING, support};
use crate::clients::tickets::memory::Fault;
use crate::clients::tickets::{DeskAnswer, DeskFile, Part};
use crate::desk::{self, Heard, TicketChange};
use crate::model::{Audit, Incident, JobState, NewJob, Said, TicketDraft, TicketRef, TicketStatus};

fn answer(id: &str, author: &str) -> DeskAnswer {
    DeskAnswer { id: id.into(), author: author.into(), text: format!("dit {id}"), said_at: 1_000, files: Vec::new() }
}

fn file(name: &str, content: &str) -> DeskFile {
    let size = content.len() as u64;
    DeskFile { name: name.into(), url: Some(content.into()), media_type: "application/pdf".into(), size }
}

impl House {
    async fn queue(&self, kind: &'static str, key: &str) {
        let job = NewJob { kind, version: 1, payload: "{}".into(), key: key.into(), run_at: 0 };
        self.store.queue_jobs(&[job], super::now()).await.expect("it is queued");
    }

    async fn status(&self, reference: &TicketRef) -> TicketStatus {
        self.store.find_ticket(reference).await.expect("it can be read").expect("it is there").status
    }

    /// What agents said, as the partner has read it.
    async fn answers(&self) -> Vec<String> {
        let messages = self.store.list_messages(&self.draft.conversation, 0).await.expect("they can be read");
        let said = messages.into_iter().filter_map(|message| match message.said {
            Said::Agent(said) => Some(said.text),
            Said::Visitor(_) | Said::Assistant(_) | Said::Ticket(_) => None,
        });
        said.collect()
    }
}

#[tokio::test]
async fn what_was_missed_is_read_once_and_what_the_partner_has_just_said_is_not_undone() {
    let house = House::open(super::now()).await;
    let reference = &house.draft.reference;
    house.work(0).await;
    let files =
        vec![file("clé.pdf", "%PDF-1.7"), file("faux.pdf", "MZ"), file("film.pdf", "%PDF-1.7 beaucoup trop long")];
    house.desk.answer("1", DeskAnswer { files, ..answer("7", "9") });
    // What we wrote there ourselves is nobody's answer.
    house.desk.answer("1", answer("8", "0"));
    house.desk.set_status("1", TicketStatus::Pending);
    house.queue("desk.reconcile", "a").await;
    house.work(1).await;
    let names =
        "Pièce jointe\u{a0}: clé.pdf.\nPièces jointes\u{a0}: faux.pdf, film.pdf (elles vous parviennent par e-mail).";
    let said = ["dit 7", names].map(str::to_owned);
    assert_eq!((house.status(reference).await, house.answers().await), (TicketStatus::Pending, said.into()));

    let kept = house.store.list_attachments(reference).await.expect("they can be read");
    assert_eq!(kept.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["clé.pdf"]);
    let messages = house.store.list_messages(&house.draft.conversation, 0).await.expect("they can be read");
    let shown = messages.iter().find_map(|message| match &message.said {
        Said::Agent(said) => said.files.first(),
        Said::Visitor(_) | Said::Assistant(_) | Said::Ticket(_) => None,
    });
    assert_eq!(shown.map(|file| (&file.id, file.size)), Some((&kept[0].id, 8)), "the chat shows it as one to be saved");

    // The event comes after all; the partner has answered meanwhile, and the desk does not take it yet.
    let late = desk::answered_elsewhere(reference, "7", "dit 7".into(), 1_000, super::now());
    let late = TicketChange { status: Some(TicketStatus::Pending), heard: Some(Heard::Event(1_000)), ..late };
    desk::change(&house.store, &OUTGOING(), &support(), reference, &late).await.expect("it is taken");
    house.add("La version 12.", super::now()).await;
    assert_eq!(house.status(reference).await, TicketStatus::Open);
    house.queue("desk.reconcile", "b").await;
    house.desk.fail_next([None, Some(Fault::Unavailable)]);
    house.work(2).await;
    assert_eq!((house.status(reference).await, house.answers().await.len()), (TicketStatus::Open, 2));
}

#[tokio::test]
async fn a_file_that_cannot_be_fetched_now_is_fetched_later_and_its_answer_is_said_once() {
    let house = House::open(super::now()).await;
    house.work(0).await;
    house.desk.answer("1", DeskAnswer { files: vec![file("clé.pdf", "%PDF-1.7")], ..answer("7", "9") });
    house.queue("desk.reconcile", "a").await;
    // Where tickets stand and what was said is read; then the desk fails.
    house.desk.fail_next([None, None, Some(Fault::Unavailable)]);
    house.work(1).await;
    assert_eq!(house.answers().await, ["dit 7"]);
    house.work(2).await;
    assert_eq!(house.answers().await, ["dit 7", "Pièce jointe\u{a0}: clé.pdf."]);
    let kept = house.store.list_attachments(&house.draft.reference).await.expect("they can be read");
    assert_eq!(kept.len(), 1);
}

#[tokio::test]
async fn a_ticket_that_cannot_be_read_keeps_no_other_from_being_read() {
    let house = House::open(super::now()).await;
    house.work(0).await;
    let second = TicketRef::from_random(2);
    house.keep(&TicketDraft { reference: second.clone(), conversation: "c2".into(), ..house.draft.clone() }).await;
    house.work(1).await;
    let heard = async || house.store.list_messages("c2", 0).await.expect("they can be read").len();
    for (fault, answer_id, known) in [(Fault::Refused, "7", 1), (Fault::Unavailable, "8", 2)] {
        let said_at = known * 100_000;
        house.desk.answer("1", DeskAnswer { said_at, ..answer(&format!("1{answer_id}"), "9") });
        house.desk.answer("2", DeskAnswer { said_at, ..answer(answer_id, "9") });
        house.queue("desk.reconcile", answer_id).await;
        // Where both stand is read; then one of the two fails.
        house.desk.fail_next([None, Some(fault)]);
        house.work(known).await;
        let both = house.answers().await.len() + heard().await;
        assert_eq!(both, 2 * known as usize - 1, "{fault:?}: one of the two was read");
        house.queue("desk.reconcile", &format!("{answer_id}/again")).await;
        house.work(known + 1).await;
        assert_eq!(house.answers().await.len() + heard().await, 2 * known as usize, "{fault:?}");
    }
}

#[tokio::test]
async fn a_desk_that_is_silent_for_long_leaves_no_heap_of_work() {
    let house = House::open(super::now()).await;
    house.work(0).await;
    house.queue("desk.reconcile", "a").await;
    house.desk.fail_next([Some(Fault::Unavailable)]);
    house.work(1).await;
    let waiting = house.store.list_jobs(JobState::Queued, 9).await.expect("it can be read");
    assert_eq!(waiting.len(), 1, "it is tried again until the next round");
    house.desk.fail_next([Some(Fault::Refused)]);
    house.work(2).await;
    for state in [JobState::Queued, JobState::Dead] {
        assert!(house.store.list_jobs(state, 9).await.expect("it can be read").is_empty(), "{state:?}");
    }
}

#[tokio::test]
async fn a_reading_that_the_desk_does_not_let_us_do_is_over_and_tells_the_queue_why() {
    let house = House::open(super::now()).await;
    house.work(0).await;
    let long_ago = super::now() - 24 * 60 * 60 * 1000;
    let job = NewJob { kind: "desk.reconcile", version: 1, payload: "{}".into(), key: "a".into(), run_at: 0 };
    house.store.queue_jobs(&[job], long_ago).await.expect("it is queued");
    house.desk.fail_next([Some(Fault::NotAllowed)]);
    house.work(1).await;
    let failures = house.failures.lock().expect("no test panics with the lock").clone();
    assert_eq!(failures, ["the desk does not let us (401: see desk.zendesk.user and token): script"]);
    for state in [JobState::Queued, JobState::Dead] {
        assert!(house.store.list_jobs(state, 9).await.expect("it can be read").is_empty(), "{state:?}");
    }
}

/// A report of the incident.
fn report(house: &House, number: u64) -> TicketDraft {
    TicketDraft {
        reference: TicketRef::from_random(number),
        conversation: format!("c{number}"),
        tags: vec!["incident:boutique".into()],
        ..house.draft.clone()
    }
}

#[tokio::test]
async fn reports_wait_for_the_problem_and_are_linked_to_it() {
    let house = House::open(1).await;
    let incident = Incident {
        id: "boutique".parse().expect("an id"),
        title: "Panne".into(),
        text: "Patience.".into(),
        keywords: Vec::new(),
        questions: Vec::new(),
        starts: jiff::Timestamp::UNIX_EPOCH,
        ends: None,
        problem: None,
        updated_at: jiff::Timestamp::UNIX_EPOCH,
    };
    house.store.create_incident(&incident, &Audit::default()).await.expect("it is kept");
    house.work(0).await;
    for number in [1, 2] {
        house.keep(&report(&house, number)).await;
    }
    // The first one is the problem, and is not heard of: the second one waits. The first one is found again.
    house.desk.fail_next([Some(Fault::UnavailableAfterDoing)]);
    for round in 1..5 {
        house.work(round).await;
    }
    let parts = || house.desk.tickets().into_iter().map(|held| held.part).collect::<Vec<_>>();
    assert_eq!(parts(), [Part::Alone, Part::Problem, Part::Report(Some("2".into()))]);
    let named = house.store.find_incident("boutique").await.expect("it can be read").expect("it is there");
    assert_eq!(named.problem, Some(TicketRef::from_random(1)));

    // Staff name a ticket that is created after the report: the report waits for it.
    let problem =
        TicketDraft { reference: TicketRef::from_random(9), conversation: "c9".into(), ..house.draft.clone() };
    house.keep(&report(&house, 3)).await;
    house.keep(&problem).await;
    let after = Incident { problem: Some(problem.reference), ..named.clone() };
    house.store.change_incident(&after, named.updated_at, &Audit::default()).await.expect("it is changed");
    for round in 5..9 {
        house.work(round).await;
    }
    assert_eq!(parts()[3..], [Part::Problem, Part::Report(Some("4".into()))]);
}

#[tokio::test]
async fn what_was_solved_long_ago_is_closed_unless_its_author_answers() {
    let house = House::open(1).await;
    let (old, answered) = (house.draft.reference.clone(), TicketRef::from_random(2));
    house.keep(&TicketDraft { reference: answered.clone(), conversation: "c2".into(), ..house.draft.clone() }).await;
    house.work(0).await;
    let long_ago = super::now() - 8 * 24 * 60 * 60 * 1000;
    let solve = async |reference: &TicketRef, at: i64| {
        let ticket = house.store.find_ticket(reference).await.expect("it can be read").expect("it is there");
        let change = TicketChange { status: Some(TicketStatus::Solved), at, ..TicketChange::default() };
        let mut commit = desk::plan(&ticket, &change, &OUTGOING(), &support());
        commit.after.updated_at = at;
        house.store.commit_ticket(&commit).await.expect("it is kept");
    };
    solve(&old, long_ago).await;
    solve(&answered, super::now()).await;
    house.queue("desk.close", "a").await;
    house.work(1).await;
    assert_eq!((house.status(&old).await, house.status(&answered).await), (TicketStatus::Closed, TicketStatus::Solved));
    let history = house.store.list_history(&old).await.expect("it can be read");
    let last: Vec<(&str, &str)> =
        history.iter().rev().take(2).map(|line| (line.who.as_str(), line.what.as_str())).collect();
    assert!(last.contains(&("Guichet", "status: solved → closed")), "{last:?}");
    assert!(last.contains(&("Guichet", "closed, days without news: 7")), "{last:?}");
    // Somebody answers between the look and the change.
    let change = TicketChange {
        status: Some(TicketStatus::Closed),
        if_unchanged_since: Some(long_ago),
        at: super::now(),
        ..TicketChange::default()
    };
    let changed = desk::change(&house.store, &OUTGOING(), &support(), &answered, &change).await;
    assert!(!changed.expect("it can be asked"));
    assert_eq!(house.status(&answered).await, TicketStatus::Solved);
}
