//! Questions that got no good answer, subject by subject: what to write next.

mod act;
mod load;
mod subject;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use guichet_kb::DocumentKey;
use serde::Deserialize;

pub(super) use act::act;
pub(super) use subject::show;

use super::knowledge::page_of;
use super::refusal::render;
use super::{Frame, Refusal, Signed};
use crate::app::App;
use crate::model::Gap;
use crate::text::insight as text;
use load::{Subject, Wanted};

/// The section of the menu.
const HERE: &str = "/console/lacunes";
/// Subjects of one page.
const PAGE: usize = 20;
/// Entries that are named as the closest.
const CLOSEST: usize = 2;

#[derive(Deserialize)]
pub(super) struct Shown {
    #[serde(flatten)]
    wanted: Wanted,
    #[serde(default)]
    page: String,
    fait: Option<String>,
    /// The document whose draft was just changed.
    document: Option<DocumentKey>,
}

/// A choice of the filter.
pub(super) struct Choice {
    value: &'static str,
    label: &'static str,
    is_chosen: bool,
}

/// One subject as it is shown.
struct Line {
    href: String,
    title: String,
    questions: String,
    trend: String,
    is_rising: bool,
    partners: String,
    tickets: String,
    reasons: Vec<String>,
    closest: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "gaps.html")]
struct GapsPage {
    frame: Frame,
    lines: Vec<Line>,
    periods: Vec<Choice>,
    reasons: Vec<Choice>,
    summary: String,
    is_cut: bool,
    next: Option<String>,
    draft: Option<String>,
}

/// `GET /console/lacunes`
pub(super) async fn list(
    State(app): State<App>,
    signed: Signed,
    Query(shown): Query<Shown>,
) -> Result<Response, Refusal> {
    let wanted = shown.wanted;
    let found = load::subjects(&app, &wanted).await?;
    let page: usize = shown.page.parse().unwrap_or(0);
    let questions = found.subjects.iter().map(|subject| subject.questions.len()).sum();
    let summary = text::gaps_summary(questions, found.subjects.len(), wanted.days());
    let has_more = found.subjects.len() > (page + 1) * PAGE;
    let engine = app.live.engine();
    let shown_now: Vec<Subject> = found.subjects.into_iter().skip(page * PAGE).take(PAGE).collect();
    let titles: Vec<String> = shown_now.iter().map(|subject| subject.title.clone()).collect();
    // Up to some milliseconds each: not on the threads that serve.
    let closest = tokio::task::spawn_blocking(move || {
        titles.iter().map(|title| load::closest(&engine, title, CLOSEST)).collect::<Vec<_>>()
    });
    let closest = closest.await.map_err(Refusal::failed)?;
    let lines = shown_now.iter().zip(closest).map(|(subject, closest)| line(subject, &wanted, closest)).collect();
    let page = GapsPage {
        frame: Frame::new(text::GAPS, HERE, &signed).after(shown.fait.as_deref()),
        lines,
        periods: wanted.periods(),
        reasons: wanted.reasons(),
        summary,
        is_cut: found.is_cut,
        next: has_more.then(|| wanted.address(HERE, &(page + 1).to_string())),
        draft: shown.document.as_ref().map(page_of),
    };
    Ok(render(&page))
}

fn line(subject: &Subject, wanted: &Wanted, closest: Vec<load::Close>) -> Line {
    let reasons = Gap::ALL.into_iter().filter_map(|gap| {
        let count = subject.count(gap);
        (count > 0).then(|| text::reason_count(gap, count))
    });
    Line {
        href: wanted.address(&format!("{HERE}/{}", subject.id), ""),
        title: subject.title.clone(),
        questions: text::questions(subject.questions.len()),
        trend: text::trend(subject.questions.len(), subject.before),
        is_rising: subject.questions.len() > subject.before,
        partners: text::partners(subject.partners()),
        tickets: text::tickets(subject.tickets()),
        reasons: reasons.collect(),
        closest: closest.into_iter().map(|close| (close.id, close.question)).collect(),
    }
}
