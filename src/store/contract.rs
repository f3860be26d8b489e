//! What a store promises, on both engines. PostgreSQL is taken from `GUICHET_TEST_POSTGRES` (`scripts/with-postgres`
//! sets it); with `GUICHET_REQUIRE_POSTGRES` its absence is a failure.

use std::time::Duration;

use super::{Claimed, Store, StoreError, TicketFilter};
use crate::model::{
    Audit, Comment, CommentAuthor, Commit, Conversation, JobState, Message, NewJob, Requester, Said, Secret, Speaker,
    State, Ticket, TicketCommit, TicketDraft, TicketRef, TicketStatus, TranscriptLine, Urgency,
};

/// One test for each engine.
macro_rules! on_both_engines {
    ($($name:ident)*) => {
        mod sqlite {
            $(#[tokio::test] async fn $name() {
                let dir = tempfile::tempdir().expect("a directory");
                let url = format!("sqlite://{}/t.db", dir.path().display());
                super::$name(super::Store::open(&url).await.expect("it opens")).await;
            })*
        }
        mod postgres {
            $(#[tokio::test] async fn $name() {
                let Some(url) = super::postgres_database().await else { return };
                super::$name(super::Store::open(&url).await.expect("it opens")).await;
            })*
        }
    };
}

mod attachments;
mod backup;
mod channels;
mod elsewhere;
mod feedback;
mod following;
mod group;
mod holds;
mod images;
mod incidents;
mod live;
mod lookups;
mod person;
mod retention;
mod revisions;
mod settings;
mod staff;
mod turns;

on_both_engines! {
    a_turn_is_kept_whole_or_not_at_all
    of_two_turns_at_once_one_is_told_to_begin_again
    a_message_sent_twice_is_one
    many_writers_at_once_all_succeed
    work_is_claimed_by_one_until_its_lease_ends
    an_attempt_that_lost_its_lease_asks_for_nothing_more
    work_left_in_the_future_is_brought_back
    work_is_queued_once_for_each_key
    of_many_claimers_each_piece_of_work_goes_to_one
    dead_work_can_be_seen_and_replayed
    a_ticket_is_changed_with_its_history_and_its_conversation
    a_delivery_is_taken_once
    of_many_who_make_a_shared_secret_all_get_the_same
    a_turn_and_a_change_of_one_ticket_at_once_do_not_fail
}

/// A new database of the server that the environment names.
async fn postgres_database() -> Option<String> {
    let Ok(server) = std::env::var("GUICHET_TEST_POSTGRES") else {
        assert!(std::env::var("GUICHET_REQUIRE_POSTGRES").is_err(), "GUICHET_TEST_POSTGRES is not set");
        eprintln!("PostgreSQL: absent (scripts/with-postgres starts one)");
        return None;
    };
    sqlx::any::install_default_drivers();
    let name = format!("t{}", uuid::Uuid::now_v7().simple());
    let pool = sqlx::AnyPool::connect(&server).await.expect("the server can be reached");
    let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::query(create).execute(&pool).await.expect("a database can be made");
    Some(server.rsplit_once('/').map(|(start, _)| format!("{start}/{name}")).expect("a URL with a database"))
}

fn reference(number: u64) -> TicketRef {
    TicketRef::from_random(number)
}

async fn conversation(store: &Store, id: &str) {
    let conversation = Conversation {
        id: id.into(),
        token_hash: "h".into(),
        channel: "web".into(),
        state: State::default(),
        last_message: 0,
        created_at: 1,
        agent_seen_at: 0,
    };
    store.create_conversation(&conversation).await.expect("it is kept");
}

fn job(key: &str) -> NewJob {
    NewJob { kind: "test", version: 1, payload: "{}".into(), key: key.into(), run_at: 10 }
}

fn commit(seen: i64, text: &str) -> Commit {
    let message =
        Message { id: format!("{text}{seen}"), number: seen + 1, said: Said::Visitor(text.into()), sent_at: 2 };
    Commit {
        conversation: "c1".into(),
        seen,
        state: State { offered: vec!["a-b".parse().expect("an id")], ..State::default() },
        messages: vec![message],
        at: 2,
        ..Commit::default()
    }
}

