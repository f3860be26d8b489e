//! What was asked to be put in force.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::super::refusal::render;
use super::super::{Frame, Refusal, Signed, address};
use super::PUBLICATIONS as HERE;
use crate::app::App;
use crate::model::{Publication, PublicationItem};
use crate::text::{console, knowledge as text};

/// How many one page shows.
const PAGE: usize = 50;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::console) struct Wanted {
    etat: String,
    /// The id of the last line of the page before.
    apres: String,
}

struct Line {
    id: String,
    title: String,
    state: &'static str,
    state_name: &'static str,
    author: String,
    reason: String,
    at: String,
    due: Option<String>,
}

#[derive(Template)]
#[template(path = "knowledge/publications.html")]
struct PublicationsPage {
    frame: Frame,
    lines: Vec<Line>,
    states: Vec<(&'static str, &'static str, bool)>,
    next: Option<String>,
}

pub(in crate::console) async fn list(
    State(app): State<App>,
    signed: Signed,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let state =
        text::STATES.iter().find(|(state, name, _)| *name == wanted.etat && !wanted.etat.is_empty() && state.is_some());
    let state = state.and_then(|(state, ..)| *state);
    let after = Some(wanted.apres.as_str()).filter(|id| uuid::Uuid::parse_str(id).is_ok());
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut found = app.store.list_publications_before(state, after, limit).await?;
    let has_more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| has_more);
    let next = next.map(|last| address(HERE, &[("etat", &wanted.etat), ("apres", &last.id)]));
    let zone = &app.conversations.support.zone;
    let mut lines = Vec::new();
    for publication in found {
        let title = title(&app, &publication.items).await?;
        lines.push(Line {
            title: if publication.is_preview { text::tried(&title) } else { title },
            state: text::state(publication.state),
            state_name: text::state_name(publication.state),
            at: console::moment(publication.created_at, zone),
            due: due(&publication).map(|at| console::moment(at, zone)),
            id: publication.id,
            author: publication.author,
            reason: publication.reason,
        });
    }
    let states = text::STATES.iter().map(|(_, value, label)| (*value, *label, *value == wanted.etat)).collect();
    Ok(render(&PublicationsPage { frame: Frame::new(text::PUBLICATIONS, HERE, &signed), lines, states, next }))
}

/// When a publication that has a time of its own is to take effect.
pub(super) fn due(publication: &Publication) -> Option<i64> {
    Some(publication.run_at).filter(|at| *at > publication.created_at)
}

/// What is published, in a line.
pub(super) async fn title(app: &App, items: &[PublicationItem]) -> Result<String, Refusal> {
    let Some(first) = items.first() else { return Ok(String::new()) };
    let document = app.store.find_document(&first.document).await?;
    let title = match document {
        Some(document) if document.key.kind() != guichet_kb::DocumentKind::Table => {
            crate::text::french(&document.title)
        }
        Some(_) | None => text::document(first.document.as_str()),
    };
    Ok(text::items(&title, first.action, items.len() - 1))
}
