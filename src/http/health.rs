//! Whether the service lives, and whether it can take questions.

use axum::Json as JsonOut;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::{Code, Problem};
use crate::app::App;
use crate::readiness::NotReady;
use crate::store::Trouble;
use crate::text::problem as text;

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

/// Whether questions can be taken and kept; the code says why not: `stopping`, `database-unreachable`, `database-full`,
/// `database-read-only`, `database-failing`, `database-damaged`.
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
    app.readiness.check().await?;
    Ok(JsonOut(HealthOut { status: "ok" }))
}

impl From<NotReady> for Problem {
    fn from(reason: NotReady) -> Self {
        let (code, detail) = match reason {
            NotReady::Stopping => (Code::Stopping, text::STOPPING),
            NotReady::Database(Trouble::Unreachable) => (Code::DatabaseUnreachable, text::DATABASE_UNREACHABLE),
            NotReady::Database(Trouble::Full) => (Code::DatabaseFull, text::DATABASE_FULL),
            NotReady::Database(Trouble::ReadOnly) => (Code::DatabaseReadOnly, text::DATABASE_READ_ONLY),
            NotReady::Database(Trouble::Failing) => (Code::DatabaseFailing, text::DATABASE_FAILING),
            NotReady::Database(Trouble::Damaged) => (Code::DatabaseDamaged, text::DATABASE_DAMAGED),
            NotReady::Database(Trouble::Unknown) => (Code::Unavailable, text::UNAVAILABLE),
        };
        Self::new(code).with_detail(detail)
    }
}
