//! Files of a conversation: sent before the ticket that takes them, read again by who sent them and by staff.

use axum::Json as JsonOut;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::{Body, Path, Query, Token};
use super::problem::Problem;
use crate::app::App;
use crate::model::{Attachment, File};

/// The route that takes files.
pub(super) const UPLOADS: &str = "/api/v1/conversations/{id}/attachments";

#[derive(Deserialize)]
pub(super) struct AttachmentIn {
    name: Option<String>,
}

/// A file.
#[derive(Serialize, ToSchema)]
pub(super) struct AttachmentOut {
    id: String,
    /// As it is kept: without path, with an ending of its kind.
    #[schema(example = "capture.png")]
    name: String,
    #[schema(example = "image/png")]
    media_type: String,
    bytes: i64,
    /// The comment it came with; absent when it came with the ticket.
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
}

impl From<Attachment> for AttachmentOut {
    fn from(attachment: Attachment) -> Self {
        let Attachment { id, name, media_type, size, comment, .. } = attachment;
        Self { id, name, media_type, bytes: size, comment }
    }
}

/// Send a file, as the body. The next ticket of the dialogue takes it, or the ticket or comment that names its id; without
/// one it is removed after a day.
#[utoipa::path(
    post,
    path = "/api/v1/conversations/{id}/attachments",
    tag = "attachments",
    params(
        ("id" = String, Path, description = "Id of the conversation"),
        ("name" = Option<String>, Query, description = "Name of the file"),
    ),
    security(("conversation" = [])),
    request_body(content = Vec<u8>, description = "The file; its kind is declared as the content type", content_type = "application/octet-stream"),
    responses(
        (status = 201, description = "The file", body = AttachmentOut),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such conversation, or somebody else's", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The file is too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "This kind of file is not allowed", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Empty, not what it is declared to be, or too many files", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn create_attachment(
    State(app): State<App>,
    Path(id): Path<String>,
    Token(token): Token,
    Query(named): Query<AttachmentIn>,
    headers: HeaderMap,
    Body(content): Body,
) -> Result<(StatusCode, JsonOut<AttachmentOut>), Problem> {
    let declared = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let name = named.name.unwrap_or_default();
    let kept = app.conversations.send_file(&id, &token, declared, &name, content.into()).await?;
    Ok((StatusCode::CREATED, JsonOut(AttachmentOut::from(kept))))
}

/// Read a file of this conversation.
#[utoipa::path(
    get,
    path = "/api/v1/conversations/{id}/attachments/{attachment}",
    tag = "attachments",
    params(
        ("id" = String, Path, description = "Id of the conversation"),
        ("attachment" = String, Path, description = "Id of the file"),
    ),
    security(("conversation" = [])),
    responses(
        (status = 200, description = "The file, to be saved", body = String, content_type = "*/*"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such file here", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn find_attachment(
    State(app): State<App>,
    Path((id, attachment)): Path<(String, String)>,
    Token(token): Token,
) -> Result<Response, Problem> {
    Ok(to_save(app.conversations.file(&id, &token, &attachment).await?))
}

/// A file that a browser saves and never shows: nothing in it can act on our pages.
pub(crate) fn to_save(file: File) -> Response {
    let any = || HeaderValue::from_static("application/octet-stream");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_str(&file.media_type).unwrap_or_else(|_| any())),
        (header::CONTENT_DISPOSITION, disposition(&file.name)),
    ];
    (headers, file.content).into_response()
}

/// `attachment` with the name twice: for old programs without accents, and as RFC 8187 writes it.
fn disposition(name: &str) -> HeaderValue {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ');
    let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let encoded: String = name
        .bytes()
        .map(|byte| if is_bare(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    let value = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    HeaderValue::from_str(&value).expect("it is ASCII without control characters")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_name_stays_inside_its_header() {
        let shown = |name: &str| super::disposition(name).to_str().expect("ASCII").to_owned();
        assert_eq!(shown("a b.png"), "attachment; filename=\"a b.png\"; filename*=UTF-8''a%20b.png");
        assert_eq!(shown("é\"\r\n.png"), "attachment; filename=\"____.png\"; filename*=UTF-8''%C3%A9%22%0D%0A.png");
    }
}
