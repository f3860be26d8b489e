//! Incidents, as staff announce and end them.

use axum::Json as JsonOut;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Staff, limit};
use crate::app::App;
use crate::conversation::TurnError;
use crate::http::extract::{Json, Path, Query};
use crate::http::problem::{Code, Problem};
use crate::http::tickets::{invalid, line};
use crate::model::{Audit, Incident, Question, TicketRef};
use crate::store::StoreError;
use crate::text;

/// How many keywords or questions an incident may have.
const LONGEST_LIST: usize = 50;
/// How often a change begins again because somebody else was faster.
const ATTEMPTS: usize = 5;

#[derive(Deserialize)]
pub(in crate::http) struct IncidentsIn {
    limit: Option<i64>,
}

/// Incidents, the one that began last first.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct IncidentsOut {
    incidents: Vec<IncidentOut>,
}

/// An incident with all that is known of it. Times in milliseconds since 1970.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct IncidentOut {
    id: String,
    title: String,
    text: String,
    keywords: Vec<String>,
    questions: Vec<String>,
    starts: i64,
    ends: Option<i64>,
    /// Whether it is said now.
    is_active: bool,
    /// The ticket that stands for all reports.
    problem: Option<String>,
    /// The tag of the reports.
    tag: String,
    updated_at: i64,
}

/// A new incident.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct IncidentIn {
    /// 1 to 60 small letters, digits and dashes; tickets about it are tagged `incident:` and this.
    #[schema(example = "cles-2026-11")]
    id: String,
    /// In one line, for the banner.
    #[schema(min_length = 1, max_length = 200)]
    title: String,
    /// What is known, and what to do meanwhile.
    #[schema(min_length = 1, max_length = 4000)]
    text: String,
    /// Words or groups of words: a question that holds all words of one is about it.
    #[serde(default)]
    keywords: Vec<String>,
    /// Questions that people ask because of it.
    #[serde(default)]
    questions: Vec<String>,
    /// From when on it is said, in milliseconds since 1970; now when absent.
    starts: Option<i64>,
    /// From when on it is no longer said; until it is ended when absent.
    ends: Option<i64>,
    /// Reference of the ticket that stands for all reports.
    problem: Option<String>,
}

/// What is changed; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct IncidentChangeIn {
    title: Option<String>,
    text: Option<String>,
    keywords: Option<Vec<String>>,
    questions: Option<Vec<String>>,
    /// When it ends, in milliseconds since 1970.
    ends: Option<i64>,
    /// True: it ends now. False: it is said again, until it is ended.
    ended: Option<bool>,
    /// Reference of the ticket that stands for all reports; the empty text: none.
    problem: Option<String>,
}

impl From<&Incident> for IncidentOut {
    fn from(incident: &Incident) -> Self {
        Self {
            id: incident.id.as_str().to_owned(),
            title: incident.title.clone(),
            text: incident.text.clone(),
            keywords: incident.keywords.clone(),
            questions: incident.questions.clone(),
            starts: incident.starts.as_millisecond(),
            ends: incident.ends.map(Timestamp::as_millisecond),
            is_active: incident.is_active(Timestamp::now()),
            problem: incident.problem.as_ref().map(ToString::to_string),
            tag: incident.id.tag(),
            updated_at: incident.updated_at.as_millisecond(),
        }
    }
}

