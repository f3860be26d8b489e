//! What people say of answers.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Store, StoreError, turns};
use crate::model::{Feedback, Votes};

impl Store {
    /// Keeps what a person says of an answer: once for each answer, the last word counts.
    pub(crate) async fn keep_feedback(&self, feedback: &Feedback) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        sqlx::query(
            "INSERT INTO feedback (message_id, conversation_id, helpful, reason, entry, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (message_id) DO UPDATE \
             SET helpful = excluded.helpful, reason = excluded.reason, updated_at = excluded.updated_at",
        )
        .bind(&feedback.message)
        .bind(&feedback.conversation)
        .bind(i64::from(feedback.is_helpful))
        .bind(&feedback.reason)
        .bind(&feedback.entry)
        .bind(feedback.at)
        .bind(feedback.at)
        .execute(&mut *transaction)
        .await?;
        turns::judge(&mut transaction, feedback).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// What was said of the answers of a conversation.
    pub(crate) async fn list_feedback(&self, conversation: &str) -> Result<Vec<Feedback>, StoreError> {
        let rows = sqlx::query(
            "SELECT message_id, conversation_id, helpful, reason, entry, updated_at FROM feedback \
             WHERE conversation_id = $1 ORDER BY message_id",
        )
        .bind(conversation)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(feedback).collect()
    }

    /// How often the answers of each entry helped, and how often not, since `since`: of the entries from `first` to `last`
    /// in the order of their ids.
    pub(crate) async fn count_votes(&self, first: &str, last: &str, since: i64) -> Result<Vec<Votes>, StoreError> {
        let rows = sqlx::query(
            "SELECT entry, COUNT(CASE WHEN helpful <> 0 THEN 1 END) AS helped, COUNT(*) AS votes FROM feedback \
             WHERE entry >= $1 AND entry <= $2 AND updated_at >= $3 GROUP BY entry",
        )
        .bind(first)
        .bind(last)
        .bind(since)
        .fetch_all(&self.readers)
        .await?;
        let votes = |row: &AnyRow| {
            let (helped, all): (i64, i64) = (row.try_get("helped")?, row.try_get("votes")?);
            Ok(Votes { entry: row.try_get("entry")?, helped, not: all - helped })
        };
        rows.iter().map(votes).collect()
    }
}

fn feedback(row: &AnyRow) -> Result<Feedback, StoreError> {
    Ok(Feedback {
        message: row.try_get("message_id")?,
        conversation: row.try_get("conversation_id")?,
        is_helpful: row.try_get::<i64, _>("helpful")? != 0,
        reason: row.try_get("reason")?,
        entry: row.try_get("entry")?,
        at: row.try_get("updated_at")?,
    })
}
