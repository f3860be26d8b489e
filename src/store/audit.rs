//! Who did what. Lines are added in the transaction of what they tell, read, and never changed.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::{Store, StoreError, inbox};
use crate::model::Audit;

impl Store {
    /// Lines that hold `searched` in who, what or to what, the newest first, before the line with the id `before`.
    pub(crate) async fn list_audit(
        &self,
        searched: &str,
        before: Option<&str>,
        limit: i64,
    ) -> Result<Vec<Audit>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, at, who, what, object, before_text, after_text FROM audit_log \
             WHERE id < $1 AND LOWER(who || ' ' || what || ' ' || object) LIKE $2 ESCAPE '\\' \
             ORDER BY id DESC LIMIT $3",
        )
        // Ids begin with a hexadecimal digit: all of them come before "g".
        .bind(before.unwrap_or("g"))
        .bind(inbox::contains(searched))
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(audit).collect()
    }
}

/// Adds a line.
pub(super) async fn insert(connection: &mut AnyConnection, line: &Audit) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO audit_log (id, at, who, what, object, before_text, after_text) VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(uuid::Uuid::now_v7().to_string())
    .bind(line.at)
    .bind(&line.who)
    .bind(&line.what)
    .bind(&line.object)
    .bind(&line.before)
    .bind(&line.after)
    .execute(connection)
    .await?;
    Ok(())
}

fn audit(row: &AnyRow) -> Result<Audit, StoreError> {
    Ok(Audit {
        id: row.try_get("id")?,
        at: row.try_get("at")?,
        who: row.try_get("who")?,
        what: row.try_get("what")?,
        object: row.try_get("object")?,
        before: row.try_get("before_text")?,
        after: row.try_get("after_text")?,
    })
}
