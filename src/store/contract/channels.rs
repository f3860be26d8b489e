//! Places, what was shown there, and leases.

use guichet_bots::{Account, Choice, Place, Post};

use super::*;

on_both_engines! {
    a_place_has_one_conversation_whoever_is_faster
    what_was_shown_is_found_by_its_id_and_by_its_question
    a_lease_has_one_holder_until_it_ends_or_is_given_up
    tickets_of_a_conversation_come_newest_first
}

fn place() -> Place {
    let owner = Account { platform: "discord".into(), id: "7".into() };
    Place { id: "discord/thread/9".into(), owner, is_public: true }
}

async fn a_place_has_one_conversation_whoever_is_faster(store: Store) {
    for id in ["c1", "c2", "c3"] {
        conversation(&store, id).await;
    }
    assert_eq!(store.find_place(&place().id).await.expect("it can be read"), None);
    let here = place();
    let (one, two) = tokio::join!(store.hold_at(&here, "c1", None, 1), store.hold_at(&here, "c2", None, 1));
    one.and(two).expect("neither fails");
    let held = store.find_place(&place().id).await.expect("it can be read").expect("it is held");
    assert_eq!((&held.place, held.delivered), (&place(), 0));
    let of = store.find_place_of(&held.conversation).await.expect("it can be read");
    assert_eq!(of.as_ref(), Some(&held));

    store.mark_delivered(&place().id, 5, &[2]).await.expect("it is kept");
    store.mark_delivered(&place().id, 3, &[2, 3]).await.expect("it is kept");
    let held = store.find_place(&place().id).await.expect("it can be read").expect("it is held");
    assert_eq!((held.delivered, &held.undelivered[..]), (5, &[2, 3][..]), "it never goes back");

    // A new conversation takes the place of the one that was seen, not of another.
    store.hold_at(&place(), "c3", Some("other"), 1).await.expect("it does not fail");
    assert_eq!(store.find_place(&place().id).await.expect("it can be read"), Some(held.clone()));
    store.hold_at(&place(), "c3", Some(&held.conversation), 1).await.expect("it is kept");
    let held = store.find_place(&place().id).await.expect("it can be read").expect("it is held");
    assert_eq!((held.conversation.as_str(), held.delivered, held.undelivered.len()), ("c3", 0, 0));
}

async fn what_was_shown_is_found_by_its_id_and_by_its_question(store: Store) {
    let post = Post {
        id: "p1".into(),
        asked: "m1".into(),
        turn: "m1".into(),
        digest: "d1".into(),
        place: place().id,
        shown_in: Some("9".into()),
        server: Some("5".into()),
        messages: vec!["10".into(), "11".into()],
        options: vec![Choice { id: "do:ticket".into(), label: "Écrire".into() }],
    };
    store.keep_post(&post, 1).await.expect("it is kept");
    assert_eq!(store.find_post("p1").await.expect("it can be read"), Some(post.clone()));
    assert_eq!(store.find_post_to("m1").await.expect("it can be read"), Some(post.clone()));
    let changed = Post { id: "p2".into(), digest: "d2".into(), server: None, options: Vec::new(), ..post };
    store.keep_post(&changed, 2).await.expect("it is kept");
    assert_eq!(store.find_post("p1").await.expect("it can be read"), None);
    assert_eq!(store.find_post_to("m1").await.expect("it can be read"), Some(changed));
}

async fn a_lease_has_one_holder_until_it_ends_or_is_given_up(store: Store) {
    let take = |holder: &'static str, now: i64| store.take_lease("gateway", holder, now, now + 10);
    assert!(take("one", 100).await.expect("it is kept"));
    assert!(!take("two", 105).await.expect("it is refused"));
    assert!(take("one", 109).await.expect("it is kept longer"));
    assert!(!take("two", 119).await.expect("it is refused"));
    assert!(take("two", 120).await.expect("it has ended"));
    store.give_lease_up("gateway", "one").await.expect("it is nobody's business");
    assert!(!take("one", 121).await.expect("it is refused"));
    store.give_lease_up("gateway", "two").await.expect("it is given up");
    assert!(take("one", 122).await.expect("it is free"));
}

async fn tickets_of_a_conversation_come_newest_first(store: Store) {
    conversation(&store, "c1").await;
    let mut later = ticket(2);
    later.draft.created_at += 1;
    later.request_key = "k2".into();
    store.commit_turn(&Commit { ticket: Some(ticket(1)), ..commit(0, "x") }).await.expect("it is kept");
    store.commit_turn(&Commit { ticket: Some(later.clone()), ..commit(1, "y") }).await.expect("it is kept");
    let found = store.list_tickets_of("c1").await.expect("they can be read");
    let references: Vec<_> = found.iter().map(|ticket| &ticket.draft.reference).collect();
    assert_eq!(references, [&later.draft.reference, &ticket(1).draft.reference]);
    assert!(store.list_tickets_of("c9").await.expect("they can be read").is_empty());
}
