//! Takes work from the queue and does it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::ensure;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tracing::Instrument as _;

use super::{Backoff, Failure, Kind, now};
use crate::measure;
use crate::steady::Steady;
use crate::store::{Claimed, Hold, Store, StoreError};

/// More attempts than the waits between them allow within any sensible age: work that kills its process gets here.
const MOST_ATTEMPTS: i64 = 5_000;

/// Clocks of replicas differ by less.
const CLOCKS_DIFFER_MS: i64 = 60_000;

/// How work is taken.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    /// How many at once.
    pub(crate) workers: usize,
    /// How long work is ours; it is kept as long as it runs.
    pub(crate) lease: Duration,
    /// How often the queue is looked at when nobody wakes us.
    pub(crate) poll: Duration,
    /// How long work is tried before it is given up.
    pub(crate) max_age: Duration,
    /// How long to wait before it is begun again.
    pub(crate) backoff: Backoff,
}

/// Tells the runner of this process that there is work; others find it by looking.
#[derive(Clone, Default)]
pub(crate) struct Wake(Arc<Notify>);

impl Wake {
    /// There is work.
    pub(crate) fn wake(&self) {
        self.0.notify_waiters();
    }
}

/// Takes work from the queue and does it.
pub(crate) struct Runner {
    store: Store,
    kinds: HashMap<&'static str, Arc<dyn Kind>>,
    settings: Settings,
    wake: Wake,
}

impl Runner {
    /// A runner that knows `kinds`.
    ///
    /// # Errors
    /// When a call outside may take longer (`longest_call`) than a lease: others would begin the same work meanwhile.
    pub(crate) fn new(
        store: Store,
        kinds: Vec<Arc<dyn Kind>>,
        settings: Settings,
        longest_call: Duration,
        wake: Wake,
    ) -> anyhow::Result<Self> {
        ensure!(
            settings.lease > longest_call,
            "jobs.lease_ms ({}) must be longer than the longest call outside ({} ms)",
            settings.lease.as_millis(),
            longest_call.as_millis()
        );
        let kinds = kinds.into_iter().map(|kind| (kind.name(), kind)).collect();
        Ok(Self { store, kinds, settings, wake })
    }

    /// Works until `stop` says so; work that has begun is finished.
    pub(crate) async fn run(self: Arc<Self>, stop: watch::Receiver<bool>) {
        let mut workers = JoinSet::new();
        for _ in 0..self.settings.workers {
            workers.spawn(Arc::clone(&self).work(stop.clone()));
        }
        workers.spawn(Arc::clone(&self).mind_clock(stop));
        workers.join_all().await;
    }

    /// When the clock goes back, what waits for a moment that is far away again must not wait for it. Work may have been
    /// left by a process that saw the wrong time, so this is looked for at the start as well.
    async fn mind_clock(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        let mut clock = Steady::new(now(), std::time::Instant::now());
        let mut has_gone_back = true;
        loop {
            if has_gone_back {
                match self.bring_back().await {
                    Ok(0) => has_gone_back = false,
                    Ok(count) => {
                        tracing::warn!(
                            count,
                            "the clock was set back: work that waited for what is the future now goes on"
                        );
                        has_gone_back = false;
                    }
                    Err(error) => tracing::error!("the queue cannot be read: {:#}", anyhow::Error::from(error)),
                }
            }
            tokio::select! {
                () = tokio::time::sleep(self.settings.poll) => {}
                _ = stop.changed() => return,
            }
            has_gone_back |= clock.look(now(), std::time::Instant::now()).is_some_and(|jump_ms| jump_ms < 0);
        }
    }

    /// How much work had to be brought back.
    async fn bring_back(&self) -> Result<u64, StoreError> {
        let mut count = 0;
        self.store.release_from_the_future(now() + CLOCKS_DIFFER_MS).await?;
        for (name, kind) in &self.kinds {
            if !kind.keeps_its_date() {
                let at = now();
                let until = at + millis(self.settings.lease);
                count += self.store.bring_back_jobs(name, at, until, CLOCKS_DIFFER_MS).await?;
            }
        }
        Ok(count)
    }

