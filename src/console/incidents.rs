//! What is known to be broken: announced, changed, ended.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use serde::Deserialize;

use super::refusal::render;
use super::{Frame, Refusal, Signed};
use crate::app::App;
use crate::model::{Audit, Incident, Permission, Question, TicketRef};
use crate::text::console as text;

/// The section of the menu.
const HERE: &str = "/console/incidents";
/// How many are listed, how many keywords or questions one may have, and how long a line is.
const MOST: i64 = 100;
const MOST_LINES: usize = 50;
const LONGEST_LINE: usize = 200;

#[derive(Deserialize)]
pub(super) struct Done {
    fait: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    id: String,
    title: String,
    text: String,
    /// One a line, as the questions.
    #[serde(default)]
    keywords: String,
    #[serde(default)]
    questions: String,
    #[serde(default)]
    problem: String,
    /// What the button says: `end` or `resume`; nothing: only the texts change.
    #[serde(default)]
    then: String,
}

struct Line {
    id: String,
    title: String,
    starts: String,
    ends: Option<String>,
    is_active: bool,
}

/// The fields of the form.
#[derive(Default)]
struct Fields {
    id: String,
    title: String,
    text: String,
    keywords: String,
    questions: String,
    problem: String,
}

#[derive(Template)]
#[template(path = "incidents.html")]
struct IncidentsPage {
    frame: Frame,
    lines: Vec<Line>,
    fields: Fields,
    may_announce: bool,
}

#[derive(Template)]
#[template(path = "incident.html")]
struct IncidentPage {
    frame: Frame,
    fields: Fields,
    is_active: bool,
    tag: String,
}

pub(super) async fn list(
    State(app): State<App>,
    signed: Signed,
    Query(Done { fait }): Query<Done>,
) -> Result<Response, Refusal> {
    let (zone, now) = (&app.conversations.support.zone, Timestamp::now());
    let line = |incident: Incident| Line {
        id: incident.id.as_str().to_owned(),
        is_active: incident.is_active(now),
        starts: text::moment(incident.starts.as_millisecond(), zone),
        ends: incident.ends.map(|ends| text::moment(ends.as_millisecond(), zone)),
        title: incident.title,
    };
    let lines = app.store.list_incidents(MOST).await?.into_iter().map(line).collect();
    let frame = Frame::new(text::INCIDENTS, HERE, &signed).after(fait.as_deref());
    let may_announce = signed.may(Permission::Announce);
    Ok(render(&IncidentsPage { frame, lines, fields: Fields::default(), may_announce }))
}

pub(super) async fn show(State(app): State<App>, signed: Signed, Path(id): Path<String>) -> Result<Response, Refusal> {
    let incident = find(&app, &id).await?;
    let fields = Fields {
        id: incident.id.as_str().to_owned(),
        title: incident.title.clone(),
        text: incident.text.clone(),
        keywords: incident.keywords.join("\n"),
        questions: incident.questions.join("\n"),
        problem: incident.problem.as_ref().map(ToString::to_string).unwrap_or_default(),
    };
    let (is_active, tag) = (incident.is_active(Timestamp::now()), incident.id.tag());
    Ok(render(&IncidentPage { frame: Frame::new(incident.title, HERE, &signed), fields, is_active, tag }))
}

pub(super) async fn create(
    State(app): State<App>,
    signed: Signed,
    Form(typed): Form<Typed>,
) -> Result<Response, Refusal> {
    let now = Timestamp::now();
    let incident = Incident {
        id: typed.id.trim().parse().map_err(|_| Refusal::Invalid)?,
        title: line(&typed.title)?,
        text: paragraph(&typed.text)?,
        keywords: lines(&typed.keywords)?,
        questions: lines(&typed.questions)?,
        starts: now,
        ends: None,
        problem: problem(&app, &typed.problem).await?,
        updated_at: now,
    };
    app.store.create_incident(&incident, &Audit::of_incident(signed.name(), None, &incident)).await?;
    app.conversations.forget_incidents();
    Ok(Redirect::to("/console/incidents?fait=incident").into_response())
}

pub(super) async fn change(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Refusal> {
    let (before, now) = (find(&app, &id).await?, Timestamp::now());
    // It must differ, even within one millisecond: it tells whether somebody else was faster.
    let next = before.updated_at.as_millisecond() + 1;
    let after = Incident {
        title: line(&typed.title)?,
        text: paragraph(&typed.text)?,
        keywords: lines(&typed.keywords)?,
        questions: lines(&typed.questions)?,
        problem: problem(&app, &typed.problem).await?,
        ends: match typed.then.as_str() {
            "end" => Some(now),
            "resume" => None,
            _ => before.ends,
        },
        updated_at: Timestamp::from_millisecond(now.as_millisecond().max(next)).unwrap_or(now),
        ..before.clone()
    };
    let told = Audit::of_incident(signed.name(), Some(&before), &after);
    app.store.change_incident(&after, before.updated_at, &told).await?;
    app.conversations.forget_incidents();
    Ok(Redirect::to("/console/incidents?fait=incident").into_response())
}

async fn find(app: &App, id: &str) -> Result<Incident, Refusal> {
    app.store.find_incident(id).await?.ok_or(Refusal::NotFound)
}

/// The ticket that stands for all reports; it must exist.
async fn problem(app: &App, typed: &str) -> Result<Option<TicketRef>, Refusal> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let reference: TicketRef = typed.parse().map_err(|_| Refusal::Invalid)?;
    app.store.find_ticket(&reference).await?.ok_or(Refusal::Conflict(crate::text::problem::NO_PROBLEM))?;
    Ok(Some(reference))
}

fn paragraph(typed: &str) -> Result<String, Refusal> {
    Ok(Question::parse(typed).map_err(|_| Refusal::Invalid)?.as_str().to_owned())
}

/// One line without what no keyboard types.
fn line(typed: &str) -> Result<String, Refusal> {
    let line = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_right = (1..=LONGEST_LINE).contains(&line.chars().count()) && !line.chars().any(char::is_control);
    if is_right { Ok(line) } else { Err(Refusal::Invalid) }
}

fn lines(typed: &str) -> Result<Vec<String>, Refusal> {
    let lines: Vec<String> =
        typed.lines().filter(|typed| !typed.trim().is_empty()).map(line).collect::<Result<_, _>>()?;
    if lines.len() > MOST_LINES { Err(Refusal::Invalid) } else { Ok(lines) }
}
