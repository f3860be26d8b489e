//! What staff do. Every call carries the token of a person.

pub(super) mod attachments;
pub(super) mod documents;
pub(super) mod drafts;
pub(super) mod incidents;
pub(super) mod jobs;
pub(super) mod lookups;
pub(super) mod publications;
pub(super) mod revisions;
pub(super) mod simulations;
pub(super) mod tickets;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::extract::Token;
use super::problem::{Code, Problem};
use crate::app::App;

/// How long a list is when nobody says.
const DEFAULT_LIMIT: i64 = 50;
const LONGEST_LIST: i64 = 500;

/// Somebody of the staff.
pub(super) struct Staff {
    /// As the history and the partner see it.
    name: String,
}

impl FromRequestParts<App> for Staff {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Token(token) = Token::from_request_parts(parts, app).await?;
        let given = blake3::hash(token.as_bytes());
        // Hashes are compared, in constant time: how much of a secret was right cannot be told from the time.
        let mut known = app.config.staff.token.iter();
        match known.find(|staff| blake3::hash(staff.secret.reveal().as_bytes()) == given) {
            Some(staff) => Ok(Self { name: staff.name.clone() }),
            None => Err(Problem::new(Code::Forbidden)),
        }
    }
}

fn limit(wanted: Option<i64>) -> i64 {
    wanted.unwrap_or(DEFAULT_LIMIT).clamp(1, LONGEST_LIST)
}

fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
