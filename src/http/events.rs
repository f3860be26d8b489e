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
use serde::Serialize;
use utoipa::ToSchema;

use super::conversations::MessageOut;
use super::extract::{Path, Token};
use super::problem::Problem;
use crate::app::App;
use crate::conversation::Ear;
use crate::model::{Message, Presence, first_name};
use crate::store::StoreError;

/// How often the store is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// A comment now and then keeps proxies from closing a silent stream.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Follow a conversation. Each event `message` has the number of the message as its id; send the last one you saw as
/// `Last-Event-ID` to go on from there, none to begin at the first. An event `changed` says what else is different about
/// the conversation: who is there, who writes, and how often something that was said before has changed. When that number
/// is another one than before (it is 0 before the first event), read the messages again.
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
        (status = 200, description = "Events", body = FollowedOut, content_type = "text/event-stream"),
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
    Ok(stream(app, id, Reader::Partner, &headers))
}

/// What one event holds.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(super) enum FollowedOut {
    Message(Box<MessageOut>),
    Changed(ChangedOut),
}

/// What is different about a conversation besides what is said in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct ChangedOut {
    /// Always 0: it is no message.
    number: i64,
    /// How often something that was said before has changed.
    changes: i64,
    /// Who of the staff answers, by first name; nobody: the assistant does.
    agent: Option<String>,
    /// The other side is writing.
    writing: bool,
}

/// Who follows a conversation: each is told that the other one writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    Partner,
    Staff,
}

impl Reader {
    fn sees(self, presence: &Presence, now: i64) -> ChangedOut {
        let until = match self {
            Self::Partner => presence.agent_writes_until,
            Self::Staff => presence.partner_writes_until,
        };
        ChangedOut {
            number: 0,
            changes: presence.changes,
            agent: presence.agent.as_deref().map(|who| first_name(who).to_owned()),
            writing: presence.agent.is_some() && until > now,
        }
    }
}

/// What is said in the conversation `id`, for whoever may read it.
pub(super) fn stream(
    app: App,
    id: String,
    reader: Reader,
    headers: &HeaderMap,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let follower = Follower {
        ear: app.conversations.listen(),
        app,
        id,
        reader,
        last: last.unwrap_or(0),
        waiting: Vec::new(),
        told: ChangedOut::default(),
        is_over: false,
    };
    let events = stream::unfold(follower, |mut follower| async move {
        let news = follower.next().await?;
        Some((Ok(event(&news)), follower))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

fn event(news: &FollowedOut) -> Event {
    let data = serde_json::to_string(news).expect("our own values are JSON");
    match news {
        FollowedOut::Message(message) => Event::default().id(message.number.to_string()).event("message").data(data),
        // Without an id: whoever comes back goes on after the last message.
        FollowedOut::Changed(_) => Event::default().event("changed").data(data),
    }
}

/// One open stream.
struct Follower {
    app: App,
    id: String,
    reader: Reader,
    ear: Ear,
    /// Number of the last message sent.
    last: i64,
    /// Messages to send, last first.
    waiting: Vec<Message>,
    /// What was told last besides messages.
    told: ChangedOut,
    /// The conversation was forgotten.
    is_over: bool,
}

impl Follower {
    /// The next message or change; none when the service stops, or when there is nothing to follow any more.
    async fn next(&mut self) -> Option<FollowedOut> {
        let mut stop = self.app.stop.clone();
        loop {
            if let Some(message) = self.waiting.pop() {
                self.last = message.number;
                return Some(FollowedOut::Message(Box::new(message.into())));
            }
            if *stop.borrow() || self.is_over {
                return None;
            }
            match self.look().await {
                Ok(Some(changed)) if self.waiting.is_empty() && changed != self.told => {
                    self.told = changed.clone();
                    return Some(FollowedOut::Changed(changed));
                }
                Ok(Some(_)) => {}
                // Whoever shows it reads again, and learns that there is nothing.
                Ok(None) => {
                    self.is_over = true;
                    return Some(FollowedOut::Changed(ChangedOut {
                        changes: self.told.changes + 1,
                        ..ChangedOut::default()
                    }));
                }
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

    /// Takes new messages; how the conversation stands, none when it was forgotten.
    async fn look(&mut self) -> Result<Option<ChangedOut>, StoreError> {
        let Some(presence) = self.app.store.find_presence(&self.id).await? else { return Ok(None) };
        if presence.last_message > self.last {
            self.waiting = self.app.store.list_messages(&self.id, self.last).await?;
            self.waiting.reverse();
        }
        Ok(Some(self.reader.sees(&presence, jiff::Timestamp::now().as_millisecond())))
    }
}
