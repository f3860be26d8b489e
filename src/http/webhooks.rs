//! What other systems tell us. A delivery is believed when its signature is right and fresh, and is taken once.
//!
//! **A replay is refused.** The signature of a delivery that was taken is kept; the same one again is somebody's who
//! listened, and gets 403. What we failed to take (503, 500, a crash) is not kept: Zendesk delivers it again and it is
//! taken. When Zendesk did not hear that a delivery was taken it tells the same event anew: signed anew, that is no replay,
//! and its id changes nothing twice (204); signed as before, it is refused, which loses nothing since the event was taken.
//! 403 and not 409: Zendesk delivers again what gets 409.

use std::sync::OnceLock;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};

use super::extract::Body;
use super::problem::{Code, Problem};
use crate::app::App;
use crate::clients::tickets::webhook::{self, DeskEvent, DeskEventKind, Verifier};
use crate::desk::{self, DeskError, Heard, TicketChange};
use crate::model::TicketRef;
use crate::text;

/// Longest delivery: an agent writes up to 64 kB, which JSON may make six times as long.
pub(super) const MAX_BYTES: usize = 1_000_000;

/// When a delivery that came too early may come again.
const RETRY_AFTER: Duration = Duration::from_secs(30);

/// What is needed to understand the deliveries of the other desk.
pub(crate) struct Webhooks {
    pub(crate) verifier: Verifier,
    /// Our own id at the desk; what we wrote there comes back and is passed over. Unknown until the desk has answered.
    pub(crate) own_user: OnceLock<String>,
}

/// Events of tickets at Zendesk.
#[utoipa::path(
    post,
    path = "/webhooks/zendesk",
    tag = "webhooks",
    request_body(content = String, description = "An event of an event subscription", content_type = "application/json"),
    params(
        ("x-zendesk-webhook-signature" = String, Header, description = "Base64 of HMAC-SHA256 over timestamp and body"),
        ("x-zendesk-webhook-signature-timestamp" = String, Header, description = "When it was signed"),
    ),
    responses(
        (status = 204, description = "Taken, now or before, or of no interest"),
        (status = 401, description = "Not signed by the desk, or too old", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "A replay: a delivery with this signature was taken before", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No other desk is set", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Longer than a delivery is", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "No event of an event subscription", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Not now: deliver it again", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn zendesk(
    State(app): State<App>,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<StatusCode, Problem> {
    let Some(webhooks) = &app.webhooks else { return Err(Problem::new(Code::NotFound)) };
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (signature, timestamp) = (header(webhook::SIGNATURE), header(webhook::TIMESTAMP));
    if let Err(reason) = webhooks.verifier.verify(signature, timestamp, &body, jiff::Timestamp::now()) {
        tracing::warn!("a delivery that claims to come from the desk is refused: {reason}");
        return Err(Problem::new(Code::SignatureWrong));
    }
    let delivery = format!("zendesk/signature/{}", blake3::hash(signature.as_bytes()).to_hex());
    if app.store.is_delivered(&delivery).await? {
        return Err(replayed());
    }
    take(&app, webhooks, &body).await?;
    // Of two at once, one is refused; the event was taken once in any case.
    let is_first = app.store.note_delivery(&delivery, jiff::Timestamp::now().as_millisecond()).await?;
    if is_first { Ok(StatusCode::NO_CONTENT) } else { Err(replayed()) }
}

fn replayed() -> Problem {
    tracing::warn!("a delivery of the desk is refused: it was taken before");
    Problem::new(Code::DeliveryReplayed)
}

/// Takes what the desk tells.
async fn take(app: &App, webhooks: &Webhooks, body: &[u8]) -> Result<(), Problem> {
    let event = webhook::parse(body).map_err(|error| Problem::new(Code::InvalidBody).with_detail(error.to_string()))?;
    // A request that was there before it was known here has no reference of ours there.
    let reference = match event.reference.clone() {
        Some(reference) => Some(reference),
        None => app.store.find_by_external_id(&event.ticket).await?,
    };
    let Some(reference) = reference else { return Ok(()) };
    let Some(own_user) = webhooks.own_user.get() else {
        let problem = Problem::internal(Code::Unavailable, &"the desk has not said yet who we are there");
        return Err(problem.with_retry_after(RETRY_AFTER));
    };
    let Some(change) = change(event, &reference, own_user) else { return Ok(()) };
    let Some(ticket) = app.store.find_ticket(&reference).await? else { return Ok(()) };
    match desk::change(&app.store, &app.outgoing, &app.conversations.support, &reference, &change).await {
        // Delivering it again would change nothing.
        Err(DeskError::NoTicket) => return Ok(()),
        done => done?,
    };
    app.conversations.ring(&ticket.draft.conversation);
    app.wake.wake();
    Ok(())
}

/// What an event changes; nothing when it is of no interest or our own.
fn change(event: DeskEvent, reference: &TicketRef, own_user: &str) -> Option<TicketChange> {
    let now = jiff::Timestamp::now().as_millisecond();
    let heard = Some(event.at.map_or(Heard::Undated, Heard::Event));
    match event.kind {
        DeskEventKind::Comment { id, is_public: true, is_agent: true, author, text } if author != own_user => {
            let said = desk::answered_elsewhere(reference, &id, text, event.at.unwrap_or(now), now);
            Some(TicketChange { status: event.status, heard, ..said })
        }
        DeskEventKind::Status => Some(TicketChange {
            who: text::DESK.to_owned(),
            status: Some(event.status?),
            heard,
            delivery: Some(format!("zendesk/{}", event.id)),
            at: now,
            ..TicketChange::default()
        }),
        DeskEventKind::Comment { .. } | DeskEventKind::Other => None,
    }
}
