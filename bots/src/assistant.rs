//! What a connector asks of the service.

use async_trait::async_trait;

use crate::{Choice, Inbound, Outbound};

/// A conversation, as its owner names it.
#[derive(Clone, PartialEq, Eq)]
pub struct ConversationKey {
    /// Its id.
    pub id: String,
    /// What proves that the conversation is theirs. Secret.
    pub token: String,
}

/// Why there is no reply. Each says what the connector can do.
#[derive(Debug, thiserror::Error)]
pub enum AssistantError {
    /// The conversation is not there, or not theirs: open another.
    #[error("there is no such conversation")]
    NoConversation,
    /// The message cannot be taken: show the sentence, which is in French.
    #[error("{0}")]
    Refused(String),
    /// Something failed and is in the service's log: say so, and let the person try again.
    #[error("the assistant is unavailable")]
    Unavailable,
}

/// The service, as connectors see it.
#[async_trait]
pub trait Assistant: Send + Sync {
    /// Opens a conversation on `channel` ("web", "terminal", …).
    async fn open(&self, channel: &str) -> Result<ConversationKey, AssistantError>;

    /// Takes one message and gives one reply; both are stored before this returns.
    async fn turn(&self, conversation: &ConversationKey, inbound: Inbound) -> Result<Outbound, AssistantError>;

    /// Questions that begin like what is being typed, best first.
    async fn suggest(&self, typed: &str) -> Result<Vec<Choice>, AssistantError>;
}

impl std::fmt::Debug for ConversationKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConversationKey").field("id", &self.id).finish_non_exhaustive()
    }
}
