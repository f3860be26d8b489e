//! Nothing is lost and nothing is doubled, whatever dies and whenever: the real binary is killed (SIGKILL) again and
//! again while partners talk to it and send again what was not answered, and while the desk and the mail server outside
//! fail in every way. Then all work is let to end, and what was confirmed to the partners is compared with what is
//! outside. `scripts/crash-test` runs it and prints one line of figures.

mod balanced;
mod balancer;
mod partners;
mod reckoning;
mod server;
mod service;

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use crate::guichet::{directory, two_cards};
use crate::outside::{Dice, Outside};
use crate::{postgres, staff};
use partners::Tally;
use service::Service;

/// How many partners talk at once.
const PARTNERS: u64 = 5;
/// Where requests go that the desk does not take for long.
const SUPPORT_BOX: &str = "support@editeur.example";
/// How many of a hundred requests to the desk, and exchanges with the mail server, go wrong.
const DESK_FAILING: u64 = 22;
const MAIL_FAILING: u64 = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "takes minutes: scripts/crash-test"]
async fn nothing_is_lost_or_doubled_on_sqlite() {
    let dir = directory();
    let url = format!("sqlite://{}/guichet.db", dir.path().display());
    run("sqlite", dir.path(), &url).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "takes minutes and a PostgreSQL: scripts/crash-test"]
async fn nothing_is_lost_or_doubled_on_postgres() {
    let url = postgres::new_database().await.expect("scripts/crash-test starts a PostgreSQL");
    let dir = directory();
    run("postgres", dir.path(), &url).await;
}

async fn run(database: &str, dir: &Path, store: &str) {
    let began = Instant::now();
    let (kills, seed) = (number("GUICHET_CRASH_KILLS", 30), number("GUICHET_CRASH_SEED", 4));
    let dice = |part: u64| Dice::new(seed.wrapping_mul(1000).wrapping_add(part));
    let outside = Outside::start(seed.wrapping_mul(1000), DESK_FAILING, MAIL_FAILING).await;
    let config = dir.join("guichet.toml");
    std::fs::write(&config, settings(store, &outside)).expect("a file");
    let arguments = ["--kb", &two_cards(dir), "--config", config.to_str().expect("UTF-8")].map(str::to_owned);
    let service = Service::new(dir, arguments.to_vec());

    let mut partners = tokio::task::JoinSet::new();
    let tally = Arc::new(Tally::default());
    for number in 0..PARTNERS {
        let (desk, tally) = (outside.desk.clone(), Arc::clone(&tally));
        partners.spawn(partners::talk(service.line(), dice(10 + number), number, desk, tally));
    }
    service.die_again_and_again(kills, &dice(3)).await;
    let guichet = service.live();
    let told: Vec<_> = partners.join_all().await.into_iter().flatten().collect();
    staff::wait_for_work(&guichet).await;
    let reckoning = reckoning::compare(&guichet, &told, &outside).await;
    let log = tokio::task::block_in_place(|| guichet.stop());
    assert!(!log.contains("panicked"), "{log}");
    eprintln!("crash-test {database} seed={seed} kills={kills} {reckoning} seconds={}", began.elapsed().as_secs());
    assert!(reckoning.is_right(), "{reckoning:?}");
}

/// Short times, so that whatever is given back after a kill is taken up soon.
fn settings(store: &str, outside: &Outside) -> String {
    format!(
        "[store]\nurl = \"{store}\"\n[knowledge]\nwatch_ms = 0\n[support]\nbox = \"{SUPPORT_BOX}\"\n{}{}\
         [limits]\nrequests_per_minute = 0\nconversations_per_minute = 0\nmessages_per_minute = 0\n\
         [jobs]\nworkers = 10\npoll_ms = 100\nlease_ms = 1500\nfirst_wait_ms = 50\n\
         longest_wait_ms = 1000\n",
        outside.settings(),
        staff::SETTINGS
    )
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{variable} is no number")))
}
