//! What a connector remembers: durable, and shared by all processes that run it.

use std::time::Duration;

use async_trait::async_trait;

use crate::{Choice, Place};

/// A reply that was shown, so that its buttons work after a restart and an edited question changes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Random; buttons carry it.
    pub id: String,
    /// The message that it replies to, by the platform's id.
    pub asked: String,
    /// The id with which its turn was taken.
    pub turn: String,
    /// Tells whether that message still says the same.
    pub digest: String,
    /// The place whose conversation it belongs to.
    pub place: String,
    /// Where it was shown, when that is known.
    pub shown_in: Option<String>,
    /// The platform's name of the server whose members see it: its buttons work there only. None of what was kept before
    /// servers were.
    pub server: Option<String>,
    /// The messages that show it, by the platform's ids.
    pub messages: Vec<String>,
    /// What may be chosen, in the order of the buttons.
    pub options: Vec<Choice>,
}

/// The notebook could not be read or written; the cause is in the service's log.
#[derive(Debug, thiserror::Error)]
#[error("what the connector remembers is unavailable")]
pub struct MemoryError;

/// The notebook.
#[async_trait]
pub trait Memory: Send + Sync {
    /// The place with this id, if a conversation is held there.
    async fn find_place(&self, id: &str) -> Result<Option<Place>, MemoryError>;

    /// Keeps a reply, or what has changed of it.
    async fn keep_post(&self, post: &Post) -> Result<(), MemoryError>;

    /// The reply with this id.
    async fn find_post(&self, id: &str) -> Result<Option<Post>, MemoryError>;

    /// The reply to a message.
    async fn find_answer(&self, asked: &str) -> Result<Option<Post>, MemoryError>;

    /// Has [`Channel::catch_up`](crate::Channel::catch_up) of `platform` called with `what`, again and again until it is
    /// done, not before `after`. `what` holds nothing personal.
    async fn put_off(&self, platform: &str, what: &str, after: Duration) -> Result<(), MemoryError>;

    /// Takes or keeps the lease `name` for `holder`; false while somebody else holds it.
    async fn hold(&self, name: &str, holder: &str, time: Duration) -> Result<bool, MemoryError>;

    /// Gives the lease up.
    async fn release(&self, name: &str, holder: &str) -> Result<(), MemoryError>;
}
