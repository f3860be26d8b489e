//! What is asked to be put in force, and built indexes for other replicas.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Claimed, Store, StoreError, audit, jobs, json, name, named, parse, revisions};
use crate::model::{Audit, JobState, KnowledgeCommit, NewJob, Progress, Publication, PublicationState};

impl Store {
    /// Keeps a new publication with the work that does it.
    pub(crate) async fn create_publication(
        &self,
        asked: &Publication,
        job: &NewJob,
        told: &Audit,
    ) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        sqlx::query(
            "INSERT INTO publications (id, items, author, reason, is_preview, replay, run_at, state, progress, report, \
                                       created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        )
        .bind(&asked.id)
        .bind(json(&asked.items))
        .bind(&asked.author)
        .bind(&asked.reason)
        .bind(i64::from(asked.is_preview))
        .bind(asked.replay)
        .bind(asked.run_at)
        .bind(name(&asked.state))
        .bind(json(&asked.progress))
        .bind(asked.report.clone())
        .bind(asked.created_at)
        .bind(asked.updated_at)
        .execute(&mut *transaction)
        .await?;
        jobs::insert(&mut transaction, job, asked.created_at).await?;
        audit::insert(&mut transaction, told).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The publication with this id.
    pub(crate) async fn find_publication(&self, id: &str) -> Result<Option<Publication>, StoreError> {
        let row = sqlx::query(
            "SELECT id, items, author, reason, is_preview, replay, run_at, state, progress, report, created_at, \
                    updated_at FROM publications WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(publication).transpose()
    }

    /// Publications, the one that was asked for last first.
    pub(crate) async fn list_publications(
        &self,
        state: Option<PublicationState>,
        limit: i64,
    ) -> Result<Vec<Publication>, StoreError> {
        self.list_publications_before(state, None, limit).await
    }

    /// The same, asked for before the one with the id `before`.
    pub(crate) async fn list_publications_before(
        &self,
        state: Option<PublicationState>,
        before: Option<&str>,
        limit: i64,
    ) -> Result<Vec<Publication>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, items, author, reason, is_preview, replay, run_at, state, progress, report, created_at, \
                    updated_at FROM publications WHERE ($1 = '' OR state = $1) AND id < $2 ORDER BY id DESC LIMIT $3",
        )
        .bind(state.map(|state| name(&state)).unwrap_or_default())
        // Ids are letters, digits and hyphens: all of them come before "~".
        .bind(before.unwrap_or("~"))
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(publication).collect()
    }

    /// Says how far the gate is; false when nothing more will become of the publication.
    pub(crate) async fn progress_publication(
        &self,
        id: &str,
        progress: Progress,
        now: i64,
    ) -> Result<bool, StoreError> {
        let done = sqlx::query(
            "UPDATE publications SET state = 'running', progress = $1, updated_at = $2 \
             WHERE id = $3 AND state IN ('waiting', 'running')",
        )
        .bind(json(&progress))
        .bind(now)
        .bind(id)
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Takes a publication back whose time has not come; false when it is too late.
    pub(crate) async fn cancel_publication(&self, id: &str, now: i64, told: &Audit) -> Result<bool, StoreError> {
        let mut transaction = self.writer.begin().await?;
        let done = sqlx::query(
            "UPDATE publications SET state = 'cancelled', updated_at = $1 WHERE id = $2 AND state = 'waiting'",
        )
        .bind(now)
        .bind(id)
        .execute(&mut *transaction)
        .await?;
        let is_done = done.rows_affected() > 0;
        if is_done {
            audit::insert(&mut transaction, told).await?;
        }
        transaction.commit().await?;
        Ok(is_done)
    }

    /// What became of a publication, with what it puts in force and the end of the work.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the knowledge base has changed meanwhile, or the lease was lost.
    pub(crate) async fn finish_publication(
        &self,
        finished: &Publication,
        commit: &KnowledgeCommit,
        claimed: &Claimed,
    ) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        revisions::apply(&mut transaction, commit).await?;
        sqlx::query("UPDATE publications SET state = $1, progress = $2, report = $3, updated_at = $4 WHERE id = $5")
            .bind(name(&finished.state))
            .bind(json(&finished.progress))
            .bind(finished.report.clone())
            .bind(finished.updated_at)
            .bind(&finished.id)
            .execute(&mut *transaction)
            .await?;
        jobs::leave(&mut transaction, claimed, JobState::Done, claimed.job.run_at, None, finished.updated_at).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The built index of `content_hash`, if somebody left it.
    pub(crate) async fn find_index(&self, schema: u32, content_hash: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let row = sqlx::query("SELECT packed FROM indexes WHERE schema_version = $1 AND content_hash = $2")
            .bind(i64::from(schema))
            .bind(content_hash)
            .fetch_optional(&self.readers)
            .await?;
        Ok(row.map(|row| row.try_get("packed")).transpose()?)
    }

    /// Leaves a built index for other replicas.
    pub(crate) async fn keep_index(&self, schema: u32, content_hash: &str, packed: Vec<u8>) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO indexes (schema_version, content_hash, packed) VALUES ($1, $2, $3) \
             ON CONFLICT (schema_version) DO UPDATE SET content_hash = excluded.content_hash, packed = excluded.packed",
        )
        .bind(i64::from(schema))
        .bind(content_hash)
        .bind(packed)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// What visitors wrote last, the latest first: at most `limit` messages.
    pub(crate) async fn list_last_questions(&self, limit: i64) -> Result<Vec<String>, StoreError> {
        // Ids are in the order of time, and there is an index on them.
        let rows = sqlx::query("SELECT text FROM messages WHERE author = 'visitor' ORDER BY id DESC LIMIT $1")
            .bind(limit)
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(|row| Ok(row.try_get("text")?)).collect()
    }
}

fn publication(row: &AnyRow) -> Result<Publication, StoreError> {
    let text = |column: &str| row.try_get::<String, _>(column);
    Ok(Publication {
        id: text("id")?,
        items: parse("publications", &text("items")?)?,
        author: text("author")?,
        reason: text("reason")?,
        is_preview: row.try_get::<i64, _>("is_preview")? != 0,
        replay: row.try_get("replay")?,
        run_at: row.try_get("run_at")?,
        state: named("publications", &text("state")?)?,
        progress: parse("publications", &text("progress")?)?,
        report: row.try_get("report")?,
        created_at: row.try_get("created_at")?,
        updated_at: row.try_get("updated_at")?,
    })
}
