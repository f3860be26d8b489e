//! One call to the portal: token, time limits, tries, circuit breaker, and what an answer means for the caller.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use reqwest::header::{ACCEPT, ETAG, IF_NONE_MATCH, RETRY_AFTER};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, redirect};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::PortalError;
use super::breaker::{Breaker, Limits};
use super::cache::Kept;
use super::settings::{Settings, SettingsError};
use super::token::{Credentials, Tokens};
use crate::clients::body::{self, BodyError};
use crate::clients::tls;
use crate::model::{Read, UserId};

/// Names the user for whom we act.
pub(super) const ACTING_USER: &str = "Acting-User";
pub(super) const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// A page of a hundred contracts is about 150 kB.
const MAX_BODY_BYTES: usize = 4 << 20;

/// How often a reading is tried, in all.
const ATTEMPTS: u32 = 3;

/// Before the second try; doubled before the third.
const FIRST_WAIT: Duration = Duration::from_millis(100);

/// The portal with our token.
pub(super) struct Api {
    client: Client,
    tokens: Tokens,
    breaker: Mutex<Breaker>,
    settings: Settings,
}

impl Api {
    /// The API that `settings` name.
    pub(super) fn new(settings: Settings) -> Result<Self, SettingsError> {
        tls::install_provider();
        let settings = settings.checked()?;
        let client = Client::builder()
            .connect_timeout(settings.connect_timeout)
            .timeout(settings.request_timeout)
            // A redirect would carry the token elsewhere.
            .redirect(redirect::Policy::none())
            .user_agent(concat!("guichet/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|_| SettingsError::Tls)?;
        let credentials = Credentials {
            url: settings.token_url.clone(),
            client_id: settings.client_id.clone(),
            client_secret: settings.client_secret.clone(),
        };
        let limits = Limits { failures: settings.breaker_failures, pause: settings.breaker_pause };
        let tokens = Tokens::new(client.clone(), credentials);
        Ok(Self { client, tokens, breaker: Mutex::new(Breaker::new(limits)), settings })
    }

    /// The address of `path` with `query`.
    pub(super) fn target(&self, path: &str, query: &(impl Serialize + Sync)) -> Result<String, PortalError> {
        let request = self.client.get(format!("{}{path}", self.settings.base_url)).query(query).build();
        let request = request.map_err(|_| PortalError::Unavailable { reason: "the address cannot be written" })?;
        Ok(request.url().to_string())
    }

    /// Reads `address`, with more than one try when that may help, all within the deadline.
    pub(super) async fn get(&self, user: &UserId, address: &str, old: Option<Kept>) -> Result<Kept, PortalError> {
        let work = async {
            let mut wait = FIRST_WAIT;
            for attempt in 1.. {
                let outcome = self.get_once(user, address, old.as_ref()).await;
                let pause = match &outcome {
                    Err(PortalError::Unavailable { .. }) => wait,
                    Err(PortalError::RateLimited { retry_after: Some(asked) }) if *asked < self.settings.deadline => {
                        *asked
                    }
                    _ => return outcome,
                };
                if attempt == ATTEMPTS || self.is_left_alone() {
                    return outcome;
                }
                tokio::time::sleep(pause).await;
                wait *= 2;
            }
            Err(PortalError::Unavailable { reason: "it does not answer" })
        };
        self.within_deadline(work).await
    }

    async fn get_once(&self, user: &UserId, address: &str, old: Option<&Kept>) -> Result<Kept, PortalError> {
        let etag = old.and_then(|old| old.etag.as_deref());
        let mut response = self
            .send(|client| {
                let request = client.request(Method::GET, address).header(ACTING_USER, user.as_str());
                match etag {
                    Some(etag) => request.header(IF_NONE_MATCH, etag),
                    None => request,
                }
            })
            .await?;
        // The time before the body came: what is shown is at least as old as it says.
        let (read_at, kept_since) = (Timestamp::now(), Instant::now());
        if let (StatusCode::NOT_MODIFIED, Some(old)) = (response.status(), old) {
            return Ok(Kept { read_at, kept_since, ..old.clone() });
        }
        let etag = response.headers().get(ETAG).and_then(|etag| Some(etag.to_str().ok()?.to_owned()));
        let body = read_body(&mut response).await.inspect_err(|_| self.report(false))?;
        Ok(Kept { body: body.into(), etag, read_at, kept_since })
    }

    /// Sends what `build` makes, with our token; once more with a new one when the portal no longer takes the old one.
    pub(super) async fn send(&self, build: impl Fn(&Client) -> RequestBuilder) -> Result<Response, PortalError> {
        for is_last in [false, true] {
            if !self.lock_breaker().may_pass(Instant::now()) {
                return Err(PortalError::Unavailable { reason: "it has failed and is left alone for a while" });
            }
            let token = self.tokens.token().await.inspect_err(|error| self.report_error(error))?;
            let request = build(&self.client).bearer_auth(token.reveal()).header(ACCEPT, "application/json");
            let response = request.send().await.map_err(|error| no_answer(&error));
            let outcome = response.and_then(|response| checked(response, Timestamp::now()));
            match &outcome {
                Ok(_) => self.report(true),
                Err(error) => self.report_error(error),
            }
            if matches!(outcome, Err(PortalError::Refused { status: 401 })) {
                self.tokens.refused(&token);
                if !is_last {
                    continue;
                }
            }
            return outcome;
        }
        Err(PortalError::Refused { status: 401 })
    }

    pub(super) async fn within_deadline<T>(
        &self,
        work: impl Future<Output = Result<T, PortalError>>,
    ) -> Result<T, PortalError> {
        let outcome = tokio::time::timeout(self.settings.deadline, work).await;
        outcome.unwrap_or_else(|_| {
            self.report(false);
            Err(PortalError::Unavailable { reason: "it takes too long" })
        })
    }

    /// What an error says about the health of the portal: a refusal is an answer.
    fn report_error(&self, error: &PortalError) {
        self.report(!matches!(error, PortalError::Unavailable { .. }));
    }

    fn report(&self, has_answered: bool) {
        let mut breaker = self.lock_breaker();
        if has_answered {
            breaker.succeeded();
        } else if breaker.failed(Instant::now()) {
            tracing::warn!("the portal fails and is left alone for {:?}", self.settings.breaker_pause);
        }
    }

    fn is_left_alone(&self) -> bool {
        self.lock_breaker().is_open(Instant::now())
    }

    fn lock_breaker(&self) -> std::sync::MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The answer when it is a good one, or what it means that it is none.
fn checked(response: Response, now: Timestamp) -> Result<Response, PortalError> {
    let status = response.status();
    let retry_after = response.headers().get(RETRY_AFTER).and_then(|wait| retry_after_of(wait.to_str().ok()?, now));
    match status {
        _ if status.is_success() || status == StatusCode::NOT_MODIFIED => Ok(response),
        StatusCode::NOT_FOUND => Err(PortalError::NotFound),
        StatusCode::FORBIDDEN => Err(PortalError::NotAllowed),
        StatusCode::TOO_MANY_REQUESTS => Err(PortalError::RateLimited { retry_after }),
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY => {
            Err(PortalError::Unavailable { reason: "it asks to try again" })
        }
        _ if status.is_server_error() => {
            Err(PortalError::Unavailable { reason: "it answers with an error of its own" })
        }
        _ => Err(PortalError::Refused { status: status.as_u16() }),
    }
}

/// What `Retry-After` says: seconds, or a date.
fn retry_after_of(value: &str, now: Timestamp) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::parse(value.trim()).ok()?.timestamp();
    Some(Duration::try_from(date.duration_since(now)).unwrap_or_default())
}

/// What `body` says.
pub(super) fn understood<T: DeserializeOwned>(body: &[u8], read_at: Timestamp) -> Result<Read<T>, PortalError> {
    // The parser's own words quote values.
    let value = serde_json::from_slice(body)
        .map_err(|_| PortalError::Unavailable { reason: "its answer cannot be understood" })?;
    Ok(Read { value, read_at })
}

/// The whole body of a reasonable size.
pub(super) async fn read_body(response: &mut Response) -> Result<Vec<u8>, PortalError> {
    body::read(response, MAX_BODY_BYTES).await.map_err(|error| match error {
        BodyError::Broken(source) => no_answer(&source),
        BodyError::TooLong => PortalError::Unavailable { reason: "its answer is too long" },
    })
}

/// The error's own text is left out: it holds the URL, and a search has a name in it.
pub(super) fn no_answer(error: &reqwest::Error) -> PortalError {
    let reason = if error.is_timeout() {
        "it takes too long"
    } else if error.is_connect() {
        "it cannot be reached"
    } else {
        "the connection broke"
    };
    PortalError::Unavailable { reason }
}
