//! Conversations as staff follow them: which go on, who holds them, what colleagues noted.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::conversations::conversation;
use super::{Store, StoreError, parse};
use crate::model::{Conversation, Note, Visitor};

/// Which conversations are listed.
#[derive(Debug, Clone, Default)]
pub(crate) struct LiveFilter {
    /// Those in which something was said from then on, in milliseconds since 1970.
    pub(crate) since: i64,
    /// Only those that somebody of the staff holds.
    pub(crate) is_taken: bool,
    /// Those after the conversation with this time and id.
    pub(crate) after: Option<(i64, String)>,
    /// At most so many.
    pub(crate) limit: i64,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LiveLine {
    pub(crate) id: String,
    pub(crate) channel: String,
    pub(crate) updated_at: i64,
    /// Who of the staff holds it.
    pub(crate) agent: Option<String>,
    /// Whose it is, when that was proved.
    pub(crate) visitor: Option<Visitor>,
    /// What the partner said last.
    pub(crate) asked: Option<String>,
    /// How the last question was answered; none when it was for a person.
    pub(crate) decision: Option<String>,
    /// With which entry.
    pub(crate) entry: Option<String>,
    /// The last word is the partner's.
    pub(crate) is_waiting: bool,
}

impl Store {
    /// Conversations of the filter in which something was said, the latest first. One that was forgotten is none.
    pub(crate) async fn list_live(&self, filter: &LiveFilter) -> Result<Vec<LiveLine>, StoreError> {
        let (at, id) = filter.after.as_ref().map_or((i64::MAX, ""), |(at, id)| (*at, id.as_str()));
        // Written so that the index gives the order: an OR of both columns would be two searches and a sort of everything.
        let rows = sqlx::query(
            "SELECT c.id, c.channel, c.updated_at, c.agent, v.visitor, t.decision, t.entry, m.author AS last_author, \
               (SELECT q.text FROM messages q WHERE q.conversation_id = c.id AND q.author = 'visitor' \
                ORDER BY q.number DESC LIMIT 1) AS asked \
             FROM conversations c \
             JOIN messages m ON m.conversation_id = c.id AND m.number = c.last_message \
             LEFT JOIN visitors v ON v.conversation_id = c.id \
             LEFT JOIN turns t ON t.id = (SELECT MAX(l.id) FROM turns l WHERE l.conversation_id = c.id) \
             WHERE c.updated_at <= $1 AND (c.updated_at < $2 OR c.id < $3) AND c.updated_at >= $4 \
               AND ($5 = 0 OR c.id IN (SELECT h.id FROM conversations h WHERE h.agent IS NOT NULL)) \
             ORDER BY c.updated_at DESC, c.id DESC LIMIT $6",
        )
        .bind(at)
        .bind(at)
        .bind(id)
        .bind(filter.since)
        .bind(i64::from(filter.is_taken))
        .bind(filter.limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(line).collect()
    }

    /// All conversations that somebody of the staff holds.
    pub(crate) async fn list_taken_over(&self) -> Result<Vec<Conversation>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, token_hash, channel, state, last_message, created_at, agent_seen_at FROM conversations \
             WHERE agent IS NOT NULL",
        )
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(conversation).collect()
    }

    /// Notes that `who`, who holds the conversation, is there.
    pub(crate) async fn mark_agent_seen(&self, conversation: &str, who: &str, at: i64) -> Result<(), StoreError> {
        sqlx::query("UPDATE conversations SET agent_seen_at = $1 WHERE id = $2 AND agent = $3 AND agent_seen_at < $4")
            .bind(at)
            .bind(conversation)
            .bind(who)
            .bind(at)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Whether there is a message with this id.
    pub(crate) async fn has_message(&self, id: &str) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT 1 FROM messages WHERE id = $1").bind(id).fetch_optional(&self.readers).await?;
        Ok(row.is_some())
    }

    /// Keeps a note, once for each id.
    pub(crate) async fn keep_note(&self, note: &Note) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO conversation_notes (id, conversation_id, who, text, at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(&note.id)
        .bind(&note.conversation)
        .bind(&note.who)
        .bind(&note.text)
        .bind(note.at)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// What staff noted about a conversation, in order.
    pub(crate) async fn list_notes(&self, conversation: &str) -> Result<Vec<Note>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, conversation_id, who, text, at FROM conversation_notes WHERE conversation_id = $1 \
             ORDER BY at, id",
        )
        .bind(conversation)
        .fetch_all(&self.readers)
        .await?;
        let note = |row: &AnyRow| {
            Ok(Note {
                id: row.try_get("id")?,
                conversation: row.try_get("conversation_id")?,
                who: row.try_get("who")?,
                text: row.try_get("text")?,
                at: row.try_get("at")?,
            })
        };
        rows.iter().map(note).collect()
    }
}

fn line(row: &AnyRow) -> Result<LiveLine, StoreError> {
    let visitor: Option<String> = row.try_get("visitor")?;
    Ok(LiveLine {
        id: row.try_get("id")?,
        channel: row.try_get("channel")?,
        updated_at: row.try_get("updated_at")?,
        agent: row.try_get("agent")?,
        visitor: visitor.map(|visitor| parse("visitors", &visitor)).transpose()?,
        asked: row.try_get("asked")?,
        decision: row.try_get("decision")?,
        entry: row.try_get("entry")?,
        is_waiting: row.try_get::<String, _>("last_author")? == "visitor",
    })
}
