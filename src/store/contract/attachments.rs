//! Files, from the conversation they are sent in to the ticket that has them.

use super::*;
use crate::model::File;

on_both_engines! {
    a_file_is_kept_as_it_is_and_belongs_to_one_ticket
    files_that_no_ticket_has_are_few_and_go_away
}

fn file(name: &str) -> File {
    // Every byte, so that none is changed on the way.
    File { name: name.into(), media_type: "image/png".into(), content: (0..=255).collect() }
}

async fn keep(store: &Store, id: &str, now: i64) -> bool {
    store.create_attachment(id, "c1", &file(&format!("{id}.png")), 2, now).await.expect("it can be asked")
}

async fn a_file_is_kept_as_it_is_and_belongs_to_one_ticket(store: Store) {
    conversation(&store, "c1").await;
    assert!(keep(&store, "a", 1).await);
    let found = store.find_attachment("a").await.expect("it can be read").expect("it is there");
    assert_eq!((found.name.as_str(), found.size, found.ticket), ("a.png", 256, None));
    assert_eq!(store.find_file("a").await.expect("it can be read"), Some(file("a.png")));
    assert_eq!(store.find_file("b").await.expect("it can be read"), None);

    let first = Commit { ticket: Some(ticket(1)), ticket_files: vec!["a".into()], ..commit(0, "x") };
    store.commit_turn(&first).await.expect("it is kept");
    let again = Commit { ticket: Some(ticket(2)), ticket_files: vec!["a".into()], ..commit(1, "y") };
    assert!(matches!(store.commit_turn(&again).await, Err(StoreError::Conflict)), "it has a ticket");
    assert_eq!(store.find_ticket(&reference(2)).await.expect("it can be read"), None, "nothing of it is kept");

    assert!(keep(&store, "b", 2).await);
    let comment = Comment {
        id: "m1".into(),
        reference: reference(1),
        author: CommentAuthor::Partner("Léa".into()),
        is_public: true,
        text: "La voici.".into(),
        created_at: 5,
    };
    let change = TicketCommit {
        seen: 2,
        after: Ticket { updated_at: 5, ..ticket(1) },
        who: "Léa".into(),
        history: Vec::new(),
        comment: Some(comment),
        files: vec!["b".into()],
        sent: Vec::new(),
        told: Vec::new(),
        jobs: Vec::new(),
        delivery: None,
        at: 5,
    };
    assert!(store.commit_ticket(&change).await.expect("it is kept"));
    let listed = store.list_attachments(&reference(1)).await.expect("they can be read");
    let listed: Vec<_> = listed.iter().map(|found| (found.id.as_str(), found.comment.as_deref())).collect();
    assert_eq!(listed, [("a", None), ("b", Some("m1"))]);
    let names = async |comment| {
        let files = store.list_files(&reference(1), comment).await.expect("they can be read");
        files.into_iter().map(|file| file.name).collect::<Vec<_>>()
    };
    assert_eq!((names(None).await, names(Some("m1")).await), (vec!["a.png".into()], vec!["b.png".to_owned()]));
}

async fn files_that_no_ticket_has_are_few_and_go_away(store: Store) {
    conversation(&store, "c1").await;
    assert!(keep(&store, "a", 1).await && keep(&store, "b", 5).await);
    assert!(!keep(&store, "c", 6).await, "two wait");
    let waiting = async || {
        let waiting = store.list_waiting_attachments("c1").await.expect("they can be read");
        waiting.into_iter().map(|found| found.id).collect::<Vec<_>>()
    };
    assert_eq!(waiting().await, ["a", "b"]);
    let with_file = Commit { ticket: Some(ticket(1)), ticket_files: vec!["a".into()], ..commit(0, "x") };
    store.commit_turn(&with_file).await.expect("it is kept");
    assert!(keep(&store, "c", 6).await, "one waits");
    assert!(!store.remove_waiting_attachment("c1", "a").await.expect("it can be asked"), "a ticket has it");
    assert!(!store.remove_waiting_attachment("c2", "c").await.expect("it can be asked"), "it is of another one");
    assert_eq!(waiting().await, ["b", "c"]);
    assert_eq!(store.remove_waiting_attachments(6).await.expect("it can be asked"), 1);
    assert_eq!(waiting().await, ["c"]);
    assert!(store.find_file("a").await.expect("it can be read").is_some(), "a ticket has it");
}
