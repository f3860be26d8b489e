//! Documents of the knowledge base and their revisions.

use std::collections::HashMap;

use guichet_kb::DocumentKey;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::{Store, StoreError, audit, images, named};
use crate::model::{Document, DocumentChange, InForce, KnowledgeCommit, Known, Revision};

/// Which documents are listed.
#[derive(Debug, Default)]
pub(crate) struct DocumentFilter {
    /// Beginning of the key: `entry:`, `orientation:`, or nothing.
    pub(crate) kind: &'static str,
    /// Of an entry; every one when it is empty.
    pub(crate) category: String,
    /// A word of the last revision, without accents and capitals.
    pub(crate) word: Option<String>,
    pub(crate) status: Option<guichet_kb::Status>,
    /// Those that should have been read again before this day (YYYY-MM-DD).
    pub(crate) review_before: Option<String>,
    /// Those with a file that could not be merged.
    pub(crate) has_conflict: bool,
    /// Keys after this one.
    pub(crate) after: String,
    pub(crate) limit: i64,
}

impl Store {
    /// What tells that another knowledge base is in force.
    pub(crate) async fn knowledge_counter(&self) -> Result<i64, StoreError> {
        let row = sqlx::query("SELECT counter FROM knowledge WHERE id = 1").fetch_one(&self.readers).await?;
        Ok(row.try_get("counter")?)
    }

    /// The knowledge base in force: one statement, thus one moment. Images come apart: those that it shows stay.
    pub(crate) async fn find_in_force(&self) -> Result<InForce, StoreError> {
        let rows = sqlx::query(
            "SELECT k.counter, k.files, r.document, r.number, r.path, r.content, r.status, r.author, r.reason, \
                    r.parent, r.created_at \
             FROM knowledge k LEFT JOIN documents d ON d.in_force IS NOT NULL \
             LEFT JOIN revisions r ON r.document = d.document AND r.number = d.in_force \
             WHERE k.id = 1 ORDER BY r.document",
        )
        .fetch_all(&self.readers)
        .await?;
        let mut found =
            InForce { counter: 0, files: String::new(), revisions: Vec::new(), images: self.list_all_images().await? };
        for row in &rows {
            (found.counter, found.files) = (row.try_get("counter")?, row.try_get("files")?);
            // The row of an empty knowledge base has no revision.
            if row.try_get::<Option<String>, _>("document")?.is_some() {
                found.revisions.push(revision(row)?);
            }
        }
        Ok(found)
    }

    /// Where a document stands.
    pub(crate) async fn find_document(&self, key: &DocumentKey) -> Result<Option<Document>, StoreError> {
        let row = sqlx::query(
            "SELECT document, latest, status, title, category, review_by, in_force, base, conflict, updated_at \
             FROM documents WHERE document = $1",
        )
        .bind(key.as_str())
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(document).transpose()
    }

    /// All documents with the revisions that they point to.
    pub(crate) async fn list_known_documents(&self) -> Result<Vec<Known>, StoreError> {
        let rows = sqlx::query(
            "SELECT document, latest, status, title, category, review_by, in_force, base, conflict, updated_at \
             FROM documents",
        )
        .fetch_all(&self.readers)
        .await?;
        let pointed = sqlx::query(
            "SELECT r.document, r.number, r.path, r.content, r.status, r.author, r.reason, r.parent, r.created_at \
             FROM documents d JOIN revisions r ON r.document = d.document \
               AND (r.number = d.latest OR r.number = d.in_force OR r.number = d.base)",
        )
        .fetch_all(&self.readers)
        .await?;
        let mut revisions = HashMap::new();
        for row in &pointed {
            let revision = revision(row)?;
            revisions.insert((revision.document.clone(), revision.number), revision);
        }
        let known = |row| {
            let document = document(row)?;
            let at = |number: i64| revisions.get(&(document.key.clone(), number)).cloned();
            let (latest, in_force) = (at(document.latest), document.in_force.and_then(at));
            let base = document.base.and_then(at);
            Ok(Known { document, latest, in_force, base })
        };
        rows.iter().map(known).collect()
    }

