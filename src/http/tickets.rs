//! Tickets, as the person sees them whose conversation they come from.

use axum::Json as JsonOut;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::attachments::AttachmentOut;
use super::extract::{Json, Path, Token};
use super::problem::{Code, Problem};
use crate::app::App;
use crate::conversation::{Request, TurnError};
use crate::model::{Comment, CommentAuthor, EmailAddress, Question, Requester, Ticket, Urgency};
use crate::text;

/// Longest name, company, subject, product and key, in characters.
const LINE: usize = 200;

/// Where a ticket stands.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum StatusName {
    New,
    Open,
    Pending,
    Solved,
    Closed,
}

/// How much it presses.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum UrgencyName {
    Low,
    #[default]
    Normal,
    High,
    Urgent,
}

impl From<UrgencyName> for Urgency {
    fn from(name: UrgencyName) -> Self {
        match name {
            UrgencyName::Low => Self::Low,
            UrgencyName::Normal => Self::Normal,
            UrgencyName::High => Self::High,
            UrgencyName::Urgent => Self::Urgent,
        }
    }
}

/// A request for a ticket.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TicketIn {
    /// Chosen by you, unique in the conversation: sent again, it gives the same ticket.
    #[schema(min_length = 1, max_length = 200)]
    request_key: String,
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    #[schema(format = "email")]
    email: String,
    company: Option<String>,
    #[schema(min_length = 1, max_length = 200)]
    subject: String,
    #[schema(min_length = 1, max_length = 4000)]
    description: String,
    product: Option<String>,
    #[serde(default)]
    urgency: UrgencyName,
    /// Ids of files that were sent in this conversation and that no ticket has.
    #[serde(default)]
    attachments: Vec<String>,
}

/// A ticket.
#[derive(Serialize, ToSchema)]
pub(super) struct TicketOut {
    #[schema(example = "G-7K3M-2PQ9")]
    pub(super) reference: String,
    subject: String,
    #[schema(value_type = StatusName)]
    status: &'static str,
    #[schema(value_type = UrgencyName)]
    urgency: &'static str,
    assignee: Option<String>,
    tags: Vec<String>,
    /// Times in milliseconds since 1970.
    created_at: i64,
    updated_at: i64,
    /// When the first answer of a person is promised.
    due_at: i64,
    /// When it came.
    answered_at: Option<i64>,
    /// What was said, when one ticket is read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    comments: Vec<CommentOut>,
    /// The files of the ticket, when one ticket is read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) attachments: Vec<AttachmentOut>,
}

/// Something said about a ticket.
#[derive(Serialize, ToSchema)]
pub(super) struct CommentOut {
    id: String,
    /// True when somebody of the staff says it.
    is_agent: bool,
    author: String,
    public: bool,
    text: String,
    created_at: i64,
}

/// What is added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CommentIn {
    /// 1 to 4,000 characters.
    #[schema(min_length = 1, max_length = 4000)]
    text: String,
    /// Chosen by you, unique in the ticket: sent again, nothing is added.
    #[schema(min_length = 1, max_length = 200)]
    request_key: String,
    /// Ids of files that were sent in this conversation and that no ticket has.
    #[serde(default)]
    attachments: Vec<String>,
}

impl From<&Ticket> for TicketOut {
    fn from(ticket: &Ticket) -> Self {
        Self {
            reference: ticket.draft.reference.to_string(),
            subject: ticket.draft.subject.clone(),
            status: ticket.status.name(),
            urgency: ticket.urgency.name(),
            assignee: ticket.assignee.clone(),
            tags: ticket.tags.clone(),
            created_at: ticket.draft.created_at,
            updated_at: ticket.updated_at,
            due_at: ticket.due_at,
            answered_at: ticket.answered_at,
            comments: Vec::new(),
            attachments: Vec::new(),
        }
    }
}

impl TicketOut {
    /// Who works on it and how staff sort it is not for the partner.
    fn for_partner(ticket: &Ticket, comments: Vec<Comment>) -> Self {
        let comments = comments.into_iter().map(CommentOut::from).collect();
        Self { assignee: None, tags: Vec::new(), comments, ..Self::from(ticket) }
    }
}

impl From<Comment> for CommentOut {
    fn from(comment: Comment) -> Self {
        let (is_agent, author) = match comment.author {
            CommentAuthor::Agent(name) => (true, name),
            CommentAuthor::Partner(name) => (false, name),
        };
        let Comment { id, is_public, text, created_at, .. } = comment;
        Self { id, is_agent, author, public: is_public, text, created_at }
    }
}

