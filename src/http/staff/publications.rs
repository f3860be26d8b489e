//! Publications: what is asked to be put in force, goes through the gate and takes effect without a restart.

use axum::Json as JsonOut;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::documents::key;
use super::drafts::reason;
use super::{Staff, limit, now};
use crate::app::App;
use crate::http::extract::{Json, Path, Query};
use crate::http::problem::{Code, Problem};
use crate::http::tickets::invalid;
use crate::model::{Progress, Publication, PublicationAction, PublicationItem, PublicationState};
use crate::publishing::edit::Hand;
use crate::publishing::gate::Report;
use crate::publishing::order::{self, Order};
use crate::text;

/// What is to be put in force.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct PublicationIn {
    /// From 1 to 200 documents, each once: they take effect together or not at all.
    items: Vec<ItemIn>,
    /// Why, for the history.
    #[serde(default)]
    reason: String,
    /// Not before this, in milliseconds since 1970; now when absent.
    run_at: Option<i64>,
    /// Only tried: the report says what would happen.
    #[serde(default)]
    preview: bool,
    /// How many of the last real questions are asked again; 5,000 for a preview, none otherwise.
    replay: Option<i64>,
}

/// A document of a publication.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ItemIn {
    #[schema(example = "entry:creer-ticket-zendesk")]
    document: String,
    /// The last revision, as it was looked at.
    revision: i64,
    action: PublicationAction,
}

/// A publication and what became of it. Times in milliseconds since 1970.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct PublicationOut {
    id: String,
    items: Vec<ItemIn>,
    author: String,
    reason: String,
    preview: bool,
    run_at: i64,
    state: PublicationState,
    progress: Progress,
    /// What the gate said, once it has looked.
    report: Option<Report>,
    created_at: i64,
    updated_at: i64,
}

#[derive(Deserialize)]
pub(in crate::http) struct PublicationsIn {
    state: Option<PublicationState>,
    limit: Option<i64>,
}

/// Publications, the one that was asked for last first.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct PublicationsOut {
    publications: Vec<PublicationOut>,
}

impl From<Publication> for PublicationOut {
    fn from(publication: Publication) -> Self {
        let item = |item: PublicationItem| ItemIn {
            document: item.document.to_string(),
            revision: item.revision,
            action: item.action,
        };
        Self {
            id: publication.id,
            items: publication.items.into_iter().map(item).collect(),
            author: publication.author,
            reason: publication.reason,
            preview: publication.is_preview,
            run_at: publication.run_at,
            state: publication.state,
            progress: publication.progress,
            // A report of an older version that cannot be read any more is as good as none.
            report: publication.report.and_then(|report| serde_json::from_str(&report).ok()),
            created_at: publication.created_at,
            updated_at: publication.updated_at,
        }
    }
}

/// Ask for documents to be published or archived, now or later, or try what would happen. The gate asks all check
/// questions of the knowledge base as it would be; what it refuses stays as it is.
#[utoipa::path(
    post,
    path = "/api/v1/staff/publications",
    tag = "staff",
    security(("staff" = [])),
    request_body = PublicationIn,
    responses(
        (status = 202, description = "It waits for the gate: look again until its state is final", body = PublicationOut),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such document", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Somebody saved another revision meanwhile", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The body is wrong", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn create_publication(
    staff: Staff,
    State(app): State<App>,
    Json(asked): Json<PublicationIn>,
) -> Result<(StatusCode, JsonOut<PublicationOut>), Problem> {
    let at = now();
    jiff::Timestamp::from_millisecond(asked.run_at.unwrap_or(at))
        .map_err(|_| invalid("run_at", text::problem::NO_MOMENT))?;
    let item = |asked: ItemIn| {
        Ok(PublicationItem { document: key(&asked.document)?, revision: asked.revision, action: asked.action })
    };
    let order = Order {
        items: asked.items.into_iter().map(item).collect::<Result<_, Problem>>()?,
        is_preview: asked.preview,
        replay: asked.replay,
        run_at: asked.run_at,
    };
    let reason = reason(&asked.reason)?;
    let hand = Hand { author: &staff.name, reason: &reason, at };
    let publication = order::place(&app.store, order, hand).await?;
    app.wake.wake();
    Ok((StatusCode::ACCEPTED, JsonOut(publication.into())))
}

/// List publications.
#[utoipa::path(
    get,
    path = "/api/v1/staff/publications",
    tag = "staff",
    params(
        ("state" = Option<String>, Query, description = "waiting, running, published, previewed, refused or cancelled"),
        ("limit" = Option<i64>, Query, description = "At most so many; 50, up to 500"),
    ),
    security(("staff" = [])),
    responses(
        (status = 200, description = "Publications, the one that was asked for last first", body = PublicationsOut),
        (status = 400, description = "Unknown state", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn list_publications(
    _: Staff,
    State(app): State<App>,
    Query(wanted): Query<PublicationsIn>,
) -> Result<JsonOut<PublicationsOut>, Problem> {
    let publications = app.store.list_publications(wanted.state, limit(wanted.limit)).await?;
    Ok(JsonOut(PublicationsOut { publications: publications.into_iter().map(PublicationOut::from).collect() }))
}

/// See what became of a publication.
#[utoipa::path(
    get,
    path = "/api/v1/staff/publications/{id}",
    tag = "staff",
    params(("id" = String, Path, description = "Id of the publication")),
    security(("staff" = [])),
    responses(
        (status = 200, description = "The publication", body = PublicationOut),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such publication", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn find_publication(
    _: Staff,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<JsonOut<PublicationOut>, Problem> {
    Ok(JsonOut(find(&app, &id).await?.into()))
}

/// Take a publication back whose time has not come.
#[utoipa::path(
    post,
    path = "/api/v1/staff/publications/{id}/cancel",
    tag = "staff",
    params(("id" = String, Path, description = "Id of the publication")),
    security(("staff" = [])),
    responses(
        (status = 200, description = "The publication", body = PublicationOut),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such publication", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "It has begun, or is over", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn cancel_publication(
    staff: Staff,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<JsonOut<PublicationOut>, Problem> {
    let publication = find(&app, &id).await?;
    if !order::cancel(&app.store, &publication, &staff.name, now()).await? {
        return Err(Problem::new(Code::PublicationOver).with_detail(text::publishing::TOO_LATE));
    }
    Ok(JsonOut(find(&app, &id).await?.into()))
}

async fn find(app: &App, id: &str) -> Result<Publication, Problem> {
    let not_found = || Problem::new(Code::PublicationNotFound).with_detail(text::publishing::NO_PUBLICATION);
    // Other texts are never sent to the database: some of them it refuses.
    uuid::Uuid::parse_str(id).map_err(|_| not_found())?;
    app.store.find_publication(id).await?.ok_or_else(not_found)
}
