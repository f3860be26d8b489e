//! Which portal is asked, and how long it is waited for.

use std::time::Duration;

use crate::clients::encrypted::is_encrypted_or_local;
use crate::model::Secret;

/// Which portal, and how long we wait for it.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// `https://portal.example/v1`.
    pub(crate) base_url: String,
    /// Where tokens are given.
    pub(crate) token_url: String,
    /// Our name there.
    pub(crate) client_id: String,
    /// Our secret there.
    pub(crate) client_secret: Secret,
    /// Longest time until a connection stands.
    pub(crate) connect_timeout: Duration,
    /// Longest time for one try.
    pub(crate) request_timeout: Duration,
    /// Longest time for a call with all its tries.
    pub(crate) deadline: Duration,
    /// How long an answer is shown without asking again.
    pub(crate) fresh: Duration,
    /// After so many failures in a row the portal is left alone …
    pub(crate) breaker_failures: u32,
    /// … for so long.
    pub(crate) breaker_pause: Duration,
}

/// The settings cannot work.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SettingsError {
    /// Tokens and personal data would travel in the clear.
    #[error("{0} must begin with https:// (or be on this machine)")]
    NotEncrypted(&'static str),
    /// The TLS of this machine does not work.
    #[error("the certificates of the system cannot be read")]
    Tls,
}

impl Settings {
    /// Refuses what would send secrets in the clear; takes the slash off the end of the base.
    pub(super) fn checked(mut self) -> Result<Self, SettingsError> {
        for (name, url) in [("portal.base_url", &self.base_url), ("portal.token_url", &self.token_url)] {
            if !is_encrypted_or_local(url) {
                return Err(SettingsError::NotEncrypted(name));
            }
        }
        while self.base_url.ends_with('/') {
            self.base_url.pop();
        }
        Ok(self)
    }
}
