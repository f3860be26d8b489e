//! The runner keeps what is its own, gives way when it has lost it, and waits where it is asked to.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::{Notify, watch};

use super::{Backoff, Failure, Kind, Runner, Settings, Wake};
use crate::model::{Job, JobState, NewJob};
use crate::store::{Claimed, Store};

const HOUR: Duration = Duration::from_secs(3_600);
const HOUR_MS: i64 = 3_600_000;
/// The shortest wait between two tries.
const SOON: Duration = Duration::from_millis(20);
/// A lease that is kept several times while a test goes on.
const SHORT_LEASE: Duration = Duration::from_millis(300);

/// What a piece of work does when it is begun for the first, second, … time.
type Script = fn(usize) -> Result<(), Failure>;

/// Work that goes to `outside`, and does what its script says.
struct Scripted {
    store: Store,
    runs: AtomicUsize,
    script: Script,
    /// It has begun.
    begun: Notify,
    /// It goes on only once it may.
    gate: Option<Arc<Notify>>,
}

#[async_trait]
impl Kind for Scripted {
    fn name(&self) -> &'static str {
        "scripted"
    }

    fn goes_to(&self, _claimed: &Claimed) -> Vec<String> {
        vec!["outside/".to_owned()]
    }

    async fn run(&self, claimed: &Claimed) -> Result<(), Failure> {
        let run = self.runs.fetch_add(1, Ordering::SeqCst);
        self.begun.notify_one();
        if let Some(gate) = &self.gate {
            gate.notified().await;
        }
        (self.script)(run)?;
        Ok(self.store.complete_job(claimed, super::now()).await?)
    }
}

/// A queue, and runners that work on it.
struct House {
    store: Store,
    kind: Arc<Scripted>,
    stopper: watch::Sender<bool>,
    first_wait: Duration,
    runner: Option<tokio::task::JoinHandle<()>>,
    _folder: tempfile::TempDir,
}

fn work(key: &str, version: i64) -> NewJob {
    NewJob { kind: "scripted", version, payload: "{}".into(), key: key.into(), run_at: 0 }
}

impl House {
    /// Does `work` in its order, one after the other.
    async fn open(lease: Duration, script: Script, gate: Option<Arc<Notify>>, work: &[NewJob]) -> Self {
        Self::with_first_wait(SOON, lease, script, gate, work).await
    }

