//! One message of a conversation.

use guichet_bots::Outbound;

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
}