fn ticket(number: u64) -> Ticket {
    let line = TranscriptLine { speaker: Speaker::Visitor, text: "Où est la clé ?".into(), at: 1 };
    let draft = TicketDraft {
        reference: reference(number),
        conversation: "c1".into(),
        requester: Requester {
            name: "Léa Martin".into(),
            email: "lea@revendeur.example".parse().expect("an address"),
            company: Some("Revendeur".into()),
        },
        asker: None,
        subject: "Clé".into(),
        description: "Où est la clé ?".into(),
        product: None,
        urgency: Urgency::High,
        transcript: vec![line],
        tags: vec!["web".into()],
        created_at: 2,
        attachments: Vec::new(),
    };
    Ticket {
        request_key: format!("k{number}"),
        status: TicketStatus::New,
        urgency: draft.urgency,
        assignee: None,
        tags: draft.tags.clone(),
        external_id: None,
        updated_at: 2,
        due_at: 100,
        answered_at: None,
        paused_at: None,
        external_at: 0,
        draft,
    }
}

async fn claim(store: &Store, now: i64, lease: &str) -> Option<Claimed> {
    store.claim_job(now, now + 100, lease).await.expect("the queue can be read")
}

async fn a_turn_is_kept_whole_or_not_at_all(store: Store) {
    conversation(&store, "c1").await;
    let whole = Commit { ticket: Some(ticket(1)), jobs: vec![job("a")], ..commit(0, "bonjour") };
    store.commit_turn(&whole).await.expect("it is kept");
    let found = store.find_conversation("c1").await.expect("it can be read").expect("it is there");
    assert_eq!((found.last_message, found.state.offered.len()), (1, 1));
    assert_eq!(store.find_ticket(&reference(1)).await.expect("it can be read"), Some(ticket(1)));
    assert_eq!(store.find_requested("c1", "k1").await.expect("it can be read"), Some(ticket(1)));

    // The same ticket again: nothing of the turn is kept.
    let double = Commit { ticket: Some(ticket(1)), jobs: vec![job("b")], ..commit(1, "encore") };
    assert!(matches!(store.commit_turn(&double).await, Err(StoreError::Conflict)));
    assert_eq!(store.list_messages("c1", 0).await.expect("they can be read").len(), 1);
    assert_eq!(store.list_jobs(JobState::Queued, 10).await.expect("they can be read").len(), 1);
    assert!(store.find_conversation("c2").await.expect("it can be read").is_none());
}

async fn of_two_turns_at_once_one_is_told_to_begin_again(store: Store) {
    conversation(&store, "c1").await;
    let (one, two) = (commit(0, "un"), commit(0, "deux"));
    let (one, two) = tokio::join!(store.commit_turn(&one), store.commit_turn(&two));
    assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1, "{one:?} {two:?}");
    assert!(matches!(one.and(two), Err(StoreError::Conflict)));
    assert_eq!(store.list_messages("c1", 0).await.expect("they can be read").len(), 1);
}

async fn a_message_sent_twice_is_one(store: Store) {
    conversation(&store, "c1").await;
    let mut first = Commit { client_id: Some("x".into()), ..commit(0, "bonjour") };
    first.messages.push(Message { id: "r".into(), number: 2, said: Said::Visitor("réponse".into()), sent_at: 2 });
    first.messages[1].said = Said::Assistant(guichet_bots::Outbound {
        decision: "smalltalk".into(),
        confidence: 0.0,
        blocks: Vec::new(),
        sources: Vec::new(),
        options: Vec::new(),
    });
    store.commit_turn(&first).await.expect("it is kept");
    let again = Commit { client_id: Some("x".into()), ..commit(2, "bonjour") };
    assert!(matches!(store.commit_turn(&again).await, Err(StoreError::Conflict)));
    let reply = store.find_reply("c1", "x").await.expect("it can be read").expect("it is there");
    assert_eq!(reply.number, 2);
    assert!(store.find_reply("c1", "y").await.expect("it can be read").is_none());
    assert_eq!(store.list_messages("c1", 1).await.expect("they can be read").len(), 1);
}

