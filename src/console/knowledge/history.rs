//! The versions of a document, what became of it between two of them, and the way back.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use guichet_kb::{DocumentKey, DocumentKind};
use serde::Deserialize;

use super::super::refusal::render;
use super::super::{Frame, Refusal, Signed, address, now};
use super::compare::{Field, documents};
use super::{PUBLICATIONS, page_of, section};
use crate::app::App;
use crate::model::{Document, Permission, PublicationAction, Revision};
use crate::publishing::edit::{self, Hand};
use crate::publishing::order::{self, Order};
use crate::text::{console, knowledge as text, publishing};

/// How many versions one page shows.
const PAGE: usize = 50;

#[derive(Deserialize)]
pub(in crate::console) struct Wanted {
    /// Versions before this number.
    avant: Option<i64>,
}

#[derive(Deserialize)]
pub(in crate::console) struct Two {
    de: i64,
    a: i64,
}

#[derive(Deserialize)]
pub(in crate::console) struct Back {
    /// The version that is to come back.
    version: i64,
    /// The last one that was looked at.
    #[serde(default)]
    seen: i64,
    #[serde(default)]
    reason: String,
}

struct Line {
    number: i64,
    status: &'static str,
    status_name: &'static str,
    author: String,
    reason: String,
    at: String,
    is_in_force: bool,
    is_removal: bool,
    /// What it is compared with: the one before.
    before: Option<i64>,
}

#[derive(Template)]
#[template(path = "knowledge/history.html")]
struct HistoryPage {
    frame: Frame,
    key: DocumentKey,
    title: String,
    page: String,
    lines: Vec<Line>,
    latest: i64,
    in_force: Option<i64>,
    next: Option<String>,
    may_write: bool,
    may_publish: bool,
}

#[derive(Template)]
#[template(path = "knowledge/compare.html")]
struct ComparePage {
    frame: Frame,
    key: DocumentKey,
    title: String,
    page: String,
    before: String,
    after: String,
    fields: Vec<Field>,
}

#[derive(Template)]
#[template(path = "knowledge/back.html")]
struct BackPage {
    frame: Frame,
    key: DocumentKey,
    title: String,
    page: String,
    version: i64,
    described: String,
    latest: i64,
    fields: Vec<Field>,
}

pub(in crate::console) async fn list(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let document = find(&app, &key).await?;
    let before = wanted.avant.unwrap_or(i64::MAX);
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut revisions = app.store.list_revisions(&document.key, before, limit).await?;
    let has_more = revisions.len() > PAGE;
    revisions.truncate(PAGE);
    let here = format!("/console/documents/{}/versions", document.key);
    let next = revisions.last().filter(|_| has_more);
    let next = next.map(|last| address(&here, &[("avant", &last.number.to_string())]));
    let zone = &app.conversations.support.zone;
    let line = |revision: Revision| Line {
        status: revision.status.as_str(),
        status_name: publishing::status_name(revision.status),
        at: console::moment(revision.created_at, zone),
        is_in_force: Some(revision.number) == document.in_force,
        is_removal: revision.content.is_none(),
        before: (revision.number > 1).then_some(revision.number - 1),
        number: revision.number,
        author: revision.author,
        reason: revision.reason,
    };
    let title = called(&document);
    Ok(render(&HistoryPage {
        frame: Frame::new(text::history_of(&title), section(&document.key), &signed),
        page: page_of(&document.key),
        lines: revisions.into_iter().map(line).collect(),
        latest: document.latest,
        in_force: document.in_force,
        next,
        may_write: signed.may(Permission::Write),
        may_publish: signed.may(Permission::Publish),
        key: document.key,
        title,
    }))
}

