//! What a person says of an answer, and a conversation that is to be forgotten.

use axum::Json as JsonOut;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::{Json, Path, Token};
use super::problem::{Code, Problem};
use crate::app::App;
use crate::conversation::MAX_REASON;
use crate::model::Feedback;
use crate::text;

/// What is said of an answer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FeedbackIn {
    /// The message that gave the answer.
    message_id: String,
    /// Whether it helped.
    helpful: bool,
    /// Why not; passwords, keys and the like are masked before it is kept.
    #[schema(max_length = 1000)]
    reason: Option<String>,
}

/// What is kept of it.
#[derive(Serialize, ToSchema)]
pub(super) struct FeedbackOut {
    message_id: String,
    helpful: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// What was masked in the reason, as it may be told to whoever wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

/// Say whether an answer helped. Said again for the same answer, the last word counts.
#[utoipa::path(
    post,
    path = "/api/v1/conversations/{id}/feedback",
    tag = "conversations",
    params(("id" = String, Path, description = "Id of the conversation")),
    security(("conversation" = [])),
    request_body = FeedbackIn,
    responses(
        (status = 200, description = "What is kept", body = FeedbackOut),
        (status = 400, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such conversation or no such answer in it", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Body too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not declared as JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Unknown field, or a reason that is too long", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn create_feedback(
    State(app): State<App>,
    Path(id): Path<String>,
    Token(token): Token,
    Json(said): Json<FeedbackIn>,
) -> Result<JsonOut<FeedbackOut>, Problem> {
    if said.reason.as_ref().is_some_and(|reason| reason.chars().count() > MAX_REASON) {
        return Err(Problem::new(Code::InvalidBody).with_detail(text::problem::too_long(MAX_REASON)));
    }
    let judged = app.conversations.judge(&id, &token, &said.message_id, said.helpful, said.reason.as_deref());
    let (Feedback { message, is_helpful, reason, .. }, note) = judged.await?;
    let note = note.map(|note| note.text);
    Ok(JsonOut(FeedbackOut { message_id: message, helpful: is_helpful, reason, note }))
}

/// Forget a conversation: all that was said is removed and no token opens it again. Tickets stay, with what they quote.
#[utoipa::path(
    delete,
    path = "/api/v1/conversations/{id}",
    tag = "conversations",
    params(("id" = String, Path, description = "Id of the conversation")),
    security(("conversation" = [])),
    responses(
        (status = 204, description = "It is forgotten"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such conversation, or somebody else's", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn remove_conversation(
    State(app): State<App>,
    Path(id): Path<String>,
    Token(token): Token,
) -> Result<StatusCode, Problem> {
    app.conversations.forget(&id, &token).await?;
    Ok(StatusCode::NO_CONTENT)
}
