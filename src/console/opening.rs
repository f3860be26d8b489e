//! When people answer, as it is set, and what a partner would be promised at a moment that one chooses.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use jiff::civil::DateTime;
use serde::Deserialize;

use super::refusal::render;
use super::{Frame, Refusal, Signed, now};
use crate::app::App;
use crate::opening::{Opening, Slots, is_holiday};
use crate::text::opening as text;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Wanted {
    /// A date and a time, as `2026-12-25T10:00`.
    quand: String,
}

#[derive(Template)]
#[template(path = "opening.html")]
struct OpeningPage {
    frame: Frame,
    week: Vec<(&'static str, String)>,
    closed: Vec<String>,
    is_alsace: bool,
    answer: String,
    /// The moment of the preview.
    at: String,
    standing: &'static str,
    promise: String,
}

/// `GET /console/horaires`
pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Query(Wanted { quand }): Query<Wanted>,
) -> Result<Response, Refusal> {
    let support = &app.conversations.support;
    let chosen = quand.parse::<DateTime>().ok().and_then(|at| at.to_zoned_datetime(support.zone.clone()).ok());
    let at = match chosen {
        Some(at) => at,
        None => jiff::Timestamp::from_millisecond(now()).unwrap_or_default().to_zoned_datetime(support.zone.clone()),
    };
    let opening = &support.opening;
    let page = OpeningPage {
        frame: Frame::new(text::HOURS, "/console/textes", &signed),
        week: week(opening),
        closed: opening.closed.iter().map(|date| crate::text::dates::long(*date)).collect(),
        is_alsace: opening.alsace_moselle,
        answer: text::open_time(opening.answer_minutes),
        standing: match (is_holiday(at.date(), opening.alsace_moselle), opening.is_open(&at)) {
            (true, _) => text::HOLIDAY,
            (false, true) => text::OPEN,
            (false, false) => text::SHUT,
        },
        promise: support.promise(at.timestamp().as_millisecond()).text,
        at: at.strftime("%Y-%m-%dT%H:%M").to_string(),
    };
    Ok(render(&page))
}

fn week(opening: &Opening) -> Vec<(&'static str, String)> {
    let Opening { monday, tuesday, wednesday, thursday, friday, saturday, sunday, .. } = opening;
    let days = [monday, tuesday, wednesday, thursday, friday, saturday, sunday];
    let hours = |slots: &Slots| text::hours(&Vec::<String>::from(slots.clone()));
    text::WEEK.into_iter().zip(days).map(|(day, slots)| (day, hours(slots))).collect()
}
