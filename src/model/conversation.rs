//! A conversation: what is known of it between two turns.

use guichet_kb::EntryId;
use serde::{Deserialize, Serialize};

use super::{About, Asking, TakenOver, TicketRef};
use crate::escalation::Form;

/// A conversation, without its messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Conversation {
    /// Its id, public.
    pub(crate) id: String,
    /// Hash of the secret that proves whose it is.
    pub(crate) token_hash: String,
    /// The channel it came by.
    pub(crate) channel: String,
    /// What the next turn must know.
    pub(crate) state: State,
    /// Number of its last message; 0 when there is none.
    pub(crate) last_message: i64,
    /// When it began, in milliseconds since 1970.
    pub(crate) created_at: i64,
    /// When the person who has taken it over was last known to be there.
    pub(crate) agent_seen_at: i64,
}

/// What a turn leaves for the next one. Fields may be added: one that is absent has its default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    /// The entries offered as options by the last reply, in order.
    pub(crate) offered: Vec<EntryId>,
    /// The last question, as it was asked: what a refusal or a question without a subject leans on.
    pub(crate) asked: Option<String>,
    /// Entries that were refused since.
    pub(crate) refused: Vec<EntryId>,
    /// The entry that the very last reply gave: it is not given twice in a row.
    pub(crate) just_given: Option<EntryId>,
    /// The last question that no entry answered: what a ticket would be about.
    pub(crate) unanswered: Option<String>,
    /// The dialogue that leads to a ticket, while it lasts. One of a later version that cannot be read is none: the
    /// conversation goes on.
    #[serde(deserialize_with = "lenient")]
    pub(crate) form: Option<Form>,
    /// The customer that the conversation is about.
    pub(crate) about: Option<About>,
    /// A choice of customers or contracts that was asked for by the last reply.
    pub(crate) asking: Option<Asking>,
    /// The last ticket of this conversation.
    pub(crate) last_ticket: Option<TicketRef>,
    /// Somebody of the staff holds the conversation: the assistant is silent.
    pub(crate) taken_over: Option<TakenOver>,
}

fn lenient<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Form>, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).ok().flatten())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_of_a_later_version_does_not_lock_the_conversation() {
        let state = r#"{"unanswered":"q","form":{"stage":"unheard_of"}}"#;
        let state: State = serde_json::from_str(state).expect("it can be read");
        assert_eq!((state.form, state.unanswered.as_deref()), (None, Some("q")));
        assert_eq!(serde_json::from_str::<State>(r#"{"form":null}"#).expect("it can be read"), State::default());
    }
}
