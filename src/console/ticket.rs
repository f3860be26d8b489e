//! One ticket: what was asked, what was said, what is done.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::refusal::render;
use super::{Frame, Refusal, Signed, now};
use crate::app::App;
use crate::conversation::{StaffFile, StaffSaid};
use crate::desk::TicketChange;
use crate::model::{
    Attachment, Comment, CommentAuthor, Permission, Question, Speaker, Ticket, TicketRef, TicketStatus, Urgency,
};
use crate::text::{console as text, escalation, ticket as ticket_text};

/// Longest list of tags, and longest tag.
const MOST_TAGS: usize = 20;
const LONGEST_TAG: usize = 80;

#[derive(Deserialize)]
pub(super) struct Done {
    fait: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Answer {
    text: String,
    /// `public` or `note`.
    kind: String,
    #[serde(default)]
    status: String,
    /// Chosen when the form was made: sent twice, it is said once.
    key: String,
    /// A file for the partner, in Base64; empty when there is none.
    #[serde(default)]
    file_content: String,
    #[serde(default)]
    file_name: String,
    #[serde(default)]
    file_type: String,
}

#[derive(Deserialize)]
pub(super) struct Change {
    status: String,
    urgency: String,
    #[serde(default)]
    assignee: String,
    #[serde(default)]
    tags: String,
}

/// Something said, before or after the ticket was made.
struct Line {
    who: String,
    text: String,
    at: String,
    /// `visitor`, `assistant`, `agent` or `note`: how it looks.
    kind: &'static str,
    files: Vec<FileLine>,
}

struct FileLine {
    id: String,
    name: String,
    size: String,
}

struct HistoryLine {
    who: String,
    what: String,
    at: String,
}

struct Choice {
    value: &'static str,
    label: &'static str,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "ticket.html")]
struct TicketPage {
    frame: Frame,
    reference: String,
    subject: String,
    description: String,
    status: &'static str,
    facts: Vec<(&'static str, String)>,
    files: Vec<FileLine>,
    transcript: Vec<Line>,
    comments: Vec<Line>,
    history: Vec<HistoryLine>,
    statuses: Vec<Choice>,
    urgencies: Vec<Choice>,
    assignee: String,
    colleagues: Vec<String>,
    tags: String,
    key: String,
    may_answer: bool,
    is_closed: bool,
    is_elsewhere: bool,
    max_file_bytes: usize,
}

/// `GET /console/demandes/{reference}`
pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(reference): Path<String>,
    Query(Done { fait }): Query<Done>,
) -> Result<Response, Refusal> {
    let reference = parse(&reference)?;
    let ticket = app.store.find_ticket(&reference).await?.ok_or(Refusal::NotFound)?;
    let comments = app.store.list_comments(&reference).await?;
    let history = app.store.list_history(&reference).await?;
    let files = app.store.list_attachments(&reference).await?;
    let colleagues = app.store.list_accounts().await?;
    let zone = &app.conversations.support.zone;
    let draft = &ticket.draft;
    let choice = |value: &'static str, label, is_chosen| Choice { value, label, is_chosen };
    let page = TicketPage {
        frame: Frame::new(format!("{} · {}", draft.subject, draft.reference), "/console/demandes", &signed)
            .after(fait.as_deref()),
        reference: reference.to_string(),
        subject: draft.subject.clone(),
        description: draft.description.clone(),
        status: text::status(ticket.status),
        facts: facts(&ticket, zone),
        files: files.iter().filter(|file| file.comment.is_none()).map(file_line).collect(),
        transcript: draft.transcript.iter().map(|line| transcript_line(line, zone)).collect(),
        comments: comments.iter().map(|comment| comment_line(comment, &files, zone)).collect(),
        history: history
            .into_iter()
            .rev()
            .map(|line| HistoryLine { who: line.who, what: text::history(&line.what), at: text::moment(line.at, zone) })
            .collect(),
        statuses: TicketStatus::ALL
            .map(|status| choice(status.name(), text::status(status), status == ticket.status))
            .into(),
        urgencies: Urgency::ALL
            .map(|urgency| choice(urgency.name(), escalation::urgency(urgency), urgency == ticket.urgency))
            .into(),
        assignee: ticket.assignee.clone().unwrap_or_default(),
        colleagues: colleagues
            .into_iter()
            .filter(|account| account.role.may(Permission::Answer))
            .map(|account| account.name)
            .collect(),
        tags: ticket.tags.join(", "),
        key: uuid::Uuid::now_v7().to_string(),
        may_answer: signed.may(Permission::Answer),
        is_closed: ticket.status == TicketStatus::Closed,
        is_elsewhere: app.outgoing.has_desk,
        max_file_bytes: app.config.attachments.max_bytes,
    };
    Ok(render(&page))
}

/// `POST /console/demandes/{reference}/reponses`
pub(super) async fn answer(
    State(app): State<App>,
    signed: Signed,
    Path(reference): Path<String>,
    Form(typed): Form<Answer>,
) -> Result<Response, Refusal> {
    let reference = parse(&reference)?;
    let text = Question::parse(&typed.text).map_err(|_| Refusal::Invalid)?;
    let (is_public, done) = match typed.kind.as_str() {
        "public" => (true, "reponse"),
        "note" => (false, "note"),
        _ => return Err(Refusal::Invalid),
    };
    uuid::Uuid::parse_str(&typed.key).map_err(|_| Refusal::Invalid)?;
    let status = if typed.status.is_empty() { None } else { Some(status(&typed.status)?) };
    let files = files(typed.file_content, typed.file_name, typed.file_type, app.config.attachments.max_bytes)?;
    if !is_public && !files.is_empty() {
        return Err(Refusal::Invalid);
    }
    let said = StaffSaid { who: signed.name().to_owned(), text, is_public, status, key: typed.key, files };
    app.conversations.answer_ticket(&reference, said, now()).await?;
    Ok(back(&reference, done))
}

/// The file that the form carries as text.
fn files(content: String, name: String, declared: String, max_bytes: usize) -> Result<Vec<StaffFile>, Refusal> {
    if content.is_empty() {
        return Ok(Vec::new());
    }
    let content = STANDARD.decode(content).map_err(|_| Refusal::Invalid)?;
    if content.len() > max_bytes {
        return Err(Refusal::TooLarge);
    }
    Ok(vec![StaffFile { name, declared, content }])
}

/// The script of the page: an answer can be given without it, a file cannot.
pub(super) async fn script(headers: HeaderMap) -> Response {
    crate::http::static_file(include_bytes!("ticket.js"), "text/javascript; charset=utf-8", &headers)
}

/// `POST /console/demandes/{reference}`
pub(super) async fn change(
    State(app): State<App>,
    signed: Signed,
    Path(reference): Path<String>,
    Form(typed): Form<Change>,
) -> Result<Response, Refusal> {
    let reference = parse(&reference)?;
    let urgency = Urgency::ALL.into_iter().find(|urgency| urgency.name() == typed.urgency).ok_or(Refusal::Invalid)?;
    let assignee = Some(typed.assignee.trim().to_owned()).filter(|name| !name.is_empty());
    let tags: Vec<String> =
        typed.tags.split(',').map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect();
    if tags.len() > MOST_TAGS || tags.iter().any(|tag| tag.chars().count() > LONGEST_TAG) {
        return Err(Refusal::Invalid);
    }
    let change = TicketChange {
        who: signed.name().to_owned(),
        status: Some(status(&typed.status)?),
        urgency: Some(urgency),
        assignee: Some(assignee),
        tags: Some(tags),
        spreads: true,
        at: now(),
        ..TicketChange::default()
    };
    app.conversations.change_ticket(&reference, &change).await?;
    Ok(back(&reference, "demande"))
}

/// `GET /console/fichiers/{id}`
pub(super) async fn file(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Refusal> {
    let file = app.store.find_file(&id).await?.ok_or(Refusal::NotFound)?;
    Ok(crate::http::to_save(file))
}

fn parse(reference: &str) -> Result<TicketRef, Refusal> {
    reference.parse().map_err(|_| Refusal::NotFound)
}

fn status(name: &str) -> Result<TicketStatus, Refusal> {
    TicketStatus::ALL.into_iter().find(|status| status.name() == name).ok_or(Refusal::Invalid)
}

fn back(reference: &TicketRef, done: &str) -> Response {
    Redirect::to(&format!("/console/demandes/{reference}?fait={done}")).into_response()
}

fn facts(ticket: &Ticket, zone: &TimeZone) -> Vec<(&'static str, String)> {
    let mut facts = ticket_text::facts(&ticket.draft);
    // The urgency may have been changed since; the form shows it.
    facts.retain(|(name, _)| *name != "Urgence" && *name != "Référence");
    facts.extend(ticket_text::ids(&ticket.draft));
    facts.push(("Reçue", text::moment(ticket.draft.created_at, zone)));
    facts.push(match (ticket.answered_at, ticket.paused_at) {
        (Some(at), _) => ("Première réponse", text::moment(at, zone)),
        (None, Some(since)) => ("Réponse promise", text::paused(since, zone)),
        (None, None) => ("Réponse promise", text::moment(ticket.due_at, zone)),
    });
    facts.extend(ticket.external_id.clone().map(|id| ("Dans l’autre outil", id)));
    facts
}

fn transcript_line(line: &crate::model::TranscriptLine, zone: &TimeZone) -> Line {
    Line {
        who: ticket_text::speaker(line),
        text: line.text.clone(),
        at: text::moment(line.at, zone),
        kind: match line.speaker {
            Speaker::Visitor => "visitor",
            Speaker::Assistant => "assistant",
            Speaker::Agent(_) => "agent",
        },
        files: Vec::new(),
    }
}

fn comment_line(comment: &Comment, files: &[Attachment], zone: &TimeZone) -> Line {
    let (who, kind) = match (&comment.author, comment.is_public) {
        (CommentAuthor::Partner(name), _) => (name.clone(), "visitor"),
        (CommentAuthor::Agent(name), true) => (name.clone(), "agent"),
        (CommentAuthor::Agent(name), false) => (text::note_of(name), "note"),
    };
    let own = files.iter().filter(|file| file.comment.as_deref() == Some(&comment.id));
    Line {
        who,
        text: comment.text.clone(),
        at: text::moment(comment.created_at, zone),
        kind,
        files: own.map(file_line).collect(),
    }
}

fn file_line(file: &Attachment) -> FileLine {
    FileLine { id: file.id.clone(), name: file.name.clone(), size: text::size(file.size) }
}
