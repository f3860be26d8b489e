//! One request to Zendesk and what its answer means for the caller.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{ACCEPT, DATE, HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, Url, redirect};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Settings, SettingsError};
use crate::clients::tickets::DeskError;
use crate::clients::tls;
use crate::model::Secret;

/// More than any answer that is asked for: a hundred tickets are about 300 kB.
const MAX_BODY_BYTES: usize = 8 << 20;

/// Nobody waits longer because a header says so.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3600);

/// Zendesk's API with our credentials.
#[derive(Debug)]
pub(super) struct Api {
    client: Client,
    base: String,
    user: String,
    token: Secret,
}

/// A whole answer, whatever its status.
#[derive(Debug)]
pub(super) struct Answer {
    status: StatusCode,
    retry_after: Option<Duration>,
    /// By Zendesk's clock.
    date: Option<Timestamp>,
    body: Vec<u8>,
}

impl Api {
    pub(super) fn new(settings: &Settings) -> Result<Self, SettingsError> {
        tls::install_provider();
        let client = Client::builder()
            .connect_timeout(settings.connect_timeout)
            .timeout(settings.request_timeout)
            // A redirect would carry the token elsewhere, or turn a POST into a GET.
            .redirect(redirect::Policy::none())
            .user_agent(concat!("guichet/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|_| SettingsError::Tls)?;
        let base = settings.checked_base_url()?;
        let user = format!("{}/token", settings.user.reveal());
        Ok(Self { client, base, user, token: settings.token.clone() })
    }

    /// A request to `path`, which begins with `/`.
    pub(super) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.base))
            .basic_auth(&self.user, Some(self.token.reveal()))
            .header(ACCEPT, "application/json")
    }

    /// Sends `request` and reads all of the answer. Fails only when there is none: then Zendesk may have done it.
    pub(super) async fn send(&self, request: RequestBuilder) -> Result<Answer, DeskError> {
        let response = request.send().await.map_err(|error| no_answer(&error))?;
        read(response, MAX_BODY_BYTES).await?.ok_or_else(|| unavailable("the answer is too long", None))
    }

    /// The content of a file at `url`, at most `most` bytes. An answer of the desk names the address, and its redirect
    /// another one: only the account itself gets our credentials, and nobody is asked who is neither the account nor
    /// Zendesk's store of files.
    pub(super) async fn fetch(&self, url: &str, most: usize) -> Result<Vec<u8>, DeskError> {
        let url = Url::parse(url).ok().filter(|url| self.is_account(url)).ok_or_else(not_ours)?;
        let request = self.client.get(url.clone()).basic_auth(&self.user, Some(self.token.reveal()));
        let mut response = request.send().await.map_err(|error| no_answer(&error))?;
        if response.status().is_redirection() {
            let place = response.headers().get(LOCATION).and_then(|place| place.to_str().ok());
            let place = place.and_then(|place| url.join(place).ok());
            let place = place.filter(|place| self.is_account(place) || is_store(place)).ok_or_else(not_ours)?;
            response = self.client.get(place).send().await.map_err(|error| no_answer(&error))?;
        }
        let answer = read(response, most).await?.ok_or_else(|| refused_file(413, "the file is too large"))?;
        if answer.status.is_success() { Ok(answer.body) } else { Err(answer.failure()) }
    }

    fn is_account(&self, url: &Url) -> bool {
        Url::parse(&self.base).is_ok_and(|base| base.origin() == url.origin())
    }

    /// Sends `request` and understands the answer.
    pub(super) async fn call<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, DeskError> {
        self.send(request).await?.read()
    }
}

impl Answer {
    /// When it was given, by Zendesk's clock.
    pub(super) fn date(&self) -> Option<Timestamp> {
        self.date
    }

    /// The code of the error, when the body is the JSON of one.
    pub(super) fn error_code(&self) -> Option<String> {
        let body: Value = serde_json::from_slice(&self.body).ok()?;
        let error = body.get("error")?;
        // `{"error": "RecordInvalid"}`, or `{"error": {"title": …, "message": …}}` as some of its services write it.
        let code = error.as_str().or_else(|| error.get("title")?.as_str())?;
        let is_code = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | ' ' | '\'');
        (code.len() <= 60 && code.chars().all(is_code)).then(|| code.to_owned())
    }

    /// The content, or what the failure means.
    pub(super) fn read<T: DeserializeOwned>(self) -> Result<T, DeskError> {
        if !self.status.is_success() {
            return Err(self.failure());
        }
        // It said yes and the rest cannot be read: it has most likely done it.
        serde_json::from_slice(&self.body).map_err(|_| unavailable("the answer cannot be understood", None))
    }

    fn failure(&self) -> DeskError {
        let status = self.status;
        match status {
            StatusCode::TOO_MANY_REQUESTS => DeskError::RateLimited { retry_after: self.retry_after },
            // Maintenance is for everybody.
            StatusCode::SERVICE_UNAVAILABLE if self.retry_after.is_some() => {
                DeskError::RateLimited { retry_after: self.retry_after }
            }
            StatusCode::UNAUTHORIZED => DeskError::NotAllowed { is_unknown: true, reason: self.reason() },
            StatusCode::FORBIDDEN => DeskError::NotAllowed { is_unknown: false, reason: self.reason() },
            // 409: somebody else changed the ticket meanwhile; 408, 423 and 425 pass by themselves.
            StatusCode::REQUEST_TIMEOUT | StatusCode::CONFLICT | StatusCode::LOCKED | StatusCode::TOO_EARLY => {
                unavailable(&format!("status {}", status.as_u16()), self.retry_after)
            }
            status if status.is_server_error() => unavailable(&format!("status {}", status.as_u16()), self.retry_after),
            status => DeskError::Refused { status: status.as_u16(), reason: self.reason() },
        }
    }

    /// Why it was refused, without anything that a person wrote: the code and the names of the fields, since their
    /// descriptions quote values.
    fn reason(&self) -> String {
        let code = self.error_code().unwrap_or_else(|| "no reason is given".to_owned());
        let body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        let is_name = |name: &&str| name.len() <= 40 && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let details = body.get("details").and_then(Value::as_object);
        let fields: Vec<&str> = details.into_iter().flatten().map(|(name, _)| name.as_str()).filter(is_name).collect();
        if fields.is_empty() { code } else { format!("{code} ({})", fields.join(", ")) }
    }
}

