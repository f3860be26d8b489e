//! What Zendesk tells us: its event subscriptions (`ticket.comment_added`, `ticket.status_changed`), signed.
//!
//! A signature is good for as long as its timestamp is young; within that time the same event can come twice, from
//! Zendesk itself or from who listened. Whoever takes an event keeps its `id` and its signature for longer than that,
//! passes over the event that it has seen and refuses the signature that it has seen.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use sha2::Sha256;

use super::zendesk::{millis, status};
use crate::model::{Secret, TicketRef, TicketStatus};

/// Header that holds the signature.
pub(crate) const SIGNATURE: &str = "x-zendesk-webhook-signature";

/// Header that holds when it was signed.
pub(crate) const TIMESTAMP: &str = "x-zendesk-webhook-signature-timestamp";

/// Checks what claims to come from Zendesk.
#[derive(Debug, Clone)]
pub(crate) struct Verifier {
    secrets: Vec<Secret>,
    max_age: Duration,
}

/// What arrived is not from Zendesk, or not now. The caller answers 401 and says no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Forged {
    /// The signature is missing, or no secret makes it.
    #[error("the signature is wrong")]
    Signature,
    /// The timestamp is missing or too far from now.
    #[error("the timestamp is too old or too new")]
    Age,
}

/// The body is from Zendesk and cannot be understood: its format has changed, or another kind of webhook is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the event cannot be understood")]
pub(crate) struct NoEvent;

/// What happened to a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DeskEvent {
    /// The same when the same event comes again.
    pub(crate) id: String,
    /// The desk's id of the ticket.
    pub(crate) ticket: String,
    /// Our reference, when the ticket is one of ours.
    pub(crate) reference: Option<TicketRef>,
    /// Where the ticket stands after it.
    pub(crate) status: Option<TicketStatus>,
    /// When it happened, by the desk's clock, in whole seconds, in milliseconds since 1970: events come late and in any
    /// order.
    pub(crate) at: Option<i64>,
    /// What it is.
    pub(crate) kind: DeskEventKind,
}

/// Kinds of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DeskEventKind {
    /// Somebody wrote.
    Comment {
        /// The desk's id of the comment.
        id: String,
        /// False for what agents write to each other: never to be shown to the partner.
        is_public: bool,
        /// True when an agent writes, false when the partner does.
        is_agent: bool,
        /// The desk's id of who writes. Our own comments come back too: the first one of a ticket is the API user's,
        /// who counts as an agent (see `Zendesk::find_own_user`).
        author: String,
        /// What is written.
        text: String,
    },
    /// The status changed.
    Status,
    /// Something that we do not follow.
    Other,
}

impl Verifier {
    /// Accepts what one of `secrets` signed (two while one replaces the other), at most `max_age` ago.
    pub(crate) fn new(secrets: Vec<Secret>, max_age: Duration) -> Self {
        Self { secrets, max_age }
    }

    /// Whether `body` comes from Zendesk, as the two headers say.
    ///
    /// # Errors
    /// [`Forged`] when it does not, or when it was signed too long ago.
    pub(crate) fn verify(&self, signature: &str, timestamp: &str, body: &[u8], now: Timestamp) -> Result<(), Forged> {
        let signature = STANDARD.decode(signature).map_err(|_| Forged::Signature)?;
        // The signature first: what is not signed says nothing about its age.
        // Compares in constant time; all are tried, whichever fits, so that the time does not tell which one did.
        let is_made_by = |secret: &&Secret| signed(secret, timestamp, body).verify_slice(&signature).is_ok();
        if self.secrets.iter().filter(is_made_by).count() == 0 {
            return Err(Forged::Signature);
        }
        let at: Timestamp = timestamp.parse().map_err(|_| Forged::Age)?;
        if now.duration_since(at).unsigned_abs() > self.max_age {
            return Err(Forged::Age);
        }
        Ok(())
    }
}

