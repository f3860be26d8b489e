//! What happens to tickets, as others are told.

use serde::{Deserialize, Serialize};

use super::{TicketRef, TicketStatus};

/// Kinds of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum EventKind {
    /// A ticket was asked for.
    #[serde(rename = "ticket.created")]
    Created,
    /// Its status, urgency, assignee or tags changed.
    #[serde(rename = "ticket.changed")]
    Changed,
    /// Somebody wrote.
    #[serde(rename = "ticket.commented")]
    Commented,
}

impl EventKind {
    /// The name in machine-readable places.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Created => "ticket.created",
            Self::Changed => "ticket.changed",
            Self::Commented => "ticket.commented",
        }
    }
}

/// One event; nothing in it is personal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TicketEvent {
    /// The same whenever the same event is told.
    pub(crate) id: String,
    #[serde(rename = "event")]
    pub(crate) kind: EventKind,
    pub(crate) reference: TicketRef,
    /// Where the ticket stood after it.
    pub(crate) status: TicketStatus,
    /// When, in milliseconds since 1970.
    pub(crate) at: i64,
    /// What was written, when it is about that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) comment: Option<EventComment>,
}

/// A comment, without its text and its author's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EventComment {
    pub(crate) id: String,
    /// True when somebody of the staff writes.
    pub(crate) is_agent: bool,
    /// False: only staff sees it.
    pub(crate) public: bool,
}
