//! Tickets that another desk has, and those that are over.

use super::*;
use crate::model::KnownRequests;
use crate::store::HeldElsewhere;

on_both_engines! {
    what_another_desk_has_is_listed_until_it_is_closed_there
    what_is_solved_is_found_once_nothing_happens_to_it
    work_is_seen_until_it_is_done
    what_was_there_before_it_was_known_here_is_found_by_its_number
    of_two_requests_of_one_address_at_one_moment_one_is_told_to_look_again
    a_delivery_is_noted_once
}

/// Keeps a ticket that was changed to look so.
async fn keep(store: &Store, number: u64, after: Ticket) {
    let seen = i64::try_from(number).expect("it is small") - 1;
    store.commit_turn(&Commit { ticket: Some(ticket(number)), ..commit(seen, "x") }).await.expect("it is kept");
    let change = TicketCommit {
        seen: 2,
        after,
        who: "Inès".into(),
        history: Vec::new(),
        comment: None,
        files: Vec::new(),
        sent: Vec::new(),
        told: Vec::new(),
        jobs: vec![job(&number.to_string())],
        delivery: None,
        at: 5,
    };
    assert!(store.commit_ticket(&change).await.expect("it is kept"));
}

async fn what_another_desk_has_is_listed_until_it_is_closed_there(store: Store) {
    conversation(&store, "c1").await;
    for (number, status) in [(1, TicketStatus::Solved), (2, TicketStatus::Open), (3, TicketStatus::Closed)] {
        let after =
            Ticket { status, updated_at: 5, external_at: 7_000, paused_at: Some(4), due_at: 9, ..ticket(number) };
        keep(&store, number, after.clone()).await;
        assert_eq!(store.find_ticket(&reference(number)).await.expect("it can be read"), Some(after));
    }
    let list = async |after: Option<&TicketRef>| store.list_elsewhere(after, 10).await.expect("they can be read");
    assert_eq!(list(None).await, []);
    for number in [1, 2, 3] {
        let claimed = claim(&store, 10, "l").await.expect("there is work");
        let id = format!("4{number}");
        store.complete_ticket_job(&claimed, &reference(number), &id, &[], 20).await.expect("it is done");
    }
    let held = |number: u64, read_to| HeldElsewhere { reference: reference(number), id: format!("4{number}"), read_to };
    let mut both = vec![held(1, 0), held(2, 0)];
    both.sort_by(|one, two| one.reference.cmp(&two.reference));
    assert_eq!(list(None).await, both);
    assert_eq!(list(Some(&both[0].reference)).await, both[1..]);
    // What was read is not unread by who began earlier.
    store.mark_read(&reference(1), 3_000).await.expect("it is kept");
    store.mark_read(&reference(1), 2_000).await.expect("it is kept");
    let find = async |number| store.find_elsewhere(&reference(number)).await.expect("it can be read");
    assert_eq!((find(1).await, find(3).await, find(9).await), (Some(held(1, 3_000)), None, None));
}

async fn what_is_solved_is_found_once_nothing_happens_to_it(store: Store) {
    conversation(&store, "c1").await;
    for (number, status, updated_at) in
        [(1, TicketStatus::Solved, 50), (2, TicketStatus::Solved, 60), (3, TicketStatus::Open, 50)]
    {
        keep(&store, number, Ticket { status, updated_at, ..ticket(number) }).await;
    }
    let before = async |at| store.list_solved_before(at, 10).await.expect("they can be read");
    assert_eq!((before(49).await, before(50).await), (Vec::new(), vec![reference(1)]));
    assert_eq!(before(60).await, [reference(1), reference(2)]);
    let count = async |filter: TicketFilter| store.list_tickets(&filter).await.expect("they can be read").len();
    let all = TicketFilter { limit: 10, ..TicketFilter::default() };
    keep(&store, 4, Ticket { status: TicketStatus::Closed, updated_at: 50, ..ticket(4) }).await;
    assert_eq!(count(all.clone()).await, 4);
    assert_eq!(count(TicketFilter { can_be_answered: true, ..all.clone() }).await, 3);
    assert_eq!(count(TicketFilter { is_open: true, ..all }).await, 1);
}

async fn work_is_seen_until_it_is_done(store: Store) {
    store.queue_jobs(&[job("ticket.comment/G-1/a")], 10).await.expect("it is queued");
    let has = async |prefix: &str| store.has_work(prefix).await.expect("it can be asked");
    assert!(has("ticket.comment/G-1/").await && !has("ticket.comment/G-2/").await);
    let claimed = claim(&store, 10, "l").await.expect("there is work");
    assert!(has("ticket.comment/G-1/").await, "it is under way");
    store.complete_job(&claimed, 20).await.expect("it is done");
    assert!(!has("ticket.comment/G-1/").await);
}

async fn what_was_there_before_it_was_known_here_is_found_by_its_number(store: Store) {
    conversation(&store, "c1").await;
    let known = Ticket { external_id: Some("4711".into()), external_at: 7_000, ..ticket(1) };
    store.commit_turn(&Commit { ticket: Some(known), ..commit(0, "x") }).await.expect("it is kept");
    assert_eq!(store.find_by_external_id("4711").await.expect("it can be read"), Some(reference(1)));
    assert_eq!(store.find_by_external_id("4712").await.expect("it can be read"), None);
    // What was said there until then is no news.
    let held = store.find_elsewhere(&reference(1)).await.expect("it can be read").expect("another desk has it");
    assert_eq!(held.read_to, 7_000);
}

async fn of_two_requests_of_one_address_at_one_moment_one_is_told_to_look_again(store: Store) {
    let email = ticket(1).draft.requester.email;
    let known = |count| Some(KnownRequests { email: email.clone(), count });
    for id in ["c1", "c2"] {
        conversation(&store, id).await;
    }
    let made = |id: &str, number| {
        let mut ticket = ticket(number);
        ticket.draft.conversation = id.into();
        let mut commit = Commit { ticket: Some(ticket), known: known(0), ..commit(0, id) };
        commit.conversation = id.into();
        commit
    };
    let (first, second) = (made("c1", 1), made("c2", 2));
    let (first, second) = tokio::join!(store.commit_turn(&first), store.commit_turn(&second));
    let (failed, other) = if first.is_ok() { (second, "c2") } else { (first, "c1") };
    assert!(matches!(failed, Err(StoreError::Conflict)), "{failed:?}");
    let nothing = store.find_conversation(other).await.expect("it can be read").expect("it is there");
    assert_eq!((nothing.last_message, store.count_requests_of(&email).await.expect("it is counted")), (0, 1));
    // Whoever has looked again is free to ask.
    let again = Commit { known: known(1), ..made(other, 3) };
    store.commit_turn(&again).await.expect("it is kept");
    assert_eq!(store.count_requests_of(&email).await.expect("it is counted"), 2);
}

async fn a_delivery_is_noted_once(store: Store) {
    assert!(!store.is_delivered("zendesk/signature/a").await.expect("it can be read"));
    assert!(store.note_delivery("zendesk/signature/a", 1).await.expect("it is kept"));
    assert!(!store.note_delivery("zendesk/signature/a", 2).await.expect("it is known"));
    assert!(store.is_delivered("zendesk/signature/a").await.expect("it can be read"));
}
