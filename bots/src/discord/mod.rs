//! Discord as a channel: answers where it is asked, in private what is private, and brings what agents say.
//!
//! Every process that serves can talk to Discord and take signed HTTP interactions; one of them, by a lease, holds the
//! gateway. Nothing is kept in memory between two events: what a button means is in the notebook ([`Memory`]).

mod api;
mod asked;
mod buttons;
mod commands;
mod custom_id;
mod deliver;
mod endpoint;
mod fault;
mod forms;
mod gateway;
mod heed;
mod interactions;
mod markdown;
mod messages;
mod missed;
mod permissions;
mod render;
mod settings;
mod split;
mod spot;
mod text;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use ring::digest::{SHA256, digest as hash};
use ring::rand::{SecureRandom, SystemRandom};
use tokio::sync::Notify;

use crate::{Assistant, Memory};
use api::Api;
use fault::Fault;

pub use api::TIMEOUT;
pub use endpoint::EndpointError;
pub use settings::Settings;
pub use spot::PLATFORM;

/// The connector.
pub struct Discord {
    settings: Settings,
    assistant: Arc<dyn Assistant>,
    memory: Arc<dyn Memory>,
    api: Api,
    /// Messages that are being answered here: Discord may tell of one twice at once.
    busy: Mutex<HashSet<u64>>,
    /// Told whenever one of them is done.
    freed: Notify,
}

impl Discord {
    /// A connector that says nothing yet.
    #[must_use]
    pub fn new(settings: Settings, assistant: Arc<dyn Assistant>, memory: Arc<dyn Memory>) -> Self {
        Self { api: Api::new(&settings), settings, assistant, memory, busy: Mutex::default(), freed: Notify::new() }
    }

    /// Says in the log what went wrong, by who must act.
    fn report(&self, fault: &Fault) {
        match fault {
            Fault::Refused { status: 401, .. } => tracing::error!("Discord refuses the token: see discord.token"),
            Fault::MissingPermission { .. } | Fault::NotUnderstood | Fault::Refused { .. } => {
                tracing::error!("{fault}");
            }
            Fault::RateLimited { .. } | Fault::Unavailable(_) | Fault::Assistant(_) | Fault::Memory(_) => {
                tracing::warn!("{fault}");
            }
            Fault::MessagesClosed | Fault::Gone => tracing::info!("{fault}"),
        }
    }

    /// Marks a message as being answered here; none when it is already.
    fn begin(&self, message: u64) -> Option<Busy<'_>> {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        // Not made when it is not ours: dropping it would free the message.
        busy.insert(message).then(|| Busy { discord: self, message })
    }

    /// The same, after whatever is done with it now.
    async fn begin_after(&self, message: u64) -> Busy<'_> {
        loop {
            let freed = self.freed.notified();
            tokio::pin!(freed);
            // From here on nothing is missed.
            freed.as_mut().enable();
            if let Some(busy) = self.begin(message) {
                return busy;
            }
            freed.await;
        }
    }
}

/// A message that is being answered, until dropped.
struct Busy<'a> {
    discord: &'a Discord,
    message: u64,
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        let mut busy = self.discord.busy.lock().unwrap_or_else(PoisonError::into_inner);
        busy.remove(&self.message);
        drop(busy);
        self.discord.freed.notify_waiters();
    }
}

/// An id that nobody guesses.
fn random_id() -> String {
    let mut bytes = [0; 8];
    SystemRandom::new().fill(&mut bytes).expect("the system has randomness");
    hex(&bytes)
}

/// Tells two texts apart.
fn digest(text: &str) -> String {
    hex(&hash(&SHA256, text.as_bytes()).as_ref()[..8])
}

/// What Discord knows the message number `number` of a reply again by; at most 25 characters.
fn nonce(asked: &str, number: usize) -> String {
    let id = if asked.len() <= 22 { asked.to_owned() } else { digest(asked) };
    format!("{id}.{}", number % 100)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
