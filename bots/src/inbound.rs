//! What comes in.

/// One message of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inbound {
    /// What was typed, or the label of what was chosen.
    pub text: String,
    /// The [`Choice`](crate::Choice) that was clicked, by its id.
    pub option: Option<String>,
    /// The platform's id of the message: brought again, it gets the reply it got.
    pub id: Option<String>,
}
