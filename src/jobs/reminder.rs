//! Work that is done again and again.

use std::time::Duration;

use crate::model::NewJob;
use crate::store::Store;

/// A service that has just started has other work.
const FIRST_PAUSE: Duration = Duration::from_secs(60);

/// Queues `kind` once in each stretch of `every`, whatever number of processes do so: the key makes that.
pub(super) async fn remind(store: Store, kind: &'static str, every: Duration) {
    tokio::time::sleep(FIRST_PAUSE.min(every)).await;
    loop {
        let now = super::now();
        if let Err(error) = store.queue_jobs(&[job(kind, every, now)], now).await {
            tracing::warn!(job.kind = kind, "work is not queued yet: {:#}", anyhow::Error::from(error));
        }
        tokio::time::sleep(every).await;
    }
}

fn job(kind: &'static str, every: Duration, now: i64) -> NewJob {
    let stretch = now / i64::try_from(every.as_millis()).unwrap_or(i64::MAX).max(1);
    NewJob { kind, version: 1, payload: "{}".to_owned(), key: format!("{kind}/{stretch}"), run_at: now }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stretch_has_one_piece_of_work() {
        let key = |now| job("k", Duration::from_secs(60), now).key;
        assert_eq!((key(60_000), key(119_999), key(120_000)), ("k/1".into(), "k/1".into(), "k/2".into()));
    }
}