    async fn work(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let woken = self.wake.0.notified();
            match self.step().await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => tracing::error!("the queue cannot be read: {:#}", anyhow::Error::from(error)),
            }
            tokio::select! {
                () = woken => {}
                () = tokio::time::sleep(self.settings.poll) => {}
                _ = stop.changed() => {}
            }
        }
    }

    /// Does one piece of work; false when there is none.
    async fn step(self: &Arc<Self>) -> Result<bool, StoreError> {
        let at = now();
        let lease = uuid::Uuid::now_v7().to_string();
        let Some(claimed) = self.store.claim_job(at, at + millis(self.settings.lease), &lease).await? else {
            return Ok(false);
        };
        let begun = Instant::now();
        // In a task of its own: work that panics must not take the other workers with it.
        let (kind, attempts) = (claimed.job.kind.as_str(), claimed.job.attempts);
        let span = tracing::debug_span!("work", otel.kind = "consumer", job.kind = kind, job.attempts = attempts);
        let outcome = match tokio::spawn(Arc::clone(self).keep_while(claimed.clone()).instrument(span)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Failure::Retry { reason: "it panicked".to_owned(), after: None }),
        };
        let took = begun.elapsed();
        let left = match outcome {
            Ok(()) => {
                measure::job(&claimed.job.kind, "done", took);
                self.release(&claimed).await
            }
            Err(failure) => self.put_aside(&claimed, failure, at, took).await,
        };
        match left {
            // The lease was lost: whoever has it now reports.
            Err(StoreError::Conflict) => Ok(true),
            left => left.map(|()| true),
        }
    }

    /// Puts work back that was not done, or gives it up. Work that goes to the same place waits with it when it must.
    async fn put_aside(&self, claimed: &Claimed, failure: Failure, at: i64, took: Duration) -> Result<(), StoreError> {
        let job = &claimed.job;
        let is_old = at - job.created_at >= millis(self.settings.max_age);
        let attempts = u32::try_from(job.attempts).unwrap_or(u32::MAX);
        let backoff = self.settings.backoff;
        let (wait, reason) = match failure {
            Failure::GiveUp { reason } => return self.bury(claimed, &reason, took).await,
            Failure::Retry { reason, after } => (backoff.wait(attempts, random(), after), reason),
            Failure::Busy { reason, wait } => {
                // Nobody holds everything back for a day because a header says so: one piece of work asks again.
                self.hold(claimed, wait.min(backoff.longest), &reason, false).await?;
                (backoff.wait(attempts, random(), Some(wait)), reason)
            }
            Failure::ToBeMended { reason, is_all: false } => (backoff.until_mended(attempts, random()), reason),
            // The hold keeps it back, and ends early when somebody has mended what is wrong.
            Failure::ToBeMended { reason, is_all: true } => {
                self.hold(claimed, Duration::ZERO, &reason, true).await?;
                (backoff.first, reason)
            }
        };
        // What was just learned of the place holds for younger work too.
        if is_old {
            return self.bury(claimed, &reason, took).await;
        }
        measure::job(&job.kind, "retry", took);
        tracing::warn!(
            job.id = job.id,
            job.kind = job.kind,
            job.attempts = job.attempts,
            job.wait_ms = millis(wait),
            "work failed and will be tried again: {reason}"
        );
        self.store.retry_job(claimed, now() + millis(wait), &reason, now()).await
    }

    async fn bury(&self, claimed: &Claimed, reason: &str, took: Duration) -> Result<(), StoreError> {
        measure::job(&claimed.job.kind, "dead", took);
        tracing::error!(
            job.id = claimed.job.id,
            job.kind = claimed.job.kind,
            job.attempts = claimed.job.attempts,
            "work was given up, somebody must look: {reason}"
        );
        self.store.bury_job(claimed, reason, now()).await
    }

    /// Begins no work that goes where `claimed` goes for `wait`. What must be mended waits longer the longer it lasts.
    async fn hold(
        &self,
        claimed: &Claimed,
        wait: Duration,
        reason: &str,
        is_to_be_mended: bool,
    ) -> Result<(), StoreError> {
        let held = self.store.list_holds().await?;
        for prefix in self.goes_to(claimed) {
            let now = now();
            let known = held.iter().find(|hold| hold.prefix == prefix && hold.is_to_be_mended == is_to_be_mended);
            let lasted = known.map_or(0, |hold| now - hold.since);
            let wait = if is_to_be_mended {
                let lasted = Duration::from_millis(u64::try_from(lasted).unwrap_or(0));
                self.settings.backoff.after_so_long(lasted)
            } else {
                wait
            };
            let (reason, until) = (reason.to_owned(), now + millis(wait));
            if is_to_be_mended && known.is_none() {
                tracing::error!("nothing leaves until somebody mends what is wrong ({prefix}…): {reason}");
            }
            self.store.hold_work(&Hold { prefix, since: now, until, reason, is_to_be_mended }).await?;
        }
        Ok(())
    }

    /// Work was done: where it went, other work is taken again.
    async fn release(&self, claimed: &Claimed) -> Result<(), StoreError> {
        let goes_to = self.goes_to(claimed);
        if goes_to.is_empty() {
            return Ok(());
        }
        let held = self.store.list_holds().await?;
        // Work that had begun before says nothing of what was told since.
        let is_over = |hold: &&Hold| goes_to.contains(&hold.prefix) && hold.until <= now();
        for hold in held.iter().filter(is_over) {
            self.store.release_work(&hold.prefix).await?;
        }
        Ok(())
    }

    fn goes_to(&self, claimed: &Claimed) -> Vec<String> {
        self.kinds.get(claimed.job.kind.as_str()).map(|kind| kind.goes_to(claimed)).unwrap_or_default()
    }

    async fn attempt(&self, claimed: &Claimed) -> Result<(), Failure> {
        let job = &claimed.job;
        if job.attempts > MOST_ATTEMPTS {
            return Err(Failure::GiveUp { reason: "too many attempts: it may end its process each time".to_owned() });
        }
        let Some(kind) = self.kinds.get(job.kind.as_str()) else {
            return Err(Failure::GiveUp { reason: format!("no kind of work is called `{}`", job.kind) });
        };
        if job.version > kind.version() {
            let reason = format!("payload of version {}, this program knows {}", job.version, kind.version());
            return Err(Failure::Retry { reason, after: None });
        }
        kind.run(claimed).await
    }

    /// Does the work as long as its lease can be kept. Both go on side by side: the work may hold what the keeping waits
    /// for.
    async fn keep_while(self: Arc<Self>, claimed: Claimed) -> Result<(), Failure> {
        tokio::select! {
            outcome = self.attempt(&claimed) => outcome,
            () = self.lose_lease(&claimed) => {
                Err(Failure::Retry { reason: "the lease was lost".to_owned(), after: None })
            }
        }
    }

    /// Keeps the lease; returns when somebody else has it, or when it ends because the store does not answer.
    async fn lose_lease(&self, claimed: &Claimed) {
        let mut until = Instant::now() + self.settings.lease;
        loop {
            tokio::time::sleep(self.settings.lease / 3).await;
            let begun = Instant::now();
            let extended = self.store.extend_lease(claimed, now() + millis(self.settings.lease));
            match tokio::time::timeout_at(until, extended).await {
                Ok(Ok(true)) => until = begun + self.settings.lease,
                Ok(Ok(false)) | Err(_) => return,
                Ok(Err(error)) => {
                    tracing::warn!(
                        job.id = claimed.job.id,
                        "the lease cannot be kept: {:#}",
                        anyhow::Error::from(error)
                    );
                }
            }
        }
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// Between 0 and 1.
fn random() -> f64 {
    let bits = getrandom::u32().expect("the system gives random bytes");
    f64::from(bits) / f64::from(u32::MAX)
}
