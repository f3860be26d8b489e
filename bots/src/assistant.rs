//! What a connector asks of the service.

use async_trait::async_trait;

use crate::{Account, Choice, Inbound, Outbound, Place};

/// A conversation, as its owner names it.
#[derive(Clone, PartialEq, Eq)]
pub struct ConversationKey {
    /// Its id.
    pub id: String,
    /// What proves that the conversation is theirs. Secret.
    pub token: String,
}

/// A request to a person, written in a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Chosen by the connector: the same request twice is one.
    pub key: String,
    /// Who asks.
    pub name: String,
    /// Where to answer.
    pub email: String,
    /// The partner company.
    pub company: Option<String>,
    /// In one line.
    pub subject: String,
    /// In the person's own words.
    pub description: String,
}

/// A request that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requested {
    /// What the person quotes to speak of it.
    pub reference: String,
    /// When an answer may be expected, in French.
    pub promise: String,
}

/// Where a request stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestState {
    /// Its reference.
    pub reference: String,
    /// In one line.
    pub subject: String,
    /// Where it stands, in French.
    pub status: String,
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

    /// The conversation that is held at `place`, opened when there is none. What happens to its requests later is
    /// delivered there.
    async fn conversation_at(&self, place: &Place) -> Result<ConversationKey, AssistantError>;

    /// Takes one message and gives one reply; both are stored before this returns.
    async fn turn(&self, conversation: &ConversationKey, inbound: Inbound) -> Result<Outbound, AssistantError>;

    /// Questions that begin like what is being typed, best first.
    async fn suggest(&self, typed: &str) -> Result<Vec<Choice>, AssistantError>;

    /// Customers of whoever `account` is linked to whose names or codes are like what is being typed; the id is what names
    /// one in a question. None when the account is linked to nobody.
    async fn customers(&self, account: &Account, typed: &str) -> Result<Vec<Choice>, AssistantError>;

    /// Keeps whether the reply to a message was useful, by the id that the message came with; the last word counts.
    async fn rate(&self, conversation: &ConversationKey, message: &str, is_useful: bool) -> Result<(), AssistantError>;

    /// Hands a request to a person, with everything said so far.
    async fn request(&self, conversation: &ConversationKey, request: Request) -> Result<Requested, AssistantError>;

    /// The requests of a conversation, newest first.
    async fn requests(&self, conversation: &ConversationKey) -> Result<Vec<RequestState>, AssistantError>;

    /// Links an account to the user of the portal who was given `code`, which works once; what the portal calls him.
    async fn link(&self, account: &Account, code: &str) -> Result<String, AssistantError>;

    /// Forgets the link; false when there was none.
    async fn unlink(&self, account: &Account) -> Result<bool, AssistantError>;
}

impl std::fmt::Debug for ConversationKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConversationKey").field("id", &self.id).finish_non_exhaustive()
    }
}
