//! The conversations of the last minutes, a page at a time.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::super::refusal::render;
use super::super::{Frame, Refusal, Signed, address, now};
use super::HERE;
use crate::app::App;
use crate::store::{LiveFilter, LiveLine};
use crate::text::{console, live as text};

/// How many one page shows.
const PAGE: usize = 50;
/// How long ago something was said in a conversation that goes on.
const RECENT_MS: i64 = 30 * 60 * 1000;
/// Between the time and the id of the last line.
const SEPARATOR: char = '_';

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::console) struct Wanted {
    /// `prises` or `toutes`; nothing: those of the last minutes.
    vue: String,
    apres: String,
}

struct Line {
    id: String,
    asked: String,
    answered: Option<&'static str>,
    decision: String,
    entry: Option<String>,
    channel: &'static str,
    partner: Option<String>,
    agent: Option<String>,
    is_waiting: bool,
    updated: String,
}

struct Choice {
    value: &'static str,
    label: &'static str,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "live/list.html")]
struct ListPage {
    frame: Frame,
    lines: Vec<Line>,
    views: Vec<Choice>,
    next: Option<String>,
}

/// `GET /console/conversations`
pub(in crate::console) async fn list(
    State(app): State<App>,
    signed: Signed,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let filter = LiveFilter {
        since: if wanted.vue.is_empty() { now() - RECENT_MS } else { 0 },
        is_taken: wanted.vue == "prises",
        after: wanted.apres.split_once(SEPARATOR).and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned()))),
        limit: i64::try_from(PAGE + 1).unwrap_or(i64::MAX),
    };
    let mut lines = app.store.list_live(&filter).await?;
    let has_more = lines.len() > PAGE;
    lines.truncate(PAGE);
    let last = lines.last().filter(|_| has_more).map(|last| format!("{}{SEPARATOR}{}", last.updated_at, last.id));
    let zone = &app.conversations.support.zone;
    let page = ListPage {
        frame: Frame::new(text::CONVERSATIONS, HERE, &signed),
        next: last.map(|last| address(HERE, &[("vue", &wanted.vue), ("apres", &last)])),
        views: text::VIEWS.map(|(value, label)| Choice { value, label, is_chosen: value == wanted.vue }).into(),
        lines: lines.into_iter().map(|line| shown(line, zone)).collect(),
    };
    Ok(render(&page))
}

fn shown(line: LiveLine, zone: &jiff::tz::TimeZone) -> Line {
    Line {
        asked: line.asked.unwrap_or_else(|| text::NOTHING_ASKED.to_owned()),
        answered: line.decision.as_deref().and_then(text::decision),
        decision: line.decision.unwrap_or_default(),
        entry: line.entry,
        channel: text::channel(&line.channel),
        partner: line.visitor.map(|visitor| visitor.partner.into()),
        is_waiting: line.is_waiting && line.agent.is_some(),
        agent: line.agent,
        updated: console::moment(line.updated_at, zone),
        id: line.id,
    }
}
