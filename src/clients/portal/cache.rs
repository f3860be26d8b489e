//! Answers of the portal, kept for a short while with the time of their reading. Whoever asks the same at the same time
//! waits for the one request that is on its way; nobody else does.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::watch;

use super::PortalError;
use crate::model::UserId;

/// What makes two questions the same. The user is part of it: two users may see different things at one address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) user: UserId,
    /// Path and query.
    pub(super) target: String,
}

/// An answer as it came.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) body: Arc<[u8]>,
    pub(super) etag: Option<String>,
    pub(super) read_at: Timestamp,
    pub(super) kept_since: Instant,
}

type Outcome = Result<Kept, PortalError>;

enum Slot {
    Loading(watch::Receiver<Option<Outcome>>),
    Ready(Kept),
}

/// The answers.
pub(super) struct Cache {
    slots: Mutex<HashMap<Key, Slot>>,
    /// How long an answer is as good as new.
    fresh: Duration,
    /// How long its ETag is worth keeping.
    kept: Duration,
    most: usize,
}

impl Cache {
    pub(super) fn new(fresh: Duration, most: usize) -> Arc<Self> {
        Arc::new(Self { slots: Mutex::default(), fresh, kept: fresh * 10, most })
    }

    /// The answer to `key`: a fresh one, the one that is on its way, or a new one by `load`, which is given the old one.
    /// `load` goes on when the caller gives up: others may wait for it.
    pub(super) async fn get<F, L>(self: &Arc<Self>, key: Key, load: F) -> Outcome
    where
        F: FnOnce(Option<Kept>) -> L,
        L: Future<Output = Outcome> + Send + 'static,
    {
        let mut receiver = {
            let mut slots = self.lock();
            let old = match slots.get(&key) {
                Some(Slot::Ready(kept)) if kept.kept_since.elapsed() < self.fresh => return Ok(kept.clone()),
                Some(Slot::Loading(receiver)) => Err(receiver.clone()),
                Some(Slot::Ready(kept)) => Ok(Some(kept.clone())),
                None => Ok(None),
            };
            match old {
                Err(receiver) => receiver,
                Ok(old) => {
                    let (sender, receiver) = watch::channel(None);
                    make_room(&mut slots, self.kept, self.most);
                    slots.insert(key.clone(), Slot::Loading(receiver.clone()));
                    let (cache, load) = (Arc::clone(self), load(old));
                    tokio::spawn(async move {
                        // Dropped when `load` panics: then nobody waits for ever and the next one asks anew.
                        let loading = Loading { cache: &cache, key: &key };
                        let outcome = load.await;
                        loading.done(&outcome);
                        sender.send_replace(Some(outcome));
                    });
                    receiver
                }
            }
        };
        let Ok(outcome) = receiver.wait_for(Option::is_some).await else {
            return Err(PortalError::Unavailable { reason: "the request was given up" });
        };
        outcome.clone().unwrap_or(Err(PortalError::Unavailable { reason: "the request was given up" }))
    }

    /// Forgets everything about `user`.
    pub(super) fn forget(&self, user: &UserId) {
        self.lock().retain(|key, _| key.user != *user);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Slot>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request on its way.
struct Loading<'a> {
    cache: &'a Cache,
    key: &'a Key,
}

impl Loading<'_> {
    fn done(self, outcome: &Outcome) {
        if let Ok(kept) = outcome {
            // Only in its own place: what was forgotten meanwhile stays forgotten.
            if let Some(slot) = self.cache.lock().get_mut(self.key) {
                *slot = Slot::Ready(kept.clone());
            }
        }
    }
}

impl Drop for Loading<'_> {
    fn drop(&mut self) {
        let mut slots = self.cache.lock();
        if matches!(slots.get(self.key), Some(Slot::Loading(_))) {
            slots.remove(self.key);
        }
    }
}

/// Drops what is old; should all be recent, drops what is ready.
fn make_room(slots: &mut HashMap<Key, Slot>, kept_for: Duration, most: usize) {
    if slots.len() < most {
        return;
    }
    slots.retain(|_, slot| !matches!(slot, Slot::Ready(kept) if kept.kept_since.elapsed() >= kept_for));
    if slots.len() >= most {
        slots.retain(|_, slot| matches!(slot, Slot::Loading(_)));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn key(target: &str) -> Key {
        Key { user: "U1".parse().expect("an id"), target: target.to_owned() }
    }

    fn kept(body: &str) -> Kept {
        Kept { body: body.as_bytes().into(), etag: None, read_at: Timestamp::UNIX_EPOCH, kept_since: Instant::now() }
    }

    #[tokio::test]
    async fn those_who_ask_the_same_at_once_share_one_request_and_its_failure() {
        let cache = Cache::new(Duration::from_secs(60), 10);
        let asked = Arc::new(AtomicUsize::new(0));
        for failure in [true, false, false] {
            let ask = || {
                let asked = Arc::clone(&asked);
                cache.get(key("/a"), move |_| async move {
                    asked.fetch_add(1, Ordering::Relaxed);
                    tokio::task::yield_now().await;
                    if failure { Err(PortalError::NotFound) } else { Ok(kept("x")) }
                })
            };
            let (one, two, three) = tokio::join!(ask(), ask(), ask());
            for outcome in [one, two, three] {
                assert_eq!(outcome.is_err(), failure);
            }
        }
        assert_eq!(asked.load(Ordering::Relaxed), 2, "a failure is not kept, an answer is");
    }

    #[tokio::test]
    async fn an_old_answer_is_handed_to_the_next_request() {
        let cache = Cache::new(Duration::ZERO, 10);
        cache.get(key("/a"), |_| async { Ok(kept("one")) }).await.expect("an answer");
        let second = cache.get(key("/a"), |old| async move { Ok(old.expect("the old one")) }).await;
        assert_eq!(second.expect("an answer").body.as_ref(), b"one");
    }

    #[tokio::test]
    async fn one_who_gives_up_or_a_panic_leaves_nobody_waiting() {
        let cache = Cache::new(Duration::from_secs(60), 10);
        let slow = cache.get(key("/a"), |_| async {
            tokio::task::yield_now().await;
            Ok(kept("x"))
        });
        tokio::select! { biased; _ = slow => unreachable!("it waits"), () = async {} => {} }
        let panics = cache.get(key("/b"), |_| async { panic!("a bug") }).await;
        assert_eq!(panics.expect_err("no answer"), PortalError::Unavailable { reason: "the request was given up" });
        assert!(cache.get(key("/b"), |_| async { Ok(kept("x")) }).await.is_ok());
        let went_on = cache.get(key("/a"), |_| async { unreachable!("it is there already") }).await;
        assert_eq!(went_on.expect("an answer").body.as_ref(), b"x");
    }

    #[tokio::test]
    async fn what_is_forgotten_stays_forgotten_and_there_is_always_room() {
        let cache = Cache::new(Duration::from_secs(60), 3);
        for number in 0..20 {
            cache.get(key(&format!("/{number}")), |_| async { Ok(kept("x")) }).await.expect("an answer");
            assert!(cache.lock().len() <= 3);
        }
        cache.forget(&key("/").user);
        assert!(cache.lock().is_empty());
    }
}
