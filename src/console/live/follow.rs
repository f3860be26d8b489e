//! Tells a page of the console that something was said in its conversation, that a colleague noted something, that somebody
//! took it, or that the partner writes: the page then reads itself again. As long as the page is open, who holds the conversation is there.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, stream};

use super::super::{Refusal, Signed, now};
use crate::app::App;
use crate::conversation::Ear;
use crate::model::Permission;
use crate::store::StoreError;

/// How often the store is looked at: another replica may have written.
const LOOK: Duration = Duration::from_secs(1);
/// How often it is asked whether the person may still read, and noted that the person is there.
const SIGN_OF_LIFE_MS: i64 = 10_000;
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// `GET /console/conversations/{id}/suite`
pub(in crate::console) async fn follow(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>> + use<>>, Refusal> {
    app.conversations.find_for_staff(&id).await?;
    let seen = Standing::of(&app, &id).await?;
    let ear = app.conversations.listen();
    let watcher = Watcher { app, signed, id, ear, seen, alive_at: 0 };
    let events = stream::unfold(watcher, |mut watcher| async move {
        // An event without data is none to browsers.
        watcher.change().await.then(|| (Ok(Event::default().event("change").data("1")), watcher))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}

/// What a page shows.
#[derive(PartialEq, Eq)]
struct Standing {
    last_message: i64,
    notes: usize,
    holder: Option<String>,
    changes: i64,
    partner_writes: bool,
}

impl Standing {
    async fn of(app: &App, id: &str) -> Result<Self, StoreError> {
        let presence = app.store.find_presence(id).await?;
        let notes = app.store.list_notes(id).await?.len();
        let until = presence.as_ref().map_or(0, |found| found.partner_writes_until);
        Ok(Self {
            last_message: presence.as_ref().map_or(0, |found| found.last_message),
            changes: presence.as_ref().map_or(0, |found| found.changes),
            notes,
            partner_writes: until > now(),
            holder: presence.and_then(|found| found.agent),
        })
    }
}

/// One open page.
struct Watcher {
    app: App,
    signed: Signed,
    id: String,
    ear: Ear,
    seen: Standing,
    alive_at: i64,
}

impl Watcher {
    /// True when the page is old; false when there is nothing to follow any more.
    async fn change(&mut self) -> bool {
        let mut stop = self.app.stop.clone();
        loop {
            if *stop.borrow() || !self.is_allowed().await {
                return false;
            }
            match Standing::of(&self.app, &self.id).await {
                Ok(standing) if standing != self.seen => {
                    self.seen = standing;
                    return true;
                }
                Ok(_) => {}
                Err(error) => tracing::warn!("a conversation cannot be followed: {:#}", anyhow::Error::from(error)),
            }
            tokio::select! {
                () = self.ear.heard(&self.id) => {}
                () = tokio::time::sleep(LOOK) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Whether the person is still somebody who may read; now and then, that she is there is kept.
    async fn is_allowed(&mut self) -> bool {
        let now = now();
        if now - self.alive_at < SIGN_OF_LIFE_MS {
            return true;
        }
        self.alive_at = now;
        let name = self.signed.name().to_owned();
        if self.seen.holder.as_deref() == Some(&*name)
            && let Err(error) = self.app.store.mark_agent_seen(&self.id, &name, now).await
        {
            tracing::warn!("that somebody is there cannot be kept: {:#}", anyhow::Error::from(error));
        }
        match self.app.door.find_session(&self.signed.secret, now).await {
            Ok(session) => session.is_some_and(|session| session.account.role.may(Permission::ReadRequests)),
            // The page asks again, and is told then.
            Err(_) => false,
        }
    }
}
