//! Who did what: the log that is only ever added to.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::refusal::render;
use super::{Frame, Refusal, Signed};
use crate::app::App;
use crate::model::Audit;
use crate::text::console as text;

/// The section of the menu.
const HERE: &str = "/console/journal";
/// How many lines one page shows.
const PAGE: usize = 100;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Wanted {
    q: String,
    /// The id of the last line of the page before.
    apres: String,
}

struct Line {
    at: String,
    who: String,
    what: &'static str,
    name: String,
    object: String,
    before: String,
    after: String,
}

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    frame: Frame,
    lines: Vec<Line>,
    wanted: Wanted,
    next: Option<String>,
}

/// `GET /console/journal`
pub(super) async fn list(
    State(app): State<App>,
    signed: Signed,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let before = Some(wanted.apres.as_str()).filter(|id| uuid::Uuid::parse_str(id).is_ok());
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut lines = app.store.list_audit(wanted.q.trim(), before, limit).await?;
    let has_more = lines.len() > PAGE;
    lines.truncate(PAGE);
    let next = lines.last().filter(|_| has_more);
    let next = next.map(|last| super::address(HERE, &[("q", &wanted.q), ("apres", &last.id)]));
    let zone = &app.conversations.support.zone;
    let line = |Audit { at, who, what, object, before, after, .. }: Audit| Line {
        at: text::moment(at, zone),
        who,
        what: text::audit(&what),
        name: what,
        object,
        before,
        after,
    };
    let lines = lines.into_iter().map(line).collect();
    Ok(render(&AuditPage { frame: Frame::new(text::AUDIT, HERE, &signed), lines, wanted, next }))
}