    /// The documents that `filter` lets through, in the order of their keys.
    pub(crate) async fn list_documents(&self, filter: &DocumentFilter) -> Result<Vec<Document>, StoreError> {
        let rows = sqlx::query(
            "SELECT document, latest, status, title, category, review_by, in_force, base, conflict, updated_at \
             FROM documents \
             WHERE document > $1 AND document LIKE $2 AND folded LIKE $3 ESCAPE '!' AND ($4 = '' OR status = $4) \
               AND ($5 = '' OR (review_by IS NOT NULL AND review_by < $5 AND in_force IS NOT NULL)) \
               AND ($6 = 0 OR conflict IS NOT NULL) AND ($7 = '' OR category = $7) \
             ORDER BY document LIMIT $8",
        )
        .bind(&filter.after)
        .bind(format!("{}%", filter.kind))
        .bind(filter.word.as_deref().map_or_else(|| "%".to_owned(), containing))
        .bind(filter.status.map_or("", guichet_kb::Status::as_str))
        .bind(filter.review_before.as_deref().unwrap_or(""))
        .bind(i64::from(filter.has_conflict))
        .bind(&filter.category)
        .bind(filter.limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(document).collect()
    }

    /// The categories of entries, in the order of their letters.
    pub(crate) async fn list_categories(&self) -> Result<Vec<String>, StoreError> {
        let rows = sqlx::query("SELECT DISTINCT category FROM documents WHERE category <> '' ORDER BY category")
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(|row| Ok(row.try_get("category")?)).collect()
    }

    /// A document with the revisions that it points to.
    pub(crate) async fn find_known_document(&self, key: &DocumentKey) -> Result<Option<Known>, StoreError> {
        let Some(document) = self.find_document(key).await? else { return Ok(None) };
        let mut found = [None, None, None];
        for (found, number) in found.iter_mut().zip([Some(document.latest), document.in_force, document.base]) {
            if let Some(number) = number {
                *found = self.find_revision(key, number).await?;
            }
        }
        let [latest, in_force, base] = found;
        Ok(Some(Known { document, latest, in_force, base }))
    }

    /// One revision.
    pub(crate) async fn find_revision(&self, key: &DocumentKey, number: i64) -> Result<Option<Revision>, StoreError> {
        let row = sqlx::query(
            "SELECT document, number, path, content, status, author, reason, parent, created_at FROM revisions \
             WHERE document = $1 AND number = $2",
        )
        .bind(key.as_str())
        .bind(number)
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(revision).transpose()
    }

    /// Revisions of a document before `before`, the last first.
    pub(crate) async fn list_revisions(
        &self,
        key: &DocumentKey,
        before: i64,
        limit: i64,
    ) -> Result<Vec<Revision>, StoreError> {
        let rows = sqlx::query(
            "SELECT document, number, path, content, status, author, reason, parent, created_at FROM revisions \
             WHERE document = $1 AND number < $2 ORDER BY number DESC LIMIT $3",
        )
        .bind(key.as_str())
        .bind(before)
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(revision).collect()
    }

    /// Writes new revisions, or nothing.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody was faster: look again.
    pub(crate) async fn commit_knowledge(&self, commit: &KnowledgeCommit) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        apply(&mut transaction, commit).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// The same in a transaction that does more.
pub(super) async fn apply(connection: &mut AnyConnection, commit: &KnowledgeCommit) -> Result<(), StoreError> {
    if let Some(seen) = commit.seen_counter {
        let done = sqlx::query("UPDATE knowledge SET counter = counter + 1 WHERE id = 1 AND counter = $1")
            .bind(seen)
            .execute(&mut *connection)
            .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Conflict);
        }
    }
    if let Some(files) = &commit.files {
        sqlx::query("UPDATE knowledge SET files = $1 WHERE id = 1").bind(files).execute(&mut *connection).await?;
    }
    for change in &commit.changes {
        place(connection, change).await?;
        for revision in &change.revisions {
            insert(connection, revision).await?;
        }
    }
    for change in &commit.images {
        images::apply(connection, change).await?;
    }
    for line in &commit.told {
        audit::insert(connection, line).await?;
    }
    Ok(())
}

async fn place(connection: &mut AnyConnection, change: &DocumentChange) -> Result<(), StoreError> {
    let after = &change.after;
    let last = change.revisions.last().and_then(|revision| revision.content.as_deref());
    // A change without a revision leaves what is searched as it is.
    let folded = last.map(guichet_kb::fold::fold);
    let done = match change.seen {
        None => sqlx::query(
            "INSERT INTO documents (latest, status, title, category, folded, review_by, in_force, base, conflict, \
                                    updated_at, document) \
             VALUES ($1, $2, $3, $4, COALESCE($5, ''), $6, $7, $8, $9, $10, $11)",
        ),
        Some(_) => sqlx::query(
            "UPDATE documents SET latest = $1, status = $2, title = $3, category = $4, folded = COALESCE($5, folded), \
                    review_by = $6, in_force = $7, base = $8, conflict = $9, updated_at = $10 \
             WHERE document = $11 AND latest = $12",
        ),
    };
    let done = done
        .bind(after.latest)
        .bind(after.status.as_str())
        .bind(&after.title)
        .bind(&after.category)
        .bind(folded)
        .bind(after.review_by.clone())
        .bind(after.in_force)
        .bind(after.base)
        .bind(after.conflict)
        .bind(after.updated_at)
        .bind(after.key.as_str());
    let done = match change.seen {
        None => done,
        Some(seen) => done.bind(seen),
    };
    if done.execute(connection).await?.rows_affected() == 0 { Err(StoreError::Conflict) } else { Ok(()) }
}

async fn insert(connection: &mut AnyConnection, revision: &Revision) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO revisions (document, number, path, content, status, author, reason, parent, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(revision.document.as_str())
    .bind(revision.number)
    .bind(&revision.path)
    .bind(revision.content.clone())
    .bind(revision.status.as_str())
    .bind(&revision.author)
    .bind(&revision.reason)
    .bind(revision.parent)
    .bind(revision.created_at)
    .execute(connection)
    .await?;
    Ok(())
}

/// A pattern for what holds `word`.
fn containing(word: &str) -> String {
    let escaped: String =
        word.chars().flat_map(|c| ['%', '_', '!'].contains(&c).then_some('!').into_iter().chain([c])).collect();
    format!("%{escaped}%")
}

fn document(row: &AnyRow) -> Result<Document, StoreError> {
    let text = |column: &str| row.try_get::<String, _>(column);
    Ok(Document {
        key: named("documents", &text("document")?)?,
        latest: row.try_get("latest")?,
        status: named("documents", &text("status")?)?,
        title: text("title")?,
        category: text("category")?,
        review_by: row.try_get("review_by")?,
        in_force: row.try_get("in_force")?,
        base: row.try_get("base")?,
        conflict: row.try_get("conflict")?,
        updated_at: row.try_get("updated_at")?,
    })
}

fn revision(row: &AnyRow) -> Result<Revision, StoreError> {
    let text = |column: &str| row.try_get::<String, _>(column);
    Ok(Revision {
        document: named("revisions", &text("document")?)?,
        number: row.try_get("number")?,
        path: text("path")?,
        content: row.try_get("content")?,
        status: named("revisions", &text("status")?)?,
        author: text("author")?,
        reason: text("reason")?,
        parent: row.try_get("parent")?,
        created_at: row.try_get("created_at")?,
    })
}
