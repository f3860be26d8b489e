//! Tickets, as staff see and change them.

use axum::Json as JsonOut;
use axum::extract::State;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Staff, limit, now};
use crate::app::App;
use crate::conversation::{StaffFile, StaffSaid};
use crate::desk::TicketChange;
use crate::http::attachments::AttachmentOut;
use crate::http::extract::{Json, Path, Query};
use crate::http::problem::{Code, Problem};
use crate::http::tickets::{CommentOut, StatusName, TicketOut, UrgencyName, invalid};
use crate::model::{Question, TicketRef, TicketStatus};
use crate::store::TicketFilter;
use crate::text::problem as text;
use crate::text::ticket as ticket_text;

#[derive(Deserialize)]
pub(in crate::http) struct TicketsIn {
    status: Option<TicketStatus>,
    tag: Option<String>,
    limit: Option<i64>,
}

/// Tickets, newest first.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct TicketsOut {
    tickets: Vec<TicketOut>,
}

/// A ticket with all that is known of it.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct StaffTicketOut {
    ticket: TicketOut,
    requester: RequesterOut,
    description: String,
    conversation: String,
    external_id: Option<String>,
    transcript: Vec<LineOut>,
    comments: Vec<CommentOut>,
    history: Vec<HistoryOut>,
}

#[derive(Serialize, ToSchema)]
struct RequesterOut {
    name: String,
    email: String,
    company: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct LineOut {
    /// Who speaks, as staff read it.
    speaker: String,
    text: String,
    at: i64,
}

#[derive(Serialize, ToSchema)]
struct HistoryOut {
    who: String,
    what: String,
    at: i64,
}

/// What is changed; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ChangeIn {
    #[schema(value_type = Option<StatusName>)]
    status: Option<TicketStatus>,
    urgency: Option<UrgencyName>,
    /// The empty text: nobody.
    assignee: Option<String>,
    tags: Option<Vec<String>>,
}

/// What is said.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct StaffCommentIn {
    /// 1 to 4,000 characters.
    #[schema(min_length = 1, max_length = 4000)]
    text: String,
    /// False: only staff sees it.
    public: bool,
    /// Chosen by you, unique in the ticket: sent again, nothing is said twice.
    #[schema(min_length = 1, max_length = 200)]
    request_key: String,
    /// Where the ticket stands afterwards.
    #[schema(value_type = Option<StatusName>)]
    status: Option<TicketStatus>,
    /// Files for the partner; a note has none. In all not more than two of the largest that are taken.
    #[serde(default)]
    files: Vec<StaffFileIn>,
}

/// A file.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StaffFileIn {
    #[schema(example = "procedure.pdf")]
    name: String,
    #[schema(example = "application/pdf")]
    media_type: String,
    /// In Base64.
    #[schema(format = Byte)]
    content: String,
}

