//! Conversations: open one, say something, read it again.

use std::collections::HashMap;

use axum::Json as JsonOut;
use axum::extract::State;
use axum::http::StatusCode;
use guichet_bots::Outbound;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::{Json, MaybeJson, Path, Query, Token};
use super::problem::{Code, Problem};
use crate::app::App;
use crate::conversation::Sent;
use crate::model::{AgentMessage, Message, Said, SentFile, TicketNotice};

/// A new conversation.
#[derive(Serialize, ToSchema)]
pub(super) struct OpenedOut {
    /// Its id.
    id: String,
    /// Proves that the conversation is yours: send it as `Authorization: Bearer …`. It is told only here.
    token: String,
    /// For a user of the portal: from then on the proof holds no longer, in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<i64>,
}

/// Who opens a conversation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OpenIn {
    /// A token (JWT) that the portal signed for this user; it is taken once.
    #[schema(min_length = 1, max_length = 8192)]
    identity: Option<String>,
}

/// What a person says.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MessageIn {
    /// The question, or the label of what was chosen; 1 to 4,000 characters.
    #[schema(example = "comment créer un ticket ?", min_length = 1, max_length = 4000)]
    text: String,
    /// The id of an option or suggestion that was chosen.
    option: Option<String>,
    /// Chosen by you, unique in the conversation: sent again, it is not a new message and gets the same reply.
    #[schema(min_length = 1, max_length = 200)]
    client_id: Option<String>,
}

/// The longest page of messages.
const PAGE: i64 = 500;

/// Which messages are read.
#[derive(Deserialize)]
pub(super) struct PageIn {
    /// Those with a smaller number.
    before: Option<i64>,
    /// At most so many, the last ones: 1 to [`PAGE`].
    limit: Option<i64>,
}

/// Everything said so far, or a page of it.
#[derive(Serialize, ToSchema)]
pub(super) struct MessagesOut {
    messages: Vec<MessageOut>,
}

/// One message.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct MessageOut {
    id: String,
    /// Its place in the conversation, from 1.
    pub(super) number: i64,
    author: Author,
    /// What the visitor or an agent wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// What the assistant replied.
    #[serde(skip_serializing_if = "Option::is_none")]
    reply: Option<Outbound>,
    /// The name of the agent who writes.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// The ticket it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket: Option<String>,
    /// Where the ticket stands now: `new`, `open`, `pending`, `solved` or `closed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    /// What the visitor said of it: whether it helped.
    #[serde(skip_serializing_if = "Option::is_none")]
    helpful: Option<bool>,
    /// What comes with an agent's answer; read it below `/attachments/{id}` of the conversation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<SentFileOut>,
    /// Milliseconds since 1970.
    sent_at: i64,
}

/// A file that comes with an agent's answer.
#[derive(Serialize, ToSchema)]
struct SentFileOut {
    id: String,
    #[schema(example = "procedure.pdf")]
    name: String,
    bytes: i64,
}