pub(in crate::console) async fn compare(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    Query(Two { de, a }): Query<Two>,
) -> Result<Response, Refusal> {
    let document = find(&app, &key).await?;
    let (before, after) = (revision(&app, &document.key, de).await?, revision(&app, &document.key, a).await?);
    let title = called(&document);
    Ok(render(&ComparePage {
        frame: Frame::new(text::comparison_of(&title), section(&document.key), &signed),
        page: page_of(&document.key),
        before: described(&app, &before),
        after: described(&app, &after),
        fields: between(&document.key, before, after).await?,
        key: document.key,
        title,
    }))
}

/// Asks, before an older version is put in force again.
pub(in crate::console) async fn ask_back(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    Query(back): Query<Back>,
) -> Result<Response, Refusal> {
    let document = find(&app, &key).await?;
    let older = revision(&app, &document.key, back.version).await?;
    let current = revision(&app, &document.key, document.in_force.unwrap_or(document.latest)).await?;
    let title = called(&document);
    Ok(render(&BackPage {
        frame: Frame::new(text::back_to(&title), section(&document.key), &signed),
        page: page_of(&document.key),
        version: back.version,
        described: described(&app, &older),
        latest: document.latest,
        fields: between(&document.key, current, older).await?,
        key: document.key,
        title,
    }))
}

/// An older version comes back as a draft.
pub(in crate::console) async fn take_up(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    Form(back): Form<Back>,
) -> Result<Response, Refusal> {
    let key = key.parse().map_err(|_| Refusal::NotFound)?;
    let hand = Hand { author: signed.name(), reason: &one_line(&back.reason), at: now() };
    edit::restore(&app.store, &key, back.seen, back.version, hand).await?;
    Ok(Redirect::to(&format!("{}?fait=reprise-version", page_of(&key))).into_response())
}

/// An older version comes back and goes through the gate at once.
pub(in crate::console) async fn put_back(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    Form(back): Form<Back>,
) -> Result<Response, Refusal> {
    let key: DocumentKey = key.parse().map_err(|_| Refusal::NotFound)?;
    let reason = match one_line(&back.reason) {
        reason if reason.is_empty() => publishing::restored(back.version),
        reason => reason,
    };
    let hand = Hand { author: signed.name(), reason: &reason, at: now() };
    let document = edit::restore(&app.store, &key, back.seen, back.version, hand).await?;
    let order = Order::of(&key, document.latest, PublicationAction::Publish);
    let publication = order::place(&app.store, order, hand).await?;
    app.wake.wake();
    Ok(Redirect::to(&format!("{PUBLICATIONS}/{}", publication.id)).into_response())
}

/// What differs between two revisions: two long texts without a line in common take some hundred milliseconds.
pub(super) async fn between(key: &DocumentKey, before: Revision, after: Revision) -> Result<Vec<Field>, Refusal> {
    let key = key.clone();
    let compared = tokio::task::spawn_blocking(move || {
        documents(&key, before.content.as_deref().unwrap_or_default(), after.content.as_deref().unwrap_or_default())
    });
    compared.await.map_err(Refusal::failed)
}

/// A revision in a line.
pub(super) fn described(app: &App, revision: &Revision) -> String {
    let at = console::moment(revision.created_at, &app.conversations.support.zone);
    text::revision(revision.number, publishing::status_name(revision.status), &revision.author, &at)
}

pub(super) async fn find(app: &App, key: &str) -> Result<Document, Refusal> {
    let key = key.parse().map_err(|_| Refusal::NotFound)?;
    app.store.find_document(&key).await?.ok_or(Refusal::NotFound)
}

pub(super) async fn revision(app: &App, key: &DocumentKey, number: i64) -> Result<Revision, Refusal> {
    app.store.find_revision(key, number).await?.ok_or(Refusal::NotFound)
}

/// What people call a document.
pub(super) fn called(document: &Document) -> String {
    match document.key.kind() {
        DocumentKind::Table => text::document(document.key.as_str()),
        DocumentKind::Entry | DocumentKind::Orientation => document.title.clone(),
    }
}

/// A reason as it is kept.
pub(super) fn one_line(typed: &str) -> String {
    guichet_kb::entry::one_line(typed).chars().take(super::act::LONGEST_REASON).collect()
}
