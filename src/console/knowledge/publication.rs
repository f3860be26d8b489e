//! One publication: how far the gate is, and what it said.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};

use super::super::refusal::render;
use super::super::{Frame, Refusal, Signed, now};
use super::PUBLICATIONS as HERE;
use super::faults::{self, Fault, Named, Names};
use super::publications::{due, title};
use crate::app::App;
use crate::model::{Permission, ProgressStep, Publication, PublicationAction, PublicationState};
use crate::publishing::edit::Hand;
use crate::publishing::gate::Report;
use crate::publishing::impact::{Impact, Told};
use crate::publishing::order::{self, Order};
use crate::text::{console, knowledge as text};

struct Item {
    title: String,
    href: String,
    what: String,
}

/// A question that gets something else.
struct Changed {
    question: String,
    times: usize,
    before: Shown,
    after: Shown,
}

/// What a question gets.
struct Shown {
    decision: &'static str,
    entries: Vec<Named>,
}

#[derive(Default)]
struct Said {
    refused: Vec<Fault>,
    warnings: Vec<Fault>,
    known: Vec<Fault>,
    mended: Vec<Fault>,
    impact: Option<(String, Vec<Changed>)>,
}

#[derive(Template)]
#[template(path = "knowledge/publication.html")]
struct PublicationPage {
    frame: Frame,
    id: String,
    items: Vec<Item>,
    state: &'static str,
    state_name: &'static str,
    explained: &'static str,
    author: String,
    reason: String,
    at: String,
    ended: String,
    due: Option<String>,
    is_preview: bool,
    is_over: bool,
    step: String,
    done: usize,
    of: usize,
    said: Option<Said>,
    may_cancel: bool,
    may_publish: bool,
}

pub(in crate::console) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let publication = find(&app, &id).await?;
    let zone = &app.conversations.support.zone;
    let mut items = Vec::new();
    for item in &publication.items {
        items.push(Item {
            title: title(&app, std::slice::from_ref(item)).await?,
            href: super::page_of(&item.document),
            what: text::version(item.revision),
        });
    }
    let report: Option<Report> = publication.report.as_deref().and_then(|report| serde_json::from_str(report).ok());
    let said = match report {
        Some(report) => Some(said(&Names::of(&app, ids(&report)).await?, report)),
        None => None,
    };
    let is_over = publication.state.is_final();
    let may_publish = signed.may(Permission::Publish);
    let is_archiving = publication.items.iter().any(|item| item.action == PublicationAction::Archive);
    Ok(render(&PublicationPage {
        frame: Frame::new(title(&app, &publication.items).await?, HERE, &signed),
        state: text::state(publication.state),
        state_name: text::state_name(publication.state),
        explained: text::explained(publication.state, due(&publication).is_some_and(|at| at > now()), is_archiving),
        at: console::moment(publication.created_at, zone),
        ended: console::moment(publication.updated_at, zone),
        due: due(&publication).map(|at| console::moment(at, zone)),
        step: step(&publication),
        done: publication.progress.done,
        of: publication.progress.of,
        said,
        may_cancel: may_publish && publication.state == PublicationState::Waiting,
        may_publish: may_publish && publication.state == PublicationState::Previewed,
        is_preview: publication.is_preview,
        is_over,
        items,
        author: publication.author,
        reason: publication.reason,
        id: publication.id,
    }))
}

/// What was tried is published as it is.
pub(in crate::console) async fn publish(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let tried = find(&app, &id).await?;
    let hand = Hand { author: signed.name(), reason: &tried.reason, at: now() };
    let order = Order { items: tried.items.clone(), ..Order::default() };
    let publication = order::place(&app.store, order, hand).await?;
    app.wake.wake();
    Ok(Redirect::to(&format!("{HERE}/{}", publication.id)).into_response())
}

pub(in crate::console) async fn cancel(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let publication = find(&app, &id).await?;
    if !order::cancel(&app.store, &publication, signed.name(), now()).await? {
        return Err(Refusal::Conflict(crate::text::publishing::TOO_LATE));
    }
    Ok(Redirect::to(&format!("{HERE}/{id}")).into_response())
}

async fn find(app: &App, id: &str) -> Result<Publication, Refusal> {
    // Other texts are never sent to the database: some of them it refuses.
    uuid::Uuid::parse_str(id).map_err(|_| Refusal::NotFound)?;
    app.store.find_publication(id).await?.ok_or(Refusal::NotFound)
}

fn step(publication: &Publication) -> String {
    let is_due = publication.run_at <= now();
    let progress = publication.progress;
    match (progress.step, is_due) {
        (ProgressStep::Waiting, false) => String::new(),
        (step, _) => text::step(step, progress.done, progress.of),
    }
}

/// The entries that a report speaks of.
fn ids(report: &Report) -> impl Iterator<Item = String> {
    let findings = [&report.refused, &report.warnings, &report.known, &report.mended];
    let changed = report.impact.iter().flat_map(|impact| &impact.list);
    let told = changed.flat_map(|one| one.before.entries.iter().chain(&one.after.entries)).cloned();
    faults::ids(findings.into_iter().flatten()).chain(told)
}

fn said(names: &Names, report: Report) -> Said {
    let faults = |findings: Vec<_>| findings.into_iter().map(|finding| faults::fault(names, finding)).collect();
    Said {
        refused: faults(report.refused),
        warnings: faults(report.warnings),
        known: faults(report.known),
        mended: faults(report.mended),
        impact: report.impact.map(|impact| impacted(names, impact)),
    }
}

fn impacted(names: &Names, impact: Impact) -> (String, Vec<Changed>) {
    let summary = text::impact(impact.messages, impact.questions, impact.changed);
    let shown = |told: Told| Shown {
        decision: text::decision(&told.decision),
        entries: told.entries.iter().map(|id| names.named(id)).collect(),
    };
    let changed = impact.list.into_iter().map(|one| Changed {
        question: one.question,
        times: one.times,
        before: shown(one.before),
        after: shown(one.after),
    });
    (summary, changed.collect())
}
