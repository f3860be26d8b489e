//! Whether this process should get questions: balancers and operators ask again and again.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::store::{Store, Trouble};

/// How long an answer is given again: whoever asks all the time must not keep the disk busy.
const FRESH: Duration = Duration::from_secs(1);
/// How long the database may take; those who ask do not wait longer either.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often the whole database is read in search of damage.
const LOOK_OVER: Duration = Duration::from_secs(24 * 60 * 60);

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotReady {
    /// It was told to stop and finishes what has begun.
    Stopping,
    /// The database.
    Database(Trouble),
}

/// What is known of this process.
pub(crate) struct Readiness {
    store: Store,
    is_stopping: AtomicBool,
    is_damaged: AtomicBool,
    seen: Mutex<Seen>,
}

/// What was found last.
#[derive(Default)]
struct Seen {
    at: Option<Instant>,
    trouble: Option<Trouble>,
}

impl Readiness {
    /// Of a process that has just opened its database.
    pub(crate) fn new(store: Store) -> Self {
        let (is_stopping, is_damaged) = (AtomicBool::new(false), AtomicBool::new(false));
        Self { store, is_stopping, is_damaged, seen: Mutex::default() }
    }

    /// From now on others should get the questions.
    pub(crate) fn stop(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
    }

    /// Whether questions can be taken and kept.
    ///
    /// # Errors
    /// Says why not.
    pub(crate) async fn check(&self) -> Result<(), NotReady> {
        if self.is_stopping.load(Ordering::Relaxed) {
            return Err(NotReady::Stopping);
        }
        if self.is_damaged.load(Ordering::Relaxed) {
            return Err(NotReady::Database(Trouble::Damaged));
        }
        let trouble = if self.is_to_be_looked_at() { self.look().await } else { self.seen().trouble };
        trouble.map_or(Ok(()), |trouble| Err(NotReady::Database(trouble)))
    }

    /// Reads the whole database now and every day: damage may lie where nobody asks for years.
    pub(crate) async fn look_over(&self) {
        loop {
            match self.store.find_damage().await {
                Ok(None) => {}
                Ok(Some(damage)) => {
                    tracing::error!("the database is damaged, restore a backup (`guichet restore`): {damage}");
                    self.is_damaged.store(true, Ordering::Relaxed);
                }
                Err(error) if error.trouble() == Trouble::Damaged => {
                    let error = anyhow::Error::from(error);
                    tracing::error!("the database is damaged, restore a backup (`guichet restore`): {error:#}");
                    self.is_damaged.store(true, Ordering::Relaxed);
                }
                Err(error) => tracing::warn!("the database cannot be looked over: {:#}", anyhow::Error::from(error)),
            }
            tokio::time::sleep(LOOK_OVER).await;
        }
    }

    /// One of those who ask looks, the others hear what was found before.
    fn is_to_be_looked_at(&self) -> bool {
        let mut seen = self.seen();
        let is_old = seen.at.is_none_or(|at| at.elapsed() >= FRESH);
        if is_old {
            seen.at = Some(Instant::now());
        }
        is_old
    }

    /// Looks; a change is logged, once.
    async fn look(&self) -> Option<Trouble> {
        let probe = self.store.probe(jiff::Timestamp::now().as_millisecond());
        let (trouble, reason) = match tokio::time::timeout(PATIENCE, probe).await {
            Ok(Ok(())) => (None, String::new()),
            Ok(Err(error)) => (Some(error.trouble()), format!("{:#}", anyhow::Error::from(error))),
            Err(_) => (Some(Trouble::Unreachable), format!("no answer within {} ms", PATIENCE.as_millis())),
        };
        let before = std::mem::replace(&mut self.seen().trouble, trouble);
        match trouble {
            Some(trouble) if before != Some(trouble) => {
                tracing::error!(database.trouble = ?trouble, "no questions can be taken: {reason}");
            }
            None if before.is_some() => tracing::info!("questions can be taken again"),
            _ => {}
        }
        trouble
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_is_told_to_stop_is_not_ready_and_a_sound_database_is() {
        let dir = tempfile::tempdir().expect("a directory");
        let store = Store::open(&format!("sqlite://{}/a.db", dir.path().display())).await.expect("a store");
        let readiness = Readiness::new(store.clone());
        assert_eq!(readiness.check().await, Ok(()));
        assert_eq!(store.find_damage().await.expect("it is read"), None);
        readiness.stop();
        assert_eq!(readiness.check().await, Err(NotReady::Stopping));
    }
}
