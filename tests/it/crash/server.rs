//! The database server restarts, in order and by force, and is gone for a while, under load.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::partners::{self, Tally};
use super::service::Whereabouts;
use super::{DESK_FAILING, MAIL_FAILING, PARTNERS, number, reckoning, settings};
use crate::faults::wait_for_readiness;
use crate::guichet::{Guichet, directory, two_cards};
use crate::outside::{Dice, Outside};
use crate::{postgres, staff};

/// How the server is stopped, and for how many seconds.
const ABSENCES: [(&str, &str); 4] = [("fast", "0"), ("immediate", "0"), ("fast", "8"), ("immediate", "3")];

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "restarts PostgreSQL: tests/faults/run postgres-restart"]
async fn a_database_server_that_restarts_costs_time_and_nothing_else() {
    let began = Instant::now();
    let store = postgres::new_database().await.expect("tests/faults/run starts a PostgreSQL");
    let restart = std::env::var("GUICHET_TEST_POSTGRES_RESTART").expect("scripts/with-postgres names it");
    let seed = number("GUICHET_CRASH_SEED", 4);
    let dice = |part: u64| Dice::new(seed.wrapping_mul(1000).wrapping_add(part));
    let outside = Outside::start(seed.wrapping_mul(1000), DESK_FAILING, MAIL_FAILING).await;
    let dir = directory();
    let config = dir.path().join("guichet.toml");
    std::fs::write(&config, settings(&store, &outside)).expect("a file");
    let arguments = ["--kb", &two_cards(dir.path()), "--config", config.to_str().expect("UTF-8")];
    let guichet = Guichet::start_with(dir.path(), &arguments);
    let line = watch::Sender::new(Whereabouts { url: Some(guichet.url.clone()), is_over: false });
    let tally = Arc::new(Tally::default());
    let mut talking = tokio::task::JoinSet::new();
    for number in 0..PARTNERS {
        let (desk, tally) = (outside.desk.clone(), Arc::clone(&tally));
        talking.spawn(partners::talk(line.subscribe(), dice(10 + number), number, desk, tally));
    }
    let mut longest = Duration::ZERO;
    for (mode, seconds) in ABSENCES {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let mut away = Command::new(&restart).args([mode, seconds]).spawn().expect("it can be started");
        if seconds != "0" {
            wait_for_readiness(&guichet, "database-unreachable").await;
        }
        let status = tokio::task::block_in_place(|| away.wait()).expect("it ends");
        assert!(status.success(), "the server does not start again: {status}");
        longest = longest.max(wait_for_readiness(&guichet, "ok").await);
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    line.send_modify(|told| told.is_over = true);
    let told: Vec<_> = talking.join_all().await.into_iter().flatten().collect();
    staff::wait_for_work(&guichet).await;
    let reckoning = reckoning::compare(&guichet, &told, &outside).await;
    let log = tokio::task::block_in_place(|| guichet.stop());
    assert!(!log.contains("panic"), "{log}");
    eprintln!(
        "fault postgres-restart restarts={} unanswered={} longest_until_ready_ms={} {reckoning} seconds={}",
        ABSENCES.len(),
        tally.unanswered.load(Ordering::Relaxed),
        longest.as_millis(),
        began.elapsed().as_secs()
    );
    assert!(reckoning.is_right(), "{reckoning:?}");
}
