//! Conversations and their messages.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::{Store, StoreError, attachments, audit, jobs, json, lookups, parse, tickets, turns};
use crate::model::{Commit, Conversation, Message, Said};

impl Store {
    /// Keeps a new conversation.
    pub(crate) async fn create_conversation(&self, conversation: &Conversation) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO conversations (id, token_hash, channel, state, last_message, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(&conversation.id)
        .bind(&conversation.token_hash)
        .bind(&conversation.channel)
        .bind(json(&conversation.state))
        .bind(conversation.last_message)
        .bind(conversation.created_at)
        .bind(conversation.created_at)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// The conversation with this id.
    pub(crate) async fn find_conversation(&self, id: &str) -> Result<Option<Conversation>, StoreError> {
        let row = sqlx::query(
            "SELECT id, token_hash, channel, state, last_message, created_at, agent_seen_at FROM conversations \
             WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(conversation).transpose()
    }

    /// The messages of a conversation with a number above `after`, in order.
    pub(crate) async fn list_messages(&self, conversation: &str, after: i64) -> Result<Vec<Message>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, number, author, text, reply, sent_at FROM messages \
             WHERE conversation_id = $1 AND number > $2 ORDER BY number",
        )
        .bind(conversation)
        .bind(after)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(message).collect()
    }

    /// The last messages of a conversation with a number below `before`, at most `limit`, in order.
    pub(crate) async fn list_messages_before(
        &self,
        conversation: &str,
        before: i64,
        limit: i64,
    ) -> Result<Vec<Message>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, number, author, text, reply, sent_at FROM messages \
             WHERE conversation_id = $1 AND number < $2 ORDER BY number DESC LIMIT $3",
        )
        .bind(conversation)
        .bind(before)
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().rev().map(message).collect()
    }

    /// The reply to the message that was sent with this `client_id`.
    pub(crate) async fn find_reply(&self, conversation: &str, client_id: &str) -> Result<Option<Message>, StoreError> {
        let row = sqlx::query(
            "SELECT r.id, r.number, r.author, r.text, r.reply, r.sent_at FROM messages q \
             JOIN messages r ON r.conversation_id = q.conversation_id AND r.number = q.number + 1 \
             WHERE q.conversation_id = $1 AND q.client_id = $2",
        )
        .bind(conversation)
        .bind(client_id)
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(message).transpose()
    }

    /// Whether a message with this `client_id` was taken.
    pub(crate) async fn was_said(&self, conversation: &str, client_id: &str) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT 1 FROM messages WHERE conversation_id = $1 AND client_id = $2")
            .bind(conversation)
            .bind(client_id)
            .fetch_optional(&self.readers)
            .await?;
        Ok(row.is_some())
    }

    /// Writes everything one turn changes, or nothing.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another turn was faster: load the conversation and decide again.
    pub(crate) async fn commit_turn(&self, commit: &Commit) -> Result<(), StoreError> {
        match &self.group {
            Some(group) => group.commit(commit.clone()).await,
            None => {
                let mut transaction = self.writer.begin().await?;
                if !write(&mut transaction, commit).await? {
                    return Err(StoreError::Conflict);
                }
                transaction.commit().await?;
                Ok(())
            }
        }
    }
}

/// Writes everything one turn changes; false when another turn was faster and nothing was written. After an error the
/// transaction is to be taken back.
pub(super) async fn write(connection: &mut AnyConnection, commit: &Commit) -> Result<bool, StoreError> {
    if !set_state(connection, commit).await? {
        return Ok(false);
    }
    for message in &commit.messages {
        insert_message(connection, &commit.conversation, message, commit.client_id.as_deref()).await?;
    }
    if let Some(known) = &commit.known {
        tickets::stay_the_only(connection, known, commit.at).await?;
    }
    if let Some(record) = &commit.turn {
        turns::insert(connection, commit, record).await?;
    }
    if let Some(ticket) = &commit.ticket {
        turns::escalate(connection, &commit.conversation, &ticket.draft.reference, commit.at).await?;
        tickets::insert(connection, ticket, &commit.ticket_history).await?;
        let (files, reference) = (&commit.ticket_files, &ticket.draft.reference);
        attachments::give(connection, &commit.conversation, files, reference, None).await?;
    }
    if let Some(change) = &commit.ticket_change {
        tickets::apply(connection, change, &commit.conversation).await?;
    }
    for job in &commit.jobs {
        jobs::insert(connection, job, commit.at).await?;
    }
    if let Some(lookup) = &commit.lookup {
        lookups::insert(connection, lookup).await?;
    }
    if let Some(until) = commit.facts_until {
        lookups::mark(connection, &commit.conversation, commit.seen + 1, until).await?;
    }
    if !commit.emptied.is_empty() {
        lookups::empty(connection, &commit.conversation, &commit.emptied).await?;
    }
    if let Some(line) = &commit.audit {
        audit::insert(connection, line).await?;
    }
    Ok(true)
}

