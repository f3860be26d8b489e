//! The token of the service (OAuth 2 client credentials, RFC 6749 §4.4), asked for once and kept while it is valid.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use reqwest::Client;
use serde::Deserialize;

use super::PortalError;
use super::api::{no_answer, read_body};
use crate::model::Secret;

/// A token is renewed this long before it ends: the portal's clock is not ours.
const MARGIN: Duration = Duration::from_secs(30);

/// Without `expires_in`.
const SHORT: u64 = 60;

const SCOPE: &str = "portal.read portal.keys portal.requests";

/// Who we are at the token endpoint.
#[derive(Debug, Clone)]
pub(super) struct Credentials {
    pub(super) url: String,
    pub(super) client_id: String,
    pub(super) client_secret: Secret,
}

/// The token endpoint and the token that it gave.
#[derive(Debug)]
pub(super) struct Tokens {
    client: Client,
    credentials: Credentials,
    kept: Mutex<Option<Token>>,
    /// Held while a new token is asked for, so that many callers ask once. It guards nothing but that.
    asking: tokio::sync::Semaphore,
}

#[derive(Debug, Clone)]
struct Token {
    value: Secret,
    good_until: Instant,
}

#[derive(Deserialize)]
struct TokenIn {
    access_token: Secret,
    #[serde(default)]
    expires_in: Option<u64>,
}

impl Tokens {
    pub(super) fn new(client: Client, credentials: Credentials) -> Self {
        Self { client, credentials, kept: Mutex::new(None), asking: tokio::sync::Semaphore::new(1) }
    }

    /// A valid token.
    pub(super) async fn token(&self) -> Result<Secret, PortalError> {
        if let Some(token) = self.kept() {
            return Ok(token);
        }
        let _permit = self.asking.acquire().await;
        if let Some(token) = self.kept() {
            return Ok(token);
        }
        let token = self.ask().await?;
        let value = token.value.clone();
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(token);
        Ok(value)
    }

    /// The portal no longer takes `token`: a new one is asked for next time.
    pub(super) fn refused(&self, token: &Secret) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.as_ref().is_some_and(|kept| kept.value == *token) {
            *kept = None;
        }
    }

    fn kept(&self) -> Option<Secret> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|token| Instant::now() < token.good_until).map(|token| token.value.clone())
    }

    async fn ask(&self) -> Result<Token, PortalError> {
        let credentials = &self.credentials;
        let request = self
            .client
            .post(&credentials.url)
            .basic_auth(&credentials.client_id, Some(credentials.client_secret.reveal()))
            .header(reqwest::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(format!("grant_type=client_credentials&scope={}", SCOPE.replace(' ', "%20")));
        let mut response = request.send().await.map_err(|error| no_answer(&error))?;
        let status = response.status();
        let body = read_body(&mut response).await?;
        if status.is_server_error() || status == reqwest::StatusCode::TOO_MANY_REQUESTS {
            return Err(PortalError::Unavailable { reason: "no token is given" });
        }
        if !status.is_success() {
            return Err(PortalError::Refused { status: status.as_u16() });
        }
        let token: TokenIn = serde_json::from_slice(&body)
            .map_err(|_| PortalError::Unavailable { reason: "the token cannot be understood" })?;
        let life = Duration::from_secs(token.expires_in.unwrap_or(SHORT).min(24 * 3600));
        // A token that lives no longer than the margin is used once.
        let good_until = Instant::now() + life.saturating_sub(MARGIN);
        Ok(Token { value: token.access_token, good_until })
    }
}
