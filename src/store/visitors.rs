//! Who visitors are: by a proof, and by accounts of other channels that they linked.

use sqlx::Row;

use super::{Store, StoreError, json, parse};
use crate::model::{State, Visitor};

/// The last visitor of a conversation counts.
const KEEP: &str = "INSERT INTO visitors (conversation_id, visitor, valid_until) VALUES ($1, $2, $3) \
     ON CONFLICT (conversation_id) DO UPDATE SET visitor = excluded.visitor, valid_until = excluded.valid_until";

impl Store {
    /// Keeps who the visitor of a conversation is, by the token named `token_id`, which is taken only once.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it was taken before.
    pub(crate) async fn keep_visitor(
        &self,
        conversation: &str,
        visitor: &Visitor,
        token_id: &str,
        valid_until: i64,
    ) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        let taken = sqlx::query("INSERT INTO used_tokens (id, expires_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING")
            .bind(token_id)
            .bind(valid_until)
            .execute(&mut *transaction)
            .await?;
        if taken.rows_affected() == 0 {
            return Err(StoreError::Conflict);
        }
        sqlx::query(KEEP).bind(conversation).bind(json(visitor)).bind(valid_until).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Keeps who the visitor of a conversation is, by a link of the account that it is held with.
    pub(crate) async fn keep_linked_visitor(
        &self,
        conversation: &str,
        visitor: &Visitor,
        valid_until: i64,
    ) -> Result<(), StoreError> {
        sqlx::query(KEEP).bind(conversation).bind(json(visitor)).bind(valid_until).execute(&self.writer).await?;
        Ok(())
    }

    /// Takes the token named `token_id`, once, without a conversation.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it was taken before.
    pub(crate) async fn take_token(&self, token_id: &str, valid_until: i64) -> Result<(), StoreError> {
        let taken = sqlx::query("INSERT INTO used_tokens (id, expires_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING")
            .bind(token_id)
            .bind(valid_until)
            .execute(&self.writer)
            .await?;
        if taken.rows_affected() == 0 { Err(StoreError::Conflict) } else { Ok(()) }
    }

    /// The visitor of a conversation and until when the proof holds.
    pub(crate) async fn find_visitor(&self, conversation: &str) -> Result<Option<(Visitor, i64)>, StoreError> {
        let row = sqlx::query("SELECT visitor, valid_until FROM visitors WHERE conversation_id = $1")
            .bind(conversation)
            .fetch_optional(&self.readers)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let visitor: String = row.try_get("visitor")?;
        Ok(Some((parse("visitors", &visitor)?, row.try_get("valid_until")?)))
    }

    /// Forgets who the visitor of a conversation is, and the customer that he spoke of.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when a turn was faster; trying again may work.
    pub(crate) async fn remove_visitor(&self, conversation: &str) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        sqlx::query("DELETE FROM visitors WHERE conversation_id = $1")
            .bind(conversation)
            .execute(&mut *transaction)
            .await?;
        let row = sqlx::query("SELECT state, last_message FROM conversations WHERE id = $1")
            .bind(conversation)
            .fetch_optional(&mut *transaction)
            .await?;
        if let Some(row) = row {
            let state: String = row.try_get("state")?;
            let state = State { about: None, asking: None, ..parse("conversations", &state)? };
            let written = sqlx::query("UPDATE conversations SET state = $1 WHERE id = $2 AND last_message = $3")
                .bind(json(&state))
                .bind(conversation)
                .bind(row.try_get::<i64, _>("last_message")?)
                .execute(&mut *transaction)
                .await?;
            if written.rows_affected() == 0 {
                return Err(StoreError::Conflict);
            }
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Keeps a code by which `visitor` may link an account, by the hash of it.
    pub(crate) async fn create_link_code(
        &self,
        code_hash: &str,
        visitor: &Visitor,
        expires_at: i64,
    ) -> Result<(), StoreError> {
        sqlx::query("INSERT INTO link_codes (code_hash, visitor, expires_at) VALUES ($1, $2, $3)")
            .bind(code_hash)
            .bind(json(visitor))
            .bind(expires_at)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Links an account of a channel to who made the code, which is used up. `None` when there is no such code, or none
    /// any more.
    pub(crate) async fn link_account(
        &self,
        channel: &str,
        account: &str,
        code_hash: &str,
        at: i64,
    ) -> Result<Option<Visitor>, StoreError> {
        let mut transaction = self.writer.begin().await?;
        let row = sqlx::query("DELETE FROM link_codes WHERE code_hash = $1 AND expires_at > $2 RETURNING visitor")
            .bind(code_hash)
            .bind(at)
            .fetch_optional(&mut *transaction)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let visitor: String = row.try_get("visitor")?;
        sqlx::query(
            "INSERT INTO account_links (channel, account, visitor, linked_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (channel, account) DO UPDATE SET visitor = excluded.visitor, linked_at = excluded.linked_at",
        )
        .bind(channel)
        .bind(account)
        .bind(&visitor)
        .bind(at)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        parse("link_codes", &visitor).map(Some)
    }

    /// Who linked an account of a channel.
    pub(crate) async fn find_linked(&self, channel: &str, account: &str) -> Result<Option<Visitor>, StoreError> {
        let row = sqlx::query("SELECT visitor FROM account_links WHERE channel = $1 AND account = $2")
            .bind(channel)
            .bind(account)
            .fetch_optional(&self.readers)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let visitor: String = row.try_get("visitor")?;
        parse("account_links", &visitor).map(Some)
    }

    /// Forgets the link of an account; true when there was one.
    pub(crate) async fn unlink_account(&self, channel: &str, account: &str) -> Result<bool, StoreError> {
        let removed = sqlx::query("DELETE FROM account_links WHERE channel = $1 AND account = $2")
            .bind(channel)
            .bind(account)
            .execute(&self.writer)
            .await?;
        Ok(removed.rows_affected() > 0)
    }
}
