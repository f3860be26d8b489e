//! Work waits when whoever it goes to asked for that, or refuses us.

use super::*;
use crate::store::Hold;

on_both_engines! {
    work_that_is_held_back_is_not_begun_and_other_work_is
    what_is_held_back_again_stays_so_since_then_and_as_long
    whoever_begins_dead_work_again_ends_what_was_to_be_mended
}

fn hold(prefix: &str, since: i64, until: i64, is_to_be_mended: bool) -> Hold {
    Hold { prefix: prefix.into(), since, until, reason: "status 429".into(), is_to_be_mended }
}

async fn claimed(store: &Store, now: i64) -> Option<String> {
    let claimed = store.claim_job(now, now + 10, &format!("l{now}")).await.expect("it answers")?;
    store.complete_job(&claimed, now).await.expect("it is done");
    Some(claimed.job.id)
}

async fn work_that_is_held_back_is_not_begun_and_other_work_is(store: Store) {
    let keys = ["ticket.create/G-1", "ticket_create/x", "mail.answer/G-1"];
    store.queue_jobs(&keys.map(job), 1).await.expect("they are queued");
    store.hold_work(&hold("ticket.", 10, 100, false)).await.expect("it is held");
    let of = async |key: &str| store.find_job(key).await.expect("it answers").expect("it is there").id;
    // A dot stands for itself only.
    let (held, others) = (of(keys[0]).await, [of(keys[1]).await, of(keys[2]).await]);
    for _ in &others {
        assert!(others.contains(&claimed(&store, 20).await.expect("there is work")));
    }
    assert_eq!(claimed(&store, 99).await, None);
    assert_eq!(claimed(&store, 100).await, Some(held));

    // Who died with it leaves it to others, once it is no longer held back.
    store.queue_jobs(&[job("ticket.note/G-1")], 1).await.expect("it is queued");
    store.claim_job(200, 210, "dead").await.expect("it answers").expect("there is work");
    store.hold_work(&hold("ticket.", 205, 300, false)).await.expect("it is held");
    assert_eq!(claimed(&store, 250).await, None);
    store.release_work("ticket.").await.expect("it is released");
    assert!(claimed(&store, 250).await.is_some());
}

async fn what_is_held_back_again_stays_so_since_then_and_as_long(store: Store) {
    for (since, until) in [(10, 100), (20, 50), (30, 200)] {
        store.hold_work(&hold("mail.", since, until, true)).await.expect("it is held");
    }
    assert_eq!(store.list_holds().await.expect("they are listed"), [hold("mail.", 10, 200, true)]);
    let known = hold("mail.", 10, 200, true);
    assert!(known.is_in_force(500) && !hold("mail.", 10, 200, false).is_in_force(500));
    // A clock that was set back leaves nothing that begins in the future.
    store.release_from_the_future(10).await.expect("it answers");
    assert_eq!(store.list_holds().await.expect("they are listed").len(), 1);
    store.release_from_the_future(9).await.expect("it answers");
    assert_eq!(store.list_holds().await.expect("they are listed"), []);
}

async fn whoever_begins_dead_work_again_ends_what_was_to_be_mended(store: Store) {
    store.queue_jobs(&[job("mail.answer/G-1")], 1).await.expect("it is queued");
    let claimed = store.claim_job(10, 20, "l").await.expect("it answers").expect("there is work");
    store.bury_job(&claimed, "status 535", 15).await.expect("it is buried");
    store.hold_work(&hold("mail.", 10, 1_000, true)).await.expect("it is held");
    store.hold_work(&hold("ticket.", 10, 1_000, false)).await.expect("it is held");
    let line = Audit { at: 50, ..Audit::default() };
    assert!(!store.replay_job("another", &line).await.expect("it answers"));
    assert_eq!(store.list_holds().await.expect("they are listed").len(), 2);
    assert!(store.replay_job(&claimed.job.id, &line).await.expect("it answers"));
    assert_eq!(store.list_holds().await.expect("they are listed"), [hold("ticket.", 10, 1_000, false)]);
    assert!(store.claim_job(60, 70, "m").await.expect("it answers").is_some());
    store.hold_work(&hold("mail.", 10, 1_000, true)).await.expect("it is held");
    assert_eq!(store.release_mended().await.expect("it answers"), 1);
}
