//! What has stayed long enough goes. In small transactions, so that people who write meanwhile wait for none of them;
//! whatever is left half way is found again the next time.

use sqlx::{AnyConnection, Row};

use super::forgetting::clear;
use super::{Store, StoreError, json};
use crate::model::State;

/// How many rows one transaction looks at.
const BATCH: i64 = 50;

/// A ticket that nobody works on any more.
const IS_FINISHED: &str = "status IN ('solved', 'closed')";

/// What of a ticket goes, in an order that the references allow.
const TICKET: [&str; 7] = [
    "UPDATE incidents SET problem = NULL WHERE problem = $1",
    "DELETE FROM attachments WHERE reference = $1",
    "DELETE FROM ticket_comments WHERE reference = $1",
    "DELETE FROM ticket_history WHERE reference = $1",
    "DELETE FROM ticket_tags WHERE reference = $1",
    "UPDATE turns SET ticket = '' WHERE ticket = $1 AND conversation_id = (SELECT t.conversation_id FROM tickets t \
            WHERE t.reference = $2)",
    "DELETE FROM tickets WHERE reference = $1",
];

/// What of a conversation goes with it besides what was said.
const CONVERSATION: [&str; 3] = [
    "DELETE FROM posts WHERE place_id IN (SELECT p.id FROM places p WHERE p.conversation_id = $1)",
    "DELETE FROM places WHERE conversation_id = $1",
    "DELETE FROM conversations WHERE id = $1",
];

/// What of a conversation that goes on goes, as old as it is.
const OLD_PART: [&str; 4] = [
    "DELETE FROM conversation_notes WHERE conversation_id = $1 AND at < $2",
    "DELETE FROM feedback WHERE message_id IN (SELECT m.id FROM messages m WHERE m.conversation_id = $1 AND m.sent_at < $2)",
    "UPDATE turns SET question = NULL, partner = NULL, conversation_id = '', \
            ticket = CASE WHEN ticket IS NULL THEN NULL ELSE '' END WHERE conversation_id = $1 AND at < $2",
    "DELETE FROM messages WHERE conversation_id = $1 AND sent_at < $2",
];

/// What was there before these times goes; in milliseconds since 1970.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ends {
    pub(crate) conversations: i64,
    pub(crate) tickets: i64,
    pub(crate) lookups: i64,
    pub(crate) account_links: i64,
    pub(crate) posts: i64,
    pub(crate) audit: i64,
    pub(crate) done_jobs: i64,
    pub(crate) dead_jobs: i64,
    pub(crate) unused_images: i64,
}

impl Store {
    /// Removes what has stayed long enough: what it was, and how much of it. `erase` takes the questions of people out of
    /// the report of a publication.
    pub(crate) async fn purge(
        &self,
        ends: &Ends,
        erase: &(dyn Fn(&str) -> String + Send + Sync),
    ) -> Result<Vec<(&'static str, u64)>, StoreError> {
        let rows = [
            (
                "lookups in the portal",
                "DELETE FROM lookups WHERE id IN (SELECT o.id FROM lookups o WHERE o.at < $1 LIMIT $2)",
                ends.lookups,
            ),
            (
                "links of accounts",
                "DELETE FROM account_links WHERE account IN \
                 (SELECT o.account FROM account_links o WHERE o.linked_at < $1 LIMIT $2) AND linked_at < $3",
                ends.account_links,
            ),
            (
                "meanings of buttons",
                "DELETE FROM posts WHERE id IN (SELECT o.id FROM posts o WHERE o.created_at < $1 LIMIT $2)",
                ends.posts,
            ),
            (
                "lines of the audit log",
                "DELETE FROM audit_log WHERE id IN (SELECT o.id FROM audit_log o WHERE o.at < $1 LIMIT $2)",
                ends.audit,
            ),
            (
                "work that was done",
                "DELETE FROM jobs WHERE id IN \
                 (SELECT o.id FROM jobs o WHERE o.state = 'done' AND o.updated_at < $1 LIMIT $2)",
                ends.done_jobs,
            ),
            (
                "deliveries that came",
                "DELETE FROM inbox WHERE id IN (SELECT o.id FROM inbox o WHERE o.received_at < $1 LIMIT $2)",
                ends.done_jobs,
            ),
            (
                "work that was given up",
                "DELETE FROM jobs WHERE id IN \
                 (SELECT o.id FROM jobs o WHERE o.state = 'dead' AND o.updated_at < $1 LIMIT $2)",
                ends.dead_jobs,
            ),
        ];
        // Tickets first: a conversation stays, empty, as long as a ticket points to it.
        let mut purged = vec![("requests", self.purge_tickets(ends.tickets).await?)];
        purged.push(("conversations", self.purge_conversations(ends.conversations).await?));
        purged.push(("questions in reports", self.purge_reports(ends.conversations, erase).await?));
        purged.push(("images", self.purge_images(ends.unused_images, ends.conversations).await?));
        for (what, statement, before) in rows {
            purged.push((what, self.delete_in_batches(statement, before).await?));
        }
        Ok(purged)
    }

    async fn delete_in_batches(&self, statement: &'static str, before: i64) -> Result<u64, StoreError> {
        let mut removed = 0;
        loop {
            let mut query = sqlx::query(statement).bind(before).bind(BATCH);
            if statement.contains("$3") {
                query = query.bind(before);
            }
            let done = query.execute(&self.writer).await?.rows_affected();
            removed += done;
            if done == 0 {
                return Ok(removed);
            }
        }
    }

