//! Work that was given up: mails, tickets of another desk, deliveries. Somebody looks, and begins it again.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::refusal::render;
use super::{Frame, Refusal, Signed, now};
use crate::app::App;
use crate::model::{Audit, Job, JobState};
use crate::text::console as text;

/// The section of the menu.
const HERE: &str = "/console/envois";
/// How many are shown.
const MOST: i64 = 200;

#[derive(Deserialize)]
pub(super) struct Done {
    fait: Option<String>,
}

struct Line {
    id: String,
    kind: &'static str,
    name: String,
    attempts: i64,
    error: String,
    created: String,
    given_up: String,
}

#[derive(Template)]
#[template(path = "jobs.html")]
struct JobsPage {
    frame: Frame,
    lines: Vec<Line>,
    waiting: usize,
}

/// `GET /console/envois`
pub(super) async fn list(
    State(app): State<App>,
    signed: Signed,
    Query(Done { fait }): Query<Done>,
) -> Result<Response, Refusal> {
    let zone = &app.conversations.support.zone;
    let line = |job: Job| Line {
        id: job.id,
        kind: text::job(&job.kind),
        name: job.kind,
        attempts: job.attempts,
        error: job.last_error.unwrap_or_default(),
        created: text::moment(job.created_at, zone),
        given_up: text::moment(job.updated_at, zone),
    };
    let lines = app.store.list_jobs(JobState::Dead, MOST).await?.into_iter().map(line).collect();
    let waiting = app.store.list_jobs(JobState::Queued, MOST).await?.len();
    let frame = Frame::new(text::JOBS, HERE, &signed).after(fait.as_deref());
    Ok(render(&JobsPage { frame, lines, waiting }))
}

/// `POST /console/envois/{id}`
pub(super) async fn replay(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let line = Audit::of_replay(signed.name(), &id, now());
    if !app.store.replay_job(&id, &line).await? {
        return Err(Refusal::NotFound);
    }
    app.wake.wake();
    Ok(Redirect::to("/console/envois?fait=reprise").into_response())
}
