//! Who is there in a conversation, and whether what was said in it is still what it was.

use sqlx::{AnyConnection, Row};

use super::{Store, StoreError};
use crate::model::{Presence, Side};

impl Store {
    /// How a conversation stands; none when it is not there or was forgotten.
    pub(crate) async fn find_presence(&self, conversation: &str) -> Result<Option<Presence>, StoreError> {
        let row = sqlx::query(
            "SELECT last_message, changes, agent, partner_writes_until, agent_writes_until FROM conversations \
             WHERE id = $1 AND token_hash <> ''",
        )
        .bind(conversation)
        .fetch_optional(&self.readers)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Presence {
            last_message: row.try_get("last_message")?,
            changes: row.try_get("changes")?,
            agent: row.try_get("agent")?,
            partner_writes_until: row.try_get("partner_writes_until")?,
            agent_writes_until: row.try_get("agent_writes_until")?,
        }))
    }

    /// Notes until when one side is writing, in a conversation that a person holds; false when nobody does, or somebody else.
    pub(crate) async fn note_writing(
        &self,
        conversation: &str,
        side: Side<'_>,
        until: i64,
    ) -> Result<bool, StoreError> {
        let noted = match side {
            Side::Partner => {
                sqlx::query("UPDATE conversations SET partner_writes_until = $1 WHERE id = $2 AND agent IS NOT NULL")
                    .bind(until)
                    .bind(conversation)
            }
            Side::Agent(who) => {
                sqlx::query("UPDATE conversations SET agent_writes_until = $1 WHERE id = $2 AND agent = $3")
                    .bind(until)
                    .bind(conversation)
                    .bind(who)
            }
        };
        Ok(noted.execute(&self.writer).await?.rows_affected() > 0)
    }
}

/// Notes that something that was said before in a conversation has changed.
pub(super) async fn note_change(connection: &mut AnyConnection, conversation: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE conversations SET changes = changes + 1 WHERE id = $1")
        .bind(conversation)
        .execute(connection)
        .await?;
    Ok(())
}
