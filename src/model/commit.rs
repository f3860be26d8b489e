//! Everything that one turn changes, written in one transaction.

use super::{Message, State};

/// What one turn changes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Commit {
    /// The conversation.
    pub(crate) conversation: String,
    /// Number of the last message that the turn knew: when there is a later one, nothing is written.
    pub(crate) seen: i64,
    /// What the next turn must know.
    pub(crate) state: State,
    /// The new messages, numbered from `seen` + 1.
    pub(crate) messages: Vec<Message>,
    /// When, in milliseconds since 1970.
    pub(crate) at: i64,
}
