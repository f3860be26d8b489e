//! What has stayed long enough goes, and nothing else.

use super::*;
use crate::model::{Feedback, File, TurnKind, TurnRecord};
use crate::store::{Ends, HOUR_MS};

on_both_engines! {
    what_nobody_continued_goes_and_its_figures_stay
    a_request_that_is_not_solved_keeps_its_conversation
    a_conversation_that_goes_on_loses_its_beginning
    the_rest_goes_by_its_own_time_however_much_it_is
    reports_lose_the_questions_that_people_asked
}

/// All that is older than `before`.
fn ends(before: i64) -> Ends {
    Ends {
        conversations: before,
        tickets: before,
        lookups: before,
        account_links: before,
        posts: before,
        audit: before,
        done_jobs: before,
        dead_jobs: before,
        unused_images: before,
    }
}

/// Nothing but conversations and tickets.
fn old(conversations: i64, tickets: i64) -> Ends {
    Ends { conversations, tickets, ..ends(0) }
}

async fn purge(store: &Store, ends: &Ends) -> Vec<(&'static str, u64)> {
    let purged = store.purge(ends, &|_| "{}".to_owned()).await.expect("it is done");
    purged.into_iter().filter(|(_, count)| *count > 0).collect()
}

async fn run(store: &Store, statement: &str) {
    sqlx::query(sqlx::AssertSqlSafe(statement.to_owned())).execute(&store.writer).await.expect("it is done");
}

async fn count(store: &Store, from: &str) -> i64 {
    let count = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {from}")));
    count.fetch_one(&store.readers).await.expect("it can be counted")
}

/// A question of `conversation` at the time `at`, its answer and a vote on it.
async fn asked(store: &Store, id: &str, seen: i64, at: i64) {
    let mut turn = commit(seen, "Où est la clé ?");
    let reply = format!("r-{id}-{seen}");
    turn.conversation = id.into();
    turn.messages[0].id = format!("q-{id}-{seen}");
    turn.messages.push(Message {
        id: reply.clone(),
        number: seen + 2,
        said: Said::Assistant(guichet_bots::Outbound {
            decision: "answer".into(),
            confidence: 0.9,
            blocks: Vec::new(),
            sources: Vec::new(),
            options: Vec::new(),
        }),
        sent_at: at,
    });
    turn.messages[0].sent_at = at;
    turn.at = at;
    turn.turn = Some(TurnRecord {
        kind: TurnKind::Question,
        decision: "answer".into(),
        confidence: 0.9,
        entry: Some("a".into()),
        channel: "web".into(),
        took_ms: 1,
    });
    store.commit_turn(&turn).await.expect("it is kept");
    let reason = Some("Il manque le numéro.".to_owned());
    let vote = Feedback { message: reply, conversation: id.into(), is_helpful: false, reason, entry: None, at };
    store.keep_feedback(&vote).await.expect("it is kept");
}

async fn what_nobody_continued_goes_and_its_figures_stay(store: Store) {
    conversation(&store, "c1").await;
    conversation(&store, "c2").await;
    asked(&store, "c1", 0, 10).await;
    asked(&store, "c2", 0, 20).await;
    run(&store, "INSERT INTO places VALUES ('p', 'c1', 'discord', '7', 0, 0, 1, '[]')").await;
    run(&store, "INSERT INTO posts VALUES ('o', 'm', 't', 'd', 'p', NULL, '[]', '[]', 99, NULL)").await;
    let figures = store.sum_turns((0, HOUR_MS), HOUR_MS).await.expect("they can be summed");

    assert_eq!(purge(&store, &old(10, 0)).await, [], "its last message is not old enough");
    assert_eq!(purge(&store, &old(11, 0)).await, [("conversations", 1)]);
    assert_eq!(purge(&store, &old(11, 0)).await, [], "what is gone is not found again");
    assert!(store.find_conversation("c1").await.expect("it can be read").is_none());
    for table in ["places", "posts", "messages WHERE conversation_id = 'c1'", "feedback WHERE conversation_id = 'c1'"] {
        assert_eq!(count(&store, table).await, 0, "{table}");
    }
    assert_eq!(count(&store, "turns WHERE conversation_id = '' AND question IS NULL").await, 1);
    assert_eq!(store.sum_turns((0, HOUR_MS), HOUR_MS).await.expect("they can be summed"), figures);
    assert_eq!(store.list_messages("c2", 0).await.expect("they can be read").len(), 2, "others are left alone");
}