async fn many_writers_at_once_all_succeed(store: Store) {
    let tasks: Vec<_> = (0..50)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move { conversation(&store, &format!("m{number}")).await })
        })
        .collect();
    for task in tasks {
        task.await.expect("it is kept");
    }
}

async fn work_is_claimed_by_one_until_its_lease_ends(store: Store) {
    conversation(&store, "c1").await;
    store.commit_turn(&Commit { jobs: vec![job("a")], ..commit(0, "x") }).await.expect("it is kept");
    assert!(claim(&store, 9, "l0").await.is_none(), "its time has not come");
    let first = claim(&store, 10, "l1").await.expect("there is work");
    assert_eq!((first.job.kind.as_str(), first.job.attempts), ("test", 1));
    assert!(claim(&store, 50, "l2").await.is_none(), "it is somebody's");
    assert!(store.extend_lease(&first, 300).await.expect("it can be kept"));
    assert!(claim(&store, 299, "l3").await.is_none(), "it was kept");

    let second = claim(&store, 301, "l4").await.expect("the lease has ended");
    assert_eq!(second.job.attempts, 2);
    assert!(!store.extend_lease(&first, 999).await.expect("it can be asked"));
    assert!(matches!(store.complete_job(&first, 302).await, Err(StoreError::Conflict)));
    store.retry_job(&second, 400, "busy", 303).await.expect("it is put back");
    assert!(claim(&store, 399, "l5").await.is_none());
    let third = claim(&store, 400, "l6").await.expect("its time has come");
    assert_eq!(third.job.last_error.as_deref(), Some("busy"));
    store.complete_job(&third, 401).await.expect("it is done");
    assert!(claim(&store, 9_999, "l7").await.is_none());
}

async fn an_attempt_that_lost_its_lease_asks_for_nothing_more(store: Store) {
    conversation(&store, "c1").await;
    store.commit_turn(&Commit { jobs: vec![job("a")], ..commit(0, "x") }).await.expect("it is kept");
    let first = claim(&store, 10, "l1").await.expect("there is work");
    store.queue_beside(&first, &[job("beside")], 20).await.expect("it is ours");
    store.complete_job(&claim(&store, 20, "l2").await.expect("what was asked for"), 20).await.expect("it is done");

    let second = claim(&store, 301, "l3").await.expect("the lease has ended");
    let late = store.queue_beside(&first, &[job("late")], 302).await;
    assert!(matches!(late, Err(StoreError::Conflict)), "{late:?}");
    store.complete_job(&second, 303).await.expect("it is done");
    let after = store.queue_beside(&second, &[job("after")], 304).await;
    assert!(matches!(after, Err(StoreError::Conflict)), "{after:?}");
    assert!(claim(&store, 999, "l4").await.is_none(), "nothing was asked for");
}

async fn work_left_in_the_future_is_brought_back(store: Store) {
    conversation(&store, "c1").await;
    store.commit_turn(&Commit { jobs: vec![job("a"), job("b")], ..commit(0, "x") }).await.expect("it is kept");
    let bring_back = async |kind, now| store.bring_back_jobs(kind, now, now + 70, 100).await.expect("it is looked for");
    // The clock is far ahead.
    let failed = claim(&store, 90_000, "l1").await.expect("there is work");
    store.retry_job(&failed, 90_050, "busy", 90_010).await.expect("it is put back");
    let dying = claim(&store, 90_000, "l2").await.expect("there is work");
    assert_ne!(failed.job.id, dying.job.id);
    assert_eq!(bring_back("test", 89_950).await, 0, "clocks differ a little");
    assert_eq!((bring_back("other", 1_000).await, bring_back("test", 1_000).await), (0, 2));
    assert!(claim(&store, 1_039, "l3").await.is_none(), "it waits as long as it should");
    assert_eq!(claim(&store, 1_040, "l4").await.expect("its time has come").job.id, failed.job.id);
    assert!(claim(&store, 1_070, "l5").await.is_none(), "it has its lease");
    assert_eq!(claim(&store, 1_071, "l6").await.expect("the lease has ended").job.id, dying.job.id);
}

