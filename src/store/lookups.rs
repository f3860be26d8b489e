//! What was looked up in the portal: the audit, and the end of what was shown.

use std::collections::BTreeSet;

use guichet_bots::Outbound;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::{Store, StoreError, audit, json, parse, presence};
use crate::model::{Audit, Lookup, State};

/// How many messages and conversations are cleared in one go.
const BATCH: i64 = 200;
/// How long a proof stays after its end.
const ENDED_PROOFS_STAY_MS: i64 = 24 * 60 * 60 * 1000;

impl Store {
    /// The last lookups, newest first.
    pub(crate) async fn list_lookups(&self, limit: i64) -> Result<Vec<Lookup>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, conversation_id, partner, user_id, customer, contract, entry, outcome, at FROM lookups \
             ORDER BY at DESC, id DESC LIMIT $1",
        )
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(lookup).collect()
    }

    /// Keeps that somebody of the staff looked into the portal, in both logs.
    pub(crate) async fn keep_staff_lookup(&self, lookup: &Lookup, line: &Audit) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        insert(&mut transaction, lookup).await?;
        audit::insert(&mut transaction, line).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Removes what was read from the portal and may not stay longer than `now`: `erase` makes of a reply what may stay.
    /// Proofs and codes that have ended go too. How many messages were cleared.
    pub(crate) async fn erase_facts(
        &self,
        now: i64,
        erase: &(dyn Fn(Outbound) -> Outbound + Send + Sync),
    ) -> Result<usize, StoreError> {
        let mut cleared = 0;
        loop {
            let count = self.erase_some_messages(now, erase).await?;
            cleared += count;
            if count < BATCH as usize {
                break;
            }
        }
        while self.erase_some_states(now).await? == BATCH as usize {}
        // A visitor whose proof has just ended is told so, rather than taken for a stranger.
        for (statement, before) in [
            ("DELETE FROM used_tokens WHERE expires_at < $1", now),
            ("DELETE FROM link_codes WHERE expires_at < $1", now),
            ("DELETE FROM visitors WHERE valid_until < $1", now - ENDED_PROOFS_STAY_MS),
        ] {
            sqlx::query(statement).bind(before).execute(&self.writer).await?;
        }
        Ok(cleared)
    }

    /// The replies of a conversation in which something of the portal stands, by id.
    pub(crate) async fn list_replies_with_facts(
        &self,
        conversation: &str,
    ) -> Result<Vec<(String, Outbound)>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, reply FROM messages WHERE conversation_id = $1 AND facts_until IS NOT NULL ORDER BY number",
        )
        .bind(conversation)
        .fetch_all(&self.readers)
        .await?;
        let reply = |row: &AnyRow| Ok((row.try_get("id")?, parse("messages", &row.try_get::<String, _>("reply")?)?));
        rows.iter().map(reply).collect()
    }

    async fn erase_some_messages(
        &self,
        now: i64,
        erase: &(dyn Fn(Outbound) -> Outbound + Send + Sync),
    ) -> Result<usize, StoreError> {
        let mut transaction = self.writer.begin().await?;
        let rows = sqlx::query("SELECT id, conversation_id, reply FROM messages WHERE facts_until < $1 LIMIT $2")
            .bind(now)
            .bind(BATCH)
            .fetch_all(&mut *transaction)
            .await?;
        let mut changed = BTreeSet::new();
        for row in &rows {
            let (id, reply): (String, String) = (row.try_get("id")?, row.try_get("reply")?);
            changed.insert(row.try_get::<String, _>("conversation_id")?);
            sqlx::query("UPDATE messages SET reply = $1, facts_until = NULL WHERE id = $2")
                .bind(json(&erase(parse("messages", &reply)?)))
                .bind(id)
                .execute(&mut *transaction)
                .await?;
        }
        for conversation in changed {
            presence::note_change(&mut transaction, &conversation).await?;
        }
        transaction.commit().await?;
        Ok(rows.len())
    }

    async fn erase_some_states(&self, now: i64) -> Result<usize, StoreError> {
        let mut transaction = self.writer.begin().await?;
        let rows = sqlx::query("SELECT id, state, last_message FROM conversations WHERE facts_until < $1 LIMIT $2")
            .bind(now)
            .bind(BATCH)
            .fetch_all(&mut *transaction)
            .await?;
        for row in &rows {
            let state: String = row.try_get("state")?;
            let state = State { about: None, asking: None, ..parse("conversations", &state)? };
            // A turn that comes between writes a new end, or has dropped what is too old.
            sqlx::query("UPDATE conversations SET state = $1, facts_until = NULL WHERE id = $2 AND last_message = $3")
                .bind(json(&state))
                .bind(row.try_get::<String, _>("id")?)
                .bind(row.try_get::<i64, _>("last_message")?)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(rows.len())
    }
}

