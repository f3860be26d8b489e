//! The runner over a real store: work that fails, panics, is unknown, or is done.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::watch;

use super::{Backoff, Failure, Kind, Runner, Settings, Wake};
use crate::model::{JobState, NewJob};
use crate::store::{Claimed, Store};

struct Scripted {
    name: &'static str,
    store: Store,
    runs: AtomicUsize,
    outcome: Script,
}

#[async_trait]
impl Kind for Scripted {
    fn name(&self) -> &'static str {
        self.name
    }

    async fn run(&self, claimed: &Claimed) -> Result<(), Failure> {
        (self.outcome)(self.runs.fetch_add(1, Ordering::SeqCst))?;
        Ok(self.store.complete_job(claimed, super::now()).await?)
    }
}

const BACKOFF: Backoff = Backoff { first: Duration::from_millis(20), longest: Duration::from_millis(20) };

/// What a piece of work does when it is begun for the first, second, … time.
type Script = fn(usize) -> Result<(), Failure>;

/// Runs one piece of work of each `kinds` until all are done or dead; how often each was begun, and the store.
async fn run(dir: &std::path::Path, kinds: &[(&'static str, Script)]) -> (Vec<usize>, Store) {
    let store = Store::open(&format!("sqlite://{}/t.db", dir.display())).await.expect("it opens");
    let scripted: Vec<Arc<Scripted>> = kinds
        .iter()
        .map(|(name, outcome)| {
            Arc::new(Scripted { name, store: store.clone(), runs: AtomicUsize::new(0), outcome: *outcome })
        })
        .collect();
    let work: Vec<NewJob> = kinds
        .iter()
        .map(|(kind, _)| NewJob { kind, version: 1, payload: "{}".into(), key: (*kind).into(), run_at: 0 })
        .chain([NewJob { kind: "unheard-of", version: 1, payload: "{}".into(), key: "u".into(), run_at: 0 }])
        .collect();
    store.queue_jobs(&work, super::now()).await.expect("it is queued");
    let settings = Settings {
        workers: 2,
        lease: Duration::from_secs(30),
        poll: Duration::from_millis(5),
        max_age: Duration::from_secs(60),
        backoff: BACKOFF,
    };
    let kinds = scripted.iter().map(|kind| Arc::clone(kind) as Arc<dyn Kind>).collect();
    let runner = Runner::new(store.clone(), kinds, settings, Duration::from_secs(1), Wake::default());
    let (stopper, stop) = watch::channel(false);
    let running = tokio::spawn(Arc::new(runner.expect("the settings are right")).run(stop));
    let left = async |state| store.list_jobs(state, 10).await.expect("it can be read").len();
    while left(JobState::Queued).await + left(JobState::Running).await > 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    stopper.send_replace(true);
    running.await.expect("the runner ends when it is told to");
    (scripted.iter().map(|kind| kind.runs.load(Ordering::SeqCst)).collect(), store)
}

#[tokio::test]
async fn work_is_tried_again_given_up_or_done_and_a_panic_harms_no_other() {
    let dir = tempfile::tempdir().expect("a directory");
    let busy = |run: usize| match run {
        0 => Err(Failure::Retry { reason: "busy".into(), after: None }),
        _ => Ok(()),
    };
    let refused = |_| Err(Failure::GiveUp { reason: "refused".into() });
    let panics = |run: usize| if run == 0 { panic!("on purpose") } else { Ok(()) };
    let (runs, store) = run(dir.path(), &[("busy", busy), ("refused", refused), ("panics", panics)]).await;
    assert_eq!(runs, [2, 1, 2]);
    let dead = store.list_jobs(JobState::Dead, 10).await.expect("it can be read");
    let mut reasons: Vec<&str> = dead.iter().filter_map(|job| job.last_error.as_deref()).collect();
    reasons.sort_unstable();
    assert_eq!(reasons, ["no kind of work is called `unheard-of`", "refused"]);
    assert_eq!(store.list_jobs(JobState::Done, 10).await.expect("it can be read").len(), 2);
}

#[test]
fn a_lease_shorter_than_a_call_outside_is_refused() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let dir = tempfile::tempdir().expect("a directory");
        let store = Store::open(&format!("sqlite://{}/t.db", dir.path().display())).await.expect("it opens");
        let settings = Settings {
            workers: 1,
            lease: Duration::from_secs(1),
            poll: Duration::from_secs(1),
            max_age: Duration::from_secs(1),
            backoff: BACKOFF,
        };
        assert!(Runner::new(store, Vec::new(), settings, Duration::from_secs(2), Wake::default()).is_err());
    });
}
