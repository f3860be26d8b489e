//! Files that people send, kept with what they belong to.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::{Store, StoreError, named};
use crate::model::{Attachment, File, NewFile, Ticket, TicketRef};

impl Store {
    /// Keeps a file of a conversation, unless `limit` files of it wait for a ticket: then false.
    pub(crate) async fn create_attachment(
        &self,
        id: &str,
        conversation: &str,
        file: &File,
        limit: i64,
        now: i64,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "INSERT INTO attachments (id, conversation_id, name, media_type, size, content, created_at) \
             SELECT $1, $2, $3, $4, $5, $6, $7 \
             WHERE (SELECT COUNT(*) FROM attachments WHERE conversation_id = $8 AND reference IS NULL) < $9",
        )
        .bind(id)
        .bind(conversation)
        .bind(&file.name)
        .bind(&file.media_type)
        .bind(i64::try_from(file.content.len()).unwrap_or(i64::MAX))
        .bind(file.content.clone())
        .bind(now)
        .bind(conversation)
        .bind(limit)
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// The file with this id, without its content.
    pub(crate) async fn find_attachment(&self, id: &str) -> Result<Option<Attachment>, StoreError> {
        let row = sqlx::query(
            "SELECT id, conversation_id, name, media_type, size, reference, comment_id FROM attachments WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(attachment).transpose()
    }

    /// The file with this id, with its content.
    pub(crate) async fn find_file(&self, id: &str) -> Result<Option<File>, StoreError> {
        let row = sqlx::query("SELECT name, media_type, content FROM attachments WHERE id = $1")
            .bind(id)
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(file).transpose()
    }

    /// The files of a conversation that no ticket has, in the order in which they came.
    pub(crate) async fn list_waiting_attachments(&self, conversation: &str) -> Result<Vec<Attachment>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, conversation_id, name, media_type, size, reference, comment_id FROM attachments \
             WHERE conversation_id = $1 AND reference IS NULL ORDER BY created_at, id",
        )
        .bind(conversation)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(attachment).collect()
    }

    /// The files of a ticket, in the order in which they came.
    pub(crate) async fn list_attachments(&self, ticket: &TicketRef) -> Result<Vec<Attachment>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, conversation_id, name, media_type, size, reference, comment_id FROM attachments \
             WHERE reference = $1 ORDER BY created_at, id",
        )
        .bind(ticket.as_str())
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(attachment).collect()
    }

    /// The files that came with a ticket itself, or with one of its comments, with their content.
    pub(crate) async fn list_files(&self, ticket: &TicketRef, comment: Option<&str>) -> Result<Vec<File>, StoreError> {
        let rows = sqlx::query(
            "SELECT name, media_type, content FROM attachments \
             WHERE reference = $1 AND COALESCE(comment_id, '') = $2 ORDER BY created_at, id",
        )
        .bind(ticket.as_str())
        .bind(comment.unwrap_or_default())
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(file).collect()
    }

    /// Removes a file of a conversation that no ticket has; whether there was one.
    pub(crate) async fn remove_waiting_attachment(&self, conversation: &str, id: &str) -> Result<bool, StoreError> {
        let done = sqlx::query("DELETE FROM attachments WHERE id = $1 AND conversation_id = $2 AND reference IS NULL")
            .bind(id)
            .bind(conversation)
            .execute(&self.writer)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Removes files that came before `before` and that no ticket has; how many.
    pub(crate) async fn remove_waiting_attachments(&self, before: i64) -> Result<u64, StoreError> {
        let done = sqlx::query("DELETE FROM attachments WHERE reference IS NULL AND created_at < $1")
            .bind(before)
            .execute(&self.writer)
            .await?;
        Ok(done.rows_affected())
    }
}

/// Gives files of a conversation to a ticket, or to one of its comments.
///
/// # Errors
/// [`StoreError::Conflict`] when one of them is not there, or has a ticket.
pub(super) async fn give(
    connection: &mut AnyConnection,
    conversation: &str,
    files: &[String],
    ticket: &TicketRef,
    comment: Option<&str>,
) -> Result<(), StoreError> {
    for id in files {
        let done = sqlx::query(
            "UPDATE attachments SET reference = $1, comment_id = $2 \
             WHERE id = $3 AND conversation_id = $4 AND reference IS NULL",
        )
        .bind(ticket.as_str())
        .bind(comment)
        .bind(id)
        .bind(conversation)
        .execute(&mut *connection)
        .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Conflict);
        }
    }
    Ok(())
}

/// Keeps a file that comes with a comment of a ticket.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    new: &NewFile,
    ticket: &Ticket,
    comment: Option<&str>,
    now: i64,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO attachments (id, conversation_id, name, media_type, size, content, reference, comment_id, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&new.id)
    .bind(&ticket.draft.conversation)
    .bind(&new.file.name)
    .bind(&new.file.media_type)
    .bind(new.shown().size)
    .bind(new.file.content.clone())
    .bind(ticket.draft.reference.as_str())
    .bind(comment)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

fn attachment(row: &AnyRow) -> Result<Attachment, StoreError> {
    let ticket: Option<String> = row.try_get("reference")?;
    Ok(Attachment {
        id: row.try_get("id")?,
        conversation: row.try_get("conversation_id")?,
        name: row.try_get("name")?,
        media_type: row.try_get("media_type")?,
        size: row.try_get("size")?,
        ticket: ticket.map(|reference| named("attachments", &reference)).transpose()?,
        comment: row.try_get("comment_id")?,
    })
}

fn file(row: &AnyRow) -> Result<File, StoreError> {
    Ok(File { name: row.try_get("name")?, media_type: row.try_get("media_type")?, content: row.try_get("content")? })
}