impl From<SentFile> for SentFileOut {
    fn from(SentFile { id, name, size }: SentFile) -> Self {
        Self { id, name, bytes: size }
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Author {
    Visitor,
    Assistant,
    /// A person of the staff.
    Agent,
    /// A ticket has changed.
    Ticket,
}

impl From<Message> for MessageOut {
    fn from(message: Message) -> Self {
        let Message { id, number, said, sent_at } = message;
        let empty = Self {
            id,
            number,
            author: Author::Visitor,
            text: None,
            reply: None,
            name: None,
            ticket: None,
            status: None,
            helpful: None,
            files: Vec::new(),
            sent_at,
        };
        match said {
            Said::Visitor(text) => Self { text: Some(text), ..empty },
            Said::Assistant(reply) => Self { author: Author::Assistant, reply: Some(reply), ..empty },
            Said::Agent(AgentMessage { name, text, ticket, files }) => Self {
                author: Author::Agent,
                text: Some(text),
                files: files.into_iter().map(SentFileOut::from).collect(),
                name: Some(name),
                ticket: ticket.map(Into::into),
                ..empty
            },
            Said::Ticket(TicketNotice { ticket, status }) => {
                Self { author: Author::Ticket, ticket: Some(ticket.into()), status: Some(status.name()), ..empty }
            }
        }
    }
}

/// Open a conversation, as nobody in particular or as a user of the portal.
#[utoipa::path(
    post,
    path = "/api/v1/conversations",
    tag = "conversations",
    request_body(content = Option<OpenIn>, description = "May be left out"),
    responses(
        (status = 201, description = "The conversation", body = OpenedOut),
        (status = 400, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The proof is wrong, old or was taken before", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Body too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not declared as JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Unknown field", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn create_conversation(
    State(app): State<App>,
    MaybeJson(open): MaybeJson<OpenIn>,
) -> Result<(StatusCode, JsonOut<OpenedOut>), Problem> {
    let proof = match open.and_then(|open| open.identity) {
        Some(token) => Some(app.visitors.prove(&token).await?),
        None => None,
    };
    let opened = app.conversations.open("web").await?;
    let valid_until = match proof {
        Some(proof) => Some(app.visitors.sign_in(&opened.id, &proof).await?),
        None => None,
    };
    Ok((StatusCode::CREATED, JsonOut(OpenedOut { id: opened.id, token: opened.token, valid_until })))
}

/// Say something and get the reply. Both are stored before the reply is sent.
#[utoipa::path(
    post,
    path = "/api/v1/conversations/{id}/messages",
    tag = "conversations",
    params(("id" = String, Path, description = "Id of the conversation")),
    security(("conversation" = [])),
    request_body = MessageIn,
    responses(
        (status = 200, description = "The reply", body = Outbound),
        (status = 400, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such conversation, or somebody else's", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Body too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not declared as JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Empty or too long, unknown option, unknown field", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn create_message(
    State(app): State<App>,
    Path(id): Path<String>,
    Token(token): Token,
    Json(message): Json<MessageIn>,
) -> Result<JsonOut<Outbound>, Problem> {
    let sent = Sent { text: message.text, option: message.option, client_id: message.client_id };
    Ok(JsonOut(app.conversations.turn(&id, &token, sent).await?))
}

/// Read the conversation: all of it, or a page from its end.
#[utoipa::path(
    get,
    path = "/api/v1/conversations/{id}/messages",
    tag = "conversations",
    params(
        ("id" = String, Path, description = "Id of the conversation"),
        ("before" = Option<i64>, Query, description = "Only messages with a smaller number", example = 101),
        ("limit" = Option<i64>, Query, description = "At most so many, the last ones; all when it is left out", minimum = 1, maximum = 500),
    ),
    security(("conversation" = [])),
    responses(
        (status = 200, description = "The messages, in order", body = MessagesOut),
        (status = 400, description = "Not a number, or not one of the range", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such conversation, or somebody else's", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list_messages(
    State(app): State<App>,
    Path(id): Path<String>,
    Token(token): Token,
    Query(page): Query<PageIn>,
) -> Result<JsonOut<MessagesOut>, Problem> {
    let before = page.before.unwrap_or(i64::MAX);
    if page.limit.is_some_and(|limit| !(1..=PAGE).contains(&limit)) {
        return Err(Problem::new(Code::InvalidParameter).with_reason(format!("limit is not 1 to {PAGE}")));
    }
    let limit = page.limit.unwrap_or(i64::MAX);
    let messages = app.conversations.history(&id, &token, before, limit).await?;
    let judged: HashMap<String, bool> =
        app.conversations.judgements(&id).await?.into_iter().map(|said| (said.message, said.is_helpful)).collect();
    let message = |message: Message| MessageOut { helpful: judged.get(&message.id).copied(), ..message.into() };
    Ok(JsonOut(MessagesOut { messages: messages.into_iter().map(message).collect() }))
}

/// Say that you are writing. It is told, for some seconds, to the person who holds the conversation; while nobody does, to
/// nobody. Repeat it every few seconds while you write.
#[utoipa::path(
    put,
    path = "/api/v1/conversations/{id}/writing",
    tag = "conversations",
    params(("id" = String, Path, description = "Id of the conversation")),
    security(("conversation" = [])),
    responses(
        (status = 204, description = "Heard"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such conversation, or somebody else's", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn tell_writing(
    State(app): State<App>,
    Path(id): Path<String>,
    Token(token): Token,
) -> Result<StatusCode, Problem> {
    app.conversations.partner_writes(&id, &token).await?;
    Ok(StatusCode::NO_CONTENT)
}