/// Adds a lookup to the audit.
pub(super) async fn insert(connection: &mut AnyConnection, lookup: &Lookup) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO lookups (id, conversation_id, partner, user_id, customer, contract, entry, outcome, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&lookup.id)
    .bind(&lookup.conversation)
    .bind(lookup.partner.as_str())
    .bind(lookup.user.as_str())
    .bind(lookup.customer.as_ref().map(|id| id.as_str().to_owned()))
    .bind(lookup.contract.as_ref().map(|id| id.as_str().to_owned()))
    .bind(lookup.entry.as_ref().map(|id| id.as_str().to_owned()))
    .bind(&lookup.outcome)
    .bind(lookup.at)
    .execute(connection)
    .await?;
    Ok(())
}

/// Marks until when the facts of a turn may stay: in its replies, and in what the next turn knows.
pub(super) async fn mark(
    connection: &mut AnyConnection,
    conversation: &str,
    first_message: i64,
    until: i64,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE messages SET facts_until = $1 WHERE conversation_id = $2 AND number >= $3 AND author = 'assistant'",
    )
    .bind(until)
    .bind(conversation)
    .bind(first_message)
    .execute(&mut *connection)
    .await?;
    sqlx::query("UPDATE conversations SET facts_until = $1 WHERE id = $2")
        .bind(until)
        .bind(conversation)
        .execute(connection)
        .await?;
    Ok(())
}

/// Puts what may stay in the place of replies of a conversation, of which no facts are left then.
pub(super) async fn empty(
    connection: &mut AnyConnection,
    conversation: &str,
    emptied: &[(String, Outbound)],
) -> Result<(), StoreError> {
    for (id, reply) in emptied {
        sqlx::query("UPDATE messages SET reply = $1, facts_until = NULL WHERE id = $2 AND conversation_id = $3")
            .bind(json(reply))
            .bind(id)
            .bind(conversation)
            .execute(&mut *connection)
            .await?;
    }
    sqlx::query("UPDATE conversations SET facts_until = NULL WHERE id = $1")
        .bind(conversation)
        .execute(&mut *connection)
        .await?;
    presence::note_change(connection, conversation).await
}

fn lookup(row: &AnyRow) -> Result<Lookup, StoreError> {
    let id = |column: &'static str| -> Result<serde_json::Value, StoreError> {
        Ok(serde_json::Value::from(row.try_get::<Option<String>, _>(column)?))
    };
    let read = |column| parse("lookups", &id(column)?.to_string());
    Ok(Lookup {
        id: row.try_get("id")?,
        conversation: row.try_get("conversation_id")?,
        partner: parse("lookups", &id("partner")?.to_string())?,
        user: parse("lookups", &id("user_id")?.to_string())?,
        customer: read("customer")?,
        contract: parse("lookups", &id("contract")?.to_string())?,
        entry: parse("lookups", &id("entry")?.to_string())?,
        outcome: row.try_get("outcome")?,
        at: row.try_get("at")?,
    })
}