/// List tickets.
#[utoipa::path(
    get,
    path = "/api/v1/staff/tickets",
    tag = "staff",
    params(
        ("status" = Option<StatusName>, Query, description = "Only those"),
        ("tag" = Option<String>, Query, description = "Only those with this tag, as `incident:cles-2026-11`"),
        ("limit" = Option<i64>, Query, description = "At most so many; 50, up to 500"),
    ),
    security(("staff" = [])),
    responses(
        (status = 200, description = "Tickets, newest first", body = TicketsOut),
        (status = 400, description = "Unknown status", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn list_tickets(
    _: Staff,
    State(app): State<App>,
    Query(wanted): Query<TicketsIn>,
) -> Result<JsonOut<TicketsOut>, Problem> {
    let limit = limit(wanted.limit);
    let filter = TicketFilter { status: wanted.status, tag: wanted.tag, limit, ..TicketFilter::default() };
    let tickets = app.store.list_tickets(&filter).await?;
    Ok(JsonOut(TicketsOut { tickets: tickets.iter().map(TicketOut::from).collect() }))
}

/// Read a ticket with its conversation, comments and history.
#[utoipa::path(
    get,
    path = "/api/v1/staff/tickets/{reference}",
    tag = "staff",
    params(("reference" = String, Path, description = "Reference of the ticket")),
    security(("staff" = [])),
    responses(
        (status = 200, description = "The ticket", body = StaffTicketOut),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such ticket", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn find_ticket(
    _: Staff,
    State(app): State<App>,
    Path(reference): Path<String>,
) -> Result<JsonOut<StaffTicketOut>, Problem> {
    let reference = parse(&reference)?;
    let ticket = app.store.find_ticket(&reference).await?.ok_or_else(not_found)?;
    let comments = app.store.list_comments(&reference).await?;
    let history = app.store.list_history(&reference).await?;
    let attachments = app.store.list_attachments(&reference).await?;
    let mut out = TicketOut::from(&ticket);
    out.attachments = attachments.into_iter().map(AttachmentOut::from).collect();
    let draft = &ticket.draft;
    let lines = draft.transcript.iter();
    Ok(JsonOut(StaffTicketOut {
        ticket: out,
        requester: RequesterOut {
            name: draft.requester.name.clone(),
            email: draft.requester.email.as_str().to_owned(),
            company: draft.requester.company.clone(),
        },
        description: draft.description.clone(),
        conversation: draft.conversation.clone(),
        external_id: ticket.external_id.clone(),
        transcript: lines
            .map(|line| LineOut { speaker: ticket_text::speaker(line), text: line.text.clone(), at: line.at })
            .collect(),
        comments: comments.into_iter().map(CommentOut::from).collect(),
        history: history.into_iter().map(|line| HistoryOut { who: line.who, what: line.what, at: line.at }).collect(),
    }))
}

/// Change status, urgency, assignee or tags.
#[utoipa::path(
    patch,
    path = "/api/v1/staff/tickets/{reference}",
    tag = "staff",
    params(("reference" = String, Path, description = "Reference of the ticket")),
    security(("staff" = [])),
    request_body = ChangeIn,
    responses(
        (status = 204, description = "Changed"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such ticket", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The ticket is closed, or another desk has it", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Not a change", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn change_ticket(
    staff: Staff,
    State(app): State<App>,
    Path(reference): Path<String>,
    Json(wanted): Json<ChangeIn>,
) -> Result<StatusCode, Problem> {
    let change = TicketChange {
        who: staff.name,
        status: wanted.status,
        urgency: wanted.urgency.map(Into::into),
        assignee: wanted.assignee.map(|name| Some(name).filter(|name| !name.trim().is_empty())),
        tags: wanted.tags,
        spreads: true,
        at: now(),
        ..TicketChange::default()
    };
    app.conversations.change_ticket(&parse(&reference)?, &change).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Answer the partner, or leave a note for colleagues.
#[utoipa::path(
    post,
    path = "/api/v1/staff/tickets/{reference}/comments",
    tag = "staff",
    params(("reference" = String, Path, description = "Reference of the ticket")),
    security(("staff" = [])),
    request_body = StaffCommentIn,
    responses(
        (status = 204, description = "Said"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such ticket", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The ticket is closed, or another desk has it", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The files are too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "This kind of file is not allowed", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Empty or too long; a file that is not what it says, or with a note", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn create_comment(
    staff: Staff,
    State(app): State<App>,
    Path(reference): Path<String>,
    Json(said): Json<StaffCommentIn>,
) -> Result<StatusCode, Problem> {
    let (reference, at) = (parse(&reference)?, now());
    let key = crate::http::tickets::line("request_key", &said.request_key)?;
    let text = Question::parse(&said.text).map_err(crate::conversation::TurnError::from)?;
    let files = files(&app, said.public, said.files)?;
    let said = StaffSaid { who: staff.name, text, is_public: said.public, status: said.status, key, files };
    app.conversations.answer_ticket(&reference, said, at).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The files of an answer, as they were sent.
fn files(app: &App, is_public: bool, sent: Vec<StaffFileIn>) -> Result<Vec<StaffFile>, Problem> {
    if !is_public && !sent.is_empty() {
        return Err(invalid("files", text::NOTE_WITHOUT_FILES));
    }
    let file = |StaffFileIn { name, media_type, content }: StaffFileIn| {
        let content = STANDARD.decode(content).map_err(|_| invalid("files", text::NO_BASE64))?;
        let is_too_large = content.len() > app.config.attachments.max_bytes;
        if is_too_large {
            Err(Problem::new(Code::BodyTooLarge))
        } else {
            Ok(StaffFile { name, declared: media_type, content })
        }
    };
    sent.into_iter().map(file).collect()
}

fn parse(reference: &str) -> Result<TicketRef, Problem> {
    reference.parse().map_err(|_| not_found())
}

fn not_found() -> Problem {
    Problem::new(Code::TicketNotFound).with_detail(text::NO_TICKET)
}
