//! Files of partners, as staff read them.

use axum::extract::State;
use axum::response::Response;

use super::Staff;
use crate::app::App;
use crate::http::attachments::to_save;
use crate::http::extract::Path;
use crate::http::problem::{Code, Problem};

/// Read a file of any conversation.
#[utoipa::path(
    get,
    path = "/api/v1/staff/attachments/{id}",
    tag = "staff",
    params(("id" = String, Path, description = "Id of the file")),
    security(("staff" = [])),
    responses(
        (status = 200, description = "The file, to be saved", body = String, content_type = "*/*"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such file", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn find_attachment(
    _: Staff,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let file = app.store.find_file(&id).await?.ok_or_else(|| Problem::new(Code::AttachmentNotFound))?;
    Ok(to_save(file))
}
