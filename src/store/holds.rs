//! Work that waits because whoever it goes to asked all of us to wait, or refuses us as the settings stand. The replicas
//! share it: what one of them was told holds for all.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Store, StoreError};

/// Why work is not begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hold {
    /// Which work: that whose key begins so.
    pub(crate) prefix: String,
    /// In milliseconds since 1970.
    pub(crate) since: i64,
    /// Until when, in milliseconds since 1970.
    pub(crate) until: i64,
    /// For the operator; holds nothing personal.
    pub(crate) reason: String,
    /// Somebody must mend a setting, or what is outside; otherwise it is over by itself.
    pub(crate) is_to_be_mended: bool,
}

impl Hold {
    /// What must be mended stays so until such work is done; all else is over at its time.
    pub(crate) fn is_in_force(&self, now: i64) -> bool {
        self.is_to_be_mended || self.until > now
    }
}

impl Store {
    /// Holds work back. What was held back before stays so at least as long, and since then.
    pub(crate) async fn hold_work(&self, hold: &Hold) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO holds (prefix, held_since, held_until, reason, is_to_be_mended) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (prefix) DO UPDATE SET reason = excluded.reason, is_to_be_mended = excluded.is_to_be_mended, \
                 held_until = CASE WHEN excluded.held_until > holds.held_until \
                                   THEN excluded.held_until ELSE holds.held_until END",
        )
        .bind(&hold.prefix)
        .bind(hold.since)
        .bind(hold.until)
        .bind(&hold.reason)
        .bind(i64::from(hold.is_to_be_mended))
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// What is held back, and what was and has not been done since.
    pub(crate) async fn list_holds(&self) -> Result<Vec<Hold>, StoreError> {
        let rows =
            sqlx::query("SELECT prefix, held_since, held_until, reason, is_to_be_mended FROM holds ORDER BY prefix")
                .fetch_all(&self.readers)
                .await?;
        rows.iter().map(hold).collect()
    }

    /// Such work was done: whoever it goes to takes it again.
    pub(crate) async fn release_work(&self, prefix: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM holds WHERE prefix = $1").bind(prefix).execute(&self.writer).await?;
        Ok(())
    }

    /// The clock was set back: nothing waits for what is the future again.
    pub(crate) async fn release_from_the_future(&self, now: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM holds WHERE held_since > $1").bind(now).execute(&self.writer).await?;
        Ok(())
    }

    /// Somebody may have mended what was to be mended: work that waited for that is begun at once.
    pub(crate) async fn release_mended(&self) -> Result<u64, StoreError> {
        let done = sqlx::query("DELETE FROM holds WHERE is_to_be_mended = 1").execute(&self.writer).await?;
        Ok(done.rows_affected())
    }
}

fn hold(row: &AnyRow) -> Result<Hold, StoreError> {
    Ok(Hold {
        prefix: row.try_get("prefix")?,
        since: row.try_get("held_since")?,
        until: row.try_get("held_until")?,
        reason: row.try_get("reason")?,
        is_to_be_mended: row.try_get::<i64, _>("is_to_be_mended")? != 0,
    })
}
