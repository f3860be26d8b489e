//! Drafts of documents. Nothing here puts anything in force.

use axum::Json as JsonOut;
use axum::extract::State;
use guichet_kb::{Entry, front_matter};
use serde::Deserialize;
use utoipa::ToSchema;

use super::documents::{DocumentOut, key};
use super::{Staff, now};
use crate::app::App;
use crate::http::extract::{Json, Path};
use crate::http::problem::{Code, Problem};
use crate::http::tickets::{invalid, line};
use crate::publishing::edit::{self, EditError, Hand};
use crate::text;

/// A draft. Exactly one of `content` and `entry` is given.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct DraftIn {
    /// The last revision that was looked at; absent for a new document.
    seen: Option<i64>,
    /// The text of the file.
    content: Option<String>,
    /// The fields of an entry, as `guichet kb export` writes them.
    #[schema(value_type = Option<Object>)]
    entry: Option<Entry>,
    /// Why, for the history.
    #[serde(default)]
    reason: String,
}

/// Which draft is to be looked at.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct SubmitIn {
    seen: i64,
    #[serde(default)]
    reason: String,
}

/// Which revision is to come back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct RollbackIn {
    /// The last revision that was looked at.
    seen: i64,
    /// The revision whose content comes back.
    to: i64,
    #[serde(default)]
    reason: String,
}

impl From<EditError> for Problem {
    fn from(error: EditError) -> Self {
        match error {
            EditError::NotFound => Self::new(Code::DocumentNotFound).with_detail(text::publishing::NO_DOCUMENT),
            EditError::NoRevision => Self::new(Code::DocumentNotFound).with_detail(text::publishing::NO_REVISION),
            EditError::NothingToPublish => invalid("items", text::publishing::NOTHING_TO_PUBLISH),
            EditError::NotArchived => invalid("items", text::publishing::NOT_ARCHIVED),
            EditError::Exists => Self::new(Code::DocumentExists).with_detail(text::publishing::DOCUMENT_EXISTS),
            EditError::Outdated(latest) => {
                Self::new(Code::DocumentOutdated).with_detail(text::publishing::outdated(latest))
            }
            EditError::NotADraft => Self::new(Code::DocumentOutdated).with_detail(text::publishing::NOT_A_DRAFT),
            EditError::TooLong => invalid("content", text::publishing::TOO_LONG),
            EditError::OtherId => invalid("id", text::publishing::OTHER_ID),
            EditError::Invalid(problems) => {
                let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
                Self::new(Code::DocumentInvalid).with_detail(lines.join("\n"))
            }
            EditError::Store(error) => error.into(),
        }
    }
}

/// Save a draft: of a new document, or of one that is there. Partners see nothing of it.
#[utoipa::path(
    put,
    path = "/api/v1/staff/documents/{document}",
    tag = "staff",
    params(("document" = String, Path, description = "entry:ID, orientation:ID, contacts, small_talk or synonyms")),
    security(("staff" = [])),
    request_body = DraftIn,
    responses(
        (status = 200, description = "The draft is kept", body = DocumentOut),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such document", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Somebody saved another revision meanwhile", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "It cannot be read", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn save_document(
    staff: Staff,
    State(app): State<App>,
    Path(document): Path<String>,
    Json(draft): Json<DraftIn>,
) -> Result<JsonOut<DocumentOut>, Problem> {
    let key = key(&document)?;
    let content = match (draft.content, draft.entry) {
        (Some(content), None) => content,
        (None, Some(entry)) => front_matter::write(&entry),
        (Some(_), Some(_)) | (None, None) => return Err(Problem::new(Code::InvalidBody)),
    };
    let reason = reason(&draft.reason)?;
    let hand = Hand { author: &staff.name, reason: &reason, at: now() };
    Ok(JsonOut(edit::save(&app.store, &key, draft.seen, &content, hand).await?.into()))
}

/// Ask for a review of the last draft.
#[utoipa::path(
    post,
    path = "/api/v1/staff/documents/{document}/submit",
    tag = "staff",
    params(("document" = String, Path, description = "Key of the document")),
    security(("staff" = [])),
    request_body = SubmitIn,
    responses(
        (status = 200, description = "It waits for a review", body = DocumentOut),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such document", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It is no draft, or not the last revision", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The body is wrong", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn submit_document(
    staff: Staff,
    State(app): State<App>,
    Path(document): Path<String>,
    Json(asked): Json<SubmitIn>,
) -> Result<JsonOut<DocumentOut>, Problem> {
    let reason = reason(&asked.reason)?;
    let hand = Hand { author: &staff.name, reason: &reason, at: now() };
    Ok(JsonOut(edit::submit(&app.store, &key(&document)?, asked.seen, hand).await?.into()))
}

/// Bring the content of an older revision back, as a draft.
#[utoipa::path(
    post,
    path = "/api/v1/staff/documents/{document}/rollback",
    tag = "staff",
    params(("document" = String, Path, description = "Key of the document")),
    security(("staff" = [])),
    request_body = RollbackIn,
    responses(
        (status = 200, description = "The draft", body = DocumentOut),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such document or revision", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Somebody saved another revision meanwhile", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The body is wrong", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn rollback_document(
    staff: Staff,
    State(app): State<App>,
    Path(document): Path<String>,
    Json(asked): Json<RollbackIn>,
) -> Result<JsonOut<DocumentOut>, Problem> {
    let key = key(&document)?;
    let reason = reason(&asked.reason)?;
    let hand = Hand { author: &staff.name, reason: &reason, at: now() };
    Ok(JsonOut(edit::restore(&app.store, &key, asked.seen, asked.to, hand).await?.into()))
}

/// Why something is done: a line, or nothing.
pub(super) fn reason(typed: &str) -> Result<String, Problem> {
    if typed.trim().is_empty() { Ok(String::new()) } else { line("reason", typed) }
}