    async fn purge_tickets(&self, before: i64) -> Result<u64, StoreError> {
        let list = format!(
            "SELECT reference FROM tickets WHERE {IS_FINISHED} AND created_at < $1 AND updated_at < $2 LIMIT $3"
        );
        let mut removed = 0;
        loop {
            let rows = sqlx::query(sqlx::AssertSqlSafe(list.clone()))
                .bind(before)
                .bind(before)
                .bind(BATCH)
                .fetch_all(&self.readers)
                .await?;
            let mut gone = 0;
            let mut transaction = self.writer.begin().await?;
            for row in rows {
                let reference: String = row.try_get("reference")?;
                // Held from here on, unless somebody has just changed it.
                let hold = format!(
                    "UPDATE tickets SET tags = tags WHERE reference = $1 AND {IS_FINISHED} AND updated_at < $2"
                );
                let held = sqlx::query(sqlx::AssertSqlSafe(hold)).bind(&reference).bind(before);
                if held.execute(&mut *transaction).await?.rows_affected() > 0 {
                    remove_ticket(&mut transaction, &reference).await?;
                    gone += 1;
                }
            }
            transaction.commit().await?;
            removed += gone;
            if gone == 0 {
                return Ok(removed);
            }
        }
    }

    /// How many conversations lost something.
    async fn purge_conversations(&self, before: i64) -> Result<u64, StoreError> {
        let mut purged = 0;
        let (mut at, mut last) = (i64::MIN, String::new());
        loop {
            let rows = sqlx::query(
                "SELECT c.id, c.created_at, c.updated_at, c.token_hash, \
                        (SELECT COUNT(*) FROM tickets t WHERE t.conversation_id = c.id) AS tickets, \
                        (SELECT COUNT(*) FROM tickets t WHERE t.conversation_id = c.id \
                            AND t.status NOT IN ('solved', 'closed')) AS unsolved \
                 FROM conversations c \
                 WHERE c.created_at < $1 AND c.created_at >= $2 AND (c.created_at > $3 OR c.id > $4) \
                 ORDER BY c.created_at, c.id LIMIT $5",
            )
            .bind(before)
            .bind(at)
            .bind(at)
            .bind(&last)
            .bind(BATCH)
            .fetch_all(&self.readers)
            .await?;
            let Some(end) = rows.last() else { return Ok(purged) };
            (at, last) = (end.try_get("created_at")?, end.try_get("id")?);
            let mut transaction = self.writer.begin().await?;
            for row in &rows {
                let (tickets, unsolved): (i64, i64) = (row.try_get("tickets")?, row.try_get("unsolved")?);
                let is_empty = row.try_get::<String, _>("token_hash")?.is_empty();
                let is_over = row.try_get::<i64, _>("updated_at")? < before;
                let id: String = row.try_get("id")?;
                let is_purged = match (is_over, tickets) {
                    _ if unsolved > 0 => false,
                    (true, 0) => end_conversation(&mut transaction, &id, before, true).await?,
                    (true, _) if !is_empty => end_conversation(&mut transaction, &id, before, false).await?,
                    (true, _) => false,
                    (false, _) => shorten_conversation(&mut transaction, &id, before).await?,
                };
                purged += u64::from(is_purged);
            }
            transaction.commit().await?;
        }
    }

    /// Reports of publications list questions that people asked, with what they would get.
    async fn purge_reports(
        &self,
        before: i64,
        erase: &(dyn Fn(&str) -> String + Send + Sync),
    ) -> Result<u64, StoreError> {
        let rows =
            sqlx::query("SELECT id, report FROM publications WHERE updated_at < $1 AND report LIKE '%\"times\":%'")
                .bind(before)
                .fetch_all(&self.readers)
                .await?;
        for row in &rows {
            let (id, report): (String, String) = (row.try_get("id")?, row.try_get("report")?);
            sqlx::query("UPDATE publications SET report = $1 WHERE id = $2")
                .bind(erase(&report))
                .bind(id)
                .execute(&self.writer)
                .await?;
        }
        Ok(rows.len() as u64)
    }
}

/// Removes a ticket with all that belongs to it.
pub(super) async fn remove_ticket(connection: &mut AnyConnection, reference: &str) -> Result<(), StoreError> {
    for statement in TICKET {
        let mut query = sqlx::query(statement).bind(reference);
        if statement.contains("$2") {
            query = query.bind(reference);
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// Removes what was said in a conversation that nobody continued, and, when no ticket points to it, the conversation.
async fn end_conversation(
    connection: &mut AnyConnection,
    id: &str,
    before: i64,
    has_no_ticket: bool,
) -> Result<bool, StoreError> {
    // A turn that is under way finds that another one was faster; one that was faster makes that this does nothing.
    let held = sqlx::query(
        "UPDATE conversations SET token_hash = '', state = $1, last_message = last_message + 1, facts_until = NULL, \
                agent = NULL \
         WHERE id = $2 AND updated_at < $3",
    )
    .bind(json(&State::default()))
    .bind(id)
    .bind(before)
    .execute(&mut *connection)
    .await?;
    if held.rows_affected() == 0 {
        return Ok(false);
    }
    clear(connection, id).await?;
    if has_no_ticket {
        remove_empty_conversation(connection, id).await?;
    }
    Ok(true)
}

/// Removes a conversation in which nothing is left and to which no ticket points.
pub(super) async fn remove_empty_conversation(connection: &mut AnyConnection, id: &str) -> Result<(), StoreError> {
    for statement in CONVERSATION {
        sqlx::query(statement).bind(id).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Removes what was said long ago in a conversation that goes on.
async fn shorten_conversation(connection: &mut AnyConnection, id: &str, before: i64) -> Result<bool, StoreError> {
    let mut removed = 0;
    for statement in OLD_PART {
        let done = sqlx::query(statement).bind(id).bind(before).execute(&mut *connection).await?;
        removed += done.rows_affected();
    }
    Ok(removed > 0)
}
