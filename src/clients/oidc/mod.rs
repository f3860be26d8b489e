//! The provider of identities of the company (OpenID Connect Core 1.0): where people sign in, and what it says of them.
//! Authorization code with PKCE (RFC 7636): the browser carries a code, the token comes from the provider to us.
//!
//! Written here, on what checks the tokens of the portal: the usual crate brings cryptography and a calendar of its own for the
//! four requests that stand below.

mod metadata;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use reqwest::{Client, RequestBuilder, StatusCode, redirect};
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use super::body::{self, BodyError};
use super::encrypted::is_encrypted_or_local;
use super::tls;
use crate::identity::id_token::{self, Expected, IdToken};
use crate::identity::{IdentityError, KeyError, Keys};
use crate::model::Secret;
use metadata::{Metadata, WELL_KNOWN};

/// The provider is not asked for its keys more often than this, whatever is shown to us.
pub(crate) const PAUSE: Duration = Duration::from_secs(5);

/// How long one request may take: somebody waits for two or three of them.
const PATIENCE: Duration = Duration::from_secs(3);
/// After so long, what the provider says of itself is read again.
const REFRESH: Duration = Duration::from_secs(3600);
/// What it says is a few kilobytes; keys and groups may be many.
const MAX_BODY_BYTES: usize = 256 * 1024;

/// Which provider, and who we are there.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    /// None: PKCE alone shows that who asked gets the answer.
    pub(crate) client_secret: Option<Secret>,
    /// Where the browser is sent back to.
    pub(crate) redirect_uri: String,
    pub(crate) scopes: Vec<String>,
    /// Claims without which nobody is let in: the provider is asked for them when its token does not have them.
    pub(crate) wanted: Vec<String>,
    /// [`PAUSE`], but in tests.
    pub(crate) pause: Duration,
}

/// The provider.
pub(crate) struct Provider {
    client: Client,
    settings: Settings,
    /// Held while it is read, so that many who come at once ask once.
    known: Mutex<Known>,
}

/// What one sign-in is known by, on both ways.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question<'a> {
    /// Comes back with the browser.
    pub(crate) state: &'a str,
    /// Comes back in the token.
    pub(crate) nonce: &'a str,
    /// Shows, when the code is redeemed, that it was us who asked.
    pub(crate) verifier: &'a str,
}

