//! Documents that are no entries: synonyms, contacts, small talk, rules, orientations. Written as the text of their file.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use guichet_kb::{Diagnostic, DocumentKey, DocumentKind, orientation};
use serde::Deserialize;

use super::super::refusal::render;
use super::super::{Frame, Refusal, Signed};
use super::act::{Acted, Failed, act};
use super::compare::{Field, documents};
use super::history::called;
use super::standing::{Standing, standing};
use super::typed::Asked;
use super::{PUBLICATIONS, TEXTS as HERE, drawn, page_of, section};
use crate::app::App;
use crate::model::{Document, Permission};
use crate::publishing::edit::EditError;
use crate::text::{console, knowledge as text, publishing};
use crate::{answer, reply};

#[derive(Deserialize)]
pub(in crate::console) struct Done {
    fait: Option<String>,
}

#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub(in crate::console) struct Typed {
    content: String,
    #[serde(flatten)]
    asked: Asked,
}

struct Line {
    href: String,
    title: String,
    about: &'static str,
    status: &'static str,
    status_name: &'static str,
    is_behind: bool,
    has_conflict: bool,
    updated: String,
}

#[derive(Template)]
#[template(path = "knowledge/texts.html")]
struct TextsPage {
    frame: Frame,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "knowledge/text.html")]
struct TextPage {
    frame: Frame,
    standing: Standing,
    about: &'static str,
    content: String,
    asked: Asked,
    wrong: Vec<String>,
    /// Who saved meanwhile, and what differs from what was typed.
    meeting: Option<(String, Vec<Field>)>,
    /// Of an orientation: as the chat shows it.
    preview: Option<String>,
    back: &'static str,
    back_name: &'static str,
    may_write: bool,
    may_publish: bool,
}

pub(in crate::console) async fn list(State(app): State<App>, signed: Signed) -> Result<Response, Refusal> {
    let zone = &app.conversations.support.zone;
    let mut lines = Vec::new();
    for name in ["synonyms", "small_talk", "contacts", "rules"] {
        let key: DocumentKey = name.parse().map_err(|_| Refusal::NotFound)?;
        let Some(document) = app.store.find_document(&key).await? else { continue };
        lines.push(Line {
            href: page_of(&key),
            title: called(&document),
            about: text::about(name),
            status: document.status.as_str(),
            status_name: publishing::status_name(document.status),
            is_behind: document.in_force.is_some_and(|at| at != document.latest),
            has_conflict: document.conflict.is_some(),
            updated: console::moment(document.updated_at, zone),
        });
    }
    Ok(render(&TextsPage { frame: Frame::new(text::TEXTS, HERE, &signed), lines }))
}

pub(in crate::console) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    Query(Done { fait }): Query<Done>,
) -> Result<Response, Refusal> {
    let document = find(&app, &key).await?;
    let latest = app.store.find_revision(&document.key, document.latest).await?.ok_or(Refusal::NotFound)?;
    let asked = Asked { seen: document.latest.to_string(), ..Asked::default() };
    let typed = Typed { content: latest.content.unwrap_or_default(), asked };
    page(&app, &signed, document, typed, Vec::new(), None, fait.as_deref()).await
}

pub(in crate::console) async fn save(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    Form(mut typed): Form<Typed>,
) -> Result<Response, Refusal> {
    let document = find(&app, &key).await?;
    // Browsers end lines in their own way.
    typed.content = typed.content.replace("\r\n", "\n");
    if !typed.content.ends_with('\n') {
        typed.content.push('\n');
    }
    let here = page_of(&document.key);
    let done = |what: &str| Ok(Redirect::to(&format!("{here}?fait={what}")).into_response());
    let (wrong, meeting) = match act(&app, &signed, &document.key, &typed.content, &typed.asked).await {
        Ok(Acted::Saved) => return done("brouillon"),
        Ok(Acted::Unchanged) => return done("inchange"),
        Ok(Acted::Submitted) => return done("relecture"),
        Ok(Acted::Ordered(publication)) => {
            return Ok(Redirect::to(&format!("{PUBLICATIONS}/{}", publication.id)).into_response());
        }
        Err(Failed::Refused(refusal)) => return Err(refusal),
        Err(Failed::Moment(_)) => (vec![text::WRONG_MOMENT.to_owned()], None),
        Err(Failed::Edit(EditError::Invalid(problems))) => (problems.iter().map(problem).collect(), None),
        Err(Failed::Edit(EditError::Outdated(number))) => {
            let theirs = app.store.find_revision(&document.key, number).await?.ok_or(Refusal::NotFound)?;
            let fields = documents(&document.key, theirs.content.as_deref().unwrap_or_default(), &typed.content);
            typed.asked.seen = number.to_string();
            (Vec::new(), Some((theirs.author, fields)))
        }
        Err(Failed::Edit(error)) => return Err(error.into()),
    };
    let status = if meeting.is_some() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, page(&app, &signed, document, typed, wrong, meeting, None).await?).into_response())
}

async fn page(
    app: &App,
    signed: &Signed,
    document: Document,
    typed: Typed,
    wrong: Vec<String>,
    meeting: Option<(String, Vec<Field>)>,
    done: Option<&str>,
) -> Result<Response, Refusal> {
    let latest = app.store.find_revision(&document.key, document.latest).await?.ok_or(Refusal::NotFound)?;
    let is_orientation = document.key.kind() == DocumentKind::Orientation;
    let title = called(&document);
    let preview = is_orientation.then(|| drawn_orientation(&app.live.engine(), &typed.content)).flatten();
    Ok(render(&TextPage {
        frame: Frame::new(title, section(&document.key), signed).after(done),
        about: text::about(if is_orientation { "orientation" } else { document.key.name() }),
        back: if is_orientation { "/console/fiches?quoi=orientations" } else { HERE },
        back_name: if is_orientation { text::ORIENTATIONS } else { text::TEXTS },
        standing: standing(app, document, &latest).await?,
        content: typed.content,
        asked: typed.asked,
        wrong,
        meeting,
        preview,
        may_write: signed.may(Permission::Write),
        may_publish: signed.may(Permission::Publish),
    }))
}

/// What the chat shows of an orientation.
fn drawn_orientation(engine: &answer::Engine, content: &str) -> Option<String> {
    let shown = orientation::parse("", content).0?;
    Some(drawn::html(&reply::orientation(&shown, engine.knowledge_base())))
}

fn problem(problem: &Diagnostic) -> String {
    text::in_text(problem.line, &problem.message)
}

/// The document with this key, when it is no entry.
async fn find(app: &App, key: &str) -> Result<Document, Refusal> {
    let key: DocumentKey = key.parse().map_err(|_| Refusal::NotFound)?;
    if key.kind() == DocumentKind::Entry {
        return Err(Refusal::NotFound);
    }
    app.store.find_document(&key).await?.ok_or(Refusal::NotFound)
}
