//! Removes, once a day, what has stayed long enough.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use super::{Failure, Kind};
use crate::config::Retention;
use crate::model::NewJob;
use crate::publishing::impact::without_questions;
use crate::steady::{PROBATION, Watched};
use crate::store::{Claimed, Store};

const NAME: &str = "retention.purge";
/// Not before, in the night, when nobody writes; a service that was down then makes up for it during the day.
const HOUR: i8 = 3;
/// A service that has just started has other work.
const FIRST_PAUSE: Duration = Duration::from_secs(120);
const PAUSE: Duration = Duration::from_secs(600);

pub(crate) struct RetentionPurge {
    store: Store,
    retention: Retention,
    /// What is removed for its age is gone: not by a clock that has just jumped.
    clock: Watched,
}

impl RetentionPurge {
    /// Removes from `store` what `retention` says.
    pub(crate) fn new(store: Store, retention: Retention) -> Self {
        Self { store, retention, clock: Watched::new(super::now(), Instant::now()) }
    }
}

/// Queues the work of a day when its time has come, again and again: the key makes that it is done once, whatever number
/// of processes do so.
pub(crate) async fn remind_to_purge(store: Store, zone: TimeZone) {
    tokio::time::sleep(FIRST_PAUSE).await;
    loop {
        let now = Timestamp::now();
        if let Some(day) = due(&now.to_zoned_datetime(zone.clone())) {
            let job = job(day, now.as_millisecond());
            if let Err(error) = store.queue_jobs(&[job], now.as_millisecond()).await {
                tracing::warn!("the work of the night is not queued yet: {:#}", anyhow::Error::from(error));
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// The day whose work is to be done now.
fn due(now: &ZonedDateTime) -> Option<Date> {
    (now.hour() >= HOUR).then(|| now.date())
}

fn job(day: Date, at: i64) -> NewJob {
    NewJob { kind: NAME, version: 1, payload: day.to_string(), key: format!("{NAME}/{day}"), run_at: at }
}

#[async_trait]
impl Kind for RetentionPurge {
    fn name(&self) -> &'static str {
        NAME
    }

    /// Being begun again is harmless: what is gone is gone, the rest is found.
    async fn run(&self, claimed: &Claimed) -> Result<(), Failure> {
        let now = super::now();
        if !self.clock.is_believed(now, Instant::now()) {
            return Err(Failure::Retry { reason: "the clock has jumped".to_owned(), after: Some(PROBATION) });
        }
        for (what, count) in self.store.purge(&self.retention.ends(now), &without_questions).await? {
            if count > 0 {
                tracing::info!(count, "removed, its time is over: {what}");
            }
        }
        Ok(self.store.complete_job(claimed, now).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_work_of_a_night_is_queued_once_a_day() {
        for (now, expected) in [
            ("2026-11-23T01:59:00Z", None),
            ("2026-11-23T02:00:00Z", Some("2026-11-23")),
            ("2026-11-23T22:59:00Z", Some("2026-11-23")),
            ("2026-11-23T23:00:00Z", None),
        ] {
            let now = now.parse::<Timestamp>().expect("a time").to_zoned_datetime(crate::opening::paris());
            assert_eq!(due(&now).map(|day| day.to_string()).as_deref(), expected, "{now}");
        }
        let day: Date = "2026-11-23".parse().expect("a day");
        assert_eq!(job(day, 1).key, job(day, 2).key);
    }
}