async fn work_is_queued_once_for_each_key(store: Store) {
    conversation(&store, "c1").await;
    store
        .commit_turn(&Commit { jobs: vec![job("a"), job("a"), job("b")], ..commit(0, "x") })
        .await
        .expect("it is kept");
    assert_eq!(store.list_jobs(JobState::Queued, 10).await.expect("they can be read").len(), 2);
}

async fn of_many_claimers_each_piece_of_work_goes_to_one(store: Store) {
    conversation(&store, "c1").await;
    let jobs = (0..20).map(|number| job(&format!("j{number}"))).collect();
    store.commit_turn(&Commit { jobs, ..commit(0, "x") }).await.expect("it is kept");
    let tasks: Vec<_> = (0..8)
        .map(|worker| {
            let store = store.clone();
            tokio::spawn(async move {
                let (mut mine, mut idle) = (Vec::new(), 0);
                // A claimer may lose a race although work is left: it looks again, as the runner does.
                while idle < 20 {
                    match claim(&store, 50, &format!("w{worker}-{}", mine.len())).await {
                        Some(claimed) => mine.push(claimed.job.id),
                        None => {
                            idle += 1;
                            tokio::time::sleep(Duration::from_millis(1)).await;
                        }
                    }
                }
                mine
            })
        })
        .collect();
    let mut claimed = Vec::new();
    for task in tasks {
        claimed.extend(task.await.expect("the claimer ends"));
    }
    claimed.sort();
    let count = claimed.len();
    claimed.dedup();
    assert_eq!((count, claimed.len()), (20, 20));
}

async fn dead_work_can_be_seen_and_replayed(store: Store) {
    conversation(&store, "c1").await;
    store.commit_turn(&Commit { jobs: vec![job("a")], ..commit(0, "x") }).await.expect("it is kept");
    let claimed = claim(&store, 10, "l").await.expect("there is work");
    store.bury_job(&claimed, "refused", 11).await.expect("it is given up");
    assert!(claim(&store, 9_999, "l2").await.is_none());
    let dead = store.list_jobs(JobState::Dead, 10).await.expect("they can be read");
    assert_eq!(dead[0].last_error.as_deref(), Some("refused"));
    assert!(store.replay_job(&dead[0].id, &Audit { at: 20, ..Audit::default() }).await.expect("it can be asked"));
    assert!(
        !store.replay_job(&dead[0].id, &Audit { at: 20, ..Audit::default() }).await.expect("it can be asked"),
        "it is no longer dead"
    );
    assert_eq!(claim(&store, 20, "l3").await.expect("there is work").job.attempts, 1);
}

async fn a_ticket_is_changed_with_its_history_and_its_conversation(store: Store) {
    conversation(&store, "c1").await;
    store.commit_turn(&Commit { ticket: Some(ticket(1)), ..commit(0, "x") }).await.expect("it is kept");
    let comment = Comment {
        id: "m1".into(),
        reference: reference(1),
        author: CommentAuthor::Agent("Inès".into()),
        is_public: true,
        text: "Voici la clé.".into(),
        created_at: 5,
    };
    let after = Ticket { status: TicketStatus::Open, updated_at: 5, answered_at: Some(5), ..ticket(1) };
    let change = TicketCommit {
        seen: 2,
        after: after.clone(),
        who: "Inès".into(),
        history: vec!["status: new → open".into()],
        comment: Some(comment.clone()),
        files: Vec::new(),
        sent: Vec::new(),
        told: vec![Said::Visitor("dit".into())],
        jobs: vec![job("mail")],
        delivery: None,
        at: 5,
    };
    assert!(store.commit_ticket(&change).await.expect("it is kept"));
    assert_eq!(store.find_ticket(&reference(1)).await.expect("it can be read"), Some(after));
    assert_eq!(store.list_comments(&reference(1)).await.expect("they can be read"), vec![comment.clone()]);
    assert_eq!(store.find_comment("m1").await.expect("it can be read"), Some(comment));
    let history = store.list_history(&reference(1)).await.expect("they can be read");
    assert_eq!(history.iter().map(|line| line.what.as_str()).collect::<Vec<_>>(), ["created", "status: new → open"]);
    assert_eq!(store.list_messages("c1", 1).await.expect("they can be read").len(), 1);
    assert!(matches!(store.commit_ticket(&change).await, Err(StoreError::Conflict)), "it has changed since");

    let listed = |status| TicketFilter {
        status,
        requester: Some(ticket(1).draft.requester.email),
        limit: 10,
        ..TicketFilter::default()
    };
    let count = async |filter: TicketFilter| store.list_tickets(&filter).await.expect("they can be read").len();
    assert_eq!(count(listed(None)).await, 1);
    assert_eq!(count(listed(Some(TicketStatus::Open))).await, 1);
    assert_eq!(count(listed(Some(TicketStatus::Closed))).await, 0);
}

