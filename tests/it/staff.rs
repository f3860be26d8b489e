//! Somebody of the staff.

use std::time::{Duration, Instant};

use reqwest::RequestBuilder;
use serde_json::Value;

use crate::guichet::{Guichet, answer};

pub(crate) const TOKEN: &str = "un-secret-de-trente-deux-lettres!";
/// Settings that let her in.
pub(crate) const SETTINGS: &str =
    "[[staff.token]]\nname = \"Inès\"\nrole = \"admin\"\nsecret = \"un-secret-de-trente-deux-lettres!\"\n";
/// How long work may stand still before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// A request to `path` of the staff API.
pub(crate) fn get(guichet: &Guichet, path: &str) -> RequestBuilder {
    guichet.get(&format!("/api/v1/staff{path}")).bearer_auth(TOKEN)
}

/// Waits until all work is done or given up, as long as some of it gets done.
pub(crate) async fn wait_for_work(guichet: &Guichet) {
    let (mut moved, mut last) = (Instant::now(), Value::Null);
    loop {
        let mut waiting = Vec::new();
        // Work that goes from one state to the other meanwhile is seen in the third look.
        for state in ["queued", "running", "queued"] {
            let (_, list) = answer(get(guichet, &format!("/jobs?state={state}&limit=500"))).await;
            waiting.extend(list["jobs"].as_array().expect("a list").iter().cloned());
        }
        let Some(first) = waiting.first() else { return };
        let (_, done) = answer(get(guichet, "/jobs?state=done&limit=1")).await;
        if done["jobs"] != last {
            (moved, last) = (Instant::now(), done["jobs"].clone());
        }
        assert!(moved.elapsed() < PATIENCE, "{} pieces of work are never done, as {first}", waiting.len());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
