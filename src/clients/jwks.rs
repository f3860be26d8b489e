//! The public keys of the portal, as it publishes them (JWK set, RFC 7517).

use std::time::Duration;

use reqwest::{Client, redirect};

use super::body::{self, BodyError};
use super::encrypted::is_encrypted_or_local;
use super::tls;

/// How long a fetch may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// A set of keys is a few kilobytes.
const MAX_BODY_BYTES: usize = 256 * 1024;

/// Where the keys are.
#[derive(Debug, Clone)]
pub(crate) struct Jwks {
    client: Client,
    url: String,
}

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub(crate) enum JwksError {
    /// Whoever is on the way could put keys of his own in their place.
    #[error("the address must begin with https:// (or be on this machine)")]
    NotEncrypted,
    /// Not reached, or too slow.
    #[error("the keys of the portal cannot be fetched")]
    NoAnswer(#[source] reqwest::Error),
    /// Something else is there.
    #[error("the keys of the portal are not there (HTTP status {0})")]
    Status(u16),
    /// It is no set of keys.
    #[error("what stands in the place of the keys is too long")]
    TooLong,
}

impl Jwks {
    /// The keys at `url`.
    ///
    /// # Errors
    /// When keys would come in the clear, or the TLS of this machine does not work.
    pub(crate) fn new(url: &str) -> Result<Self, JwksError> {
        if !is_encrypted_or_local(url) {
            return Err(JwksError::NotEncrypted);
        }
        tls::install_provider();
        let client = Client::builder().timeout(PATIENCE).redirect(redirect::Policy::none()).build();
        Ok(Self { client: client.map_err(JwksError::NoAnswer)?, url: url.to_owned() })
    }

    /// The set as it is now.
    ///
    /// # Errors
    /// When it cannot be had.
    pub(crate) async fn fetch(&self) -> Result<Vec<u8>, JwksError> {
        let mut response = self.client.get(&self.url).send().await.map_err(JwksError::NoAnswer)?;
        if !response.status().is_success() {
            return Err(JwksError::Status(response.status().as_u16()));
        }
        body::read(&mut response, MAX_BODY_BYTES).await.map_err(|error| match error {
            BodyError::Broken(source) => JwksError::NoAnswer(source),
            BodyError::TooLong => JwksError::TooLong,
        })
    }
}
