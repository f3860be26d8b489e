//! When people answer: looked at, tried, set, and set back. What was set counts on all replicas within moments.

mod typed;

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::DateTime;
use jiff::{Timestamp, ZonedDateTime};
use serde::Deserialize;

use super::refusal::render;
use super::{Frame, Refusal, Signed, now};
use crate::app::App;
use crate::conversation::HoursVersion;
use crate::model::Permission;
use crate::opening::{Opening, Slots};
use crate::text::{console, dates, opening as text};
use typed::Typed;

/// The section of the menu.
const SECTION: &str = "/console/textes";
/// How many openings are shown.
const OPENINGS: usize = 10;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Wanted {
    /// A date and a time, as `2026-12-25T10:00`.
    quand: String,
    /// A version to put into the form.
    version: Option<i64>,
    fait: Option<String>,
}

struct Past {
    number: i64,
    author: String,
    at: String,
    is_in_force: bool,
}

/// What hours come to at a moment.
struct Preview {
    /// The moment.
    at: String,
    standing: String,
    promise: String,
    openings: Vec<String>,
}

#[derive(Template)]
#[template(path = "opening.html")]
struct OpeningPage {
    frame: Frame,
    /// The form, for who may change something.
    typed: Option<Typed>,
    wrong: Vec<String>,
    /// The form holds something else than what is in force.
    is_trial: bool,
    week: Vec<(&'static str, String)>,
    closed: Vec<String>,
    is_alsace: bool,
    answer: String,
    preview: Preview,
    past: Vec<Past>,
    is_configured: bool,
}

/// `GET /console/horaires`
pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Query(Wanted { quand, version, fait }): Query<Wanted>,
) -> Result<Response, Refusal> {
    let in_force = app.conversations.support.hours.now();
    let taken_up = match version {
        Some(number) => {
            let found = app.conversations.support.hours.find(&app.store, number).await?;
            Some(found.ok_or(Refusal::NotFound)?.opening)
        }
        None => None,
    };
    let opening = taken_up.as_ref().unwrap_or(&in_force.opening);
    let typed = Typed { quand, ..Typed::of(opening, in_force.number) };
    let is_trial = taken_up.is_some();
    page(&app, &signed, Shown { opening, typed, wrong: Vec::new(), is_trial, done: fait.as_deref() }).await
}

/// `POST /console/horaires`: tries what was typed, or sets it.
pub(super) async fn save(
    State(app): State<App>,
    signed: Signed,
    Form(typed): Form<Typed>,
) -> Result<Response, Refusal> {
    let hours = &app.conversations.support.hours;
    let seen: i64 = typed.seen.parse().map_err(|_| Refusal::Invalid)?;
    let done = || Ok(Redirect::to("/console/horaires?fait=horaires").into_response());
    if typed.action == "configuration" {
        hours.set(&app.store, seen, None, signed.name(), now()).await?;
        return done();
    }
    let opening = match typed.read() {
        Ok(opening) => opening,
        Err(wrong) => {
            let in_force = hours.now();
            let shown = Shown { opening: &in_force.opening, typed, wrong, is_trial: false, done: None };
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&app, &signed, shown).await?).into_response());
        }
    };
    if typed.action == "enregistrer" {
        hours.set(&app.store, seen, Some(&opening), signed.name(), now()).await?;
        return done();
    }
    page(&app, &signed, Shown { opening: &opening, typed, wrong: Vec::new(), is_trial: true, done: None }).await
}

struct Shown<'a> {
    /// What the preview is of.
    opening: &'a Opening,
    typed: Typed,
    wrong: Vec<String>,
    is_trial: bool,
    done: Option<&'a str>,
}

async fn page(app: &App, signed: &Signed, shown: Shown<'_>) -> Result<Response, Refusal> {
    let support = &app.conversations.support;
    let Shown { opening, typed, wrong, is_trial, done } = shown;
    let in_force = support.hours.now();
    let versions = support.hours.versions(&app.store).await?;
    let past = |version: HoursVersion| Past {
        number: version.number,
        author: version.author,
        at: console::moment(version.created_at, &support.zone),
        is_in_force: version.number == in_force.number,
    };
    let chosen = typed.quand.parse::<DateTime>().ok().and_then(|at| at.to_zoned_datetime(support.zone.clone()).ok());
    let at = chosen.unwrap_or_else(|| {
        Timestamp::from_millisecond(now()).unwrap_or_default().to_zoned_datetime(support.zone.clone())
    });
    Ok(render(&OpeningPage {
        frame: Frame::new(text::HOURS, SECTION, signed).after(done),
        typed: Some(typed).filter(|_| signed.may(Permission::Publish)),
        wrong,
        is_trial,
        week: week(opening),
        closed: opening.closed.iter().map(|date| dates::long(*date)).collect(),
        is_alsace: opening.alsace_moselle,
        answer: text::open_time(opening.answer_minutes),
        preview: preview(opening, &at),
        past: versions.into_iter().map(past).collect(),
        is_configured: in_force.opening == *support.hours.configured(),
    }))
}

fn preview(opening: &Opening, at: &ZonedDateTime) -> Preview {
    let openings = opening.openings(at, OPENINGS);
    Preview {
        standing: text::standing(opening, at),
        promise: text::answer_expected(&opening.answer_expected(at, opening.answer_minutes), at).text,
        openings: openings.iter().map(|(from, to)| text::stretch(from, to, at)).collect(),
        at: at.strftime("%Y-%m-%dT%H:%M").to_string(),
    }
}

fn week(opening: &Opening) -> Vec<(&'static str, String)> {
    let Opening { monday, tuesday, wednesday, thursday, friday, saturday, sunday, .. } = opening;
    let days = [monday, tuesday, wednesday, thursday, friday, saturday, sunday];
    let hours = |slots: &Slots| text::hours(&Vec::<String>::from(slots.clone()));
    text::WEEK.into_iter().zip(days).map(|(day, slots)| (day, hours(slots))).collect()
}
