//! What whoever follows a conversation must know besides what is said in it.

/// How a conversation stands at one moment. Times in milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Presence {
    /// Number of the last message.
    pub(crate) last_message: i64,
    /// How often something that was said before has changed.
    pub(crate) changes: i64,
    /// Who of the staff holds it.
    pub(crate) agent: Option<String>,
    /// Until when the partner is taken to be writing.
    pub(crate) partner_writes_until: i64,
    /// Until when the person who holds it is.
    pub(crate) agent_writes_until: i64,
}

/// One side of a conversation that a person holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side<'a> {
    /// Whose conversation it is.
    Partner,
    /// Who holds it, by name.
    Agent(&'a str),
}
