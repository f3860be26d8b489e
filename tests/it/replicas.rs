//! Two replicas on one PostgreSQL: which of them somebody talks to makes no difference, and either may die.

use std::path::Path;
use std::time::Duration;

use futures_util::StreamExt;
use reqwest::StatusCode;
use serde_json::json;

use crate::guichet::{Guichet, Partner, answer, directory, two_cards};
use crate::outside::{self, Outside};
use crate::{postgres, staff};

/// Starts two replicas at the same time, on a database that none of them knows yet.
fn start(dirs: [&Path; 2], store: &str, more: &str) -> [Guichet; 2] {
    let mut replicas = dirs.map(|dir| {
        let config = dir.join("guichet.toml");
        let text = format!("[store]\nurl = \"{store}\"\n[knowledge]\nwatch_ms = 0\n{}{more}", staff::SETTINGS);
        std::fs::write(&config, text).expect("a file");
        Guichet::spawn(dir, &["--kb", &two_cards(dir), "--config", config.to_str().expect("UTF-8")])
    });
    for replica in &mut replicas {
        tokio::task::block_in_place(|| replica.wait_until_ready());
    }
    replicas
}

/// The same person at the other replica.
fn moved<'a>(partner: &Partner<'_>, guichet: &'a Guichet) -> Partner<'a> {
    Partner { guichet, id: partner.id.clone(), token: partner.token.clone() }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_at_one_replica_is_heard_at_the_other_and_goes_on_there() {
    let Some(store) = postgres::new_database().await else { return };
    let dirs = [directory(), directory()];
    let [one, two] = start([dirs[0].path(), dirs[1].path()], &store, "");
    let partner = one.partner().await;
    let events = two.get(&format!("/api/v1/conversations/{}/events", partner.id)).bearer_auth(&partner.token);
    let mut stream = events.send().await.expect("the stream opens").bytes_stream();

    partner.ask("xyzzy plugh ?").await;
    let (_, asked) = partner.send(&json!({"text": "Oui", "option": "do:ticket", "client_id": "a"})).await;
    let mut heard = String::new();
    while !heard.contains("id: 4\n") {
        let bytes = stream.next().await.expect("the stream goes on").expect("it can be read");
        heard.push_str(&String::from_utf8_lossy(&bytes));
    }
    assert!(heard.contains("xyzzy plugh ?") && heard.contains("do:ticket"), "{heard}");

    let there = moved(&partner, &two);
    one.kill();
    // As if the answer had not been heard.
    let (_, again) = there.send(&json!({"text": "Oui", "option": "do:ticket", "client_id": "a"})).await;
    assert_eq!(again, asked);
    there.ask("Léa Martin, lea@revendeur.example, société Dupond").await;
    let (_, done) = there.send(&json!({"text": "Envoyer", "option": "do:confirm"})).await;
    let path = format!("/tickets/{}", outside::reference(&done.to_string()));
    let (status, ticket) = answer(staff::get(&two, &path)).await;
    assert_eq!(status, StatusCode::OK, "{done}");
    assert!(ticket["transcript"][0]["text"].as_str().is_some_and(|text| text.contains("xyzzy")), "{ticket}");
    assert_eq!(there.history().await.len(), 8);
}

/// Reads `stream` until it holds `text`; all of it.
async fn heard_until<E: std::fmt::Debug, B: AsRef<[u8]>>(
    mut stream: impl futures_util::Stream<Item = Result<B, E>> + Unpin,
    text: &str,
) -> String {
    let mut heard = String::new();
    while !heard.contains(text) {
        let bytes = stream.next().await.expect("the stream goes on").expect("it can be read");
        heard.push_str(&String::from_utf8_lossy(bytes.as_ref()));
    }
    heard
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_broke_goes_on_at_the_other_replica_where_it_ended() {
    let Some(store) = postgres::new_database().await else { return };
    let dirs = [directory(), directory()];
    let [one, two] = start([dirs[0].path(), dirs[1].path()], &store, "");
    let partner = one.partner().await;
    let path = format!("/api/v1/conversations/{}/events", partner.id);
    let stream = one.get(&path).bearer_auth(&partner.token).send().await.expect("the stream opens").bytes_stream();
    partner.ask("xyzzy plugh ?").await;
    let heard = heard_until(stream, "id: 2\n").await;
    assert!(heard.contains("id: 1\n") && heard.contains("xyzzy plugh ?"), "{heard}");

    // Said while nobody listens; then the replica that was listened to is gone.
    partner.ask("merci beaucoup").await;
    let token = partner.token.clone();
    one.kill();
    let again = two.get(&path).bearer_auth(&token).header("last-event-id", "2");
    let stream = again.send().await.expect("the stream opens").bytes_stream();
    let heard = heard_until(stream, "id: 4\n").await;
    assert!(heard.contains("id: 3\n") && heard.contains("merci beaucoup"), "{heard}");
    assert!(!heard.contains("id: 1\n") && !heard.contains("id: 2\n"), "nothing is told twice: {heard}");
}

#[tokio::test(flavor = "multi_thread")]
async fn work_of_a_replica_that_dies_is_done_by_the_other_and_not_doubled() {
    let Some(store) = postgres::new_database().await else { return };
    let dirs = [directory(), directory()];
    let outside = Outside::start(1, 0, 0).await;
    let jobs = "[jobs]\npoll_ms = 1000\nlease_ms = 2000\n";
    let more = format!("{}{jobs}", outside.settings().replace("request_timeout_ms = 400", "request_timeout_ms = 1000"));
    let [one, two] = start([dirs[0].path(), dirs[1].path()], &store, &more);

    // The desk takes the ticket, and who hands it over does not live to hear of it.
    outside.desk.swallow_next("POST /api/v2/tickets");
    let partner = one.partner().await;
    partner.ask("xyzzy plugh ?").await;
    let asked = json!({
        "request_key": "k", "name": "Léa Martin", "email": "lea@revendeur.example", "subject": "Clé",
        "description": "Où est la clé ?",
    });
    let path = format!("/api/v1/conversations/{}/tickets", partner.id);
    let (status, ticket) = answer(one.post(&path).bearer_auth(&partner.token).json(&asked)).await;
    assert_eq!(status, StatusCode::CREATED, "{ticket}");
    let path = format!("{path}/{}/comments", outside::reference(&ticket.to_string()));
    let comment = json!({"text": "Encore", "request_key": "k"});
    let added = one.post(&path).bearer_auth(&partner.token).json(&comment).send().await.expect("it answers");
    assert_eq!(added.status(), StatusCode::NO_CONTENT);
    while outside.desk.tickets().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let there = moved(&partner, &two);
    one.kill();

    // Whoever asked asks again, at the other one.
    let again = two.post(&path).bearer_auth(&there.token).json(&comment).send().await.expect("it answers");
    assert_eq!(again.status(), StatusCode::NO_CONTENT);
    staff::wait_for_work(&two).await;
    let tickets = outside.desk.tickets();
    assert_eq!(tickets.len(), 1);
    assert_eq!(
        (&tickets[0].reference, &tickets[0].comments),
        (&outside::reference(&ticket.to_string()), &vec!["Encore".to_owned()])
    );
    assert!(tickets[0].transcript.contains("xyzzy"));
    let mails = outside.mail.mails();
    assert!(!mails.is_empty() && mails.iter().all(|mail| mail.id == mails[0].id && mail.to == "lea@revendeur.example"));
    let (_, dead) = answer(staff::get(&two, "/jobs?state=dead")).await;
    assert_eq!(dead["jobs"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_made_at_one_replica_is_taken_at_the_other_and_once_in_all() {
    let Some(store) = postgres::new_database().await else { return };
    let dirs = [directory(), directory()];
    let [one, two] = start([dirs[0].path(), dirs[1].path()], &store, "");
    let (status, signed) = answer(one.post("/api/v1/demo/identities").json(&json!({ "user": "U-12" }))).await;
    assert_eq!(status, StatusCode::CREATED, "{signed}");
    let proof = json!({ "identity": signed["identity"] });
    let (status, opened) = answer(two.post("/api/v1/conversations").json(&proof)).await;
    assert_eq!(status, StatusCode::CREATED, "{opened}");
    for replica in [&one, &two] {
        let (status, problem) = answer(replica.post("/api/v1/conversations").json(&proof)).await;
        assert_eq!((status, &problem["code"]), (StatusCode::UNAUTHORIZED, &json!("identity-refused")));
    }
}
