//! How to reach a Zendesk account and what its tickets look like.

use std::time::Duration;

use jiff::tz::TimeZone;
use reqwest::Url;

use crate::model::Secret;

/// What must be known of a Zendesk account.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// `https://<account>.zendesk.com`, without a path.
    pub(crate) base_url: String,
    /// Mail address of the agent that the API token belongs to.
    pub(crate) user: Secret,
    /// API token.
    pub(crate) token: Secret,
    /// Longest time until a connection is there.
    pub(crate) connect_timeout: Duration,
    /// Longest time for one request, with all of its answer.
    pub(crate) request_timeout: Duration,
    /// Longest time for all the requests of one call. A job's lease must be longer.
    pub(crate) deadline: Duration,
    /// Custom field that takes the product.
    pub(crate) product_field: Option<u64>,
    /// Custom field that takes our reference, for agents to see; `external_id` is what we search by.
    pub(crate) reference_field: Option<u64>,
    /// Brand of the tickets, when not the default one.
    pub(crate) brand: Option<u64>,
    /// Group that receives them.
    pub(crate) group: Option<u64>,
    /// Tags of every ticket, before its own.
    pub(crate) tags: Vec<String>,
    /// Where the clock of the transcript is.
    pub(crate) zone: TimeZone,
}

/// The settings cannot be right.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SettingsError {
    /// No URL, or one with a path, a query or credentials.
    #[error("the address of Zendesk must be like https://account.zendesk.com")]
    BaseUrl,
    /// The token would be readable on the way.
    #[error("the address of Zendesk must begin with https://")]
    NotEncrypted,
    /// They cannot be read.
    #[error("TLS cannot be used: the certificates of the system cannot be read")]
    Tls,
}

impl Settings {
    /// The base URL without a slash at its end. Plain HTTP is for this machine only: tests, and a proxy beside us.
    pub(super) fn checked_base_url(&self) -> Result<String, SettingsError> {
        let url = Url::parse(&self.base_url).map_err(|_| SettingsError::BaseUrl)?;
        let host = url.host_str().ok_or(SettingsError::BaseUrl)?;
        let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if !is_bare || !url.username().is_empty() || url.password().is_some() {
            return Err(SettingsError::BaseUrl);
        }
        match url.scheme() {
            "https" => {}
            "http" if matches!(host, "127.0.0.1" | "[::1]" | "localhost") => {}
            "http" => return Err(SettingsError::NotEncrypted),
            _ => return Err(SettingsError::BaseUrl),
        }
        Ok(url.as_str().trim_end_matches('/').to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clients::tickets::zendesk::tests::settings;

    #[test]
    fn the_token_never_leaves_in_the_clear() {
        let check = |base_url: &str, expected: Result<&str, SettingsError>| {
            let settings = Settings { base_url: base_url.to_owned(), ..settings("") };
            assert_eq!(settings.checked_base_url(), expected.map(str::to_owned), "{base_url}");
        };
        check("https://editeur.example/", Ok("https://editeur.example"));
        check("http://127.0.0.1:4010", Ok("http://127.0.0.1:4010"));
        check("http://editeur.example", Err(SettingsError::NotEncrypted));
        check("http://127.0.0.1.editeur.example", Err(SettingsError::NotEncrypted));
        check("https://editeur.example/api/v2", Err(SettingsError::BaseUrl));
        check("https://user:word@editeur.example", Err(SettingsError::BaseUrl));
        check("ftp://editeur.example", Err(SettingsError::BaseUrl));
        check("editeur", Err(SettingsError::BaseUrl));
    }

    #[test]
    fn settings_can_be_shown() {
        let shown = format!("{:?}", settings("https://editeur.example"));
        assert!(!shown.contains("jeton") && !shown.contains("robot"), "{shown}");
    }
}
