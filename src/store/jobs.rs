//! The queue of work that leaves the house: claimed by lease, done at least once, dead when nobody can do it.

use std::time::Duration;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::{Store, StoreError, audit, name, named};
use crate::model::{Audit, Job, JobState, NewJob};

/// Work that is ours until the lease ends.
#[derive(Debug, Clone)]
pub(crate) struct Claimed {
    pub(crate) job: Job,
    /// Proves that it is ours.
    pub(crate) lease: String,
}

impl Store {
    /// The work that has waited longest, leased until `until` under `lease`: queued work whose time has come, or work
    /// whose lease has ended (its process died). Its attempts are counted here, so that work that kills its process is
    /// given up in the end. Work that is held back ([`super::Hold`]) is passed over.
    ///
    /// The conditions stand twice: PostgreSQL looks at the outer ones again when another replica was faster.
    pub(crate) async fn claim_job(&self, now: i64, until: i64, lease: &str) -> Result<Option<Claimed>, StoreError> {
        let row = sqlx::query(
            "UPDATE jobs SET state = 'running', lease_until = $1, lease_token = $2, attempts = attempts + 1, \
                    updated_at = $3 \
             WHERE id = (SELECT j.id FROM jobs j WHERE ((j.state = 'queued' AND j.run_at <= $4) \
                         OR (j.state = 'running' AND j.lease_until < $5)) \
                         AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.held_until > $6 \
                             AND SUBSTR(j.idempotency_key, 1, LENGTH(h.prefix)) = h.prefix) \
                         ORDER BY j.run_at LIMIT 1) \
               AND ((state = 'queued' AND run_at <= $7) OR (state = 'running' AND lease_until < $8)) \
             RETURNING id, kind, version, payload, state, attempts, run_at, last_error, created_at, updated_at",
        )
        .bind(until)
        .bind(lease)
        .bind(now)
        .bind(now)
        .bind(now)
        .bind(now)
        .bind(now)
        .bind(now)
        .fetch_optional(&self.writer)
        .await?;
        let job = row.as_ref().map(job).transpose()?;
        Ok(job.map(|job| Claimed { job, lease: lease.to_owned() }))
    }

