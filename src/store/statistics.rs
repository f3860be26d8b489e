//! Sums over turns, by time. Shares, days and hours are made of them elsewhere.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Store, StoreError};
use crate::model::{EntrySums, TimeSums, TurnSums};

/// What is summed of each group. SUM is cast: PostgreSQL makes another type of it.
const SUMS: &str = "COUNT(*) AS turns, \
     CAST(SUM(CASE WHEN kind = 'question' AND ticket IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS escalated, \
     CAST(SUM(CASE WHEN helpful = 1 THEN 1 ELSE 0 END) AS BIGINT) AS helpful, \
     CAST(SUM(CASE WHEN helpful = 0 THEN 1 ELSE 0 END) AS BIGINT) AS unhelpful, \
     CAST(SUM(CASE WHEN kind = 'question' AND entry IS NOT NULL AND at < $1 THEN 1 ELSE 0 END) AS BIGINT) AS given, \
     CAST(SUM(CASE WHEN kind = 'question' AND entry IS NOT NULL AND at < $1 AND reopened = 0 \
                    AND (gap IS NULL OR gap = 'unsure') THEN 1 ELSE 0 END) AS BIGINT) AS lasting";

impl Store {
    /// Sums by stretches of `step` milliseconds, for turns from `from` on and before `until`. Answers before `settled` are
    /// old enough to know whether they lasted.
    pub(crate) async fn sum_turns(
        &self,
        (from, until): (i64, i64),
        step: i64,
        settled: i64,
    ) -> Result<Vec<TimeSums>, StoreError> {
        let statement = format!(
            "SELECT at / $2 AS stretch, channel, kind, decision, {SUMS} FROM turns WHERE at >= $3 AND at < $4 \
             GROUP BY 1, channel, kind, decision ORDER BY 1"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(statement))
            .bind(settled)
            .bind(step)
            .bind(from)
            .bind(until)
            .fetch_all(&self.readers)
            .await?;
        let line = |row: &AnyRow| {
            Ok(TimeSums {
                begins_at: row.try_get::<i64, _>("stretch")? * step,
                channel: row.try_get("channel")?,
                kind: row.try_get("kind")?,
                decision: row.try_get("decision")?,
                sums: sums(row)?,
            })
        };
        rows.iter().map(line).collect()
    }

    /// Sums by entry, the one that was given most first.
    pub(crate) async fn sum_entries(
        &self,
        (from, until): (i64, i64),
        settled: i64,
    ) -> Result<Vec<EntrySums>, StoreError> {
        let statement = format!(
            "SELECT entry, {SUMS} FROM turns WHERE at >= $2 AND at < $3 AND entry IS NOT NULL \
             GROUP BY entry ORDER BY turns DESC, entry"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(statement))
            .bind(settled)
            .bind(from)
            .bind(until)
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(|row| Ok(EntrySums { entry: row.try_get("entry")?, sums: sums(row)? })).collect()
    }

    /// How many questions took how long, in milliseconds, the fastest first.
    pub(crate) async fn count_times(&self, (from, until): (i64, i64)) -> Result<Vec<(i64, i64)>, StoreError> {
        let rows = sqlx::query(
            "SELECT took_ms, COUNT(*) AS turns FROM turns WHERE at >= $1 AND at < $2 AND kind = 'question' \
             GROUP BY took_ms ORDER BY took_ms",
        )
        .bind(from)
        .bind(until)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(|row| Ok((row.try_get("took_ms")?, row.try_get("turns")?))).collect()
    }
}

fn sums(row: &AnyRow) -> Result<TurnSums, StoreError> {
    Ok(TurnSums {
        turns: row.try_get("turns")?,
        escalated: row.try_get("escalated")?,
        helpful: row.try_get("helpful")?,
        unhelpful: row.try_get("unhelpful")?,
        given: row.try_get("given")?,
        lasting: row.try_get("lasting")?,
    })
}
