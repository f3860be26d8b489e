//! Secrets that all processes of one installation share and that nobody configures.

use sqlx::Row;

use super::{Store, StoreError};
use crate::model::Secret;

impl Store {
    /// The secret called `name`: the one that was kept first, by whichever process; `fresh` when there was none.
    pub(crate) async fn shared_secret(&self, name: &str, fresh: &Secret) -> Result<Secret, StoreError> {
        let mut transaction = self.writer.begin().await?;
        sqlx::query("INSERT INTO secrets (name, secret) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
            .bind(name)
            .bind(fresh.reveal())
            .execute(&mut *transaction)
            .await?;
        let row = sqlx::query("SELECT secret FROM secrets WHERE name = $1").bind(name).fetch_one(&mut *transaction);
        let kept: String = row.await?.try_get("secret")?;
        transaction.commit().await?;
        Ok(Secret::new(kept))
    }
}