async fn a_request_that_is_not_solved_keeps_its_conversation(store: Store) {
    conversation(&store, "c1").await;
    store.commit_turn(&Commit { ticket: Some(ticket(1)), ..commit(0, "x") }).await.expect("it is kept");
    let file = File { name: "a.png".into(), media_type: "image/png".into(), content: vec![1] };
    store.create_attachment("f", "c1", &file, 5, 1).await.expect("it is kept");
    let told = format!("'{}'", reference(1));
    run(&store, &format!("UPDATE attachments SET reference = {told}")).await;
    run(&store, &format!("INSERT INTO incidents VALUES ('i', 't', 't', '[]', '[]', 1, NULL, {told}, 1, 1)")).await;
    assert_eq!(purge(&store, &old(100, 100)).await, [], "somebody must answer");

    run(&store, "UPDATE tickets SET status = 'solved'").await;
    assert_eq!(purge(&store, &old(100, 0)).await, [("conversations", 1)]);
    assert_eq!(purge(&store, &old(100, 0)).await, [], "an empty one is left alone");
    assert_eq!(store.find_ticket(&reference(1)).await.expect("it is read").map(|it| it.draft), Some(ticket(1).draft));
    assert_eq!((count(&store, "messages").await, count(&store, "attachments").await), (0, 1));

    assert_eq!(purge(&store, &old(100, 2)).await, [], "it was changed at 2");
    assert_eq!(purge(&store, &old(100, 3)).await, [("requests", 1), ("conversations", 1)]);
    for table in ["tickets", "ticket_tags", "ticket_history", "attachments", "conversations"] {
        assert_eq!(count(&store, table).await, 0, "{table}");
    }
    assert_eq!(count(&store, "incidents WHERE problem IS NULL").await, 1);
}

async fn a_conversation_that_goes_on_loses_its_beginning(store: Store) {
    conversation(&store, "c1").await;
    asked(&store, "c1", 0, 10).await;
    asked(&store, "c1", 2, 50).await;
    assert_eq!(purge(&store, &old(20, 0)).await, [("conversations", 1)]);
    let left = store.list_messages("c1", 0).await.expect("they can be read");
    assert_eq!(left.iter().map(|message| message.number).collect::<Vec<_>>(), [3, 4]);
    assert_eq!((count(&store, "feedback").await, count(&store, "turns WHERE question IS NULL").await), (1, 1));
    asked(&store, "c1", 4, 60).await;
}

async fn the_rest_goes_by_its_own_time_however_much_it_is(store: Store) {
    conversation(&store, "c1").await;
    for at in 0..130 {
        run(&store, &format!("INSERT INTO lookups VALUES ('l{at}', 'c', 'P', 'U', NULL, NULL, NULL, 'found', {at})"))
            .await;
    }
    let jobs = ["done", "dead", "queued"].map(|state| {
        format!(
            "INSERT INTO jobs (id, kind, version, payload, idempotency_key, state, attempts, run_at, lease_until, \
             created_at, updated_at) VALUES ('{state}', 'k', 1, '', '{state}', '{state}', 0, 5, 0, 5, 5)"
        )
    });
    for job in &jobs {
        run(&store, job).await;
    }
    for statement in [
        "INSERT INTO inbox VALUES ('d', 5)",
        "INSERT INTO account_links VALUES ('discord', '7', '{}', 5), ('discord', '8', '{}', 500)",
        "INSERT INTO posts VALUES ('o', 'm', 't', 'd', 'p', NULL, '[]', '[]', 5, NULL)",
        "INSERT INTO audit_log VALUES ('a', 5, 'w', 'w', 'o', '', ''), ('b', 500, 'w', 'w', 'o', '', '')",
    ] {
        run(&store, statement).await;
    }
    let purged = purge(&store, &Ends { conversations: 0, tickets: 0, lookups: 125, dead_jobs: 5, ..ends(100) }).await;
    let expected = [
        ("lookups in the portal", 125),
        ("links of accounts", 1),
        ("meanings of buttons", 1),
        ("lines of the audit log", 1),
        ("work that was done", 1),
        ("deliveries that came", 1),
    ];
    assert_eq!(purged, expected);
    assert_eq!(purge(&store, &Ends { dead_jobs: 6, ..ends(0) }).await, [("work that was given up", 1)]);
    assert_eq!((count(&store, "jobs").await, count(&store, "lookups").await), (1, 5), "what waits is work");
}

async fn reports_lose_the_questions_that_people_asked(store: Store) {
    for (id, report) in [("a", r#"{"impact":{"list":[{"question":"?","times":1}]}}"#), ("b", r#"{"impact":null}"#)] {
        run(
            &store,
            &format!(
                "INSERT INTO publications VALUES ('{id}', '[]', 'w', '', 1, 5, 1, 'previewed', '{{}}', '{report}', 1, 1)"
            ),
        )
        .await;
    }
    assert_eq!(purge(&store, &ends(1)).await, []);
    assert_eq!(purge(&store, &ends(2)).await, [("questions in reports", 1)]);
    assert_eq!(count(&store, "publications WHERE report = '{}'").await, 1);
}
