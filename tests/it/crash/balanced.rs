//! Three replicas on one PostgreSQL behind the balancer that the repository ships. First each is restarted in turn, as an
//! update does: nobody may notice. Then, again and again, one is killed while another one restarts. In the end everything
//! that was confirmed is looked for.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::block_in_place;

use super::balancer::{Balancer, free_port};
use super::partners::{self, Tally};
use super::service::Whereabouts;
use super::{DESK_FAILING, MAIL_FAILING, PARTNERS, number, reckoning, settings};
use crate::guichet::{Guichet, directory, two_cards};
use crate::outside::{Dice, Outside};
use crate::{postgres, staff};

const REPLICAS: usize = 3;
/// The balancer looks every half second and believes the second look.
const DRAIN: &str = "[http]\ndrain_ms = 1500\n";
/// Longest time until the balancer has seen that a replica is back.
const SEEN: Duration = Duration::from_millis(600);

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "needs HAProxy and PostgreSQL: tests/faults/run replicas"]
async fn nothing_is_lost_or_doubled_behind_a_balancer() {
    let began = Instant::now();
    let store = postgres::new_database().await.expect("tests/faults/run starts a PostgreSQL");
    let (rounds, seed) = (number("GUICHET_CRASH_KILLS", 4), number("GUICHET_CRASH_SEED", 4));
    let dice = |part: u64| Dice::new(seed.wrapping_mul(1000).wrapping_add(part));
    // Not the seed's: the same test may run beside this one.
    let ports = Dice::new(u64::from(std::process::id()));
    let outside = Outside::start(seed.wrapping_mul(1000), DESK_FAILING, MAIL_FAILING).await;
    let text = settings(&store, &outside) + DRAIN;
    let mut replicas: Vec<Replica> = (0..REPLICAS).map(|_| Replica::new(&text, free_port(&ports))).collect();
    replicas.iter_mut().for_each(Replica::start);
    let around = tempfile::tempdir().expect("a directory");
    let ports_of_all: Vec<u16> = replicas.iter().map(|replica| replica.port).collect();
    let balancer = Balancer::start(around.path(), &ports_of_all, &ports);
    let line = watch::Sender::new(Whereabouts { url: Some(balancer.url.clone()), is_over: false });

    let tally = Arc::new(Tally::default());
    let mut talking = tokio::task::JoinSet::new();
    for number in 0..PARTNERS {
        let (desk, tally) = (outside.desk.clone(), Arc::clone(&tally));
        talking.spawn(partners::talk(line.subscribe(), dice(10 + number), number, desk, tally));
    }
    tokio::time::sleep(SEEN).await;
    // The balancer may not have listened yet when the first of them asked.
    let before = tally.unanswered.load(Ordering::Relaxed);
    for replica in &mut replicas {
        replica.stop();
        replica.start();
        tokio::time::sleep(SEEN).await;
    }
    let noticed = tally.unanswered.load(Ordering::Relaxed) - before;
    let chance = dice(3);
    for round in 0..usize::try_from(rounds).expect("few") {
        replicas.rotate_left(1);
        let [killed, restarted, ..] = &mut replicas[..] else { unreachable!("there are {REPLICAS}") };
        tokio::time::sleep(chance.millis(800)).await;
        killed.kill();
        restarted.stop();
        restarted.start();
        killed.start();
        tokio::time::sleep(SEEN).await;
        assert!(talking.len() == usize::try_from(PARTNERS).expect("few"), "round {round}: a partner was refused");
    }
    let unanswered = tally.unanswered.load(Ordering::Relaxed) - before - noticed;
    line.send_modify(|told| told.is_over = true);
    let told: Vec<_> = talking.join_all().await.into_iter().flatten().collect();
    let guichet = replicas[0].running.as_ref().expect("it runs");
    staff::wait_for_work(guichet).await;
    let reckoning = reckoning::compare(guichet, &told, &outside).await;
    replicas.iter_mut().for_each(Replica::stop);
    eprintln!(
        "fault replicas replicas={REPLICAS} rolling_restarts={REPLICAS} noticed={noticed} kills={rounds} \
         restarts={rounds} unanswered={unanswered} {reckoning} seconds={}",
        began.elapsed().as_secs()
    );
    assert_eq!(noticed, 0, "a rolling restart refuses nobody");
    assert!(reckoning.is_right(), "{reckoning:?}");
}

/// One of several processes on one database.
struct Replica {
    dir: TempDir,
    port: u16,
    arguments: [String; 4],
    running: Option<Guichet>,
}

impl Replica {
    fn new(settings: &str, port: u16) -> Self {
        let dir = directory();
        let config = dir.path().join("guichet.toml");
        std::fs::write(&config, settings).expect("a file");
        let arguments = ["--kb", &two_cards(dir.path()), "--config", utf8(&config)].map(str::to_owned);
        Self { dir, port, arguments, running: None }
    }

    fn start(&mut self) {
        let arguments: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
        let mut guichet = Guichet::spawn_at(&format!("127.0.0.1:{}", self.port), self.dir.path(), &arguments, &[]);
        block_in_place(|| guichet.wait_until_ready());
        self.running = Some(guichet);
    }

    /// As an update does.
    fn stop(&mut self) {
        let guichet = self.running.take().expect("it runs");
        check(&block_in_place(|| guichet.stop()));
    }

    fn kill(&mut self) {
        let guichet = self.running.take().expect("it runs");
        check(&block_in_place(|| guichet.kill()));
    }
}

fn check(log: &str) {
    assert!(!log.contains("panicked") && !log.contains("panic at"), "{log}");
}

fn utf8(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}
