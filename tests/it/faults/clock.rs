//! A clock that is set, while the service runs: a day on, and back again.

use std::path::{Path, PathBuf};

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{Speaker, settings, wait_for_readiness};
use crate::guichet::{Guichet, answer, directory, two_cards};
use crate::outside::{self, Outside};
use crate::staff;

/// The clock of a process, as libfaketime shows it: what the file says is added to the time.
struct Clock(PathBuf);

impl Clock {
    fn new(dir: &Path) -> Self {
        let clock = Self(dir.join("clock"));
        clock.set("+0");
        clock
    }

    fn set(&self, difference: &str) {
        std::fs::write(&self.0, difference).expect("a file");
    }

    fn environment(&self) -> [(&'static str, String); 5] {
        let found = glob("/usr/lib", "faketime/libfaketimeMT.so.1");
        let library = found.expect("libfaketime is there: apt-get install libfaketime");
        [
            ("LD_PRELOAD", library),
            ("FAKETIME_TIMESTAMP_FILE", self.0.to_str().expect("UTF-8").to_owned()),
            ("FAKETIME_NO_CACHE", "1".to_owned()),
            // Only the time of day is set, never the time that passes.
            ("DONT_FAKE_MONOTONIC", "1".to_owned()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
        ]
    }
}

/// The first `root/<anything>/path`.
fn glob(root: &str, path: &str) -> Option<String> {
    let folders = std::fs::read_dir(root).ok()?.flatten();
    let mut found = folders.map(|folder| folder.path().join(path)).filter(|path| path.exists());
    found.next().and_then(|path| path.to_str().map(str::to_owned))
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs libfaketime: tests/faults/run clock"]
async fn a_clock_that_jumps_loses_and_doubles_nothing() {
    let dir = directory();
    let kb = two_cards(dir.path());
    let outside = Outside::start(1, 0, 0).await;
    let jobs = "[jobs]\npoll_ms = 100\nlease_ms = 2000\nfirst_wait_ms = 50\nlongest_wait_ms = 500\n";
    let [flag, file] = settings(dir.path(), &format!("{}{jobs}", outside.settings()));
    let clock = Clock::new(dir.path());
    let arguments = [flag.as_str(), &file, "--kb", &kb];
    let mut guichet = Guichet::start_in(&clock.environment(), dir.path(), &arguments);
    let mut speaker = Speaker::new(&guichet).await;
    let mut asked = Vec::new();
    for (number, difference) in ["+0", "+26h", "+26h", "-2h", "+0"].into_iter().enumerate() {
        clock.set(difference);
        if number == 2 {
            // Handed over and not heard of: it waits, at a moment that is soon a day away.
            outside.desk.swallow_next("POST /api/v2/tickets");
        }
        speaker.say(&guichet).await.expect("it is kept");
        asked.push(ticket(&guichet, &speaker, number).await);
        if number == 2 {
            guichet.wait_for_log("work failed and will be tried again");
        }
    }
    guichet.wait_for_log("the clock was set back");
    staff::wait_for_work(&guichet).await;
    wait_for_readiness(&guichet, "ok").await;

    let held = outside.desk.tickets();
    let count = |reference: &String| held.iter().filter(|ticket| ticket.reference == *reference).count();
    let lost = asked.iter().filter(|reference| count(reference) == 0).count();
    let doubles = asked.iter().filter(|reference| count(reference) > 1).count();
    let (lost_turns, doubled_turns) = speaker.compare(&guichet).await;
    let log = guichet.stop();
    assert!(!log.contains("panic"), "{log}");
    eprintln!(
        "fault clock jumps=4 turns={} tickets={} lost={} doubles={}",
        speaker.confirmed.len(),
        asked.len(),
        lost + lost_turns,
        doubles + doubled_turns
    );
    assert_eq!((lost, doubles, lost_turns, doubled_turns), (0, 0, 0, 0));
}

/// Asks for a ticket in a conversation of its own; its reference.
async fn ticket(guichet: &Guichet, speaker: &Speaker, number: usize) -> String {
    let partner = guichet.partner().await;
    let asked = json!({
        "request_key": format!("k{number}"), "name": "Léa Martin", "email": "lea@revendeur.example",
        "subject": format!("Clé {number}"), "description": format!("Où est la clé {} ?", speaker.id),
    });
    let path = format!("/api/v1/conversations/{}/tickets", partner.id);
    let (status, ticket): (_, Value) = answer(guichet.post(&path).bearer_auth(&partner.token).json(&asked)).await;
    assert_eq!(status, StatusCode::CREATED, "{ticket}");
    outside::reference(&ticket.to_string())
}
