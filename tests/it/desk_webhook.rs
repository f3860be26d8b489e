//! Who claims to be the other desk, and who repeats what it said.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::desk_news::{SECRET, answers, created, start, ticket_once};
use crate::guichet::{Guichet, Partner, answer, directory};
use crate::lookups::{identity, signed_in};
use crate::outside::Outside;
use crate::tickets::{open_ticket_about, reference};

const TROUBLE: &str = "La version 12 refuse d'ouvrir mon dossier comptable";

/// A delivery, byte for byte.
struct Delivery {
    timestamp: String,
    signature: String,
    body: String,
}

impl Delivery {
    /// What the desk sends at `at`, or whoever knows `secret`.
    fn signed(secret: &str, at: Timestamp, body: &Value) -> Self {
        let (timestamp, body) = (at.to_string(), body.to_string());
        let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key");
        let mac = mac.chain_update(timestamp.as_bytes()).chain_update(body.as_bytes());
        Self { timestamp, signature: STANDARD.encode(mac.finalize().into_bytes()), body }
    }

    fn request(&self, guichet: &Guichet) -> RequestBuilder {
        let request = guichet.post("/webhooks/zendesk").header("x-zendesk-webhook-signature", &self.signature);
        request.header("x-zendesk-webhook-signature-timestamp", &self.timestamp).body(self.body.clone())
    }

    async fn send(&self, guichet: &Guichet) -> StatusCode {
        self.request(guichet).send().await.expect("it answers").status()
    }

    /// Sends the same bytes until the desk has said who we are there.
    async fn send_until_taken(&self, guichet: &Guichet) {
        for _ in 0..600 {
            match self.send(guichet).await {
                // What we failed to take is no replay when it comes again.
                StatusCode::SERVICE_UNAVAILABLE => tokio::time::sleep(std::time::Duration::from_millis(50)).await,
                status => return assert_eq!(status, StatusCode::NO_CONTENT),
            }
        }
        panic!("the delivery is never taken");
    }
}

