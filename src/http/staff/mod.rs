//! What staff do. Every call carries the token of a person.

pub(super) mod attachments;
pub(super) mod conversations;
pub(super) mod documents;
pub(super) mod drafts;
pub(super) mod images;
pub(super) mod incidents;
pub(super) mod jobs;
pub(super) mod lookups;
pub(super) mod publications;
pub(super) mod revisions;
pub(super) mod simulations;
pub(super) mod tickets;

use axum::extract::{FromRequestParts, MatchedPath};
use axum::http::request::Parts;

use super::extract::Token;
use super::problem::{Code, Problem};
use crate::app::App;
use crate::model::Permission;

/// How long a list is when nobody says.
const DEFAULT_LIMIT: i64 = 50;
const LONGEST_LIST: i64 = 500;

/// What each address asks for. One that does not stand here is open to nobody.
const ACCESS: [(&str, &str, Permission); 35] = [
    ("GET", "/api/v1/staff/attachments/{id}", Permission::ReadRequests),
    ("GET", "/api/v1/staff/conversations", Permission::ReadRequests),
    ("GET", "/api/v1/staff/conversations/{id}", Permission::ReadRequests),
    ("GET", "/api/v1/staff/conversations/{id}/events", Permission::ReadRequests),
    ("PUT", "/api/v1/staff/conversations/{id}/agent", Permission::Answer),
    ("DELETE", "/api/v1/staff/conversations/{id}/agent", Permission::Answer),
    ("POST", "/api/v1/staff/conversations/{id}/messages", Permission::Answer),
    ("PUT", "/api/v1/staff/conversations/{id}/writing", Permission::Answer),
    ("POST", "/api/v1/staff/conversations/{id}/notes", Permission::Answer),
    ("GET", "/api/v1/staff/documents", Permission::ReadKnowledge),
    ("GET", "/api/v1/staff/documents/{document}", Permission::ReadKnowledge),
    ("PUT", "/api/v1/staff/documents/{document}", Permission::Write),
    ("POST", "/api/v1/staff/documents/{document}/submit", Permission::Write),
    ("POST", "/api/v1/staff/documents/{document}/rollback", Permission::Write),
    ("GET", "/api/v1/staff/documents/{document}/revisions", Permission::ReadKnowledge),
    ("GET", "/api/v1/staff/documents/{document}/revisions/{number}", Permission::ReadKnowledge),
    ("GET", "/api/v1/staff/documents/{document}/diff", Permission::ReadKnowledge),
    ("GET", "/api/v1/staff/images", Permission::ReadKnowledge),
    ("POST", "/api/v1/staff/images", Permission::Write),
    ("GET", "/api/v1/staff/publications", Permission::ReadKnowledge),
    ("POST", "/api/v1/staff/publications", Permission::Publish),
    ("GET", "/api/v1/staff/publications/{id}", Permission::ReadKnowledge),
    ("POST", "/api/v1/staff/publications/{id}/cancel", Permission::Publish),
    ("GET", "/api/v1/staff/entries/{id}/simulation", Permission::ReadKnowledge),
    ("GET", "/api/v1/staff/lookups", Permission::Audit),
    ("GET", "/api/v1/staff/incidents", Permission::ReadRequests),
    ("POST", "/api/v1/staff/incidents", Permission::Announce),
    ("PATCH", "/api/v1/staff/incidents/{id}", Permission::Announce),
    ("GET", "/api/v1/staff/tickets", Permission::ReadRequests),
    ("GET", "/api/v1/staff/tickets/{reference}", Permission::ReadRequests),
    ("PATCH", "/api/v1/staff/tickets/{reference}", Permission::Answer),
    ("POST", "/api/v1/staff/tickets/{reference}/comments", Permission::Answer),
    ("GET", "/api/v1/staff/jobs", Permission::Replay),
    ("POST", "/api/v1/staff/jobs/replay", Permission::Replay),
    ("POST", "/api/v1/staff/jobs/{id}/replay", Permission::Replay),
];

/// Somebody of the staff, or a program of theirs, who may do what the address does.
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
        let staff = known.find(|staff| blake3::hash(staff.secret.reveal().as_bytes()) == given);
        let path = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
        let asked = (parts.method.as_str(), path);
        let needed = ACCESS.iter().find(|(method, path, _)| (*method, *path) == asked).map(|(_, _, needed)| *needed);
        match (staff, needed) {
            (Some(staff), Some(needed)) if staff.role.may(needed) => Ok(Self { name: staff.name.clone() }),
            _ => Err(Problem::new(Code::Forbidden)),
        }
    }
}

fn limit(wanted: Option<i64>) -> i64 {
    wanted.unwrap_or(DEFAULT_LIMIT).clamp(1, LONGEST_LIST)
}

fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
