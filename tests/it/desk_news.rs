//! What agents do at the other desk: told by its webhook in any order, twice or never, and read there.

use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::guichet::{Guichet, Partner, answer, directory};
use crate::outside::Outside;
use crate::staff as people;
use crate::tickets::{open_ticket_about, reference, staff};

pub(crate) const SECRET: &str = "un-secret-de-webhook-de-trente-deux";
/// In the past of every machine, so that what is told is never later than now.
const NINE: &str = "2026-01-05T09:00:00Z";

/// A service whose desk reads what it missed every `read_every_ms`; 0: never.
pub(crate) fn start(dir: &Path, outside: &Outside, read_every_ms: u64) -> Guichet {
    let settings = outside.settings().replace(
        "token = \"jeton\"\n",
        &format!("token = \"jeton\"\nwebhook_secrets = [\"{SECRET}\"]\nread_every_ms = {read_every_ms}\n"),
    );
    let config = dir.join("guichet.toml");
    let text = format!(
        "{}{settings}[jobs]\npoll_ms = 50\nlease_ms = 4000\nfirst_wait_ms = 50\nlongest_wait_ms = 300\n",
        people::SETTINGS
    );
    std::fs::write(&config, text).expect("a file");
    // What is outside answers meanwhile.
    tokio::task::block_in_place(|| Guichet::start_with(dir, &["--config", config.to_str().expect("UTF-8")]))
}

