//! Who of the staff has signed in.

use sqlx::Row;

use super::{Store, StoreError, audit, staff};
use crate::model::{Audit, Session};

impl Store {
    /// Keeps a new session, whose owner proved at `confirmed_at` who it is.
    pub(crate) async fn create_session(
        &self,
        token_hash: &str,
        account: &str,
        now: i64,
        confirmed_at: i64,
        line: &Audit,
    ) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        sqlx::query(
            "INSERT INTO staff_sessions (token_hash, account_id, created_at, seen_at, confirmed_at) \
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(token_hash)
        .bind(account)
        .bind(now)
        .bind(now)
        .bind(confirmed_at)
        .execute(&mut *transaction)
        .await?;
        audit::insert(&mut transaction, line).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The session of this token, whatever its age.
    pub(crate) async fn find_session(&self, token_hash: &str) -> Result<Option<Session>, StoreError> {
        let row = sqlx::query(
            "SELECT a.id, a.email, a.name, a.role, a.password_hash, a.created_at, a.issuer, a.subject, \
                    s.created_at AS begun_at, s.seen_at, s.confirmed_at \
             FROM staff_sessions s JOIN staff_accounts a ON a.id = s.account_id WHERE s.token_hash = $1",
        )
        .bind(token_hash)
        .fetch_optional(&self.readers)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Session {
            account: staff::account(&row)?,
            created_at: row.try_get("begun_at")?,
            seen_at: row.try_get("seen_at")?,
            confirmed_at: row.try_get("confirmed_at")?,
        }))
    }

    /// The session was used, and its owner proved again who it is when `is_confirmed`.
    pub(crate) async fn touch_session(&self, token_hash: &str, now: i64, is_confirmed: bool) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE staff_sessions SET seen_at = $1, confirmed_at = CASE WHEN $2 = 1 THEN $3 ELSE confirmed_at END \
             WHERE token_hash = $4",
        )
        .bind(now)
        .bind(i64::from(is_confirmed))
        .bind(now)
        .bind(token_hash)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Ends a session.
    pub(crate) async fn remove_session(&self, token_hash: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM staff_sessions WHERE token_hash = $1").bind(token_hash).execute(&self.writer).await?;
        Ok(())
    }

    /// Removes sessions that were last used before `idle` or began before `begun`, links that expired, and failures that
    /// are as old as `idle`; how many.
    pub(crate) async fn forget_old_sessions(&self, idle: i64, begun: i64, now: i64) -> Result<u64, StoreError> {
        let sessions = sqlx::query("DELETE FROM staff_sessions WHERE seen_at < $1 OR created_at < $2")
            .bind(idle)
            .bind(begun)
            .execute(&self.writer)
            .await?;
        let links =
            sqlx::query("DELETE FROM staff_links WHERE expires_at < $1").bind(now).execute(&self.writer).await?;
        let failures = sqlx::query("DELETE FROM sign_in_failures WHERE updated_at < $1 AND locked_until < $2")
            .bind(idle)
            .bind(now)
            .execute(&self.writer)
            .await?;
        Ok(sessions.rows_affected() + links.rows_affected() + failures.rows_affected())
    }
}
