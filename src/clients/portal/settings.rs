//! Which portal is asked, and how long it is waited for.

use std::time::Duration;

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

fn is_encrypted_or_local(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else { return url.starts_with("https://") };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    matches!(host, "127.0.0.1" | "localhost" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::is_encrypted_or_local;

    #[test]
    fn secrets_travel_encrypted_or_not_at_all() {
        for (url, expected) in [
            ("https://portal.example/v1", true),
            ("http://127.0.0.1:8090/v1", true),
            ("http://[::1]:8090", true),
            ("http://localhost", true),
            ("http://portal.example/v1", false),
            ("http://127.0.0.1.portal.example", false),
            ("http://localhost@portal.example", false),
            ("ftp://portal.example", false),
        ] {
            assert_eq!(is_encrypted_or_local(url), expected, "{url}");
        }
    }
}
