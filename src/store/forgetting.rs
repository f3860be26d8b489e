//! A conversation that its owner wants forgotten.

use sqlx::AnyConnection;

use super::{Store, StoreError, json};
use crate::model::State;

/// What of a conversation goes, in an order that the references allow. Files that a ticket has stay with the ticket. Of
/// its turns stay figures that lead to nobody: whether a ticket followed, not which.
const GOES: [&str; 6] = [
    "DELETE FROM conversation_notes WHERE conversation_id = $1",
    "UPDATE turns SET question = NULL, partner = NULL, conversation_id = '', \
            ticket = CASE WHEN ticket IS NULL THEN NULL ELSE '' END WHERE conversation_id = $1",
    "DELETE FROM feedback WHERE conversation_id = $1",
    "DELETE FROM attachments WHERE conversation_id = $1 AND reference IS NULL",
    "DELETE FROM visitors WHERE conversation_id = $1",
    "DELETE FROM messages WHERE conversation_id = $1",
];

impl Store {
    /// Removes all that was said in a conversation, and lets nobody open it again. The row stays, empty: tickets that
    /// were asked for there are requests of their own, with what they quote, and point to it. A turn that is under way
    /// finds that another one was faster.
    pub(crate) async fn forget_conversation(&self, id: &str, now: i64) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        sqlx::query(
            "UPDATE conversations SET token_hash = '', state = $1, last_message = last_message + 1, updated_at = $2, \
                    agent = NULL \
             WHERE id = $3",
        )
        .bind(json(&State::default()))
        .bind(now)
        .bind(id)
        .execute(&mut *transaction)
        .await?;
        clear(&mut transaction, id).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// Removes what was said in a conversation.
pub(super) async fn clear(connection: &mut AnyConnection, id: &str) -> Result<(), StoreError> {
    for statement in GOES {
        sqlx::query(statement).bind(id).execute(&mut *connection).await?;
    }
    Ok(())
}
