//! What people say of answers, and conversations that they want forgotten.

use super::*;
use crate::model::{Feedback, File, Votes};

on_both_engines! {
    the_last_word_about_an_answer_counts
    a_forgotten_conversation_keeps_nothing_but_its_tickets
}

fn feedback(is_helpful: bool, reason: Option<&str>, at: i64) -> Feedback {
    Feedback {
        message: "x0".into(),
        conversation: "c1".into(),
        is_helpful,
        reason: reason.map(str::to_owned),
        entry: Some("a-b".into()),
        at,
    }
}

async fn the_last_word_about_an_answer_counts(store: Store) {
    conversation(&store, "c1").await;
    store.commit_turn(&commit(0, "x")).await.expect("it is kept");
    let listed = async || store.list_feedback("c1").await.expect("it can be read");
    assert_eq!(listed().await, []);
    for said in [feedback(true, None, 3), feedback(false, Some("Trop vague."), 4), feedback(false, Some("Vieux."), 5)] {
        store.keep_feedback(&said).await.expect("it is kept");
        store.keep_feedback(&said).await.expect("it is kept once");
        assert_eq!(listed().await, [said]);
    }
    let votes = async |first, last, since| store.count_votes(first, last, since).await.expect("they can be read");
    assert_eq!(votes("a", "b", 5).await, [Votes { entry: "a-b".into(), helped: 0, not: 1 }]);
    assert_eq!((votes("a", "b", 6).await, votes("a-c", "b", 0).await), (vec![], vec![]));
    let nowhere = Feedback { message: "absent".into(), ..feedback(true, None, 6) };
    store.keep_feedback(&nowhere).await.expect_err("there is no such answer");
}

async fn a_forgotten_conversation_keeps_nothing_but_its_tickets(store: Store) {
    conversation(&store, "c1").await;
    let picture = File { name: "a.png".into(), media_type: "image/png".into(), content: vec![1, 2] };
    for file in ["taken", "waits"] {
        assert!(store.create_attachment(file, "c1", &picture, 5, 1).await.expect("it is kept"));
    }
    let with_ticket = Commit { ticket: Some(ticket(1)), ticket_files: vec!["taken".into()], ..commit(0, "x") };
    store.commit_turn(&with_ticket).await.expect("it is kept");
    store.keep_feedback(&feedback(true, None, 3)).await.expect("it is kept");

    store.forget_conversation("c1", 9).await.expect("it is forgotten");
    let row = store.find_conversation("c1").await.expect("it can be read").expect("tickets point to it");
    assert_eq!((row.token_hash.as_str(), row.state), ("", State::default()));
    assert_eq!(store.list_messages("c1", 0).await.expect("they can be read"), []);
    assert_eq!(store.list_feedback("c1").await.expect("it can be read"), []);
    assert_eq!(store.find_file("waits").await.expect("it can be read"), None);
    assert!(store.find_file("taken").await.expect("it can be read").is_some(), "a ticket has it");
    assert!(store.find_ticket(&reference(1)).await.expect("it can be read").is_some());

    let late = store.commit_turn(&commit(1, "y")).await;
    assert!(matches!(late, Err(StoreError::Conflict)), "a turn that was under way writes nothing");
    store.forget_conversation("c1", 10).await.expect("twice is once");
}