async fn a_delivery_is_taken_once(store: Store) {
    conversation(&store, "c1").await;
    store.commit_turn(&Commit { ticket: Some(ticket(1)), ..commit(0, "x") }).await.expect("it is kept");
    let change = |seen, at| TicketCommit {
        seen,
        after: Ticket { updated_at: at, ..ticket(1) },
        who: "desk".into(),
        history: Vec::new(),
        comment: None,
        files: Vec::new(),
        sent: Vec::new(),
        told: Vec::new(),
        jobs: Vec::new(),
        delivery: Some("d1".into()),
        at,
    };
    assert!(store.commit_ticket(&change(2, 5)).await.expect("it is taken"));
    assert!(!store.commit_ticket(&change(5, 6)).await.expect("it is known"));
}

/// A turn writes to the conversation, then to the ticket; an answer of an agent the other way round.
async fn a_turn_and_a_change_of_one_ticket_at_once_do_not_fail(store: Store) {
    conversation(&store, "c1").await;
    store.commit_turn(&Commit { ticket: Some(ticket(1)), ..commit(0, "x") }).await.expect("it is kept");
    for round in 0..8 {
        let before = store.find_ticket(&reference(1)).await.expect("it can be read").expect("it is there");
        let seen = store.find_conversation("c1").await.expect("it can be read").expect("it is there").last_message;
        let change = |told| TicketCommit {
            seen: before.updated_at,
            after: Ticket { updated_at: before.updated_at + 1, ..before.clone() },
            who: "Inès".into(),
            history: vec!["tags".into()],
            comment: None,
            files: Vec::new(),
            sent: Vec::new(),
            told,
            jobs: Vec::new(),
            delivery: None,
            at: 5,
        };
        let turn = Commit { ticket_change: Some(change(Vec::new())), ..commit(seen, "y") };
        let answer = change(vec![Said::Visitor("dit".into())]);
        let (turn, answer) = tokio::join!(store.commit_turn(&turn), store.commit_ticket(&answer));
        let results = [turn, answer.map(|_| ())];
        let is_told = |result: &Result<(), StoreError>| matches!(result, Ok(()) | Err(StoreError::Conflict));
        assert!(results.iter().all(is_told), "round {round}: {results:?}");
        assert!(results.iter().any(Result::is_ok), "round {round}: {results:?}");
    }
}

async fn of_many_who_make_a_shared_secret_all_get_the_same(store: Store) {
    let fresh = |number: u64| Secret::new(number.to_string());
    let kept = futures_util::future::join_all((0..20).map(|number| {
        let store = store.clone();
        async move { store.shared_secret("a", &fresh(number)).await.expect("it is kept") }
    }));
    let kept = kept.await;
    assert!(kept.iter().all(|secret| *secret == kept[0]));
    assert_eq!(store.shared_secret("a", &fresh(99)).await.expect("it is kept"), kept[0]);
    assert_eq!(store.shared_secret("b", &fresh(99)).await.expect("it is kept"), fresh(99));
}
