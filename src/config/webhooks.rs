//! Settings of the programs that are told what happens to tickets.

use anyhow::ensure;
use serde::{Deserialize, Serialize};

use crate::model::{EventKind, Secret};

/// Shortest secret: one that can be guessed proves nothing.
const MIN_SECRET: usize = 32;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Webhook {
    pub(crate) url: String,
    pub(crate) secret: Secret,
    pub(crate) events: Vec<EventKind>,
    #[serde(default)]
    pub(crate) with_personal_data: bool,
}

pub(super) fn check(webhooks: &[Webhook]) -> anyhow::Result<()> {
    for (number, webhook) in webhooks.iter().enumerate() {
        let name = format!("[[webhook]] number {}", number + 1);
        let length = webhook.secret.reveal().chars().count();
        ensure!(length >= MIN_SECRET, "{name}: its secret is shorter than {MIN_SECRET} characters");
        ensure!(!webhook.events.is_empty(), "{name}: it names no events");
        let is_double = webhooks[..number].iter().any(|earlier| earlier.url == webhook.url);
        ensure!(!is_double, "{name}: another one has its url");
    }
    Ok(())
}