/// The signature of `body`: over the timestamp, then the body. Older pages of Zendesk's had it the other way round; this
/// is the one place that knows.
fn signed(secret: &Secret, timestamp: &str, body: &[u8]) -> Hmac<Sha256> {
    let mac = Hmac::<Sha256>::new_from_slice(secret.reveal().as_bytes()).expect("HMAC takes keys of any length");
    mac.chain_update(timestamp.as_bytes()).chain_update(body)
}

/// The event in a verified `body`.
///
/// # Errors
/// When it is no event of an event subscription.
pub(crate) fn parse(body: &[u8]) -> Result<DeskEvent, NoEvent> {
    let event: EventIn = serde_json::from_slice(body).map_err(|_| NoEvent)?;
    let kind = match event.kind.strip_prefix("zen:event-type:ticket.") {
        Some("comment_added") => {
            let CommentEventIn { comment } = serde_json::from_value(event.event).map_err(|_| NoEvent)?;
            DeskEventKind::Comment {
                id: comment.id.into_text().ok_or(NoEvent)?,
                is_public: comment.is_public,
                is_agent: comment.author.is_staff,
                author: comment.author.id.into_text().ok_or(NoEvent)?,
                text: comment.body,
            }
        }
        Some("status_changed") => DeskEventKind::Status,
        _ => DeskEventKind::Other,
    };
    Ok(DeskEvent {
        id: event.id,
        ticket: event.detail.id.into_text().ok_or(NoEvent)?,
        reference: event.detail.external_id.and_then(|id| id.parse().ok()),
        status: event.detail.status.as_deref().and_then(status),
        at: event.time.as_deref().and_then(millis),
        kind,
    })
}

#[derive(Deserialize)]
struct EventIn {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    detail: DetailIn,
    time: Option<String>,
    #[serde(default)]
    event: Value,
}

#[derive(Deserialize)]
struct DetailIn {
    id: Id,
    external_id: Option<String>,
    status: Option<String>,
}

#[derive(Deserialize)]
struct CommentEventIn {
    comment: CommentIn,
}

#[derive(Deserialize)]
struct CommentIn {
    id: Id,
    body: String,
    is_public: bool,
    author: AuthorIn,
}

#[derive(Deserialize)]
struct AuthorIn {
    id: Id,
    is_staff: bool,
}

/// Events write ids as text, the API writes them as numbers.
#[derive(Deserialize)]
#[serde(untagged)]
enum Id {
    Number(u64),
    Text(String),
}

