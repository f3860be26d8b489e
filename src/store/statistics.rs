//! Sums over turns, by hour. Shares, days and hours of the day are made of them elsewhere. Times are whole hours: one
//! index has all that is summed.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::{HOUR_MS, Store, StoreError};
use crate::model::{EntrySums, TimeSums, TurnSums};

/// What is summed of each group. SUM is cast: PostgreSQL makes another type of it.
const SUMS: &str = "COUNT(*) AS turns, \
     CAST(SUM(CASE WHEN kind = 'question' AND ticket IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS escalated, \
     CAST(SUM(CASE WHEN helpful = 1 THEN 1 ELSE 0 END) AS BIGINT) AS helpful, \
     CAST(SUM(CASE WHEN helpful = 0 THEN 1 ELSE 0 END) AS BIGINT) AS unhelpful, \
     CAST(SUM(CASE WHEN kind = 'question' AND entry IS NOT NULL AND hour < $1 THEN 1 ELSE 0 END) AS BIGINT) AS given, \
     CAST(SUM(CASE WHEN kind = 'question' AND entry IS NOT NULL AND hour < $1 AND reopened = 0 \
                    AND (gap IS NULL OR gap = 'unsure') THEN 1 ELSE 0 END) AS BIGINT) AS lasting";

impl Store {
    /// Sums by hour, for turns from `from` on and before `until`. Answers before `settled` are old enough to know whether
    /// they lasted.
    pub(crate) async fn sum_turns(&self, (from, until): (i64, i64), settled: i64) -> Result<Vec<TimeSums>, StoreError> {
        let statement = format!(
            "SELECT hour, channel, kind, decision, {SUMS} FROM turns WHERE hour >= $2 AND hour < $3 \
             GROUP BY hour, channel, kind, decision ORDER BY hour, channel, kind, decision"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(statement))
            .bind(settled / HOUR_MS)
            .bind(from / HOUR_MS)
            .bind(until / HOUR_MS)
            .fetch_all(&self.readers)
            .await?;
        let line = |row: &AnyRow| {
            Ok(TimeSums {
                begins_at: row.try_get::<i64, _>("hour")? * HOUR_MS,
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
            "SELECT entry, {SUMS} FROM turns WHERE hour >= $2 AND hour < $3 AND entry IS NOT NULL \
             GROUP BY entry ORDER BY turns DESC, entry"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(statement))
            .bind(settled / HOUR_MS)
            .bind(from / HOUR_MS)
            .bind(until / HOUR_MS)
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(|row| Ok(EntrySums { entry: row.try_get("entry")?, sums: sums(row)? })).collect()
    }

    /// How many questions took how long, in milliseconds, the fastest first.
    pub(crate) async fn count_times(&self, (from, until): (i64, i64)) -> Result<Vec<(i64, i64)>, StoreError> {
        let rows = sqlx::query(
            "SELECT took_ms, COUNT(*) AS turns FROM turns WHERE hour >= $1 AND hour < $2 AND kind = 'question' \
             GROUP BY took_ms ORDER BY took_ms",
        )
        .bind(from / HOUR_MS)
        .bind(until / HOUR_MS)
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
