//! Work that was given up: mails, tickets of another desk, deliveries. Somebody looks, and begins it again.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::refusal::render;
use super::{Frame, Refusal, Signed, now};
use crate::app::App;
use crate::model::{Audit, Job, JobState};
use crate::store::Hold;
use crate::text::console as text;

/// The section of the menu.
const HERE: &str = "/console/envois";
/// How many are shown.
const MOST: i64 = 200;
/// How many of those that are tried again.
const MOST_RETRIED: usize = 20;

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

/// Work that is not begun.
struct Held {
    what: &'static str,
    why: &'static str,
    reason: String,
    since: String,
    next: String,
}

/// Work that failed and is tried again.
struct Retried {
    kind: &'static str,
    error: String,
    attempts: i64,
    next: String,
}

#[derive(Template)]
#[template(path = "jobs.html")]
struct JobsPage {
    frame: Frame,
    lines: Vec<Line>,
    held: Vec<Held>,
    retried: Vec<Retried>,
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
    let queued = app.store.list_jobs(JobState::Queued, MOST).await?;
    let waiting = queued.len();
    let retried = |job: Job| {
        let (kind, next) = (text::job(&job.kind), text::moment(job.run_at, zone));
        job.last_error.map(|error| Retried { kind, error, attempts: job.attempts, next })
    };
    let retried = queued.into_iter().filter_map(retried).take(MOST_RETRIED).collect();
    let held = |hold: Hold| Held {
        what: text::held(&hold.prefix),
        why: text::why_held(hold.is_to_be_mended),
        reason: hold.reason,
        since: text::moment(hold.since, zone),
        next: text::moment(hold.until, zone),
    };
    let at = now();
    let held = app.store.list_holds().await?.into_iter().filter(|hold| hold.is_in_force(at)).map(held).collect();
    let frame = Frame::new(text::JOBS, HERE, &signed).after(fait.as_deref());
    Ok(render(&JobsPage { frame, lines, held, retried, waiting }))
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