impl Id {
    /// The digits; nothing when there is something else, since an id goes into the path of a request.
    fn into_text(self) -> Option<String> {
        match self {
            Self::Number(id) => Some(id.to_string()),
            Self::Text(id) => (!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit())).then_some(id),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: &str = "2026-11-24T08:00:00Z";

    fn now() -> Timestamp {
        NOW.parse().expect("a date")
    }

    fn verifier() -> Verifier {
        Verifier::new(vec![Secret::new("nouveau"), Secret::new("ancien")], Duration::from_secs(300))
    }

    fn sign(secret: &str, timestamp: &str, body: &[u8]) -> String {
        STANDARD.encode(signed(&Secret::new(secret), timestamp, body).finalize().into_bytes())
    }

    #[test]
    fn the_signature_is_over_the_timestamp_and_then_the_body() {
        // Made with: printf '%s' '2026-11-24T08:00:00Z{"a":1}' | openssl dgst -sha256 -hmac nouveau -binary | base64
        let known = "o/n5KxTVYXv4q40uOX5FZrzkTxhGBOcsHtxRiaM0l3c=";
        assert_eq!(sign("nouveau", NOW, br#"{"a":1}"#), known);
        assert_eq!(verifier().verify(known, NOW, br#"{"a":1}"#, now()), Ok(()));
    }

    #[test]
    fn only_what_is_signed_and_young_is_taken() {
        let check = |secret: &str, at: &str, expected: Result<(), Forged>| {
            let signature = sign(secret, at, b"{}");
            assert_eq!(verifier().verify(&signature, at, b"{}", now()), expected, "{secret} {at}");
        };
        check("nouveau", NOW, Ok(()));
        check("ancien", NOW, Ok(()));
        check("autre", NOW, Err(Forged::Signature));
        check("ancien", "2026-11-24T07:55:00Z", Ok(()));
        check("ancien", "2026-11-24T07:54:59Z", Err(Forged::Age));
        check("ancien", "2026-11-24T08:05:01Z", Err(Forged::Age));
        check("ancien", "hier", Err(Forged::Age));

        let right = sign("nouveau", NOW, b"{}");
        let verify = |signature: &str, at: &str, body: &[u8]| verifier().verify(signature, at, body, now());
        assert_eq!(verify(&right, NOW, b"{ }"), Err(Forged::Signature));
        assert_eq!(verify(&right, "2026-11-24T08:00:01Z", b"{}"), Err(Forged::Signature));
        assert_eq!(verify(&right[..20], NOW, b"{}"), Err(Forged::Signature));
        assert_eq!(verify("", NOW, b"{}"), Err(Forged::Signature));
        assert_eq!(verify("é", NOW, b"{}"), Err(Forged::Signature));
        let nobody = Verifier { secrets: Vec::new(), ..verifier() };
        assert_eq!(nobody.verify(&right, NOW, b"{}", now()), Err(Forged::Signature));
    }

    fn event(kind: &str, event: &Value) -> Vec<u8> {
        let detail = json!({ "id": "42", "external_id": "G-T4YC-5T82", "status": "HOLD", "subject": "S" });
        let body = json!({
            "account_id": 1, "id": "evt-1", "type": format!("zen:event-type:ticket.{kind}"), "detail": detail,
            "event": event, "subject": "zen:ticket:42", "time": NOW, "zendesk_event_version": "2022-11-06",
        });
        body.to_string().into_bytes()
    }

    #[test]
    fn comments_and_changes_of_status_are_understood() {
        let parsed = |kind, what: &Value| parse(&event(kind, what)).expect("it is understood");
        let comment = json!({ "comment": {
            "id": "7", "body": "Réinstallez la clé.", "is_public": false, "author": { "id": "9", "is_staff": true },
        }});
        let expected = DeskEvent {
            id: "evt-1".to_owned(),
            ticket: "42".to_owned(),
            reference: Some("G-T4YC-5T82".parse().expect("a reference")),
            status: Some(TicketStatus::Open),
            at: Some(1_795_507_200_000),
            kind: DeskEventKind::Comment {
                id: "7".to_owned(),
                is_public: false,
                is_agent: true,
                author: "9".to_owned(),
                text: "Réinstallez la clé.".to_owned(),
            },
        };
        assert_eq!(parsed("comment_added", &comment), expected);
        assert_eq!(parsed("status_changed", &json!({ "current": "HOLD" })).kind, DeskEventKind::Status);
        assert_eq!(parsed("tags_changed", &json!({})).kind, DeskEventKind::Other);
    }

    #[test]
    fn what_is_no_event_is_refused() {
        assert_eq!(parse(b"oui"), Err(NoEvent));
        assert_eq!(parse(br#"{"ticket_id":42}"#), Err(NoEvent));
        // Without `is_public` nobody knows whether the partner may read it.
        let comment = json!({ "comment": { "id": 7, "body": "x", "author": { "id": 9, "is_staff": true } } });
        assert_eq!(parse(&event("comment_added", &comment)), Err(NoEvent));
        let elsewhere =
            String::from_utf8(event("status_changed", &json!({}))).expect("text").replace("\"42\"", "\"../1\"");
        assert_eq!(parse(elsewhere.as_bytes()), Err(NoEvent));
    }
}
