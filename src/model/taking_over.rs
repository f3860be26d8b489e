//! A conversation that somebody of the staff holds in place of the assistant.

use serde::{Deserialize, Serialize};

/// Who holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TakenOver {
    /// The name of the account.
    pub(crate) who: String,
    /// From when on, in milliseconds since 1970.
    pub(crate) since: i64,
}

/// What staff tell each other about a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Note {
    /// Its id.
    pub(crate) id: String,
    /// The conversation.
    pub(crate) conversation: String,
    /// Who.
    pub(crate) who: String,
    /// Plain text.
    pub(crate) text: String,
    /// When, in milliseconds since 1970.
    pub(crate) at: i64,
}

/// The part of a name that partners are told of somebody who writes to them.
pub(crate) fn first_name(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or(name)
}
