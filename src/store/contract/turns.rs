//! What is counted of turns, and the questions that deserve a look.

use std::collections::BTreeSet;

use super::*;
use crate::model::{Feedback, Gap, OpenQuestion, TurnKind, TurnRecord, Visitor};
use crate::store::HOUR_MS;

on_both_engines! {
    questions_without_a_good_answer_are_listed_until_somebody_handles_them
    what_was_chosen_is_what_a_question_meant
    a_ticket_and_a_no_make_a_gap_of_an_answer
    a_forgotten_conversation_leaves_turns_without_text
    turns_are_summed_by_time_and_by_entry
}

/// A turn of `c1` that follows `seen` messages; its reply is `r{seen}`.
fn turn(seen: i64, text: &str, kind: TurnKind, decision: &str, entry: Option<&str>) -> Commit {
    let mut commit = commit(seen, text);
    commit.messages.push(Message {
        id: format!("b{seen}"),
        number: seen + 2,
        said: Said::Assistant(guichet_bots::Outbound {
            decision: decision.into(),
            confidence: 0.5,
            blocks: Vec::new(),
            sources: Vec::new(),
            options: Vec::new(),
        }),
        sent_at: 2,
    });
    let record = TurnRecord {
        kind,
        decision: decision.into(),
        confidence: 0.5,
        entry: entry.map(str::to_owned),
        channel: "web".into(),
        took_ms: 12,
    };
    Commit { turn: Some(record), at: 100 + seen, ..commit }
}

async fn take(store: &Store, commit: Commit) {
    store.commit_turn(&commit).await.expect("it is kept");
}

async fn open(store: &Store) -> Vec<OpenQuestion> {
    store.list_open_questions(100, 200, 10).await.expect("they can be read")
}

fn judged(message: &str, is_helpful: bool) -> Feedback {
    let (message, conversation) = (message.to_owned(), "c1".to_owned());
    Feedback { message, conversation, is_helpful, reason: None, entry: None, at: 150 }
}

async fn questions_without_a_good_answer_are_listed_until_somebody_handles_them(store: Store) {
    conversation(&store, "c1").await;
    take(&store, turn(0, "bonjour", TurnKind::Step, "smalltalk", None)).await;
    take(&store, turn(2, "où est le logo ?", TurnKind::Question, "noanswer", None)).await;
    take(&store, turn(4, "résilier", TurnKind::Question, "answer", Some("a"))).await;
    take(&store, turn(6, "contrat", TurnKind::Question, "clarify", None)).await;
    let found = open(&store).await;
    let texts: Vec<(&str, Gap)> = found.iter().map(|one| (one.text.as_str(), one.gap)).collect();
    assert_eq!(texts, [("contrat", Gap::Unsure), ("où est le logo ?", Gap::Unanswered)], "the latest first");
    assert_eq!(store.list_open_questions(103, 200, 10).await.expect("they can be read").len(), 1);
    assert_eq!(store.list_open_questions(100, 200, 1).await.expect("they can be read").len(), 1);

    let line = Audit { at: 160, who: "Inès".into(), what: "gap.handled".into(), ..Audit::default() };
    store.handle_questions(&["b2".into()], "ignored", &line).await.expect("it is kept");
    assert_eq!(open(&store).await.len(), 1);
    assert_eq!(store.list_ignored_questions(5).await.expect("they can be read"), ["où est le logo ?"]);
    assert_eq!(store.list_audit("gap", None, 5).await.expect("it can be read").len(), 1);
}

async fn what_was_chosen_is_what_a_question_meant(store: Store) {
    conversation(&store, "c1").await;
    take(&store, turn(0, "contrat", TurnKind::Question, "clarify", None)).await;
    take(&store, turn(2, "Comment résilier ?", TurnKind::Choice, "answer", Some("a"))).await;
    let found = open(&store).await;
    assert_eq!((found.len(), found[0].entry.as_deref()), (1, Some("a")));
}

async fn a_ticket_and_a_no_make_a_gap_of_an_answer(store: Store) {
    conversation(&store, "c1").await;
    let visitor = Visitor {
        partner: "P1".parse().expect("an id"),
        user: "U1".parse().expect("an id"),
        establishments: BTreeSet::new(),
        rights: BTreeSet::new(),
        contact: crate::model::Contact::default(),
    };
    store.keep_visitor("c1", &visitor, "t", 999).await.expect("it is kept");
    take(&store, turn(0, "résilier", TurnKind::Question, "answer", Some("a"))).await;
    assert_eq!(open(&store).await, []);
    store.keep_feedback(&judged("b0", false)).await.expect("it is kept");
    assert_eq!(open(&store).await[0].gap, Gap::Unhelpful);
    store.keep_feedback(&judged("b0", true)).await.expect("it is kept");
    assert_eq!(open(&store).await, [], "the last word counts");

    let confirmed = Commit { ticket: Some(ticket(1)), ..turn(2, "oui", TurnKind::Step, "handoff", None) };
    take(&store, confirmed).await;
    store.keep_feedback(&judged("b0", false)).await.expect("it is kept");
    let found = open(&store).await;
    assert_eq!((found.len(), found[0].gap, found[0].text.as_str()), (1, Gap::Escalated, "résilier"));
    assert_eq!(found[0].partner.as_deref(), Some("P1"));
    assert_eq!(found[0].ticket.as_deref(), Some(reference(1).as_str()));
}

async fn a_forgotten_conversation_leaves_turns_without_text(store: Store) {
    conversation(&store, "c1").await;
    take(&store, turn(0, "où est le logo ?", TurnKind::Question, "noanswer", None)).await;
    store.forget_conversation("c1", 170).await.expect("it is forgotten");
    assert_eq!(open(&store).await, []);
}

async fn turns_are_summed_by_time_and_by_entry(store: Store) {
    conversation(&store, "c1").await;
    take(&store, turn(0, "résilier", TurnKind::Question, "answer", Some("a"))).await;
    store.keep_feedback(&judged("b0", true)).await.expect("it is kept");
    take(&store, turn(2, "contrat", TurnKind::Question, "clarify", None)).await;
    take(&store, turn(4, "Comment résilier ?", TurnKind::Choice, "answer", Some("a"))).await;
    let sum = async |settled| {
        let lines = store.sum_turns((0, HOUR_MS), settled).await.expect("they can be summed");
        assert!(lines.iter().all(|one| one.begins_at == 0 && one.channel == "web"), "{lines:?}");
        let questions = lines.iter().filter(|one| one.kind == "question");
        questions.fold((0, 0, 0), |(turns, given, lasting), one| {
            (turns + one.sums.turns, given + one.sums.given, lasting + one.sums.lasting)
        })
    };
    assert_eq!(sum(HOUR_MS).await, (2, 2, 2), "what was chosen was given too");
    assert_eq!(sum(0).await, (2, 0, 0), "they are too young");
    assert_eq!(store.sum_turns((HOUR_MS, 2 * HOUR_MS), 0).await.expect("they can be summed"), []);
    let entries = store.sum_entries((0, HOUR_MS), HOUR_MS).await.expect("they can be summed");
    assert_eq!((entries.len(), entries[0].entry.as_str()), (1, "a"));
    assert_eq!((entries[0].sums.turns, entries[0].sums.helpful), (3, 1));
    assert_eq!(store.count_times((0, HOUR_MS)).await.expect("they can be counted"), [(12, 2)]);

    take(&store, Commit { ticket: Some(ticket(1)), ..turn(6, "oui", TurnKind::Step, "handoff", None) }).await;
    assert_eq!(sum(HOUR_MS).await, (2, 2, 0), "a ticket came after them");
}
