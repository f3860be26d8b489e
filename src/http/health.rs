//! Whether the service lives, and whether it can take questions.

use axum::Json as JsonOut;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::{Code, Problem};
use crate::app::App;

#[derive(Serialize, ToSchema)]
pub(super) struct HealthOut {
    #[schema(example = "ok")]
    status: &'static str,
}

/// Whether the process lives.
#[utoipa::path(get, path = "/healthz", tag = "operations", responses((status = 200, description = "It lives", body = HealthOut)))]
pub(super) async fn health() -> JsonOut<HealthOut> {
    JsonOut(HealthOut { status: "ok" })
}

/// Whether questions can be taken: the index is there and the database answers.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "operations",
    responses(
        (status = 200, description = "Ready", body = HealthOut),
        (status = 503, description = "Not now", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn ready(State(app): State<App>) -> Result<JsonOut<HealthOut>, Problem> {
    match app.store.ping().await {
        Ok(()) => Ok(JsonOut(HealthOut { status: "ok" })),
        Err(error) => Err(Problem::internal(Code::Unavailable, &error)),
    }
}