    async fn with_first_wait(
        first_wait: Duration,
        lease: Duration,
        script: Script,
        gate: Option<Arc<Notify>>,
        work: &[NewJob],
    ) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&format!("sqlite://{}/t.db", folder.path().display())).await.expect("it opens");
        let (runs, begun) = (AtomicUsize::new(0), Notify::new());
        let kind = Arc::new(Scripted { store: store.clone(), runs, script, begun, gate });
        store.queue_jobs(work, super::now()).await.expect("it is queued");
        let (stopper, _) = watch::channel(false);
        let mut house = Self { store, kind, stopper, first_wait, runner: None, _folder: folder };
        house.runner = Some(house.run(lease));
        house
    }

    fn run(&self, lease: Duration) -> tokio::task::JoinHandle<()> {
        let settings = Settings {
            workers: 1,
            lease,
            poll: Duration::from_millis(5),
            max_age: HOUR * 24,
            backoff: Backoff { first: self.first_wait, longest: HOUR },
        };
        let kinds = vec![Arc::clone(&self.kind) as Arc<dyn Kind>];
        let runner = Runner::new(self.store.clone(), kinds, settings, Duration::from_millis(1), Wake::default());
        tokio::spawn(Arc::new(runner.expect("the settings are right")).run(self.stopper.subscribe()))
    }

    async fn job(&self, key: &str) -> Job {
        self.store.find_job(key).await.expect("it can be read").expect("it is there")
    }

    /// The job with this key, once it is as it should be.
    async fn job_once(&self, key: &str, is_right: impl Fn(&Job) -> bool) -> Job {
        loop {
            let job = self.job(key).await;
            if is_right(&job) {
                return job;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn stop(&mut self) {
        self.stopper.send_replace(true);
        self.runner.take().expect("it runs").await.expect("the runner ends when it is told to");
    }

    fn runs(&self) -> usize {
        self.kind.runs.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn work_that_takes_longer_than_its_lease_stays_with_whoever_does_it() {
    let gate = Arc::new(Notify::new());
    let mut house = House::open(SHORT_LEASE, |_| Ok(()), Some(Arc::clone(&gate)), &[work("outside/a", 1)]).await;
    house.kind.begun.notified().await;
    let other = house.run(SHORT_LEASE);
    // Several leases later it is still the first one's, and the other one has not begun it.
    let until = super::now() + 4 * i64::try_from(SHORT_LEASE.as_millis()).expect("it is small");
    while super::now() < until {
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert_eq!((house.runs(), house.job("outside/a").await.state), (1, JobState::Running));
    }
    gate.notify_one();
    house.job_once("outside/a", |job| job.state == JobState::Done).await;
    house.stop().await;
    other.await.expect("it ends as well");
    assert_eq!(house.runs(), 1);
}

#[tokio::test]
async fn whoever_has_lost_its_lease_gives_way_and_reports_nothing() {
    let gate = Arc::new(Notify::new());
    let mut house = House::open(SHORT_LEASE, |_| Ok(()), Some(gate), &[work("outside/a", 1)]).await;
    house.kind.begun.notified().await;
    // A long pause of the machine: by another clock the lease has ended, and somebody else has the work.
    let later = super::now() + HOUR_MS;
    let other =
        house.store.claim_job(later, later + HOUR_MS, "another").await.expect("it answers").expect("it is free");
    // The runner finds out when it would keep the lease, ends the work that waits for ever, and stops when told to.
    house.stop().await;
    let job = house.job("outside/a").await;
    assert_eq!((job.state, job.attempts, job.last_error), (JobState::Running, 2, None), "it is the other one's");
    house.store.complete_job(&other, later).await.expect("the other one does it");
}

#[tokio::test]
async fn work_that_has_begun_is_finished_when_the_service_is_told_to_stop_and_nothing_else_is_begun() {
    let gate = Arc::new(Notify::new());
    let all = [work("outside/a", 1), work("outside/b", 1)];
    let mut house = House::open(HOUR, |_| Ok(()), Some(Arc::clone(&gate)), &all).await;
    house.kind.begun.notified().await;
    house.stopper.send_replace(true);
    gate.notify_one();
    house.stop().await;
    let mut states = [house.job("outside/a").await.state, house.job("outside/b").await.state];
    states.sort_by_key(|state| *state == JobState::Queued);
    assert_eq!((house.runs(), states), (1, [JobState::Done, JobState::Queued]));
}

#[tokio::test]
async fn a_payload_of_a_later_version_waits_for_a_later_program() {
    let mut house = House::open(HOUR, |_| Ok(()), None, &[work("outside/a", 2)]).await;
    let job = house.job_once("outside/a", |job| job.attempts >= 2 && job.state == JobState::Queued).await;
    house.stop().await;
    assert_eq!(job.last_error.as_deref(), Some("payload of version 2, this program knows 1"));
    assert_eq!(house.runs(), 0, "it is not begun with a payload that nobody understands");
}

#[tokio::test]
async fn whoever_asks_one_to_wait_is_left_alone_by_all_for_as_long() {
    let asks_to_wait = |run| match run {
        0 => Err(Failure::Busy { reason: "status 429".into(), wait: HOUR * 2 }),
        _ => Ok(()),
    };
    let mut house = House::open(HOUR, asks_to_wait, None, &[work("outside/a", 1)]).await;
    let before = super::now();
    let job = house.job_once("outside/a", |job| job.last_error.is_some()).await;
    assert!(job.run_at >= before + 2 * HOUR_MS, "its own wait is what was asked for");
    let held = house.store.list_holds().await.expect("they are listed");
    let [hold] = held.as_slice() else { panic!("{held:?}") };
    let wait = hold.until - hold.since;
    assert_eq!(
        (hold.prefix.as_str(), wait, hold.is_to_be_mended),
        ("outside/", HOUR_MS, false),
        "an hour is the longest"
    );

    // What comes later waits as well; what goes elsewhere does not.
    let all = [work("outside/b", 1), work("elsewhere/c", 1)];
    house.store.queue_jobs(&all, super::now()).await.expect("they are queued");
    house.job_once("elsewhere/c", |job| job.state == JobState::Done).await;
    assert_eq!((house.runs(), house.job("outside/b").await.attempts), (2, 0));
    house.store.release_work("outside/").await.expect("the time is over");
    house.job_once("outside/b", |job| job.state == JobState::Done).await;
    house.stop().await;
}

#[tokio::test]
async fn what_somebody_must_mend_keeps_all_work_waiting_and_none_of_it_dies() {
    let is_refused = |run| match run {
        0 => Err(Failure::ToBeMended { reason: "status 535".into(), is_all: true }),
        _ => Ok(()),
    };
    let all = [work("outside/a", 1), work("outside/b", 1)];
    // Nothing is tried again before the test has looked.
    let mut house = House::with_first_wait(Duration::from_millis(500), HOUR, is_refused, None, &all).await;
    let refused = loop {
        let jobs = [house.job("outside/a").await, house.job("outside/b").await];
        if let Some(refused) = jobs.into_iter().find(|job| job.last_error.is_some()) {
            break refused;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    assert_eq!((refused.state, refused.last_error.as_deref()), (JobState::Queued, Some("status 535")));
    let holds = house.store.list_holds().await.expect("they are listed");
    assert!(holds[0].is_to_be_mended && holds[0].reason == "status 535", "{holds:?}");
    assert_eq!(house.runs(), 1, "the other one is not even tried with a wrong password");

    // The service is started again with the right one.
    assert_eq!(house.store.release_mended().await.expect("it answers"), 1);
    for key in ["outside/a", "outside/b"] {
        house.job_once(key, |job| job.state == JobState::Done).await;
    }
    house.stop().await;
    assert_eq!(house.runs(), 3);
}

#[tokio::test]
async fn old_work_that_is_given_up_leaves_others_waiting_for_what_must_be_mended() {
    let is_refused = |_| Err(Failure::ToBeMended { reason: "status 535".into(), is_all: true });
    let all = [work("outside/a", 1), work("outside/b", 1)];
    let mut house = House::with_first_wait(Duration::from_millis(500), HOUR, is_refused, None, &[]).await;
    let long_ago = super::now() - 48 * 60 * 60 * 1000;
    house.store.queue_jobs(&all, long_ago).await.expect("it is queued");
    let states = loop {
        let states = [house.job("outside/a").await.state, house.job("outside/b").await.state];
        if states.contains(&JobState::Dead) {
            break states;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    assert!(states.contains(&JobState::Queued), "{states:?}");
    assert_eq!(house.runs(), 1);
    let holds = house.store.list_holds().await.expect("they are listed");
    assert!(holds[0].is_to_be_mended && holds[0].reason == "status 535", "{holds:?}");
    house.stop().await;
}

#[tokio::test]
async fn work_that_may_not_be_done_waits_by_itself() {
    let is_forbidden = |run| match run {
        0 => Err(Failure::ToBeMended { reason: "status 403".into(), is_all: false }),
        _ => Ok(()),
    };
    let all = [work("outside/a", 1), work("outside/b", 1)];
    let mut house = House::open(HOUR, is_forbidden, None, &all).await;
    let mut done: HashMap<&str, i64> = HashMap::new();
    while done.len() < 2 {
        for key in ["outside/a", "outside/b"] {
            let job = house.job(key).await;
            if job.state == JobState::Done {
                done.insert(key, job.attempts);
            }
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    house.stop().await;
    let mut attempts: Vec<i64> = done.into_values().collect();
    attempts.sort_unstable();
    assert_eq!(attempts, [1, 2]);
    assert_eq!(house.store.list_holds().await.expect("they are listed"), []);
}