/// List incidents, those that are over too.
#[utoipa::path(
    get,
    path = "/api/v1/staff/incidents",
    tag = "staff",
    params(("limit" = Option<i64>, Query, description = "At most so many; 50, up to 500")),
    security(("staff" = [])),
    responses(
        (status = 200, description = "Incidents, the one that began last first", body = IncidentsOut),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn list_incidents(
    _: Staff,
    State(app): State<App>,
    Query(wanted): Query<IncidentsIn>,
) -> Result<JsonOut<IncidentsOut>, Problem> {
    let incidents = app.store.list_incidents(limit(wanted.limit)).await?;
    Ok(JsonOut(IncidentsOut { incidents: incidents.iter().map(IncidentOut::from).collect() }))
}

/// Announce an incident: it is said from its start on, in a banner and to who asks about it.
#[utoipa::path(
    post,
    path = "/api/v1/staff/incidents",
    tag = "staff",
    security(("staff" = [])),
    request_body = IncidentIn,
    responses(
        (status = 201, description = "The incident", body = IncidentOut),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "The problem is no ticket", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "There is one with this id", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A field is empty or too long", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn create_incident(
    staff: Staff,
    State(app): State<App>,
    Json(announced): Json<IncidentIn>,
) -> Result<(StatusCode, JsonOut<IncidentOut>), Problem> {
    let now = Timestamp::now();
    let incident = Incident {
        id: announced.id.parse().map_err(|_| invalid("id", text::problem::NO_INCIDENT_ID))?,
        title: line("title", &announced.title)?,
        text: paragraph(&announced.text)?,
        keywords: lines("keywords", &announced.keywords)?,
        questions: lines("questions", &announced.questions)?,
        starts: announced.starts.map_or(Ok(now), |at| moment("starts", at))?,
        ends: announced.ends.map(|at| moment("ends", at)).transpose()?,
        problem: problem(&app, announced.problem.as_deref()).await?,
        updated_at: now,
    };
    match app.store.create_incident(&incident, &Audit::of_incident(&staff.name, None, &incident)).await {
        Ok(()) => {}
        Err(StoreError::Conflict) => return Err(Problem::new(Code::IncidentExists)),
        Err(error) => return Err(error.into()),
    }
    app.conversations.forget_incidents();
    Ok((StatusCode::CREATED, JsonOut(IncidentOut::from(&incident))))
}

/// Change what is said of an incident, end it, or name the ticket that stands for its reports: when staff solve that
/// ticket, each report that is still open is solved with the same answer.
#[utoipa::path(
    patch,
    path = "/api/v1/staff/incidents/{id}",
    tag = "staff",
    params(("id" = String, Path, description = "Id of the incident")),
    security(("staff" = [])),
    request_body = IncidentChangeIn,
    responses(
        (status = 200, description = "The incident as it is now", body = IncidentOut),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such incident, or the problem is no ticket", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A field is empty or too long", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn change_incident(
    staff: Staff,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wanted): Json<IncidentChangeIn>,
) -> Result<JsonOut<IncidentOut>, Problem> {
    for attempt in 1.. {
        let before = app.store.find_incident(&id).await?.ok_or_else(|| Problem::new(Code::IncidentNotFound))?;
        let after = changed(&app, &before, &wanted).await?;
        let told = Audit::of_incident(&staff.name, Some(&before), &after);
        match app.store.change_incident(&after, before.updated_at, &told).await {
            Ok(()) => {
                app.conversations.forget_incidents();
                return Ok(JsonOut(IncidentOut::from(&after)));
            }
            Err(StoreError::Conflict) if attempt < ATTEMPTS => {}
            Err(error) => return Err(error.into()),
        }
    }
    unreachable!("the last attempt returns")
}

async fn changed(app: &App, before: &Incident, wanted: &IncidentChangeIn) -> Result<Incident, Problem> {
    let now = Timestamp::now();
    let mut after = before.clone();
    if let Some(title) = &wanted.title {
        after.title = line("title", title)?;
    }
    if let Some(text) = &wanted.text {
        after.text = paragraph(text)?;
    }
    if let Some(keywords) = &wanted.keywords {
        after.keywords = lines("keywords", keywords)?;
    }
    if let Some(questions) = &wanted.questions {
        after.questions = lines("questions", questions)?;
    }
    if let Some(ends) = wanted.ends {
        after.ends = Some(moment("ends", ends)?);
    }
    if let Some(ended) = wanted.ended {
        after.ends = ended.then_some(now);
    }
    if let Some(reference) = &wanted.problem {
        after.problem = problem(app, Some(reference)).await?;
    }
    // It must differ, even within one millisecond: it tells whether somebody else was faster.
    let next = before.updated_at.as_millisecond() + 1;
    after.updated_at = Timestamp::from_millisecond(now.as_millisecond().max(next)).unwrap_or(now);
    Ok(after)
}

/// The ticket that stands for all reports; it must exist.
async fn problem(app: &App, reference: Option<&str>) -> Result<Option<TicketRef>, Problem> {
    let Some(reference) = reference.filter(|reference| !reference.trim().is_empty()) else { return Ok(None) };
    let not_found = || Problem::new(Code::TicketNotFound).with_detail(text::problem::NO_PROBLEM);
    let reference: TicketRef = reference.parse().map_err(|_| not_found())?;
    app.store.find_ticket(&reference).await?.ok_or_else(not_found)?;
    Ok(Some(reference))
}

fn paragraph(typed: &str) -> Result<String, Problem> {
    Ok(Question::parse(typed).map_err(TurnError::from)?.as_str().to_owned())
}

fn lines(name: &str, values: &[String]) -> Result<Vec<String>, Problem> {
    if values.len() > LONGEST_LIST {
        return Err(invalid(name, &text::problem::list(LONGEST_LIST)));
    }
    values.iter().map(|value| line(name, value)).collect()
}

fn moment(name: &str, millis: i64) -> Result<Timestamp, Problem> {
    Timestamp::from_millisecond(millis).map_err(|_| invalid(name, text::problem::NO_MOMENT))
}
