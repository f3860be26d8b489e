//! What is said about tickets, and who changed them.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::{Store, StoreError, named};
use crate::model::{Comment, CommentAuthor, HistoryLine, TicketRef};

impl Store {
    /// Everything said about a ticket, in order.
    pub(crate) async fn list_comments(&self, reference: &TicketRef) -> Result<Vec<Comment>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, reference, author_kind, author, is_public, text, created_at FROM ticket_comments \
             WHERE reference = $1 ORDER BY created_at, id",
        )
        .bind(reference.as_str())
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(comment).collect()
    }

    /// The comment with this id.
    pub(crate) async fn find_comment(&self, id: &str) -> Result<Option<Comment>, StoreError> {
        let row = sqlx::query(
            "SELECT id, reference, author_kind, author, is_public, text, created_at FROM ticket_comments WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(comment).transpose()
    }

    /// Who changed what, in order.
    pub(crate) async fn list_history(&self, reference: &TicketRef) -> Result<Vec<HistoryLine>, StoreError> {
        let rows = sqlx::query("SELECT who, what, at FROM ticket_history WHERE reference = $1 ORDER BY at, id")
            .bind(reference.as_str())
            .fetch_all(&self.readers)
            .await?;
        rows.iter()
            .map(|row| Ok(HistoryLine { who: row.try_get("who")?, what: row.try_get("what")?, at: row.try_get("at")? }))
            .collect()
    }
}

pub(super) async fn insert_comment(connection: &mut AnyConnection, comment: &Comment) -> Result<(), StoreError> {
    let (kind, author) = match &comment.author {
        CommentAuthor::Partner(name) => ("partner", name),
        CommentAuthor::Agent(name) => ("agent", name),
    };
    sqlx::query(
        "INSERT INTO ticket_comments (id, reference, author_kind, author, is_public, text, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&comment.id)
    .bind(comment.reference.as_str())
    .bind(kind)
    .bind(author)
    .bind(i64::from(comment.is_public))
    .bind(&comment.text)
    .bind(comment.created_at)
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn insert_history(
    connection: &mut AnyConnection,
    reference: &TicketRef,
    who: &str,
    what: &str,
    at: i64,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO ticket_history (id, reference, who, what, at) VALUES ($1, $2, $3, $4, $5)")
        .bind(uuid::Uuid::now_v7().to_string())
        .bind(reference.as_str())
        .bind(who)
        .bind(what)
        .bind(at)
        .execute(connection)
        .await?;
    Ok(())
}

fn comment(row: &AnyRow) -> Result<Comment, StoreError> {
    let (kind, author): (String, String) = (row.try_get("author_kind")?, row.try_get("author")?);
    let reference: String = row.try_get("reference")?;
    Ok(Comment {
        id: row.try_get("id")?,
        reference: named("ticket_comments", &reference)?,
        author: if kind == "agent" { CommentAuthor::Agent(author) } else { CommentAuthor::Partner(author) },
        is_public: row.try_get::<i64, _>("is_public")? != 0,
        text: row.try_get("text")?,
        created_at: row.try_get("created_at")?,
    })
}
