//! One entry: written, looked at, tried, published.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use guichet_kb::{Contacts, DocumentKey, Entry, Status, front_matter};
use serde::Deserialize;

use super::super::refusal::render;
use super::super::{Frame, Refusal, Signed};
use super::act::{Acted, Failed, act};
use super::meeting::{Meeting, meet};
use super::preview::Preview;
use super::standing::{Standing, standing};
use super::typed::{Typed, Wrong};
use super::{ENTRIES, PUBLICATIONS, entry_key};
use crate::app::App;
use crate::model::Permission;
use crate::publishing::edit::EditError;
use crate::text::knowledge as text;

#[derive(Deserialize)]
pub(in crate::console) struct Done {
    fait: Option<String>,
}

/// With what a new entry begins.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::console) struct Begun {
    question: String,
    formulations: String,
}

/// A contact or a link that an answer may cite.
struct Citable {
    /// What is put into the answer.
    text: String,
    label: String,
}

#[derive(Template)]
#[template(path = "knowledge/editor.html")]
struct EditorPage {
    frame: Frame,
    /// None of a new entry.
    standing: Option<Standing>,
    typed: Typed,
    wrong: Vec<Wrong>,
    /// What somebody else saved meanwhile.
    meeting: Option<Meeting>,
    preview: String,
    categories: Vec<String>,
    citable: Vec<Citable>,
    action: String,
    may_write: bool,
    may_publish: bool,
    has_composed: bool,
}

/// What an editor shows besides what the store knows.
#[derive(Default)]
struct Shown {
    typed: Typed,
    wrong: Vec<Wrong>,
    meeting: Option<Meeting>,
    done: Option<String>,
}

pub(in crate::console) async fn new(
    State(app): State<App>,
    signed: Signed,
    Query(begun): Query<Begun>,
) -> Result<Response, Refusal> {
    let typed = Typed { question: begun.question, variants: begun.formulations, ..Typed::default() };
    page(&app, &signed, None, Shown { typed, ..Shown::default() }).await
}

pub(in crate::console) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Query(Done { fait }): Query<Done>,
) -> Result<Response, Refusal> {
    let key = entry_key(&id)?;
    page(&app, &signed, Some(&key), Shown { done: fait, ..Shown::default() }).await
}

pub(in crate::console) async fn create(
    State(app): State<App>,
    signed: Signed,
    Form(mut typed): Form<Typed>,
) -> Result<Response, Refusal> {
    if typed.id.trim().is_empty() {
        typed.id = text::suggested_id(&typed.question);
    }
    typed.asked.seen = String::new();
    submit(&app, &signed, None, typed).await
}

pub(in crate::console) async fn save(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Form(mut typed): Form<Typed>,
) -> Result<Response, Refusal> {
    let key = entry_key(&id)?;
    typed.id = id;
    submit(&app, &signed, Some(&key), typed).await
}

async fn submit(app: &App, signed: &Signed, key: Option<&DocumentKey>, typed: Typed) -> Result<Response, Refusal> {
    let (entry, mut wrong) = typed.entry();
    if typed.asked.then == "look" {
        return page(app, signed, key, Shown { typed, ..Shown::default() }).await;
    }
    let Some(entry) = entry.filter(|_| wrong.is_empty()) else {
        return refused(app, signed, key, Shown { typed, wrong, ..Shown::default() }).await;
    };
    let entry = Entry { status: Status::Draft, ..entry };
    let (document, content) = (DocumentKey::of_entry(&entry.id), front_matter::write(&entry));
    let here = super::page_of(&document);
    let done = |what: &str| Ok(Redirect::to(&format!("{here}?fait={what}")).into_response());
    match act(app, signed, &document, &content, &typed.asked).await {
        Ok(Acted::Saved) => return done("brouillon"),
        Ok(Acted::Unchanged) => return done("inchange"),
        Ok(Acted::Submitted) => return done("relecture"),
        Ok(Acted::Ordered(publication)) => {
            return Ok(Redirect::to(&format!("{PUBLICATIONS}/{}", publication.id)).into_response());
        }
        Err(Failed::Refused(refusal)) => return Err(refusal),
        Err(Failed::Edit(EditError::Outdated(_))) => {
            let (typed, meeting) = meet(app, &document, typed, &entry).await?;
            return refused(app, signed, key, Shown { typed, meeting: Some(meeting), ..Shown::default() }).await;
        }
        Err(Failed::Moment(field)) => wrong.push(Wrong { field, message: text::WRONG_MOMENT.to_owned() }),
        Err(Failed::Edit(EditError::Exists)) => wrong.push(Wrong { field: "id", message: text::ID_TAKEN.to_owned() }),
        Err(Failed::Edit(EditError::Invalid(problems))) => {
            let message = |problem: guichet_kb::Diagnostic| crate::text::faults::french(&problem.message);
            wrong.extend(problems.into_iter().map(|problem| Wrong { field: "", message: message(problem) }));
        }
        Err(Failed::Edit(error)) => return Err(error.into()),
    }
    refused(app, signed, key, Shown { typed, wrong, ..Shown::default() }).await
}