/// Why somebody cannot be let in by the provider's word.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OidcError {
    /// At the start: whoever is on the way could be anybody.
    #[error("the address must begin with https:// (or be on this machine)")]
    NotEncrypted,
    /// At the start: the TLS of this machine does not work.
    #[error("no client can be made")]
    NoClient(#[source] reqwest::Error),
    /// Later it may work.
    #[error("the provider of identities cannot be reached")]
    NoAnswer(#[source] reqwest::Error),
    /// Later it may work.
    #[error("the provider of identities does not work: {0}")]
    Unavailable(&'static str),
    /// Who runs this service must see to it.
    #[error("the provider of identities cannot be used: {0}")]
    Unusable(&'static str),
    /// The code was redeemed before, or took too long: begin again.
    #[error("the provider of identities does not take the code")]
    CodeRefused,
    /// Its word does not hold: begin again.
    #[error("what the provider of identities says proves nothing")]
    Token(#[source] IdentityError),
}

#[derive(Default)]
struct Known {
    read: Option<Arc<Read>>,
    tried_at: Option<Instant>,
}

/// What the provider said of itself.
struct Read {
    metadata: Metadata,
    keys: Keys,
    at: Instant,
}

/// What the token endpoint gives.
#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    access_token: Option<Secret>,
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
}

impl Provider {
    /// The provider that `settings` name; it is asked when somebody signs in, so that we start without it.
    ///
    /// # Errors
    /// When secrets would travel in the clear, or the TLS of this machine does not work.
    pub(crate) fn new(settings: Settings) -> Result<Self, OidcError> {
        if ![&settings.issuer, &settings.redirect_uri].into_iter().all(|url| is_encrypted_or_local(url)) {
            return Err(OidcError::NotEncrypted);
        }
        tls::install_provider();
        // A redirect would carry our secret, or the question for keys, elsewhere.
        let client = Client::builder().timeout(PATIENCE).redirect(redirect::Policy::none());
        let client = client.user_agent(concat!("guichet/", env!("CARGO_PKG_VERSION"))).build();
        Ok(Self { client: client.map_err(OidcError::NoClient)?, settings, known: Mutex::default() })
    }

    /// The issuer: names of people hold there only.
    pub(crate) fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// Where the browser goes to sign in; `is_again`: whoever is signed in there must prove it anew.
    ///
    /// # Errors
    /// When the provider does not say where.
    pub(crate) async fn sign_in_url(&self, question: Question<'_>, is_again: bool) -> Result<String, OidcError> {
        let known = self.known(false).await?;
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(question.verifier));
        let scope = self.settings.scopes.join(" ");
        let mut pairs = vec![
            ("response_type", "code"),
            ("client_id", &self.settings.client_id),
            ("redirect_uri", &self.settings.redirect_uri),
            ("scope", &scope),
            ("state", question.state),
            ("nonce", question.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        if is_again {
            pairs.extend([("prompt", "login"), ("max_age", "0")]);
        }
        let address = &known.metadata.authorization_endpoint;
        let joint = if address.contains('?') { '&' } else { '?' };
        Ok(format!("{address}{joint}{}", encoded_form(&pairs)))
    }

    /// Where the browser goes to sign out there too, when the provider has said so.
    pub(crate) async fn sign_out_url(&self) -> Option<String> {
        let known = self.known(false).await.ok()?;
        let address = known.metadata.end_session_endpoint.as_ref()?;
        let joint = if address.contains('?') { '&' } else { '?' };
        Some(format!("{address}{joint}{}", encoded_form(&[("client_id", &self.settings.client_id)])))
    }

    /// Who has signed in, by the code that the browser brought; `issuer` is who it says gave the code.
    ///
    /// # Errors
    /// When the provider takes no such code, or says nothing that holds.
    pub(crate) async fn redeem(
        &self,
        code: &str,
        issuer: Option<&str>,
        question: Question<'_>,
        now: Timestamp,
    ) -> Result<IdToken, OidcError> {
        let known = self.known(false).await?;
        if !known.metadata.may_answer_as(issuer) {
            return Err(OidcError::Token(IdentityError::NotForUs));
        }
        let tokens = self.tokens(&known.metadata, code, question.verifier).await?;
        let Settings { issuer, client_id, .. } = &self.settings;
        let expected = Expected { issuer, client_id, nonce: question.nonce };
        let read = |known: &Read| id_token::read(&tokens.id_token, &known.keys, &expected, now);
        let mut token = match read(&known) {
            // Its keys have changed since they were read.
            Err(IdentityError::UnknownKey) => read(&*self.known(true).await?),
            said => said,
        }
        .map_err(OidcError::Token)?;
        let is_missing = self.settings.wanted.iter().any(|name| !token.claims.contains_key(name));
        let place = known.metadata.userinfo_endpoint.as_ref().zip(tokens.access_token.as_ref());
        if let Some((address, access)) = place.filter(|_| is_missing) {
            let more = self.userinfo(address, access, &token.subject).await?;
            // What the token says comes first: it is signed.
            let new = more.into_iter().filter(|(name, _)| !token.claims.contains_key(name)).collect::<Vec<_>>();
            token.claims.extend(new);
        }
        Ok(token)
    }

    /// What the provider says of itself: as it was read not long ago, or, when it `must_be_new`, as it is now. What was known
    /// stays when it cannot be read.
    async fn known(&self, must_be_new: bool) -> Result<Arc<Read>, OidcError> {
        let mut known = self.known.lock().await;
        let was_just_tried = known.tried_at.is_some_and(|at| at.elapsed() < self.settings.pause);
        match &known.read {
            Some(read) if was_just_tried || (!must_be_new && read.at.elapsed() < REFRESH) => {
                return Ok(Arc::clone(read));
            }
            None if was_just_tried => return Err(OidcError::Unavailable("it did not answer a moment ago")),
            Some(_) | None => {}
        }
        known.tried_at = Some(Instant::now());
        match (self.read().await, &known.read) {
            (Ok(read), _) => {
                let read = Arc::new(read);
                known.read = Some(Arc::clone(&read));
                Ok(read)
            }
            (Err(error), Some(before)) => {
                tracing::warn!("{:#}: what it said before still holds", anyhow::Error::from(error));
                Ok(Arc::clone(before))
            }
            (Err(error), None) => Err(error),
        }
    }

    async fn read(&self) -> Result<Read, OidcError> {
        let issuer = &self.settings.issuer;
        let address = format!("{}{WELL_KNOWN}", issuer.trim_end_matches('/'));
        let metadata = Metadata::read(&self.fetch(self.client.get(address)).await?, issuer)?;
        let keys = Keys::from_jwk_set(&self.fetch(self.client.get(&metadata.jwks_uri)).await?);
        let keys = keys.map_err(|error| {
            OidcError::Unusable(match error {
                KeyError::NoSet => "its list of keys is none",
                KeyError::Short(_) | KeyError::Unusable(_) | KeyError::Twice(_) => "none of its keys can be used",
            })
        })?;
        Ok(Read { metadata, keys, at: Instant::now() })
    }

    async fn tokens(&self, metadata: &Metadata, code: &str, verifier: &str) -> Result<Tokens, OidcError> {
        let Settings { client_id, client_secret, redirect_uri, .. } = &self.settings;
        let mut pairs = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect_uri),
            ("code_verifier", verifier),
        ];
        let mut request = self.client.post(&metadata.token_endpoint);
        match client_secret {
            // Both are encoded before they are put together (RFC 6749 §2.3.1).
            Some(secret) if !metadata.wants_secret_in_form() => {
                let name = format!("{}:{}", encoded(client_id), encoded(secret.reveal()));
                request = request.header("authorization", format!("Basic {}", STANDARD.encode(name)));
            }
            Some(secret) => pairs.extend([("client_id", client_id.as_str()), ("client_secret", secret.reveal())]),
            None => pairs.push(("client_id", client_id)),
        }
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(encoded_form(&pairs));
        let (status, body) = self.send(request).await?;
        if status == StatusCode::OK {
            return serde_json::from_slice(&body).map_err(|_| OidcError::Unusable("it gives no token"));
        }
        let error = serde_json::from_slice::<Refusal>(&body).map(|refusal| refusal.error).unwrap_or_default();
        Err(match error.as_str() {
            "invalid_grant" => OidcError::CodeRefused,
            "invalid_client" | "unauthorized_client" => {
                OidcError::Unusable("it does not know us: see console.oidc.client_id and client_secret")
            }
            _ if status.is_server_error() => OidcError::Unavailable("it gives no token at the moment"),
            _ => OidcError::Unusable("it refuses to give a token"),
        })
    }

    /// What the provider says more of whom the token is about.
    async fn userinfo(&self, address: &str, access: &Secret, subject: &str) -> Result<Map<String, Value>, OidcError> {
        let body = self.fetch(self.client.get(address).bearer_auth(access.reveal())).await?;
        let more: Map<String, Value> =
            serde_json::from_slice(&body).map_err(|_| OidcError::Unusable("what it says of people is not JSON"))?;
        // Of somebody else it would be worth nothing (§5.3.2).
        match more.get("sub").and_then(Value::as_str) == Some(subject) {
            true => Ok(more),
            false => Err(OidcError::Token(IdentityError::NotForUs)),
        }
    }

    async fn fetch(&self, request: RequestBuilder) -> Result<Vec<u8>, OidcError> {
        let (status, body) = self.send(request).await?;
        match status {
            StatusCode::OK => Ok(body),
            _ if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
                Err(OidcError::Unavailable("it answers with an error"))
            }
            _ => Err(OidcError::Unusable("what was asked for is not there: see console.oidc.issuer")),
        }
    }

    async fn send(&self, request: RequestBuilder) -> Result<(StatusCode, Vec<u8>), OidcError> {
        let mut response = request.send().await.map_err(OidcError::NoAnswer)?;
        let body = body::read(&mut response, MAX_BODY_BYTES).await.map_err(|error| match error {
            BodyError::Broken(source) => OidcError::NoAnswer(source),
            BodyError::TooLong => OidcError::Unusable("its answer is too long"),
        })?;
        Ok((response.status(), body))
    }
}

/// Pairs as a form or a query carries them.
fn encoded_form(pairs: &[(&str, &str)]) -> String {
    let pairs = pairs.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn encoded(text: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    let one = |byte: u8| if is_bare(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(one).collect()
}