/// All of a response; `None` when it is longer than `most` bytes.
async fn read(mut response: Response, most: usize) -> Result<Option<Answer>, DeskError> {
    let status = response.status();
    let retry_after = retry_after(response.headers(), Timestamp::now());
    let date = date(response.headers());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| no_answer(&error))? {
        if body.len() + chunk.len() > most {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(Answer { status, retry_after, date, body }))
}

/// Where Zendesk keeps files, by its own domain for that.
fn is_store(url: &Url) -> bool {
    let is_there = url.domain().is_some_and(|domain| domain.ends_with(".zdusercontent.com"));
    url.scheme() == "https" && is_there && url.port().is_none() && url.username().is_empty()
}

fn not_ours() -> DeskError {
    refused_file(403, "the file is somewhere else than at the desk")
}

fn refused_file(status: u16, reason: &str) -> DeskError {
    DeskError::Refused { status, reason: reason.to_owned() }
}

pub(super) fn unavailable(reason: &str, retry_after: Option<Duration>) -> DeskError {
    DeskError::Unavailable { reason: reason.to_owned(), retry_after }
}

/// The error's own text is left out: it holds the URL, and a search has the person's address in it.
fn no_answer(error: &reqwest::Error) -> DeskError {
    let reason = if error.is_timeout() {
        "it takes too long"
    } else if error.is_connect() {
        "it cannot be reached"
    } else {
        "the connection broke"
    };
    unavailable(reason, None)
}

fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let value = headers.get(DATE)?.to_str().ok()?;
    jiff::fmt::rfc2822::parse(value).ok().map(|date| date.timestamp())
}

/// How long `Retry-After` asks to wait: seconds, or a date.
pub(in crate::clients) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match value.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let date = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
            Duration::try_from(date.duration_since(now)).unwrap_or_default()
        }
    };
    Some(wait.min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_is_read_as_seconds_or_as_a_date() {
        let now: Timestamp = "2026-11-24T08:00:00Z".parse().expect("a date");
        let check = |value: &str, expected: Option<u64>| {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, value.parse().expect("a header"))]);
            assert_eq!(retry_after(&headers, now), expected.map(Duration::from_secs), "{value}");
        };
        check("30", Some(30));
        check("Tue, 24 Nov 2026 08:01:30 GMT", Some(90));
        check("Tue, 24 Nov 2026 07:00:00 GMT", Some(0));
        check("999999999999", Some(24 * 3600));
        check("soon", None);
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }

    #[test]
    fn files_are_kept_at_one_domain_only() {
        let check =
            |url: &str, expected: bool| assert_eq!(is_store(&Url::parse(url).expect("a URL")), expected, "{url}");
        check("https://p16.zdusercontent.com/attachment/1?token=x", true);
        check("http://p16.zdusercontent.com/attachment/1", false);
        check("https://p16.zdusercontent.com:8443/", false);
        check("https://zdusercontent.com.autre.example/", false);
        check("https://autrezdusercontent.com/", false);
        check("https://p16.zdusercontent.com@169.254.169.254/", false);
        check("https://169.254.169.254/latest", false);
        check("https://[::1]/", false);
    }

    #[test]
    fn a_refusal_names_fields_and_never_values() {
        let answer = |body: &str| Answer {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            retry_after: None,
            date: None,
            body: body.as_bytes().to_vec(),
        };
        let check = |body: &str, expected: &str| assert_eq!(answer(body).reason(), expected, "{body}");
        check(
            r#"{"error":"RecordInvalid","details":{"requester":[{"description":"lea@revendeur.example is bad"}]}}"#,
            "RecordInvalid (requester)",
        );
        check(r#"{"error":{"title":"Forbidden","message":"lea@revendeur.example"}}"#, "Forbidden");
        check(r#"{"error":"lea@revendeur.example"}"#, "no reason is given");
        check("<html>", "no reason is given");
    }
}
