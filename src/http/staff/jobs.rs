//! Work of the queue, as staff see it.

use axum::Json as JsonOut;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Staff, limit, now};
use crate::app::App;
use crate::http::extract::{Json, Path, Query};
use crate::http::problem::{Code, Problem};
use crate::model::{Audit, Job, JobState};
use crate::store::Hold;

#[derive(Deserialize)]
pub(in crate::http) struct JobsIn {
    state: Option<JobState>,
    limit: Option<i64>,
}

/// Work of the queue; what it carries is not shown.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct JobsOut {
    jobs: Vec<JobOut>,
    /// Work that is not begun now, in whatever state is listed.
    held: Vec<HeldOut>,
}

/// Work that is not begun: whoever it goes to asked all of us to wait, or refuses us as the settings stand.
#[derive(Serialize, ToSchema)]
struct HeldOut {
    /// Which work: how its keys begin.
    #[schema(example = "mail.")]
    work: String,
    since: i64,
    until: i64,
    reason: String,
    /// Somebody must mend a setting, or what is outside; otherwise it is over by itself.
    to_be_mended: bool,
}

impl From<Hold> for HeldOut {
    fn from(hold: Hold) -> Self {
        let Hold { prefix, since, until, reason, is_to_be_mended } = hold;
        Self { work: prefix, since, until, reason, to_be_mended: is_to_be_mended }
    }
}

#[derive(Serialize, ToSchema)]
struct JobOut {
    id: String,
    kind: String,
    attempts: i64,
    last_error: Option<String>,
    run_at: i64,
    created_at: i64,
    updated_at: i64,
}

impl From<Job> for JobOut {
    fn from(job: Job) -> Self {
        let Job { id, kind, attempts, last_error, run_at, created_at, updated_at, .. } = job;
        Self { id, kind, attempts, last_error, run_at, created_at, updated_at }
    }
}

/// List work of the queue: by default, what was given up.
#[utoipa::path(
    get,
    path = "/api/v1/staff/jobs",
    tag = "staff",
    params(
        ("state" = Option<String>, Query, description = "queued, running, done or dead (the default)"),
        ("limit" = Option<i64>, Query, description = "At most so many; 50, up to 500"),
    ),
    security(("staff" = [])),
    responses(
        (status = 200, description = "Work, last change first", body = JobsOut),
        (status = 400, description = "Unknown state", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn list_jobs(
    _: Staff,
    State(app): State<App>,
    Query(wanted): Query<JobsIn>,
) -> Result<JsonOut<JobsOut>, Problem> {
    let state = wanted.state.unwrap_or(JobState::Dead);
    let jobs = app.store.list_jobs(state, limit(wanted.limit)).await?;
    let now = now();
    let held = app.store.list_holds().await?.into_iter().filter(|hold| hold.is_in_force(now));
    Ok(JsonOut(JobsOut { jobs: jobs.into_iter().map(JobOut::from).collect(), held: held.map(HeldOut::from).collect() }))
}

/// Which work begins again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ReplayIn {
    /// As the list of work names it.
    #[schema(example = "mail.support")]
    kind: String,
}

/// How much work begins again.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct ReplayOut {
    count: u64,
}

/// Begin all work of a kind again that was given up.
#[utoipa::path(
    post,
    path = "/api/v1/staff/jobs/replay",
    tag = "staff",
    security(("staff" = [])),
    request_body = ReplayIn,
    responses(
        (status = 200, description = "Queued again", body = ReplayOut),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn replay_jobs(
    staff: Staff,
    State(app): State<App>,
    Json(wanted): Json<ReplayIn>,
) -> Result<JsonOut<ReplayOut>, Problem> {
    let count = app.store.replay_kind(&wanted.kind, &Audit::of_replay(&staff.name, &wanted.kind, now())).await?;
    app.wake.wake();
    Ok(JsonOut(ReplayOut { count }))
}

/// Begin work again that was given up.
#[utoipa::path(
    post,
    path = "/api/v1/staff/jobs/{id}/replay",
    tag = "staff",
    params(("id" = String, Path, description = "Id of the work")),
    security(("staff" = [])),
    responses(
        (status = 204, description = "Queued again"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such dead work", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn replay_job(
    staff: Staff,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    if !app.store.replay_job(&id, &Audit::of_replay(&staff.name, &id, now())).await? {
        return Err(Problem::new(Code::JobNotFound));
    }
    app.wake.wake();
    Ok(StatusCode::NO_CONTENT)
}
