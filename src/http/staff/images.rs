//! Images of answers: brought, and listed by name.

use axum::Json as JsonOut;
use axum::extract::State;
use axum::http::StatusCode;
use guichet_kb::Image;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Staff, limit, now};
use crate::app::App;
use crate::http::extract::{Body, Query};
use crate::http::problem::{Code, Problem};
use crate::publishing::bring_image::{BringError, bring_image};
use crate::text;

#[derive(Deserialize)]
pub(in crate::http) struct ImageIn {
    name: Option<String>,
}

#[derive(Deserialize)]
pub(in crate::http) struct ImagesIn {
    after: Option<String>,
    limit: Option<i64>,
}

/// An image.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct ImageOut {
    /// What answers call it: `![what it shows](name)`.
    #[schema(example = "ecran-d-accueil-4f1c0d5e.png")]
    name: String,
    /// Its address, below that of the service. What it leads to never changes.
    src: String,
    width: u32,
    height: u32,
}

/// Images in the order of their names.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct ImagesOut {
    images: Vec<ImageOut>,
    /// Where the list goes on: what `after` is to be.
    next: Option<String>,
}

impl From<Image> for ImageOut {
    fn from(image: Image) -> Self {
        let src = image.address();
        Self { name: image.name.into(), src, width: image.width, height: image.height }
    }
}

impl From<BringError> for Problem {
    fn from(error: BringError) -> Self {
        match error {
            BringError::Image(error) => Self::new(Code::ImageRefused).with_detail(text::publishing::image(error)),
            BringError::Store(error) => error.into(),
        }
    }
}

/// Bring an image, as the body: PNG, JPEG, WebP or GIF, up to 1 MB. Nothing shows it before an answer that names it is
/// published; what no version of an answer ever names is removed after a month. The same image again is the same one.
#[utoipa::path(
    post,
    path = "/api/v1/staff/images",
    tag = "staff",
    params(("name" = Option<String>, Query, description = "Name of the file")),
    security(("staff" = [])),
    request_body(content = Vec<u8>, description = "The image", content_type = "application/octet-stream"),
    responses(
        (status = 201, description = "The image is kept", body = ImageOut),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The image is too large", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "It is no image that can be shown", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn create_image(
    staff: Staff,
    State(app): State<App>,
    Query(named): Query<ImageIn>,
    Body(content): Body,
) -> Result<(StatusCode, JsonOut<ImageOut>), Problem> {
    let file = named.name.unwrap_or_default();
    let image = bring_image(&app.store, &file, &content, &staff.name, now()).await?;
    Ok((StatusCode::CREATED, JsonOut(image.into())))
}

/// List the images that answers may show.
#[utoipa::path(
    get,
    path = "/api/v1/staff/images",
    tag = "staff",
    params(
        ("after" = Option<String>, Query, description = "Names after this one"),
        ("limit" = Option<i64>, Query, description = "How many, 50 when absent, at most 500"),
    ),
    security(("staff" = [])),
    responses(
        (status = 200, description = "Images", body = ImagesOut),
        (status = 400, description = "A parameter is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn list_images(
    _: Staff,
    State(app): State<App>,
    Query(asked): Query<ImagesIn>,
) -> Result<JsonOut<ImagesOut>, Problem> {
    let limit = limit(asked.limit);
    let images = app.store.list_images(&asked.after.unwrap_or_default(), limit).await?;
    let is_full = i64::try_from(images.len()).is_ok_and(|count| count == limit);
    let next = images.last().filter(|_| is_full).map(|last| last.name.to_string());
    Ok(JsonOut(ImagesOut { images: images.into_iter().map(ImageOut::from).collect(), next }))
}