/// Ask for a person: opens a ticket with the whole conversation. Asked again with the same key, it is the same ticket.
#[utoipa::path(
    post,
    path = "/api/v1/conversations/{id}/tickets",
    tag = "tickets",
    params(("id" = String, Path, description = "Id of the conversation")),
    security(("conversation" = [])),
    request_body = TicketIn,
    responses(
        (status = 201, description = "The ticket", body = TicketOut),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such conversation, or somebody else's", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The key was used for another request, or the request is closed or worked on elsewhere", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A field is empty, too long or no address; a file is unknown", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn create_ticket(
    State(app): State<App>,
    Path(id): Path<String>,
    Token(token): Token,
    Json(asked): Json<TicketIn>,
) -> Result<(StatusCode, JsonOut<TicketOut>), Problem> {
    let request = request(asked)?;
    let ticket = app.conversations.request_ticket(&id, &token, request).await?;
    Ok((StatusCode::CREATED, JsonOut(TicketOut::for_partner(&ticket, Vec::new()))))
}

/// Read a ticket of this conversation.
#[utoipa::path(
    get,
    path = "/api/v1/conversations/{id}/tickets/{reference}",
    tag = "tickets",
    params(
        ("id" = String, Path, description = "Id of the conversation"),
        ("reference" = String, Path, description = "Reference of the ticket"),
    ),
    security(("conversation" = [])),
    responses(
        (status = 200, description = "The ticket with what was said", body = TicketOut),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such ticket here", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn find_ticket(
    State(app): State<App>,
    Path((id, reference)): Path<(String, String)>,
    Token(token): Token,
) -> Result<JsonOut<TicketOut>, Problem> {
    let ticket = app.conversations.ticket(&id, &token, &reference).await?;
    let comments = app.conversations.public_comments(&ticket).await?;
    let attachments = app.store.list_attachments(&ticket.draft.reference).await?;
    let mut out = TicketOut::for_partner(&ticket, comments);
    out.attachments = attachments.into_iter().map(AttachmentOut::from).collect();
    Ok(JsonOut(out))
}

/// Add something to a ticket of this conversation.
#[utoipa::path(
    post,
    path = "/api/v1/conversations/{id}/tickets/{reference}/comments",
    tag = "tickets",
    params(
        ("id" = String, Path, description = "Id of the conversation"),
        ("reference" = String, Path, description = "Reference of the ticket"),
    ),
    security(("conversation" = [])),
    request_body = CommentIn,
    responses(
        (status = 204, description = "Added, now or before"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such ticket here", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "The key was used for another request, or the request is closed or worked on elsewhere", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Empty or too long", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn create_comment(
    State(app): State<App>,
    Path((id, reference)): Path<(String, String)>,
    Token(token): Token,
    Json(said): Json<CommentIn>,
) -> Result<StatusCode, Problem> {
    let key = line("request_key", &said.request_key)?;
    let ticket = app.conversations.ticket(&id, &token, &reference).await?;
    app.conversations.add_to_ticket(&ticket, &said.text, &said.attachments, &key).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn request(asked: TicketIn) -> Result<Request, Problem> {
    let email: EmailAddress = asked.email.parse().map_err(|_| invalid("email", text::problem::NO_EMAIL))?;
    let optional = |name, value: Option<String>| match value {
        Some(value) if !value.trim().is_empty() => line(name, &value).map(Some),
        _ => Ok(None),
    };
    Ok(Request {
        key: line("request_key", &asked.request_key)?,
        requester: Requester { name: line("name", &asked.name)?, email, company: optional("company", asked.company)? },
        subject: line("subject", &asked.subject)?,
        description: Question::parse(&asked.description).map_err(TurnError::from)?.as_str().to_owned(),
        product: optional("product", asked.product)?,
        urgency: asked.urgency.into(),
        attachments: asked.attachments,
    })
}

/// One line that is not empty and, as it was sent, not too long.
pub(super) fn line(name: &str, sent: &str) -> Result<String, Problem> {
    let value = sent.replace(char::is_control, " ").split_whitespace().collect::<Vec<_>>().join(" ");
    if value.is_empty() || sent.chars().count() > LINE {
        return Err(invalid(name, &text::problem::line(LINE)));
    }
    Ok(value)
}

pub(super) fn invalid(name: &str, why: &str) -> Problem {
    Problem::new(Code::InvalidBody).with_detail(format!("{name}\u{a0}: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_measured_as_it_was_sent() {
        assert_eq!(line("subject", " Clé \u{7} absente\n").ok().as_deref(), Some("Clé absente"));
        assert!(line("subject", " \n").is_err());
        assert!(line("subject", &"é".repeat(LINE)).is_ok());
        assert!(line("subject", &format!("a{}", " ".repeat(LINE))).is_err());
    }
}
