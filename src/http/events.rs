//! What is said in a conversation, as it is said: server-sent events, taken up again after `Last-Event-ID`.
//!
//! A message that was stored by this process is sent at once; one that another replica stored is found by looking.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use futures_util::stream;

use super::conversations::MessageOut;
use super::extract::{Path, Token};
use super::problem::Problem;
use crate::app::App;
use crate::conversation::Ear;
use crate::model::Message;

/// How often the store is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// A comment now and then keeps proxies from closing a silent stream.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Follow a conversation. Each event `message` has the number of the message as its id; send the last one you saw as
/// `Last-Event-ID` to go on from there, none to begin at the first.
#[utoipa::path(
    get,
    path = "/api/v1/conversations/{id}/events",
    tag = "conversations",
    params(
        ("id" = String, Path, description = "Id of the conversation"),
        ("Last-Event-ID" = Option<String>, Header, description = "Number of the last message seen"),
    ),
    security(("conversation" = [])),
    responses(
        (status = 200, description = "Events", body = MessageOut, content_type = "text/event-stream"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such conversation, or somebody else's", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn events(
    State(app): State<App>,
    Path(id): Path<String>,
    Token(token): Token,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    app.conversations.check(&id, &token).await?;
    Ok(stream(app, id, &headers))
}

/// What is said in the conversation `id`, for whoever may read it.
pub(super) fn stream(
    app: App,
    id: String,
    headers: &HeaderMap,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let follower = Follower { ear: app.conversations.listen(), app, id, last: last.unwrap_or(0), waiting: Vec::new() };
    let events = stream::unfold(follower, |mut follower| async move {
        let message = follower.next().await?;
        Some((Ok(event(message)), follower))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

fn event(message: Message) -> Event {
    let number = message.number.to_string();
    let data = serde_json::to_string(&MessageOut::from(message)).expect("our own values are JSON");
    Event::default().id(number).event("message").data(data)
}

/// One open stream.
struct Follower {
    app: App,
    id: String,
    ear: Ear,
    /// Number of the last message sent.
    last: i64,
    /// Messages to send, last first.
    waiting: Vec<Message>,
}

impl Follower {
    /// The next message; none when the service stops.
    async fn next(&mut self) -> Option<Message> {
        let mut stop = self.app.stop.clone();
        loop {
            if let Some(message) = self.waiting.pop() {
                self.last = message.number;
                return Some(message);
            }
            if *stop.borrow() {
                return None;
            }
            match self.app.store.list_messages(&self.id, self.last).await {
                Ok(messages) => self.waiting = messages.into_iter().rev().collect(),
                Err(error) => tracing::warn!("a conversation cannot be followed: {:#}", anyhow::Error::from(error)),
            }
            if self.waiting.is_empty() {
                tokio::select! {
                    () = self.ear.heard(&self.id) => {}
                    () = tokio::time::sleep(LOOK) => {}
                    _ = stop.changed() => {}
                }
            }
        }
    }
}
