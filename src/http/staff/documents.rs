//! Documents of the knowledge base: entries, orientations, synonyms, small talk, contacts. Reading.

use axum::Json as JsonOut;
use axum::extract::State;
use guichet_kb::{DocumentKey, Status};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::revisions::RevisionOut;
use super::{Staff, limit};
use crate::app::App;
use crate::http::extract::{Path, Query};
use crate::http::problem::{Code, Problem};
use crate::model::{Document, Revision};
use crate::publishing::edit::EditError;
use crate::store::DocumentFilter;
use crate::text;

#[derive(Deserialize)]
pub(in crate::http) struct DocumentsIn {
    kind: Option<Kind>,
    q: Option<String>,
    status: Option<Status>,
    health: Option<Health>,
    after: Option<String>,
    limit: Option<i64>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Entry,
    Orientation,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Health {
    ReviewLate,
    Conflict,
}

/// Documents in the order of their keys.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct DocumentsOut {
    documents: Vec<DocumentOut>,
    /// Where the list goes on: what `after` is to be.
    next: Option<String>,
}

/// Where a document stands. Times in milliseconds since 1970.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct DocumentOut {
    #[schema(example = "entry:creer-ticket-zendesk")]
    document: String,
    title: String,
    category: String,
    /// Of the last revision.
    status: String,
    /// Number of the last revision.
    latest: i64,
    /// Number of the revision that answers partners.
    in_force: Option<i64>,
    /// Number of the revision that came from the files and could not be merged: compare, then save and publish what is
    /// right.
    conflict: Option<i64>,
    review_by: Option<String>,
    updated_at: i64,
}

/// A document with its last revision.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct OneDocumentOut {
    #[serde(flatten)]
    document: DocumentOut,
    revision: RevisionOut,
}

impl From<Document> for DocumentOut {
    fn from(document: Document) -> Self {
        Self {
            document: document.key.to_string(),
            title: document.title,
            category: document.category,
            status: document.status.as_str().to_owned(),
            latest: document.latest,
            in_force: document.in_force,
            conflict: document.conflict,
            review_by: document.review_by,
            updated_at: document.updated_at,
        }
    }
}

/// List documents of the knowledge base.
#[utoipa::path(
    get,
    path = "/api/v1/staff/documents",
    tag = "staff",
    params(
        ("kind" = Option<String>, Query, description = "entry or orientation; all when absent"),
        ("q" = Option<String>, Query, description = "Text that the last revision holds; accents and capitals do not matter"),
        ("status" = Option<String>, Query, description = "draft, in_review, published or archived"),
        ("health" = Option<String>, Query, description = "review_late or conflict"),
        ("after" = Option<String>, Query, description = "`next` of the list before"),
        ("limit" = Option<i64>, Query, description = "At most so many; 50, up to 500"),
    ),
    security(("staff" = [])),
    responses(
        (status = 200, description = "Documents in the order of their keys", body = DocumentsOut),
        (status = 400, description = "Unknown parameter", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn list_documents(
    _: Staff,
    State(app): State<App>,
    Query(wanted): Query<DocumentsIn>,
) -> Result<JsonOut<DocumentsOut>, Problem> {
    // PostgreSQL refuses the character zero.
    let clean = |text: String| text.replace('\0', "");
    let count = limit(wanted.limit);
    let filter = DocumentFilter {
        kind: match wanted.kind {
            Some(Kind::Entry) => "entry:",
            Some(Kind::Orientation) => "orientation:",
            None => "",
        },
        category: String::new(),
        word: wanted.q.map(|word| guichet_kb::fold::fold(&clean(word))),
        status: wanted.status,
        review_before: (wanted.health == Some(Health::ReviewLate))
            .then(|| jiff::ZonedDateTime::now().date().to_string()),
        has_conflict: wanted.health == Some(Health::Conflict),
        after: clean(wanted.after.unwrap_or_default()),
        limit: count,
    };
    let documents = app.store.list_documents(&filter).await?;
    let is_full = i64::try_from(documents.len()).is_ok_and(|found| found == count);
    let next = documents.last().filter(|_| is_full).map(|last| last.key.to_string());
    Ok(JsonOut(DocumentsOut { documents: documents.into_iter().map(DocumentOut::from).collect(), next }))
}

/// Read a document.
#[utoipa::path(
    get,
    path = "/api/v1/staff/documents/{document}",
    tag = "staff",
    params(("document" = String, Path, description = "entry:ID, orientation:ID, contacts, small_talk or synonyms")),
    security(("staff" = [])),
    responses(
        (status = 200, description = "The document with its last revision", body = OneDocumentOut),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such document", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn find_document(
    _: Staff,
    State(app): State<App>,
    Path(document): Path<String>,
) -> Result<JsonOut<OneDocumentOut>, Problem> {
    let key = key(&document)?;
    let document = app.store.find_document(&key).await?.ok_or(EditError::NotFound)?;
    let revision = revision(&app, &key, document.latest).await?;
    Ok(JsonOut(OneDocumentOut { document: document.into(), revision: revision.into() }))
}

/// The key, or the problem that no document has it.
pub(super) fn key(text: &str) -> Result<DocumentKey, Problem> {
    text.parse().map_err(|_| EditError::NotFound.into())
}

pub(super) async fn revision(app: &App, key: &DocumentKey, number: i64) -> Result<Revision, Problem> {
    app.store.find_revision(key, number).await?.ok_or_else(no_revision)
}

fn no_revision() -> Problem {
    Problem::new(Code::DocumentNotFound).with_detail(text::publishing::NO_REVISION)
}
