//! The entries: found, and how each is doing.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use guichet_kb::Status;
use serde::Deserialize;

use super::super::refusal::render;
use super::super::{Frame, Refusal, Signed, address};
use super::ENTRIES as HERE;
use super::faults::{self, Fault};
use super::standing::{Review, review, votes_since};
use crate::app::App;
use crate::model::{Document, Permission, Votes};
use crate::store::DocumentFilter;
use crate::text::{console, knowledge as text, publishing};

/// How many one page shows.
const PAGE: usize = 50;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::console) struct Wanted {
    q: String,
    /// `orientations`, or entries.
    quoi: String,
    statut: String,
    categorie: String,
    /// `relire`, `conflit` or `temoins`.
    sante: String,
    /// The key of the last line of the page before.
    apres: String,
}

struct Line {
    title: String,
    href: String,
    name: String,
    category: String,
    status: &'static str,
    status_name: &'static str,
    /// Partners read an older version.
    is_behind: bool,
    has_conflict: bool,
    review: Option<Review>,
    votes: Option<Votes>,
    faults: usize,
    updated: String,
}

/// Something to choose in a filter.
struct Choice {
    value: &'static str,
    label: &'static str,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "knowledge/list.html")]
struct ListPage {
    frame: Frame,
    lines: Vec<Line>,
    wanted: Wanted,
    statuses: Vec<Choice>,
    health: Vec<Choice>,
    categories: Vec<String>,
    is_orientations: bool,
    next: Option<String>,
    may_write: bool,
}

pub(in crate::console) async fn list(
    State(app): State<App>,
    signed: Signed,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let is_orientations = wanted.quoi == "orientations";
    let faults = faults::known(&app).await?;
    let mut documents = if wanted.sante == "temoins" {
        faulty(&app, &faults).await?
    } else {
        app.store.list_documents(&filter(&wanted, is_orientations)).await?
    };
    let has_more = documents.len() > PAGE;
    documents.truncate(PAGE);
    let next = documents.last().filter(|_| has_more).map(|last| {
        let Wanted { q, quoi, statut, categorie, sante, .. } = &wanted;
        let same = [("q", q), ("quoi", quoi), ("statut", statut), ("categorie", categorie), ("sante", sante)];
        let mut pairs: Vec<(&str, &str)> = same.map(|(name, value)| (name, value.as_str())).to_vec();
        pairs.push(("apres", last.key.as_str()));
        address(HERE, &pairs)
    });
    let mut votes = Vec::new();
    if !is_orientations {
        // Entry by entry: those of a search stand far apart, and between them are the votes of all others.
        for document in &documents {
            let name = document.key.name();
            votes.extend(app.store.count_votes(name, name, votes_since()).await?);
        }
    }
    let zone = &app.conversations.support.zone;
    let line = |document: Document| Line {
        href: super::page_of(&document.key),
        name: document.key.name().to_owned(),
        status: document.status.as_str(),
        status_name: publishing::status_name(document.status),
        is_behind: document.status != Status::Archived && document.in_force.is_some_and(|at| at != document.latest),
        has_conflict: document.conflict.is_some(),
        review: document.review_by.as_deref().map(review),
        votes: votes.iter().find(|votes| votes.entry == document.key.name()).cloned(),
        faults: faults.iter().filter(|fault| fault.is_check && fault.document == document.key.as_str()).count(),
        updated: console::moment(document.updated_at, zone),
        title: document.title,
        category: document.category,
    };
    let choice = |value: &'static str, label, chosen: &str| Choice { value, label, is_chosen: value == chosen };
    let statuses = [Status::Draft, Status::InReview, Status::Published, Status::Archived];
    let health = [("relire", text::TO_READ_AGAIN), ("conflit", text::IN_CONFLICT), ("temoins", text::FAILED_CHECKS)];
    Ok(render(&ListPage {
        frame: Frame::new(text::ENTRIES, HERE, &signed),
        lines: documents.into_iter().map(line).collect(),
        statuses: statuses.map(|one| choice(one.as_str(), publishing::status_name(one), &wanted.statut)).into(),
        health: health.map(|(value, label)| choice(value, label, &wanted.sante)).into(),
        categories: app.store.list_categories().await?,
        is_orientations,
        next,
        wanted,
        may_write: signed.may(Permission::Write),
    }))
}

fn filter(wanted: &Wanted, is_orientations: bool) -> DocumentFilter {
    // PostgreSQL refuses the character zero.
    let clean = |text: &str| text.replace('\0', "");
    DocumentFilter {
        kind: if is_orientations { "orientation:" } else { "entry:" },
        category: clean(&wanted.categorie),
        word: Some(guichet_kb::fold::fold(&clean(wanted.q.trim()))).filter(|word| !word.is_empty()),
        status: wanted.statut.parse().ok(),
        review_before: (wanted.sante == "relire").then(|| jiff::ZonedDateTime::now().date().to_string()),
        has_conflict: wanted.sante == "conflit",
        after: clean(&wanted.apres),
        limit: i64::try_from(PAGE + 1).unwrap_or(i64::MAX),
    }
}

/// The documents whose check questions fail: few, and known by their keys.
async fn faulty(app: &App, faults: &[Fault]) -> Result<Vec<Document>, Refusal> {
    let mut keys: Vec<&str> =
        faults.iter().filter(|fault| fault.is_check).map(|fault| fault.document.as_str()).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut documents = Vec::new();
    for key in keys.into_iter().take(PAGE) {
        if let Ok(key) = key.parse() {
            documents.extend(app.store.find_document(&key).await?);
        }
    }
    Ok(documents)
}