/// Sets the state, if nobody was faster.
async fn set_state(connection: &mut AnyConnection, commit: &Commit) -> Result<bool, StoreError> {
    let last = commit.messages.last().map_or(commit.seen, |message| message.number);
    let updated = sqlx::query(
        "UPDATE conversations SET state = $1, last_message = $2, updated_at = $3, agent = $4 \
         WHERE id = $5 AND last_message = $6",
    )
    .bind(json(&commit.state))
    .bind(last)
    .bind(commit.at)
    .bind(commit.state.taken_over.as_ref().map(|taken| taken.who.as_str()))
    .bind(&commit.conversation)
    .bind(commit.seen)
    .execute(&mut *connection)
    .await?;
    Ok(updated.rows_affected() > 0)
}

/// Adds one message at the end of a conversation, whatever its number so far; its number.
pub(super) async fn append_one(
    connection: &mut AnyConnection,
    conversation: &str,
    id: &str,
    said: Said,
    at: i64,
) -> Result<i64, StoreError> {
    let row = sqlx::query(
        "UPDATE conversations SET last_message = last_message + 1, updated_at = $1 WHERE id = $2 RETURNING last_message",
    )
    .bind(at)
    .bind(conversation)
    .fetch_one(&mut *connection)
    .await?;
    let number: i64 = row.try_get("last_message")?;
    let message = Message { id: id.to_owned(), number, said, sent_at: at };
    insert_message(connection, conversation, &message, None).await?;
    Ok(number)
}

async fn insert_message(
    connection: &mut AnyConnection,
    conversation: &str,
    message: &Message,
    client_id: Option<&str>,
) -> Result<(), StoreError> {
    let (author, text, reply) = match &message.said {
        Said::Visitor(text) => ("visitor", Some(text.clone()), None),
        Said::Assistant(reply) => ("assistant", None, Some(json(reply))),
        Said::Agent(said) => ("agent", None, Some(json(said))),
        Said::Ticket(state) => ("ticket", None, Some(json(state))),
    };
    let client_id = client_id.filter(|_| matches!(message.said, Said::Visitor(_)));
    sqlx::query(
        "INSERT INTO messages (id, conversation_id, number, author, text, reply, sent_at, client_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&message.id)
    .bind(conversation)
    .bind(message.number)
    .bind(author)
    .bind(text)
    .bind(reply)
    .bind(message.sent_at)
    .bind(client_id)
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) fn conversation(row: &AnyRow) -> Result<Conversation, StoreError> {
    let state: String = row.try_get("state")?;
    Ok(Conversation {
        id: row.try_get("id")?,
        token_hash: row.try_get("token_hash")?,
        channel: row.try_get("channel")?,
        state: parse("conversations", &state)?,
        last_message: row.try_get("last_message")?,
        created_at: row.try_get("created_at")?,
        agent_seen_at: row.try_get("agent_seen_at")?,
    })
}

fn message(row: &AnyRow) -> Result<Message, StoreError> {
    let author: String = row.try_get("author")?;
    let reply = || row.try_get::<String, _>("reply");
    let said = match author.as_str() {
        "assistant" => Said::Assistant(parse("messages", &reply()?)?),
        "agent" => Said::Agent(parse("messages", &reply()?)?),
        "ticket" => Said::Ticket(parse("messages", &reply()?)?),
        _ => Said::Visitor(row.try_get("text")?),
    };
    Ok(Message { id: row.try_get("id")?, number: row.try_get("number")?, said, sent_at: row.try_get("sent_at")? })
}
