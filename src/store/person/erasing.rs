//! Removes what belongs to one person, in an order that the references allow.

use std::collections::BTreeSet;

use sqlx::AnyConnection;

use super::keys::{By, Keys};
use super::mentions;
use crate::store::StoreError;
use crate::store::forgetting::clear;
use crate::store::inbox::contains;
use crate::store::retention::{remove_empty_conversation, remove_ticket};

/// What stands for a user who is not to be known any more: who looked something up is nobody, that it was looked up stays.
const NOBODY: &str = "efface";

/// Before a conversation goes: what stays of it leads to nobody.
const CONVERSATION: [&str; 2] = [
    "UPDATE audit_log SET object = '', before_text = '', after_text = '' WHERE object = $1",
    "DELETE FROM attachments WHERE conversation_id = $1",
];
/// What names a ticket and is of no use without it: work, and deliveries that were taken.
const NAMING_TICKET: [&str; 2] = [
    "DELETE FROM jobs WHERE LOWER(idempotency_key || payload) LIKE $1 ESCAPE '\\'",
    "DELETE FROM inbox WHERE LOWER(id) LIKE $1 ESCAPE '\\'",
];
const TICKET: &str = "UPDATE audit_log SET object = '', before_text = '', after_text = '' WHERE object = $1";

/// Removes all that `keys` find, but for what is being worked on.
pub(super) async fn erase(
    connection: &mut AnyConnection,
    keys: &Keys,
    questions: &BTreeSet<String>,
) -> Result<(), StoreError> {
    for reference in keys.tickets.difference(&keys.unsolved) {
        for statement in NAMING_TICKET {
            sqlx::query(statement).bind(contains(reference)).execute(&mut *connection).await?;
        }
        sqlx::query(TICKET).bind(reference).execute(&mut *connection).await?;
        remove_ticket(connection, reference).await?;
    }
    for id in keys.conversations.difference(&keys.going_on) {
        sqlx::query("DELETE FROM jobs WHERE LOWER(payload) LIKE $1 ESCAPE '\\'")
            .bind(contains(id))
            .execute(&mut *connection)
            .await?;
        sqlx::query("UPDATE lookups SET user_id = $1, conversation_id = '' WHERE conversation_id = $2")
            .bind(NOBODY)
            .bind(id)
            .execute(&mut *connection)
            .await?;
        for statement in CONVERSATION {
            sqlx::query(statement).bind(id).execute(&mut *connection).await?;
        }
        clear(connection, id).await?;
        remove_empty_conversation(connection, id).await?;
    }
    for user in &keys.users {
        sqlx::query("UPDATE lookups SET user_id = $1 WHERE user_id = $2")
            .bind(NOBODY)
            .bind(user)
            .execute(&mut *connection)
            .await?;
    }
    unlink(connection, keys).await?;
    mentions::remove_questions(connection, questions).await
}

/// Removes the links of accounts, and codes that may become some; how many links.
pub(super) async fn unlink(connection: &mut AnyConnection, keys: &Keys) -> Result<u64, StoreError> {
    for inside in keys.values(By::UserInside) {
        sqlx::query("DELETE FROM link_codes WHERE LOWER(visitor) LIKE $1 ESCAPE '\\'")
            .bind(&inside[0])
            .execute(&mut *connection)
            .await?;
    }
    let mut unlinked = 0;
    for (channel, account) in &keys.accounts {
        let removed = sqlx::query("DELETE FROM account_links WHERE channel = $1 AND account = $2")
            .bind(channel)
            .bind(account)
            .execute(&mut *connection)
            .await?;
        unlinked += removed.rows_affected();
    }
    Ok(unlinked)
}
