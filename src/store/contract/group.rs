//! Turns that come at one moment.

use super::*;

on_both_engines! {
    of_turns_at_one_moment_each_is_told_what_became_of_it
    one_that_cannot_be_written_takes_no_other_with_it
}

/// A first message in the conversation `name`.
fn first(name: &str) -> Commit {
    let message = Message { id: format!("m-{name}"), number: 1, said: Said::Visitor(name.into()), sent_at: 2 };
    Commit { conversation: name.into(), messages: vec![message], ..commit(0, name) }
}

async fn all_at_once(store: &Store, commits: Vec<Commit>) -> Vec<Result<(), StoreError>> {
    let tasks: Vec<_> = commits
        .into_iter()
        .map(|commit| {
            let store = store.clone();
            tokio::spawn(async move { store.commit_turn(&commit).await })
        })
        .collect();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.expect("it ends"));
    }
    outcomes
}

async fn has_message(store: &Store, name: &str) -> bool {
    !store.list_messages(name, 0).await.expect("they are read").is_empty()
}

async fn of_turns_at_one_moment_each_is_told_what_became_of_it(store: Store) {
    let names: Vec<String> = (0..200).map(|number| format!("g{number}")).collect();
    for name in &names {
        conversation(&store, name).await;
    }
    // Each comes twice, under another id: one of the two is later than the other.
    let again = |name: &String| {
        let mut again = first(name);
        again.messages[0].id.push_str("-again");
        again
    };
    let commits = names.iter().flat_map(|name| [first(name), again(name)]).collect();
    let outcomes = all_at_once(&store, commits).await;
    for (name, two) in names.iter().zip(outcomes.chunks(2)) {
        let written = two.iter().filter(|outcome| outcome.is_ok()).count();
        let conflicts = two.iter().filter(|outcome| matches!(outcome, Err(StoreError::Conflict))).count();
        assert_eq!((written, conflicts), (1, 1), "{name}: {two:?}");
        assert_eq!(store.list_messages(name, 0).await.expect("they are read").len(), 1, "{name}");
    }
}

async fn one_that_cannot_be_written_takes_no_other_with_it(store: Store) {
    let names: Vec<String> = (0..50).map(|number| format!("g{number}")).collect();
    for name in &names {
        conversation(&store, name).await;
    }
    let wrong = |name: &String| name.ends_with('7');
    let commits = names.iter().map(|name| {
        let mut commit = first(name);
        if wrong(name) {
            // The state can be set, the second message has the number of the first.
            let twin = Message { id: format!("m-{name}-twin"), ..commit.messages[0].clone() };
            commit.messages.push(twin);
        }
        commit
    });
    let outcomes = all_at_once(&store, commits.collect()).await;
    for (name, outcome) in names.iter().zip(outcomes) {
        assert_eq!(outcome.is_ok(), !wrong(name), "{name}: {outcome:?}");
        assert_eq!(has_message(&store, name).await, !wrong(name), "{name}");
        let kept = store.find_conversation(name).await.expect("it is read").expect("it is there");
        assert_eq!(kept.last_message, i64::from(!wrong(name)), "{name}: the state of what failed is taken back");
    }
}

/// Where turns wait for one writer; a server ends what its client leaves.
#[tokio::test]
async fn nothing_is_written_for_whoever_has_gone() {
    let dir = tempfile::tempdir().expect("a directory");
    let store = Store::open(&format!("sqlite://{}/t.db", dir.path().display())).await.expect("it opens");
    conversation(&store, "gone").await;
    {
        let commit = first("gone");
        let mut asked = Box::pin(store.commit_turn(&commit));
        let polled = futures_util::poll!(&mut asked);
        assert!(polled.is_pending());
    }
    conversation(&store, "next").await;
    store.commit_turn(&first("next")).await.expect("it is written");
    assert!(has_message(&store, "next").await);
    assert!(!has_message(&store, "gone").await);
}
