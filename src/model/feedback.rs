//! Whether an answer helped.

/// What a person says of one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Feedback {
    /// The message that gave the answer.
    pub(crate) message: String,
    /// Its conversation.
    pub(crate) conversation: String,
    /// It helped.
    pub(crate) is_helpful: bool,
    /// Why not, masked.
    pub(crate) reason: Option<String>,
    /// The entry that was given, if one was.
    pub(crate) entry: Option<String>,
    /// When, in milliseconds since 1970.
    pub(crate) at: i64,
}

/// What people say of the answers of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Votes {
    pub(crate) entry: String,
    /// How often it helped.
    pub(crate) helped: i64,
    /// How often it did not.
    pub(crate) not: i64,
}
