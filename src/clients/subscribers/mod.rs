//! Programs of others that want to hear what happens to tickets: each has an address and a secret, and gets signed
//! messages. `docs/webhooks.md` is what their authors read.

mod signature;

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Client, StatusCode, Url, redirect};

use self::signature::sign;
use super::tickets::zendesk::retry_after;
use super::tls;
use crate::model::{EventKind, Secret};

/// Longest time for one message. A job's lease must be longer.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(15);

/// Who is told, and of what.
#[derive(Debug, Clone)]
pub(crate) struct Subscriber {
    /// Tells it from others, also after a restart: made from its address.
    pub(crate) id: String,
    pub(crate) secret: Secret,
    pub(crate) events: Vec<EventKind>,
    /// Whether it is told who wrote what.
    pub(crate) with_personal_data: bool,
    url: Url,
}

/// The address cannot be right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AddressError {
    /// No URL, or one with credentials.
    #[error("the address must be like https://programme.example/guichet")]
    NoUrl,
    /// What is told would be readable on the way.
    #[error("the address must begin with https://")]
    NotEncrypted,
}

impl Subscriber {
    /// Somebody at `url`.
    ///
    /// # Errors
    /// When what is told there would be readable on the way. Plain HTTP is for this machine only.
    pub(crate) fn new(
        url: &str,
        secret: Secret,
        events: Vec<EventKind>,
        with_personal_data: bool,
    ) -> Result<Self, AddressError> {
        let url = Url::parse(url).map_err(|_| AddressError::NoUrl)?;
        let host = url.host_str().ok_or(AddressError::NoUrl)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressError::NoUrl);
        }
        match url.scheme() {
            "https" => {}
            "http" if matches!(host, "127.0.0.1" | "[::1]" | "localhost") => {}
            "http" => return Err(AddressError::NotEncrypted),
            _ => return Err(AddressError::NoUrl),
        }
        let id = blake3::hash(url.as_str().as_bytes()).to_hex()[..16].to_owned();
        Ok(Self { id, secret, events, with_personal_data, url })
    }
}

/// A message that goes to a subscriber.
#[derive(Debug)]
pub(crate) struct Message {
    /// Id of the event: the same when the message is sent again.
    pub(crate) event_id: String,
    /// JSON.
    pub(crate) body: String,
    /// When it is sent, in seconds since 1970.
    pub(crate) sent_at: i64,
}

/// Why a message was not taken, by what the caller can do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SubscriberError {
    /// Try again after the wait, or when the queue says so.
    #[error("the subscriber is unavailable: {reason}")]
    Unavailable {
        /// For the operator; holds nothing personal.
        reason: String,
        /// How long it asks to wait.
        retry_after: Option<Duration>,
    },
    /// It will never take this.
    #[error("the subscriber refuses: status {0}")]
    Refused(u16),
}

/// Brings messages to subscribers.
#[derive(Debug, Clone)]
pub(crate) struct Courier(Client);

impl Courier {
    /// # Errors
    /// When the certificates of the system cannot be read.
    pub(crate) fn new() -> Result<Self, reqwest::Error> {
        tls::install_provider();
        let client = Client::builder()
            .connect_timeout(Duration::from_secs(5))
            .timeout(TIMEOUT)
            // A redirect would carry what is told to somebody whom nobody named.
            .redirect(redirect::Policy::none())
            .user_agent(concat!("guichet/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self(client))
    }

    /// Brings `message` to `subscriber`. Its answer counts by its status only.
    pub(crate) async fn deliver(&self, subscriber: &Subscriber, message: Message) -> Result<(), SubscriberError> {
        let timestamp = message.sent_at.to_string();
        let signature = sign(&subscriber.secret, &timestamp, &message.body);
        let request = self
            .0
            .post(subscriber.url.clone())
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .header("x-guichet-event-id", message.event_id)
            .header("x-guichet-timestamp", timestamp)
            .header("x-guichet-signature", signature)
            .body(message.body);
        let answer = request.send().await.map_err(|error| no_answer(&error))?;
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        let passes =
            matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS)
                || status.is_server_error();
        if !passes {
            return Err(SubscriberError::Refused(status.as_u16()));
        }
        let reason = format!("status {}", status.as_u16());
        Err(SubscriberError::Unavailable { reason, retry_after: retry_after(answer.headers(), jiff::Timestamp::now()) })
    }
}

/// The error's own text is left out: it holds the URL, which may hold a secret.
fn no_answer(error: &reqwest::Error) -> SubscriberError {
    let reason = if error.is_timeout() {
        "it takes too long"
    } else if error.is_connect() {
        "it cannot be reached"
    } else {
        "the connection broke"
    };
    SubscriberError::Unavailable { reason: reason.to_owned(), retry_after: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_never_readable_on_the_way() {
        let check = |url: &str, expected: Result<(), AddressError>| {
            let made = Subscriber::new(url, Secret::new("x"), Vec::new(), false);
            assert_eq!(made.map(|_| ()), expected, "{url}");
        };
        check("https://programme.example/guichet?equipe=1", Ok(()));
        check("http://127.0.0.1:9000/", Ok(()));
        check("http://localhost/", Ok(()));
        check("http://programme.example/", Err(AddressError::NotEncrypted));
        check("http://127.0.0.1.programme.example/", Err(AddressError::NotEncrypted));
        check("https://user:word@programme.example/", Err(AddressError::NoUrl));
        check("ftp://programme.example/", Err(AddressError::NoUrl));
        check("programme", Err(AddressError::NoUrl));
    }
}
