//! Suggestions while somebody types.

use axum::Json as JsonOut;
use axum::extract::State;
use guichet_bots::Choice;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::Query;
use super::problem::Problem;
use crate::app::App;

#[derive(Deserialize)]
pub(super) struct SuggestIn {
    /// What is typed so far.
    q: String,
}

/// Questions of entries; the id of one can be sent as `option`.
#[derive(Serialize, ToSchema)]
pub(super) struct SuggestionsOut {
    suggestions: Vec<Choice>,
}

/// Questions near what is typed, best first, at most six.
#[utoipa::path(
    get,
    path = "/api/v1/suggest",
    tag = "entries",
    params(("q" = String, Query, description = "What is typed so far", example = "zendes")),
    responses(
        (status = 200, description = "Questions, perhaps none", body = SuggestionsOut),
        (status = 400, description = "q is missing", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn suggest(
    State(app): State<App>,
    Query(typed): Query<SuggestIn>,
) -> Result<JsonOut<SuggestionsOut>, Problem> {
    Ok(JsonOut(SuggestionsOut { suggestions: app.conversations.suggest(&typed.q).await? }))
}
