//! What breaks around a service: the disk, the file, the clock. `tests/faults/run` runs these, one line of figures each.

mod clock;
mod damage;
mod disk;

use std::path::Path;
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::guichet::{Guichet, Partner, answer};
use crate::staff;

/// How long something may take to be noticed.
const PATIENCE: Duration = Duration::from_secs(30);

/// Writes settings for a test into `dir`; the arguments that name them. Nobody is refused for asking much.
fn settings(dir: &Path, more: &str) -> [String; 2] {
    let file = dir.join("guichet.toml");
    let limits = "[limits]\nrequests_per_minute = 0\nconversations_per_minute = 0\nmessages_per_minute = 0\n";
    std::fs::write(&file, format!("{limits}{}{more}", staff::SETTINGS)).expect("a file");
    ["--config".to_owned(), file.to_str().expect("UTF-8").to_owned()]
}

/// Somebody who says one thing after the other, sends again what was not confirmed, and remembers what was.
struct Speaker {
    id: String,
    token: String,
    confirmed: Vec<(String, Value)>,
}

impl Speaker {
    async fn new(guichet: &Guichet) -> Self {
        let Partner { id, token, .. } = guichet.partner().await;
        Self { id, token, confirmed: Vec::new() }
    }

    /// Says the next thing, a long one: under the same key until it is confirmed.
    ///
    /// # Errors
    /// Status and answer, when it is refused.
    async fn say(&mut self, guichet: &Guichet) -> Result<(), (StatusCode, Value)> {
        let number = self.confirmed.len();
        let text = format!("xyzzy {number} {}", "plugh".repeat(600));
        let path = format!("/api/v1/conversations/{}/messages", self.id);
        let message = json!({ "text": text, "client_id": number.to_string() });
        let (status, reply) = answer(guichet.post(&path).bearer_auth(&self.token).json(&message)).await;
        if status != StatusCode::OK {
            return Err((status, reply));
        }
        self.confirmed.push((text, reply));
        Ok(())
    }

    /// How many confirmed messages are not in the conversation with their reply, and how many messages are too many.
    async fn compare(&self, guichet: &Guichet) -> (usize, usize) {
        let path = format!("/api/v1/conversations/{}/messages", self.id);
        let (status, history) = answer(guichet.get(&path).bearer_auth(&self.token)).await;
        assert_eq!(status, StatusCode::OK, "{history}");
        let kept = history["messages"].as_array().expect("a list");
        let is_kept = |(number, (text, reply)): (usize, &(String, Value))| {
            kept.get(2 * number).is_some_and(|message| message["text"].as_str() == Some(text.trim()))
                && kept.get(2 * number + 1).is_some_and(|message| message["reply"] == *reply)
        };
        let found = self.confirmed.iter().enumerate().filter(|line| is_kept(*line)).count();
        (self.confirmed.len() - found, kept.len().saturating_sub(2 * self.confirmed.len()))
    }
}

/// Asks `/readyz` until it says `code` ("ok": that it is ready); how long that took.
pub(crate) async fn wait_for_readiness(guichet: &Guichet, code: &str) -> Duration {
    let begun = Instant::now();
    loop {
        let (status, body) = answer(guichet.get("/readyz")).await;
        let said = if status == StatusCode::OK { &body["status"] } else { &body["code"] };
        if said == code {
            return begun.elapsed();
        }
        assert!(begun.elapsed() < PATIENCE, "/readyz never says {code}; it says {body}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
