//! Interactions of Discord as signed requests, for deployments without a gateway.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use guichet_bots::discord::EndpointError;
use serde_json::Value;

use super::extract::Body;
use super::problem::{Code, Problem};
use crate::app::App;

/// The longest interaction: a message with all its embeds stands in it.
pub(super) const MAX_BYTES: usize = 262_144;

/// Interactions of Discord: commands, buttons, forms.
#[utoipa::path(
    post,
    path = "/webhooks/discord",
    tag = "webhooks",
    request_body(content = String, description = "An interaction", content_type = "application/json"),
    params(
        ("x-signature-ed25519" = String, Header, description = "Ed25519 signature over timestamp and body, in hexadecimal"),
        ("x-signature-timestamp" = String, Header, description = "When it was signed, in seconds since 1970"),
    ),
    responses(
        (status = 200, description = "The first answer, as Discord takes it", body = Object),
        (status = 401, description = "Not signed by Discord, or too old", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Discord or its public key is not configured", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Longer than an interaction is", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "No interaction", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn discord(
    State(app): State<App>,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<Json<Value>, Problem> {
    let Some(discord) = &app.discord else { return Err(Problem::new(Code::NotFound)) };
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (signature, timestamp) = (header("x-signature-ed25519"), header("x-signature-timestamp"));
    let now = jiff::Timestamp::now().as_second();
    let answered = Arc::clone(discord).interaction(signature, timestamp, &body, now).await;
    answered.map(Json).map_err(|error| match error {
        EndpointError::Off => Problem::new(Code::NotFound),
        EndpointError::NotSigned => Problem::new(Code::SignatureWrong),
        EndpointError::NoInteraction => Problem::new(Code::InvalidBody),
    })
}