fn status_event(id: &str, ticket: usize, reference: &str, status: &str, at: &str) -> Value {
    json!({
        "id": id, "type": "zen:event-type:ticket.status_changed", "time": at, "event": {},
        "detail": { "id": ticket.to_string(), "external_id": reference, "status": status },
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_forged_or_stale_is_refused_and_changes_nothing() {
    let (dir, outside) = (directory(), Outside::start(11, 0, 0).await);
    let guichet = start(dir.path(), &outside, 0);
    let reference = open_ticket_about(&guichet.partner().await, "xyzzy plugh ?").await;
    let id = created(&outside, &reference).await;
    let solved = status_event("e1", id, &reference, "solved", "2026-01-05T09:00:00Z");
    let now = Timestamp::now();
    let minutes = |count: i64| now + jiff::SignedDuration::from_mins(count);

    let right = Delivery::signed(SECRET, now, &solved);
    let of_another = Delivery::signed("un-autre-secret-de-trente-deux-lettres", now, &solved);
    let stale = Delivery::signed(SECRET, minutes(-10), &solved);
    let of_tomorrow = Delivery::signed(SECRET, minutes(10), &solved);
    let changed = Delivery { body: right.body.replace("solved", "closed"), ..Delivery::signed(SECRET, now, &solved) };
    let postponed = Delivery { timestamp: minutes(1).to_string(), ..Delivery::signed(SECRET, now, &solved) };
    let garbled = Delivery { signature: "é".to_owned(), ..Delivery::signed(SECRET, now, &solved) };
    for delivery in [of_another, stale, of_tomorrow, changed, postponed, garbled] {
        let (status, problem) = answer(delivery.request(&guichet)).await;
        assert_eq!((status, &problem["code"]), (StatusCode::UNAUTHORIZED, &json!("signature-wrong")), "{problem}");
    }
    let bare = guichet.post("/webhooks/zendesk").body(right.body.clone());
    assert_eq!(answer(bare).await.0, StatusCode::UNAUTHORIZED);
    let ticket = ticket_once(&guichet, &reference, |_| true).await;
    assert_eq!((&ticket["ticket"]["status"], &ticket["comments"]), (&json!("new"), &json!([])), "{ticket}");
    // It was the signature that was wrong, and nothing else.
    right.send_until_taken(&guichet).await;
    ticket_once(&guichet, &reference, |ticket| ticket["ticket"]["status"] == "solved").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_is_refused_and_the_desk_may_repeat_what_it_did_not_hear_the_answer_to() {
    let (dir, outside) = (directory(), Outside::start(12, 0, 0).await);
    // The desk says late who we are there: until then nothing can be taken, and is asked for again.
    outside.desk.swallow_next("GET /api/v2/users/me");
    let guichet = start(dir.path(), &outside, 0);
    let partner = guichet.partner().await;
    let reference = open_ticket_about(&partner, "xyzzy plugh ?").await;
    let id = created(&outside, &reference).await;
    let said = json!({
        "id": "e1", "type": "zen:event-type:ticket.comment_added", "time": "2026-01-05T09:00:00Z",
        "detail": { "id": id.to_string(), "external_id": reference, "status": "pending" },
        "event": { "comment": {
            "id": "7", "body": "Redémarrez.", "is_public": true, "author": { "id": "9", "is_staff": true },
        } },
    });
    let first = Delivery::signed(SECRET, Timestamp::now(), &said);
    first.send_until_taken(&guichet).await;
    for _ in 0..2 {
        let (status, problem) = answer(first.request(&guichet)).await;
        assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("delivery-replayed")), "{problem}");
    }
    // The same event, signed anew: the desk did not hear that it was taken.
    let again = Delivery::signed(SECRET, Timestamp::now(), &said);
    assert_ne!(again.signature, first.signature);
    assert_eq!(again.send(&guichet).await, StatusCode::NO_CONTENT);
    assert_eq!(again.send(&guichet).await, StatusCode::FORBIDDEN);
    assert_eq!(answers(&partner).await.len(), 1, "it is said once");
    // What is of no interest here is refused the second time as well.
    let other = Delivery::signed(SECRET, Timestamp::now(), &status_event("e2", 99, "G-0000-0000", "open", "x"));
    assert_eq!([other.send(&guichet).await, other.send(&guichet).await].map(|status| status.as_u16()), [204, 403]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_was_made_at_the_desk_is_added_to_and_its_answers_come_into_the_conversation() {
    let (dir, outside) = (directory(), Outside::start(13, 0, 0).await);
    let there = outside.desk.receive("hugo.besnard@alize.example", TROUBLE, "Quelle version\u{a0}?");
    let guichet = start(dir.path(), &outside, 300);
    let (status, opened, partner) = signed_in(&guichet, &identity(&guichet).await).await;
    assert_eq!(status, StatusCode::CREATED, "{opened}");
    let partner: Partner<'_> = partner.expect("a conversation");
    partner.ask("Je veux parler à un conseiller").await;
    let offered = partner.ask(TROUBLE).await;
    assert!(offered.to_string().contains("(n°\u{a0}1)"), "{offered}");
    let add = offered["options"][0]["id"].as_str().expect("an id").to_owned();
    let (_, added) = partner.send(&json!({"text": "Oui, l’ajouter", "option": add})).await;
    let reference = reference(&added);
    assert_eq!(add, format!("do:add:{reference}"));

    // It arrives there, once, and no second request does.
    for _ in 0..600 {
        if !outside.desk.tickets()[there - 1].comments.is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let held = outside.desk.tickets();
    assert_eq!((held.len(), held[0].comments.len(), held[0].status.as_str()), (1, 1, "open"));
    assert!(held[0].comments[0].starts_with(TROUBLE), "{}", held[0].comments[0]);

    // What is said there comes here, read there or told; what was said before is no news.
    outside.desk.answer_there(there, "Réinstallez-la.", "pending");
    ticket_once(&guichet, &reference, |ticket| ticket["ticket"]["status"] == "pending").await;
    let told = json!({
        "id": "e1", "type": "zen:event-type:ticket.comment_added", "time": Timestamp::now().to_string(),
        "detail": { "id": there.to_string(), "external_id": null, "status": "pending" },
        "event": { "comment": {
            "id": "70", "body": "Et redémarrez.", "is_public": true, "author": { "id": "9", "is_staff": true },
        } },
    });
    Delivery::signed(SECRET, Timestamp::now(), &told).send_until_taken(&guichet).await;
    let texts: Vec<Value> = answers(&partner).await.into_iter().map(|answer| answer["text"].clone()).collect();
    assert_eq!(texts, [json!("Réinstallez-la."), json!("Et redémarrez.")]);
}