/// The page again, with what was typed and what is wrong with it.
async fn refused(app: &App, signed: &Signed, key: Option<&DocumentKey>, shown: Shown) -> Result<Response, Refusal> {
    let status = if shown.meeting.is_some() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, page(app, signed, key, shown).await?).into_response())
}

async fn page(app: &App, signed: &Signed, key: Option<&DocumentKey>, shown: Shown) -> Result<Response, Refusal> {
    let Shown { mut typed, wrong, meeting, done } = shown;
    let mut known = None;
    if let Some(key) = key {
        let document = app.store.find_document(key).await?.ok_or(Refusal::NotFound)?;
        let latest = app.store.find_revision(key, document.latest).await?.ok_or(Refusal::NotFound)?;
        if typed.id.is_empty() {
            // A file that was removed: what it said last is in the history.
            let content = latest.content.as_deref().unwrap_or_default();
            let entry = front_matter::parse(&latest.path, content).0.map(|(entry, _)| entry);
            typed = entry.as_ref().map(Typed::of).unwrap_or_default();
            key.name().clone_into(&mut typed.id);
            typed.asked.seen = document.latest.to_string();
        }
        known = Some(standing(app, document, &latest).await?);
    }
    let engine = app.live.engine();
    let knowledge_base = engine.knowledge_base();
    let mut drawn = typed.clone();
    if drawn.id.trim().is_empty() {
        "nouvelle".clone_into(&mut drawn.id);
    }
    let images = app.store.list_all_images().await?;
    let preview = drawn.entry().0.map(|entry| Preview::of(&entry, knowledge_base, &images));
    let title = known.as_ref().map_or_else(|| text::NEW_ENTRY.to_owned(), |standing| standing.title.clone());
    Ok(render(&EditorPage {
        frame: Frame::new(title, ENTRIES, signed).after(done.as_deref()),
        has_composed: !typed.composed.is_empty() || !typed.facts.is_empty(),
        action: key.map_or_else(|| ENTRIES.to_owned(), super::page_of),
        standing: known,
        typed,
        wrong,
        meeting,
        preview: preview
            .map(|preview| preview.render().expect("a template that compiled writes to memory"))
            .unwrap_or_default(),
        categories: app.store.list_categories().await?,
        citable: citable(&knowledge_base.contacts),
        may_write: signed.may(Permission::Write),
        may_publish: signed.may(Permission::Publish),
    }))
}

/// What an answer may cite.
fn citable(contacts: &Contacts) -> Vec<Citable> {
    let mut all = Vec::new();
    for (name, contact) in &contacts.contact {
        let fields = [("email", &contact.email), ("phone", &contact.phone), ("hours", &contact.hours)];
        for (field, _) in fields.into_iter().filter(|(_, value)| value.is_some()) {
            let text = format!("{{{{contact.{name}.{field}}}}}");
            all.push(Citable { text, label: text::contact(&contact.label, field) });
        }
    }
    for (name, link) in &contacts.link {
        all.push(Citable { text: format!("[{}](link:{name})", link.label), label: text::link(&link.label) });
    }
    all
}
