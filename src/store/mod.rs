//! Where conversations are kept. The only place with SQL: one method = one transaction = one meaning.

mod error;
mod sql;

use async_trait::async_trait;

use crate::model::{Commit, Conversation, Message};

pub(crate) use error::StoreError;
pub(crate) use sql::SqlStore;

/// What the service keeps.
#[async_trait]
pub(crate) trait Store: Send + Sync {
    /// Keeps a new conversation.
    async fn create_conversation(&self, conversation: &Conversation) -> Result<(), StoreError>;

    /// The conversation with this id.
    async fn find_conversation(&self, id: &str) -> Result<Option<Conversation>, StoreError>;

    /// All messages of a conversation, in order.
    async fn list_messages(&self, conversation: &str) -> Result<Vec<Message>, StoreError>;

    /// Writes everything one turn changes, or nothing.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another turn was faster: load the conversation and decide again.
    async fn commit_turn(&self, commit: &Commit) -> Result<(), StoreError>;

    /// Whether the database answers.
    async fn ping(&self) -> Result<(), StoreError>;
}