/// The desk's id of the ticket, once it is there.
pub(crate) async fn created(outside: &Outside, reference: &str) -> usize {
    for _ in 0..600 {
        if let Some(held) = outside.desk.tickets().iter().find(|held| held.reference == reference) {
            return held.id;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{reference} never comes to the desk");
}

/// What the desk tells of a ticket.
struct Event<'a> {
    id: &'a str,
    time: Option<&'a str>,
    status: &'a str,
    /// Id and text of what an agent says.
    said: Option<(&'a str, &'a str)>,
}

/// Delivers `event`, signed at this moment, as often as it takes.
async fn deliver(guichet: &Guichet, ticket: usize, reference: &str, event: &Event<'_>) {
    let kind = if event.said.is_some() { "comment_added" } else { "status_changed" };
    let comment = event.said.map(
        |(id, text)| json!({ "id": id, "body": text, "is_public": true, "author": { "id": "9", "is_staff": true } }),
    );
    let body = json!({
        "id": event.id, "type": format!("zen:event-type:ticket.{kind}"), "time": event.time,
        "detail": { "id": ticket.to_string(), "external_id": reference, "status": event.status },
        "event": { "comment": comment },
    })
    .to_string();
    // Until the desk has said who we are there, deliveries are asked for again.
    for _ in 0..600 {
        let timestamp = jiff::Timestamp::now().to_string();
        let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("any key");
        let mac = mac.chain_update(timestamp.as_bytes()).chain_update(body.as_bytes());
        let signature = STANDARD.encode(mac.finalize().into_bytes());
        let request = guichet.post("/webhooks/zendesk").header("x-zendesk-webhook-signature", signature);
        let request = request.header("x-zendesk-webhook-signature-timestamp", timestamp).body(body.clone());
        let status = request.send().await.expect("it answers").status();
        if status != StatusCode::SERVICE_UNAVAILABLE {
            assert_eq!(status, StatusCode::NO_CONTENT);
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the delivery is never taken");
}

/// The ticket as staff see it once `is_right`.
pub(crate) async fn ticket_once(guichet: &Guichet, reference: &str, is_right: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..600 {
        let (_, ticket) = answer(staff(guichet, Method::GET, &format!("/tickets/{reference}"))).await;
        if is_right(&ticket) {
            return ticket;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{reference} never becomes what it should be");
}

pub(crate) async fn answers(partner: &Partner<'_>) -> Vec<Value> {
    partner.history().await.into_iter().filter(|message| message["author"] == "agent").collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_desk_tells_late_or_twice_does_not_put_a_ticket_back() {
    let (dir, outside) = (directory(), Outside::start(1, 0, 0).await);
    let guichet = start(dir.path(), &outside, 0);
    let partner = guichet.partner().await;
    let reference = open_ticket_about(&partner, "xyzzy plugh ?").await;
    let id = created(&outside, &reference).await;

    let event = |id, time, status| Event { id, time: Some(time), status, said: None };
    let answered = Event { said: Some(("7", "Redémarrez.")), ..event("e1", NINE, "pending") };
    let solved = event("e3", "2026-01-05T09:20:00.7Z", "solved");
    let open = event("e2", "2026-01-05T09:10:00Z", "open");
    // The last one comes first; each comes twice.
    for event in [&solved, &solved, &open, &answered, &answered, &open] {
        deliver(&guichet, id, &reference, event).await;
    }
    let ticket = ticket_once(&guichet, &reference, |_| true).await;
    assert_eq!(ticket["ticket"]["status"], "solved", "{ticket}");
    assert_eq!(ticket["comments"].as_array().map(Vec::len), Some(1), "{ticket}");
    assert_eq!(answers(&partner).await.len(), 1);

    // Something is said of a ticket after it is known to be closed: it was said before that.
    deliver(&guichet, id, &reference, &event("e5", "2026-01-05T09:40:00Z", "closed")).await;
    let before = Event { said: Some(("8", "Bonne journée.")), ..event("e4", "2026-01-05T09:30:00Z", "solved") };
    deliver(&guichet, id, &reference, &before).await;
    let ticket = ticket_once(&guichet, &reference, |_| true).await;
    assert_eq!((&ticket["ticket"]["status"], answers(&partner).await.len()), (&json!("closed"), 2), "{ticket}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_changes_of_one_second_the_desk_is_asked_which_came_last() {
    let (dir, outside) = (directory(), Outside::start(2, 0, 0).await);
    let guichet = start(dir.path(), &outside, 0);
    let partner = guichet.partner().await;
    let reference = open_ticket_about(&partner, "xyzzy plugh ?").await;
    let id = created(&outside, &reference).await;
    outside.desk.answer_as_agent(&reference, "C’est fait.", "solved");
    let event = |id, status| Event { id, time: Some(NINE), status, said: None };
    deliver(&guichet, id, &reference, &event("e2", "solved")).await;
    deliver(&guichet, id, &reference, &event("e1", "open")).await;
    // It is read there: what was said is found on the way.
    let is_read = |ticket: &Value| ticket["comments"].as_array().is_some_and(|comments| comments.len() == 1);
    let ticket = ticket_once(&guichet, &reference, is_read).await;
    assert_eq!(ticket["ticket"]["status"], "solved", "{ticket}");
    // An event without a time decides nothing either.
    outside.desk.answer_as_agent(&reference, "Encore.", "pending");
    deliver(&guichet, id, &reference, &Event { time: None, ..event("e3", "open") }).await;
    let ticket = ticket_once(&guichet, &reference, |ticket| ticket["ticket"]["status"] == "pending").await;
    assert!(!ticket["history"].to_string().contains("solved → open"), "{ticket}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_desk_never_told_is_read_there_and_said_once() {
    let (dir, outside) = (directory(), Outside::start(3, 0, 0).await);
    let guichet = start(dir.path(), &outside, 300);
    let partner = guichet.partner().await;
    let reference = open_ticket_about(&partner, "xyzzy plugh ?").await;
    let id = created(&outside, &reference).await;
    let said = outside.desk.answer_as_agent(&reference, "Quelle version\u{a0}?", "pending");
    let ticket = ticket_once(&guichet, &reference, |ticket| ticket["ticket"]["status"] == "pending").await;
    assert_eq!(ticket["comments"][0]["text"], "Quelle version\u{a0}?");
    assert_eq!(answers(&partner).await.len(), 1);

    // What was lost is delivered after all.
    let late = Event { id: "e1", time: Some(NINE), status: "pending", said: Some((&said, "Quelle version\u{a0}?")) };
    deliver(&guichet, id, &reference, &late).await;
    // It is read again and again meanwhile, and what was said only when something has changed.
    outside.desk.answer_as_agent(&reference, "Merci.", "solved");
    ticket_once(&guichet, &reference, |ticket| ticket["ticket"]["status"] == "solved").await;
    assert_eq!(answers(&partner).await.len(), 2);
    assert!(outside.desk.readings() >= 2, "{}", outside.desk.readings());
}

/// Reports the incident that a question about `xyzzy` is told of; the reference.
async fn report(guichet: &Guichet) -> String {
    let partner = guichet.partner().await;
    partner.ask("xyzzy plugh ?").await;
    partner.send(&json!({"text": "Oui, je le signale", "option": "do:ticket"})).await;
    partner.ask("Léa Martin, lea@revendeur.example, société Dupond").await;
    let (_, done) = partner.send(&json!({"text": "Envoyer", "option": "do:confirm"})).await;
    reference(&done)
}

#[tokio::test(flavor = "multi_thread")]
async fn all_reports_of_an_incident_are_linked_to_one_problem_at_the_desk() {
    let (dir, outside) = (directory(), Outside::start(4, 20, 0).await);
    let guichet = start(dir.path(), &outside, 0);
    let incident =
        json!({"id": "boutique", "title": "La boutique est en panne", "text": "Patience.", "keywords": ["xyzzy"]});
    let (status, _) = answer(staff(&guichet, Method::POST, "/incidents").json(&incident)).await;
    assert_eq!(status, StatusCode::CREATED);
    // At once, so that none knows which one is the first; one request of five fails.
    let reports = tokio::join!(report(&guichet), report(&guichet), report(&guichet));
    let reports = [reports.0, reports.1, reports.2];
    for reference in &reports {
        created(&outside, reference).await;
    }
    let (_, incident) = answer(staff(&guichet, Method::GET, "/incidents")).await;
    let problem = incident["incidents"][0]["problem"].as_str().expect("one of them is the problem").to_owned();
    assert!(reports.contains(&problem));
    let held = outside.desk.tickets();
    let number = held.iter().find(|held| held.reference == problem).expect("it is there").id;
    for held in &held {
        let is_problem = held.reference == problem;
        let expected = if is_problem { (json!("problem"), Value::Null) } else { (json!("incident"), json!(number)) };
        assert_eq!((&held.kind, &held.problem), (&expected.0, &expected.1), "{}", held.reference);
    }
    assert_eq!(held.len(), 3);

    // Staff name another one, which no incident knew of: it is made a problem when the next report comes.
    let named = open_ticket_about(&guichet.partner().await, "plugh grault ?").await;
    let number = created(&outside, &named).await;
    let change = staff(&guichet, Method::PATCH, "/incidents/boutique").json(&json!({"problem": named}));
    assert_eq!(answer(change).await.0, StatusCode::OK);
    let late = report(&guichet).await;
    created(&outside, &late).await;
    let held = outside.desk.tickets();
    let of = |reference: &str| held.iter().find(|held| held.reference == reference).expect("it is there");
    assert_eq!((&of(&named).kind, &of(&late).problem), (&json!("problem"), &json!(number)));
}
