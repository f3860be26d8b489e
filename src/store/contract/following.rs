//! Work that follows other work is queued with its end, or not at all.

use super::*;

on_both_engines! {
    work_that_follows_is_queued_with_the_end_of_what_it_follows
}

async fn work_that_follows_is_queued_with_the_end_of_what_it_follows(store: Store) {
    store.queue_jobs(&[job("first")], 10).await.expect("it is queued");
    let claimed = store.claim_job(20, 100, "l").await.expect("it answers").expect("it is there");
    store.complete_job_with(&claimed, &[job("second")], 30).await.expect("it is done");
    let state = async |key: &str| store.find_job(key).await.expect("it can be read").map(|job| job.state);
    assert_eq!((state("first").await, state("second").await), (Some(JobState::Done), Some(JobState::Queued)));
    let again = store.complete_job_with(&claimed, &[job("third")], 40).await;
    assert!(matches!(again, Err(StoreError::Conflict)), "it is no longer ours");
    assert_eq!(state("third").await, None);
    let claimed = store.claim_job(50, 100, "l").await.expect("it answers").expect("it is there");
    let following = [job("third")];
    let done = store.complete_ticket_job(&claimed, &reference(1), "42", &following, 60).await;
    assert!(done.is_ok() && state("third").await == Some(JobState::Queued), "{done:?}");
}