    /// Queues work that follows other work.
    pub(crate) async fn queue_jobs(&self, jobs: &[NewJob], now: i64) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        for job in jobs {
            insert(&mut transaction, job, now).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Queues work that an attempt at `claimed` asks for, though it goes on.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the lease is somebody else's by now: that attempt says what follows, and may be over.
    pub(crate) async fn queue_beside(&self, claimed: &Claimed, jobs: &[NewJob], now: i64) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        let ours =
            sqlx::query("UPDATE jobs SET updated_at = $1 WHERE id = $2 AND lease_token = $3 AND state = 'running'")
                .bind(now)
                .bind(&claimed.job.id)
                .bind(&claimed.lease)
                .execute(&mut *transaction)
                .await?;
        if ours.rows_affected() == 0 {
            return Err(StoreError::Conflict);
        }
        for job in jobs {
            insert(&mut transaction, job, now).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Keeps a lease until `until`; false when it is no longer ours.
    pub(crate) async fn extend_lease(&self, claimed: &Claimed, until: i64) -> Result<bool, StoreError> {
        let done =
            sqlx::query("UPDATE jobs SET lease_until = $1 WHERE id = $2 AND lease_token = $3 AND state = 'running'")
                .bind(until)
                .bind(&claimed.job.id)
                .bind(&claimed.lease)
                .execute(&self.writer)
                .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Puts work back, to be begun again at `run_at`.
    pub(crate) async fn retry_job(
        &self,
        claimed: &Claimed,
        run_at: i64,
        error: &str,
        now: i64,
    ) -> Result<(), StoreError> {
        self.leave_job(claimed, JobState::Queued, run_at, Some(error), now).await
    }

    /// Gives work up.
    pub(crate) async fn bury_job(&self, claimed: &Claimed, error: &str, now: i64) -> Result<(), StoreError> {
        self.leave_job(claimed, JobState::Dead, claimed.job.run_at, Some(error), now).await
    }

    /// Work is done and changed nothing else.
    pub(crate) async fn complete_job(&self, claimed: &Claimed, now: i64) -> Result<(), StoreError> {
        self.leave_job(claimed, JobState::Done, claimed.job.run_at, None, now).await
    }

    /// The same, and `following` is queued with it.
    pub(crate) async fn complete_job_with(
        &self,
        claimed: &Claimed,
        following: &[NewJob],
        now: i64,
    ) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        leave(&mut transaction, claimed, JobState::Done, claimed.job.run_at, None, now).await?;
        for job in following {
            insert(&mut transaction, job, now).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// The work that was queued with this key.
    pub(crate) async fn find_job(&self, key: &str) -> Result<Option<Job>, StoreError> {
        let row = sqlx::query(
            "SELECT id, kind, version, payload, state, attempts, run_at, last_error, created_at, updated_at FROM jobs \
             WHERE idempotency_key = $1",
        )
        .bind(key)
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(job).transpose()
    }

    async fn leave_job(
        &self,
        claimed: &Claimed,
        state: JobState,
        run_at: i64,
        error: Option<&str>,
        now: i64,
    ) -> Result<(), StoreError> {
        let mut connection = self.writer.acquire().await?;
        leave(&mut connection, claimed, state, run_at, error, now).await
    }

    /// Work in `state`, newest change first, at most `limit`.
    pub(crate) async fn list_jobs(&self, state: JobState, limit: i64) -> Result<Vec<Job>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, kind, version, payload, state, attempts, run_at, last_error, created_at, updated_at FROM jobs \
             WHERE state = $1 ORDER BY updated_at DESC LIMIT $2",
        )
        .bind(name(&state))
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(job).collect()
    }

    /// Whether work of the same kind that was queued before `claimed`, with a key that begins with `prefix` (letters,
    /// digits, `.`, `-` and `/`), is neither done nor given up.
    pub(crate) async fn has_earlier_job(&self, claimed: &Claimed, prefix: &str) -> Result<bool, StoreError> {
        let row = sqlx::query(
            "SELECT id FROM jobs WHERE kind = $1 AND state IN ('queued', 'running') AND id < $2 \
               AND idempotency_key LIKE $3 LIMIT 1",
        )
        .bind(&claimed.job.kind)
        .bind(&claimed.job.id)
        .bind(format!("{prefix}%"))
        .fetch_optional(&self.readers)
        .await?;
        Ok(row.is_some())
    }

    /// Whether work with a key that begins with `prefix` (letters, digits, `.`, `-` and `/`) is neither done nor given up.
    pub(crate) async fn has_work(&self, prefix: &str) -> Result<bool, StoreError> {
        let row =
            sqlx::query("SELECT id FROM jobs WHERE state IN ('queued', 'running') AND idempotency_key LIKE $1 LIMIT 1")
                .bind(format!("{prefix}%"))
                .fetch_optional(&self.readers)
                .await?;
        Ok(row.is_some())
    }

    /// After the clock was set back: work of `kind` that was left in what is the future now waits as long as it should have
    /// waited, and no longer; leases of such work end at `until`. How much.
    ///
    /// Clocks of replicas differ by less than `tolerance`.
    pub(crate) async fn bring_back_jobs(
        &self,
        kind: &str,
        now: i64,
        until: i64,
        tolerance: i64,
    ) -> Result<u64, StoreError> {
        let mut transaction = self.writer.begin().await?;
        let queued = sqlx::query(
            "UPDATE jobs SET run_at = run_at - (updated_at - $1), updated_at = $2 \
             WHERE state = 'queued' AND kind = $3 AND updated_at > $4",
        );
        let queued = queued
            .bind(now)
            .bind(now)
            .bind(kind)
            .bind(now + tolerance)
            .execute(&mut *transaction)
            .await?
            .rows_affected();
        let running = sqlx::query(
            "UPDATE jobs SET lease_until = $1, updated_at = $2 WHERE state = 'running' AND kind = $3 AND updated_at > $4",
        );
        let running = running
            .bind(until)
            .bind(now)
            .bind(kind)
            .bind(now + tolerance)
            .execute(&mut *transaction)
            .await?
            .rows_affected();
        transaction.commit().await?;
        Ok(queued + running)
    }

    /// How much work is in each state that needs attention (queued, running, dead), and how long the oldest that waits
    /// has waited beyond its time.
    pub(crate) async fn measure_jobs(&self, now: i64) -> Result<(Vec<(String, i64)>, Duration), StoreError> {
        let mut counts = Vec::new();
        for state in [JobState::Queued, JobState::Running, JobState::Dead] {
            let count = sqlx::query("SELECT COUNT(*) AS count FROM jobs WHERE state = $1").bind(name(&state));
            counts.push((name(&state), count.fetch_one(&self.readers).await?.try_get("count")?));
        }
        let oldest = sqlx::query("SELECT run_at FROM jobs WHERE state = 'queued' ORDER BY run_at LIMIT 1");
        let oldest: Option<i64> =
            oldest.fetch_optional(&self.readers).await?.map(|row| row.try_get("run_at")).transpose()?;
        let waited = oldest.map_or(0, |run_at| now - run_at);
        Ok((counts, Duration::from_millis(u64::try_from(waited).unwrap_or(0))))
    }

    /// Queues all dead work of a kind again, at the time of `line`, which is kept with it; how much.
    pub(crate) async fn replay_kind(&self, kind: &str, line: &Audit) -> Result<u64, StoreError> {
        self.replay("", kind, line).await
    }

    /// The same with one piece of work; false when it is not dead.
    pub(crate) async fn replay_job(&self, id: &str, line: &Audit) -> Result<bool, StoreError> {
        self.replay(id, "", line).await.map(|count| count > 0)
    }

    /// Dead work begins again as if it were new: work is given up by its age.
    async fn replay(&self, id: &str, kind: &str, line: &Audit) -> Result<u64, StoreError> {
        let mut transaction = self.writer.begin().await?;
        let done = sqlx::query(
            "UPDATE jobs SET state = 'queued', attempts = 0, run_at = $1, created_at = $2, updated_at = $3 \
             WHERE state = 'dead' AND (id = $4 OR kind = $5)",
        )
        .bind(line.at)
        .bind(line.at)
        .bind(line.at)
        .bind(id)
        .bind(kind)
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() > 0 {
            // Who begins it again has mended what was wrong.
            sqlx::query("DELETE FROM holds WHERE is_to_be_mended = 1").execute(&mut *transaction).await?;
            audit::insert(&mut transaction, line).await?;
        }
        transaction.commit().await?;
        Ok(done.rows_affected())
    }
}

/// Queues work, unless the same is there.
pub(super) async fn insert(connection: &mut AnyConnection, job: &NewJob, now: i64) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO jobs (id, kind, version, payload, idempotency_key, state, attempts, run_at, lease_until, \
                           created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, 'queued', 0, $6, 0, $7, $8) ON CONFLICT (idempotency_key) DO NOTHING",
    )
    .bind(uuid::Uuid::now_v7().to_string())
    .bind(job.kind)
    .bind(job.version)
    .bind(&job.payload)
    .bind(&job.key)
    .bind(job.run_at)
    .bind(now)
    .bind(now)
    .execute(connection)
    .await?;
    Ok(())
}

