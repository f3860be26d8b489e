//! A ticket desk outside.

#[cfg(test)]
pub(crate) mod memory;
pub(crate) mod webhook;
pub(crate) mod zendesk;

use std::time::Duration;

use async_trait::async_trait;

use crate::model::{EmailAddress, File, TicketDraft, TicketRef, TicketStatus};

/// How many tickets are read at once.
pub(crate) const MOST_READ: usize = 100;

/// A ticket as the desk knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DeskTicket {
    /// The desk's own id.
    pub(crate) id: String,
    /// Our reference, when the ticket is one of ours.
    pub(crate) reference: Option<TicketRef>,
    /// In one line.
    pub(crate) subject: String,
    /// Where it stands.
    pub(crate) status: TicketStatus,
    /// Its last change, by the desk's clock, in milliseconds since 1970; 0 when that is not told.
    pub(crate) changed_at: i64,
}

/// What a ticket is to others at the desk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Part {
    /// Nothing.
    #[default]
    Alone,
    /// It stands for every report of an incident.
    Problem,
    /// It is a report of an incident, for which the ticket with this id of the desk's stands; none when there is no such
    /// ticket there.
    Report(Option<String>),
}

/// Where a ticket stands at the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DeskState {
    /// The desk's own id.
    pub(crate) id: String,
    /// Where it stands.
    pub(crate) status: TicketStatus,
    /// Its last change, by the desk's clock, in whole seconds, in milliseconds since 1970.
    pub(crate) changed_at: i64,
    /// False while another change may still get the same moment.
    pub(crate) is_settled: bool,
}

/// What an agent has said publicly about a ticket at the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DeskAnswer {
    /// The desk's own id of it.
    pub(crate) id: String,
    /// The desk's id of who says it; what we wrote there is among them.
    pub(crate) author: String,
    /// Plain text.
    pub(crate) text: String,
    /// When, by the desk's clock, in milliseconds since 1970.
    pub(crate) said_at: i64,
    /// The files that come with it.
    pub(crate) files: Vec<DeskFile>,
}

/// A file that comes with an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DeskFile {
    pub(crate) name: String,
    /// Where the desk says that it is; none when it found something harmful in it. Only the desk itself is asked for it.
    pub(crate) url: Option<String>,
    /// Its kind, as the desk says.
    pub(crate) media_type: String,
    /// In bytes, as the desk says.
    pub(crate) size: u64,
}

/// A comment that the person adds, or a note of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DeskComment {
    /// Makes adding it idempotent.
    pub(crate) key: String,
    /// The person who writes; without one it is a note that only agents see.
    pub(crate) author: Option<EmailAddress>,
    /// Plain text.
    pub(crate) text: String,
    /// Files that go with it.
    pub(crate) attachments: Vec<File>,
}

/// Why the desk did not do it, by what the caller can do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DeskError {
    /// Try again after the wait, or when the queue says so.
    #[error("the desk asks to wait")]
    RateLimited {
        /// How long the desk asks to wait.
        retry_after: Option<Duration>,
    },
    /// Not reached, or it failed: it may or may not have done it. Try again with the same key.
    #[error("the desk is unavailable: {reason}")]
    Unavailable {
        /// For the operator; holds nothing personal.
        reason: String,
        /// How long the desk asks to wait.
        retry_after: Option<Duration>,
    },
    /// It does not let us in, or not do this: somebody must look at the token, or at what its agent may do.
    #[error("the desk does not let us ({}): {reason}", if *is_unknown { "401: see desk.zendesk.user and token" } else { "403" })]
    NotAllowed {
        /// It does not know us at all: nothing else would be accepted either.
        is_unknown: bool,
        /// For the operator; holds nothing personal.
        reason: String,
    },
    /// It will never accept this: somebody must look.
    #[error("the desk refuses ({status}): {reason}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// For the operator; holds nothing personal.
        reason: String,
    },
}

/// A ticket desk.
#[async_trait]
pub(crate) trait TicketDesk: Send + Sync {
    /// Creates the ticket of `draft`, or finds the one that an earlier try created: never a second one.
    async fn create(&self, draft: &TicketDraft, part: &Part) -> Result<DeskTicket, DeskError>;

    /// Adds a comment of the person, which is public, or a note to the ticket `id`, once for each key.
    async fn comment(&self, id: &str, comment: &DeskComment) -> Result<(), DeskError>;

    /// Where the tickets with these ids of the desk's stand, at most [`MOST_READ`]; those that are gone are left out.
    async fn read(&self, ids: &[String]) -> Result<Vec<DeskState>, DeskError>;

    /// What agents have said publicly about the ticket `id`, in order.
    async fn list_answers(&self, id: &str) -> Result<Vec<DeskAnswer>, DeskError>;

    /// The content of a file, at most `most` bytes.
    async fn fetch(&self, file: &DeskFile, most: usize) -> Result<Vec<u8>, DeskError>;

    /// Our own id at the desk: what we write there comes back as an event.
    async fn find_own_user(&self) -> Result<String, DeskError>;

    /// The tickets of `requester` that are not solved, newest first. For whoever has proved who he is: a typed address proves
    /// nothing.
    async fn list_open(&self, requester: &EmailAddress) -> Result<Vec<DeskTicket>, DeskError>;
}
