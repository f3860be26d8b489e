//! Files of a conversation that no ticket has yet: which there are, how many there may be, and that one is not wanted.

use axum::Json as JsonOut;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::attachments::AttachmentOut;
use super::extract::{Path, Token};
use super::problem::Problem;
use crate::app::App;

/// The files that the next ticket takes, and what may still be sent.
#[derive(Serialize, ToSchema)]
pub(super) struct WaitingOut {
    attachments: Vec<AttachmentOut>,
    /// Largest file, in bytes.
    max_bytes: usize,
    /// How many files a ticket may have.
    max_files: i64,
}

/// List the files that no ticket has yet, with the limits.
#[utoipa::path(
    get,
    path = "/api/v1/conversations/{id}/attachments",
    tag = "attachments",
    params(("id" = String, Path, description = "Id of the conversation")),
    security(("conversation" = [])),
    responses(
        (status = 200, description = "The files, in the order in which they came", body = WaitingOut),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such conversation, or somebody else's", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list_attachments(
    State(app): State<App>,
    Path(id): Path<String>,
    Token(token): Token,
) -> Result<JsonOut<WaitingOut>, Problem> {
    let waiting = app.conversations.list_waiting(&id, &token).await?;
    let settings = &app.config.attachments;
    Ok(JsonOut(WaitingOut {
        attachments: waiting.into_iter().map(AttachmentOut::from).collect(),
        max_bytes: settings.max_bytes,
        max_files: settings.per_ticket,
    }))
}

/// Remove a file that no ticket has yet.
#[utoipa::path(
    delete,
    path = "/api/v1/conversations/{id}/attachments/{attachment}",
    tag = "attachments",
    params(
        ("id" = String, Path, description = "Id of the conversation"),
        ("attachment" = String, Path, description = "Id of the file"),
    ),
    security(("conversation" = [])),
    responses(
        (status = 204, description = "It is removed"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such file here, or a ticket has it", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn remove_attachment(
    State(app): State<App>,
    Path((id, attachment)): Path<(String, String)>,
    Token(token): Token,
) -> Result<StatusCode, Problem> {
    app.conversations.remove_waiting(&id, &token, &attachment).await?;
    Ok(StatusCode::NO_CONTENT)
}
