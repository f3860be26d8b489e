//! The service that dies and is started again.

use std::path::{Path, PathBuf};

use tokio::sync::watch;
use tokio::task::block_in_place;

use crate::guichet::Guichet;
use crate::outside::Dice;

/// How many of a hundred starts are not waited for: the service dies while it starts.
const DIES_STARTING: u64 = 12;
/// How many of a hundred times the index is not there and is built again at the start.
const LOSES_INDEX: u64 = 5;
/// Longest life, of most and of some.
const LIFE_MS: u64 = 450;
const LONG_LIFE_MS: u64 = 1500;

/// Where the service is now, and whether the partners should come to an end.
#[derive(Clone, Default)]
pub(super) struct Whereabouts {
    pub(super) url: Option<String>,
    pub(super) is_over: bool,
}

pub(super) struct Service {
    dir: PathBuf,
    arguments: Vec<String>,
    told: watch::Sender<Whereabouts>,
}

impl Service {
    pub(super) fn new(dir: &Path, arguments: Vec<String>) -> Self {
        Self { dir: dir.to_owned(), arguments, told: watch::Sender::default() }
    }

    /// How partners find it.
    pub(super) fn line(&self) -> watch::Receiver<Whereabouts> {
        self.told.subscribe()
    }

    /// Starts and dies `kills` times.
    pub(super) async fn die_again_and_again(&self, kills: u64, dice: &Dice) {
        for killed in 0..kills {
            if killed > 0 && killed % 100 == 0 {
                eprintln!("{killed} kills of {kills}");
            }
            if dice.falls(LOSES_INDEX) {
                // There may be none yet.
                let _ = std::fs::remove_dir_all(self.dir.join("index"));
            }
            let mut guichet = self.spawn();
            if dice.falls(DIES_STARTING) {
                tokio::time::sleep(dice.millis(LIFE_MS)).await;
            } else {
                block_in_place(|| guichet.wait_until_ready());
                self.told.send_modify(|told| told.url = Some(guichet.url.clone()));
                let longest = if dice.falls(8) { LONG_LIFE_MS } else { LIFE_MS };
                tokio::time::sleep(dice.millis(longest)).await;
                self.told.send_modify(|told| told.url = None);
            }
            let log = block_in_place(|| guichet.kill());
            assert!(!log.contains("panicked"), "{log}");
        }
    }

    /// Starts for good. The partners end what they have begun.
    pub(super) fn live(&self) -> Guichet {
        let mut guichet = self.spawn();
        block_in_place(|| guichet.wait_until_ready());
        self.told.send_replace(Whereabouts { url: Some(guichet.url.clone()), is_over: true });
        guichet
    }

    fn spawn(&self) -> Guichet {
        let arguments: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
        Guichet::spawn(&self.dir, &arguments)
    }
}