/// Sets the state of claimed work, if the lease is still ours.
pub(super) async fn leave(
    connection: &mut AnyConnection,
    claimed: &Claimed,
    state: JobState,
    run_at: i64,
    error: Option<&str>,
    now: i64,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE jobs SET state = $1, run_at = $2, last_error = $3, updated_at = $4, lease_until = 0 \
         WHERE id = $5 AND lease_token = $6 AND state = 'running'",
    )
    .bind(name(&state))
    .bind(run_at)
    .bind(error)
    .bind(now)
    .bind(&claimed.job.id)
    .bind(&claimed.lease)
    .execute(connection)
    .await?;
    if done.rows_affected() == 0 { Err(StoreError::Conflict) } else { Ok(()) }
}

fn job(row: &AnyRow) -> Result<Job, StoreError> {
    let state: String = row.try_get("state")?;
    Ok(Job {
        id: row.try_get("id")?,
        kind: row.try_get("kind")?,
        version: row.try_get("version")?,
        payload: row.try_get("payload")?,
        state: named("jobs", &state)?,
        attempts: row.try_get("attempts")?,
        run_at: row.try_get("run_at")?,
        last_error: row.try_get("last_error")?,
        created_at: row.try_get("created_at")?,
        updated_at: row.try_get("updated_at")?,
    })
}
