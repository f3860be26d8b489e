//! What staff set in the console in the place of the configuration: versions, of which the last one is in force.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Store, StoreError, audit};
use crate::model::{Audit, SettingVersion};

impl Store {
    /// The last versions of a setting, the newest first.
    pub(crate) async fn list_setting(&self, name: &str, limit: i64) -> Result<Vec<SettingVersion>, StoreError> {
        let rows = sqlx::query(
            "SELECT number, value, author, created_at FROM settings WHERE name = $1 ORDER BY number DESC LIMIT $2",
        )
        .bind(name)
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(version).collect()
    }

    /// One version of a setting.
    pub(crate) async fn find_setting(&self, name: &str, number: i64) -> Result<Option<SettingVersion>, StoreError> {
        let row = sqlx::query("SELECT number, value, author, created_at FROM settings WHERE name = $1 AND number = $2")
            .bind(name)
            .bind(number)
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(version).transpose()
    }

    /// Adds a version, which is in force from then on.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when there is one with this number: somebody was faster.
    pub(crate) async fn add_setting(
        &self,
        name: &str,
        version: &SettingVersion,
        line: &Audit,
    ) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        sqlx::query("INSERT INTO settings (name, number, value, author, created_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(name)
            .bind(version.number)
            .bind(&version.value)
            .bind(&version.author)
            .bind(version.created_at)
            .execute(&mut *transaction)
            .await?;
        audit::insert(&mut transaction, line).await?;
        transaction.commit().await?;
        Ok(())
    }
}

fn version(row: &AnyRow) -> Result<SettingVersion, StoreError> {
    Ok(SettingVersion {
        number: row.try_get("number")?,
        value: row.try_get("value")?,
        author: row.try_get("author")?,
        created_at: row.try_get("created_at")?,
    })
}
