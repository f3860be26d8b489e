//! Images of answers: what their names show, and their bytes.

use guichet_kb::Image;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::{Store, StoreError, audit, name, named};
use crate::model::{Audit, ImageChange, KnownImage, Picture};

impl Store {
    /// The images with names after `after`, in the order of their names.
    pub(crate) async fn list_images(&self, after: &str, limit: i64) -> Result<Vec<Image>, StoreError> {
        let rows = sqlx::query(
            "SELECT i.name, i.base, p.hash, p.kind, p.width, p.height FROM images i JOIN pictures p ON p.hash = i.hash \
             WHERE i.name > $1 ORDER BY i.name LIMIT $2",
        )
        .bind(after)
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(image).collect()
    }

    /// All images, in the order of their names.
    pub(crate) async fn list_all_images(&self) -> Result<Vec<Image>, StoreError> {
        self.list_images("", i64::MAX).await
    }

    /// All images with what their files said.
    pub(crate) async fn list_known_images(&self) -> Result<Vec<KnownImage>, StoreError> {
        let rows = sqlx::query(
            "SELECT i.name, i.base, p.hash, p.kind, p.width, p.height FROM images i JOIN pictures p ON p.hash = i.hash \
             ORDER BY i.name",
        )
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(|row| Ok(KnownImage { image: image(row)?, base: row.try_get("base")? })).collect()
    }

    /// The bytes with this hash.
    pub(crate) async fn find_picture(&self, hash: &str) -> Result<Option<Picture>, StoreError> {
        let row = sqlx::query("SELECT hash, kind, width, height, content FROM pictures WHERE hash = $1")
            .bind(hash)
            .fetch_optional(&self.readers)
            .await?;
        let picture = |row: &AnyRow| {
            Ok(Picture {
                hash: row.try_get("hash")?,
                kind: named("pictures", &row.try_get::<String, _>("kind")?)?,
                width: pixels(row, "width")?,
                height: pixels(row, "height")?,
                content: row.try_get("content")?,
            })
        };
        row.as_ref().map(picture).transpose()
    }

    /// Keeps an image that was brought in the console, once; what is shown does not change before something shows it.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when its name shows something else: choose another.
    pub(crate) async fn keep_image(&self, change: &ImageChange, told: &Audit) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        let before = hash_of(&mut transaction, change).await?;
        if before.is_none() {
            apply(&mut transaction, change).await?;
            audit::insert(&mut transaction, told).await?;
        } else if before != change.hash {
            return Err(StoreError::Conflict);
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Removes images that were brought in the console before `unused_before` and that no version of any document ever
    /// showed, and bytes that no name has shown since `left_before`; how many.
    pub(crate) async fn purge_images(&self, unused_before: i64, left_before: i64) -> Result<u64, StoreError> {
        // Reading all versions takes a while: the one who writes does not wait for it.
        let unused = sqlx::query(
            "SELECT i.name FROM images i WHERE i.base IS NULL AND i.created_at < $1 AND NOT EXISTS \
               (SELECT 1 FROM revisions r WHERE r.content LIKE '%](' || i.name || '%')",
        )
        .bind(unused_before)
        .fetch_all(&self.readers)
        .await?;
        let mut removed = 0;
        for row in &unused {
            let done = sqlx::query(
                "DELETE FROM images WHERE name = $1 AND base IS NULL AND NOT EXISTS \
                   (SELECT 1 FROM revisions r WHERE r.content LIKE '%](' || images.name || '%')",
            )
            .bind(row.try_get::<String, _>("name")?)
            .execute(&self.writer)
            .await?;
            removed += done.rows_affected();
        }
        // Without a name, and never left by one: it was never shown.
        sqlx::query(
            "DELETE FROM pictures WHERE (left_at IS NULL OR left_at < $1) AND NOT EXISTS \
               (SELECT 1 FROM images i WHERE i.hash = pictures.hash OR i.base = pictures.hash)",
        )
        .bind(left_before)
        .execute(&self.writer)
        .await?;
        Ok(removed)
    }
}

/// Does what `change` says, in a transaction that may do more.
pub(super) async fn apply(connection: &mut AnyConnection, change: &ImageChange) -> Result<(), StoreError> {
    if let Some(picture) = &change.picture {
        sqlx::query(
            "INSERT INTO pictures (hash, kind, width, height, content) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (hash) DO NOTHING",
        )
        .bind(&picture.hash)
        .bind(name(&picture.kind))
        .bind(i64::from(picture.width))
        .bind(i64::from(picture.height))
        .bind(picture.content.clone())
        .execute(&mut *connection)
        .await?;
    }
    let before = hash_of(connection, change).await?;
    if let Some(before) = before.filter(|before| Some(before) != change.hash.as_ref()) {
        sqlx::query("UPDATE pictures SET left_at = $1 WHERE hash = $2")
            .bind(change.at)
            .bind(before)
            .execute(&mut *connection)
            .await?;
    }
    match &change.hash {
        Some(hash) => {
            sqlx::query(
                "INSERT INTO images (name, hash, base, created_at) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, base = excluded.base",
            )
            .bind(change.name.as_str())
            .bind(hash)
            .bind(change.base.clone())
            .bind(change.at)
            .execute(connection)
            .await?
        }
        None => {
            sqlx::query("DELETE FROM images WHERE name = $1").bind(change.name.as_str()).execute(connection).await?
        }
    };
    Ok(())
}

/// What the name shows now.
async fn hash_of(connection: &mut AnyConnection, change: &ImageChange) -> Result<Option<String>, StoreError> {
    let row = sqlx::query("SELECT hash FROM images WHERE name = $1")
        .bind(change.name.as_str())
        .fetch_optional(connection)
        .await?;
    Ok(row.map(|row| row.try_get("hash")).transpose()?)
}

fn image(row: &AnyRow) -> Result<Image, StoreError> {
    Ok(Image {
        name: named("images", &row.try_get::<String, _>("name")?)?,
        hash: row.try_get("hash")?,
        kind: named("pictures", &row.try_get::<String, _>("kind")?)?,
        width: pixels(row, "width")?,
        height: pixels(row, "height")?,
    })
}

fn pixels(row: &AnyRow, column: &str) -> Result<u32, StoreError> {
    Ok(u32::try_from(row.try_get::<i64, _>(column)?).unwrap_or_default())
}
