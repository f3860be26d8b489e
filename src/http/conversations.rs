//! Conversations: open one, say something, read it again.

use axum::Json as JsonOut;
use axum::extract::State;
use axum::http::StatusCode;
use guichet_bots::Outbound;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::{Json, Path, Token};
use super::problem::Problem;
use crate::app::App;
use crate::conversation::Sent;
use crate::model::{Message, Said};

/// A new conversation.
#[derive(Serialize, ToSchema)]
pub(super) struct OpenedOut {
    /// Its id.
    id: String,
    /// Proves that the conversation is yours: send it as `Authorization: Bearer …`. It is told only here.
    token: String,
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
}

/// Everything said so far.
#[derive(Serialize, ToSchema)]
pub(super) struct MessagesOut {
    messages: Vec<MessageOut>,
}

/// One message.
#[derive(Serialize, ToSchema)]
struct MessageOut {
    id: String,
    author: Author,
    /// What the visitor wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// What the assistant replied.
    #[serde(skip_serializing_if = "Option::is_none")]
    reply: Option<Outbound>,
    /// Milliseconds since 1970.
    sent_at: i64,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Author {
    Visitor,
    Assistant,
}

impl From<Message> for MessageOut {
    fn from(message: Message) -> Self {
        let Message { id, said, sent_at, .. } = message;
        match said {
            Said::Visitor(text) => Self { id, author: Author::Visitor, text: Some(text), reply: None, sent_at },
            Said::Assistant(reply) => Self { id, author: Author::Assistant, text: None, reply: Some(reply), sent_at },
        }
    }
}

/// Open a conversation.
#[utoipa::path(
    post,
    path = "/api/v1/conversations",
    tag = "conversations",
    responses((status = 201, description = "The conversation", body = OpenedOut))
)]
pub(super) async fn create_conversation(State(app): State<App>) -> Result<(StatusCode, JsonOut<OpenedOut>), Problem> {
    let opened = app.conversations.open("web").await?;
    Ok((StatusCode::CREATED, JsonOut(OpenedOut { id: opened.id, token: opened.token })))
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
    let sent = Sent { text: message.text, option: message.option };
    Ok(JsonOut(app.conversations.turn(&id, &token, sent).await?))
}

/// Read the whole conversation.
#[utoipa::path(
    get,
    path = "/api/v1/conversations/{id}/messages",
    tag = "conversations",
    params(("id" = String, Path, description = "Id of the conversation")),
    security(("conversation" = [])),
    responses(
        (status = 200, description = "All messages, in order", body = MessagesOut),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such conversation, or somebody else's", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list_messages(
    State(app): State<App>,
    Path(id): Path<String>,
    Token(token): Token,
) -> Result<JsonOut<MessagesOut>, Problem> {
    let messages = app.conversations.history(&id, &token).await?;
    Ok(JsonOut(MessagesOut { messages: messages.into_iter().map(MessageOut::from).collect() }))
}
