//! What an operator decides.

use std::collections::BTreeSet;
use std::time::Duration;

/// Settings of the connector.
#[derive(Clone)]
pub struct Settings {
    /// The bot's token. Secret.
    pub token: String,
    /// Where the API is, when it is not Discord itself: a proxy that minds the rate limits, or a test.
    pub api_url: Option<String>,
    /// Servers (guilds) where the bot answers. Without one, it answers in direct messages only.
    pub guilds: BTreeSet<u64>,
    /// Channels where each new message is a question.
    pub support_channels: BTreeSet<u64>,
    /// Forums where each new post is a question.
    pub forums: BTreeSet<u64>,
    /// Roles of support agents.
    pub staff_roles: BTreeSet<u64>,
    /// Holds the gateway open; without it, only the signed HTTP endpoint is used.
    pub gateway: bool,
    /// How long the gateway belongs to the process that holds it, without a sign of life.
    pub lease: Duration,
    /// The application's public key: HTTP interactions are signed with it.
    pub public_key: Option<[u8; 32]>,
}

impl Settings {
    /// Whether the bot answers on this server; direct messages have none.
    pub(super) fn serves(&self, guild: Option<u64>) -> bool {
        guild.is_none_or(|guild| self.guilds.contains(&guild))
    }
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings").field("gateway", &self.gateway).finish_non_exhaustive()
    }
}
