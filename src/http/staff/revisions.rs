//! Revisions of documents: the history, and what became of a text.

use axum::Json as JsonOut;
use axum::extract::State;
use guichet_kb::diff::{self, Part};
use guichet_kb::{DocumentKind, Entry, front_matter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::documents::{key, revision};
use super::{Staff, limit};
use crate::app::App;
use crate::http::extract::{Path, Query};
use crate::http::problem::{Code, Problem};
use crate::model::Revision;

#[derive(Deserialize)]
pub(in crate::http) struct RevisionsIn {
    before: Option<i64>,
    limit: Option<i64>,
}

/// The history of a document, the last revision first.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct RevisionsOut {
    revisions: Vec<RevisionLineOut>,
}

/// A line of the history. Times in milliseconds since 1970.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct RevisionLineOut {
    number: i64,
    path: String,
    status: String,
    author: String,
    reason: String,
    /// The revision that was in force when it was begun.
    parent: Option<i64>,
    /// Whether it says that the file was removed.
    is_removal: bool,
    created_at: i64,
}

/// A saved state of a document.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct RevisionOut {
    #[serde(flatten)]
    line: RevisionLineOut,
    /// The text of the file.
    content: Option<String>,
    /// The fields of an entry.
    #[schema(value_type = Option<Object>)]
    entry: Option<Entry>,
}

impl From<&Revision> for RevisionLineOut {
    fn from(revision: &Revision) -> Self {
        Self {
            number: revision.number,
            path: revision.path.clone(),
            status: revision.status.as_str().to_owned(),
            author: revision.author.clone(),
            reason: revision.reason.clone(),
            parent: revision.parent,
            is_removal: revision.content.is_none(),
            created_at: revision.created_at,
        }
    }
}

impl From<Revision> for RevisionOut {
    fn from(revision: Revision) -> Self {
        let text = revision.content.as_deref().filter(|_| revision.document.kind() == DocumentKind::Entry);
        let entry = text.and_then(|text| front_matter::parse(&revision.path, text).0).map(|(entry, _)| entry);
        Self { line: RevisionLineOut::from(&revision), entry, content: revision.content }
    }
}

/// List the revisions of a document.
#[utoipa::path(
    get,
    path = "/api/v1/staff/documents/{document}/revisions",
    tag = "staff",
    params(
        ("document" = String, Path, description = "Key of the document"),
        ("before" = Option<i64>, Query, description = "Those before this number"),
        ("limit" = Option<i64>, Query, description = "At most so many; 50, up to 500"),
    ),
    security(("staff" = [])),
    responses(
        (status = 200, description = "Its history, the last revision first", body = RevisionsOut),
        (status = 400, description = "Wrong parameter", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such document", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn list_revisions(
    _: Staff,
    State(app): State<App>,
    Path(document): Path<String>,
    Query(wanted): Query<RevisionsIn>,
) -> Result<JsonOut<RevisionsOut>, Problem> {
    let key = key(&document)?;
    let before = wanted.before.unwrap_or(i64::MAX);
    let revisions = app.store.list_revisions(&key, before, limit(wanted.limit)).await?;
    Ok(JsonOut(RevisionsOut { revisions: revisions.iter().map(RevisionLineOut::from).collect() }))
}

/// Read a revision of a document.
#[utoipa::path(
    get,
    path = "/api/v1/staff/documents/{document}/revisions/{number}",
    tag = "staff",
    params(
        ("document" = String, Path, description = "Key of the document"),
        ("number" = i64, Path, description = "Number of the revision"),
    ),
    security(("staff" = [])),
    responses(
        (status = 200, description = "The revision", body = RevisionOut),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such document or revision", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn find_revision(
    _: Staff,
    State(app): State<App>,
    Path((document, number)): Path<(String, i64)>,
) -> Result<JsonOut<RevisionOut>, Problem> {
    Ok(JsonOut(revision(&app, &key(&document)?, number).await?.into()))
}

/// What became of a document between two revisions.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct DiffOut {
    /// Each with `change` (same, removed or added) and `text`.
    #[schema(value_type = Vec<Object>)]
    lines: Vec<Part>,
}

#[derive(Deserialize)]
pub(in crate::http) struct DiffIn {
    from: i64,
    to: i64,
}

/// Compare two revisions of a document.
#[utoipa::path(
    get,
    path = "/api/v1/staff/documents/{document}/diff",
    tag = "staff",
    params(
        ("document" = String, Path, description = "Key of the document"),
        ("from" = i64, Query, description = "The revision before"),
        ("to" = i64, Query, description = "The revision after"),
    ),
    security(("staff" = [])),
    responses(
        (status = 200, description = "All lines of both", body = DiffOut),
        (status = 400, description = "A number is missing", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such document or revision", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn diff_document(
    _: Staff,
    State(app): State<App>,
    Path(document): Path<String>,
    Query(wanted): Query<DiffIn>,
) -> Result<JsonOut<DiffOut>, Problem> {
    let key = key(&document)?;
    let before = revision(&app, &key, wanted.from).await?.content.unwrap_or_default();
    let after = revision(&app, &key, wanted.to).await?.content.unwrap_or_default();
    // Two long texts without a line in common take some hundred milliseconds.
    let lines = tokio::task::spawn_blocking(move || diff::lines(&before, &after)).await;
    Ok(JsonOut(DiffOut { lines: lines.map_err(|panic| Problem::internal(Code::Internal, &panic))? }))
}
