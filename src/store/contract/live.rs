//! Conversations as staff follow them.

use super::*;
use crate::model::{Note, Side, TakenOver};
use crate::store::LiveFilter;

on_both_engines! {
    who_holds_a_conversation_is_listed_until_it_is_given_back
    who_writes_is_noted_while_somebody_holds_the_conversation
    conversations_are_listed_a_page_at_a_time
    notes_are_kept_once_and_forgotten_with_the_conversation
}

fn held(seen: i64, who: Option<&str>) -> Commit {
    let taken_over = who.map(|who| TakenOver { who: who.to_owned(), since: 2 });
    Commit { state: State { taken_over, ..State::default() }, ..commit(seen, "bonjour") }
}

async fn who_holds_a_conversation_is_listed_until_it_is_given_back(store: Store) {
    conversation(&store, "c1").await;
    let audit = Audit { what: "conversation.taken".into(), object: "c1".into(), ..Audit::default() };
    store.commit_turn(&Commit { audit: Some(audit), ..held(0, Some("Inès")) }).await.expect("it is kept");
    assert_eq!(store.list_audit("taken", None, 9).await.expect("it can be read").len(), 1);
    store.mark_agent_seen("c1", "Paul", 9).await.expect("it is kept");
    store.mark_agent_seen("c1", "Inès", 7).await.expect("it is kept");
    store.mark_agent_seen("c1", "Inès", 6).await.expect("it is kept");
    let taken = store.list_taken_over().await.expect("they can be read");
    assert_eq!(taken.iter().map(|found| (&*found.id, found.agent_seen_at)).collect::<Vec<_>>(), [("c1", 7)]);
    let only_taken = LiveFilter { is_taken: true, limit: 9, ..LiveFilter::default() };
    let listed = store.list_live(&only_taken).await.expect("they can be read");
    assert_eq!((listed[0].agent.as_deref(), listed[0].asked.as_deref()), (Some("Inès"), Some("bonjour")));
    assert!(listed[0].is_waiting && listed[0].decision.is_none() && listed[0].visitor.is_none());

    store.commit_turn(&held(1, None)).await.expect("it is kept");
    assert!(store.list_taken_over().await.expect("they can be read").is_empty());
    assert!(store.list_live(&only_taken).await.expect("they can be read").is_empty());
}

async fn who_writes_is_noted_while_somebody_holds_the_conversation(store: Store) {
    let note = async |side, until| store.note_writing("c1", side, until).await.expect("it answers");
    let until = async || {
        let found = store.find_presence("c1").await.expect("it can be read").expect("it is there");
        (found.agent, found.partner_writes_until, found.agent_writes_until)
    };
    conversation(&store, "c1").await;
    assert!(!note(Side::Partner, 5).await && !note(Side::Agent("Inès"), 5).await, "nobody holds it");
    store.commit_turn(&held(0, Some("Inès"))).await.expect("it is kept");
    assert!(note(Side::Partner, 7).await && note(Side::Agent("Inès"), 8).await);
    assert!(!note(Side::Agent("Paul"), 9).await, "he does not hold it");
    assert_eq!(until().await, (Some("Inès".to_owned()), 7, 8));
    assert!(note(Side::Partner, 0).await);
    assert_eq!(until().await, (Some("Inès".to_owned()), 0, 8));
    store.forget_conversation("c1", 9).await.expect("it is done");
    assert_eq!(store.find_presence("c1").await.expect("it can be read"), None);
}

async fn conversations_are_listed_a_page_at_a_time(store: Store) {
    for (id, at) in [("c1", 5), ("c2", 7), ("c3", 7), ("c4", 9)] {
        conversation(&store, id).await;
        let mut turn = Commit { conversation: id.into(), at, ..commit(0, "q") };
        turn.messages[0].id = id.into();
        store.commit_turn(&turn).await.expect("it is kept");
    }
    conversation(&store, "c5").await;
    let list = async |since, after: Option<(i64, &str)>| {
        let after = after.map(|(at, id)| (at, id.to_owned()));
        let filter = LiveFilter { since, after, limit: 2, ..LiveFilter::default() };
        let lines = store.list_live(&filter).await.expect("they can be read");
        lines.into_iter().map(|line| line.id).collect::<Vec<_>>()
    };
    assert_eq!(list(0, None).await, ["c4", "c3"], "nothing was said in the fifth");
    assert_eq!(list(0, Some((7, "c3"))).await, ["c2", "c1"]);
    assert_eq!(list(7, Some((7, "c3"))).await, ["c2"]);
}

async fn notes_are_kept_once_and_forgotten_with_the_conversation(store: Store) {
    conversation(&store, "c1").await;
    let note = Note { id: "n".into(), conversation: "c1".into(), who: "Inès".into(), text: "à suivre".into(), at: 3 };
    store.keep_note(&note).await.expect("it is kept");
    store.keep_note(&Note { text: "autre".into(), ..note.clone() }).await.expect("it is there");
    assert_eq!(store.list_notes("c1").await.expect("they can be read"), [note]);
    store.commit_turn(&held(0, Some("Inès"))).await.expect("it is kept");
    store.forget_conversation("c1", 9).await.expect("it is forgotten");
    assert!(store.list_notes("c1").await.expect("they can be read").is_empty());
    assert!(store.list_taken_over().await.expect("they can be read").is_empty());
    assert!(store.list_live(&LiveFilter { limit: 9, ..LiveFilter::default() }).await.expect("it works").is_empty());
}
