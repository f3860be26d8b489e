//! One message of a conversation.

use guichet_bots::Outbound;
use serde::{Deserialize, Serialize};

use super::{SentFile, TicketRef, TicketStatus};

/// One message, as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Message {
    /// Its id.
    pub(crate) id: String,
    /// Its place in the conversation, from 1.
    pub(crate) number: i64,
    /// Who says what.
    pub(crate) said: Said,
    /// When, in milliseconds since 1970.
    pub(crate) sent_at: i64,
}

/// Who says what.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Said {
    /// The person, in words.
    Visitor(String),
    /// The assistant, with its sources.
    Assistant(Outbound),
    /// A person of the staff.
    Agent(AgentMessage),
    /// A ticket has changed.
    Ticket(TicketNotice),
}

/// What a person of the staff says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AgentMessage {
    /// The name that is shown.
    pub(crate) name: String,
    /// Plain text.
    pub(crate) text: String,
    /// The ticket that it is about; none: the person holds the conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ticket: Option<TicketRef>,
    /// What comes with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) files: Vec<SentFile>,
}

/// Where a ticket stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TicketNotice {
    /// The ticket.
    pub(crate) ticket: TicketRef,
    /// Where it stands.
    pub(crate) status: TicketStatus,
}
