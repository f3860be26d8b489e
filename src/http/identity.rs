//! Who the visitor of a conversation is, and the code by which accounts of other channels are linked.

use axum::Json as JsonOut;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::{Json, Path, Token};
use super::problem::{Code, Problem};
use crate::app::App;
use crate::identity::IdentityError;
use crate::text::problem as text;
use crate::visitors::VisitorError;

/// A proof of who the visitor is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct IdentityIn {
    /// A token (JWT) that the portal signed for this user; it is taken once.
    #[schema(min_length = 1, max_length = 8192)]
    identity: String,
}

/// A visitor who is known.
#[derive(Serialize, ToSchema)]
pub(super) struct SignedInOut {
    /// From then on the proof holds no longer, in milliseconds since 1970: send a new one before.
    valid_until: i64,
}

/// A code for linking an account.
#[derive(Serialize, ToSchema)]
pub(super) struct LinkCodeOut {
    /// To be typed in the other channel, once.
    #[schema(example = "7KQM-2XWA")]
    code: String,
    /// Until when it can be used, in milliseconds since 1970.
    expires_at: i64,
}

/// Links that were undone.
#[derive(Serialize, ToSchema)]
pub(super) struct UnlinkedOut {
    /// How many accounts were linked.
    #[schema(example = 1)]
    unlinked: u64,
}

/// Say who you are, or prove it again: from now on answers may hold facts about your customers.
#[utoipa::path(
    put,
    path = "/api/v1/conversations/{id}/identity",
    tag = "conversations",
    params(("id" = String, Path, description = "Id of the conversation")),
    security(("conversation" = [])),
    request_body = IdentityIn,
    responses(
        (status = 200, description = "Known", body = SignedInOut),
        (status = 400, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token of the conversation, or the proof is wrong, old or was taken before", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such conversation, or somebody else's", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Body too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not declared as JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Unknown or missing field", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn sign_in(
    State(app): State<App>,
    Path(id): Path<String>,
    Token(token): Token,
    Json(proof): Json<IdentityIn>,
) -> Result<JsonOut<SignedInOut>, Problem> {
    app.conversations.check(&id, &token).await?;
    let proof = app.visitors.prove(&proof.identity).await?;
    let valid_until = app.visitors.sign_in(&id, &proof).await?;
    Ok(JsonOut(SignedInOut { valid_until }))
}

/// Be nobody again: the visitor and the customer of the conversation are forgotten.
#[utoipa::path(
    delete,
    path = "/api/v1/conversations/{id}/identity",
    tag = "conversations",
    params(("id" = String, Path, description = "Id of the conversation")),
    security(("conversation" = [])),
    responses(
        (status = 204, description = "Forgotten"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such conversation, or somebody else's", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn sign_out(
    State(app): State<App>,
    Path(id): Path<String>,
    Token(token): Token,
) -> Result<StatusCode, Problem> {
    app.conversations.check(&id, &token).await?;
    app.store.remove_visitor(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Make a short code by which this user links an account of another channel, such as Discord, once.
#[utoipa::path(
    post,
    path = "/api/v1/account-links",
    tag = "identity",
    request_body = IdentityIn,
    responses(
        (status = 201, description = "The code", body = LinkCodeOut),
        (status = 400, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The proof is wrong, old or was taken before", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Body too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not declared as JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Unknown or missing field", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn create_link(
    State(app): State<App>,
    Json(proof): Json<IdentityIn>,
) -> Result<(StatusCode, JsonOut<LinkCodeOut>), Problem> {
    let proof = app.visitors.prove(&proof.identity).await?;
    let made = app.visitors.create_link_code(&proof).await?;
    Ok((StatusCode::CREATED, JsonOut(LinkCodeOut { code: made.code, expires_at: made.expires_at })))
}

/// Undo every link of this user with accounts of other channels; codes that were not used yet are worth nothing any more.
#[utoipa::path(
    post,
    path = "/api/v1/account-links/revocations",
    tag = "identity",
    request_body = IdentityIn,
    responses(
        (status = 200, description = "They are undone", body = UnlinkedOut),
        (status = 400, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The proof is wrong, old or was taken before", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Body too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not declared as JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Unknown or missing field", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn revoke_links(
    State(app): State<App>,
    Json(proof): Json<IdentityIn>,
) -> Result<JsonOut<UnlinkedOut>, Problem> {
    let proof = app.visitors.prove(&proof.identity).await?;
    let unlinked = app.visitors.revoke_links(&proof).await?;
    Ok(JsonOut(UnlinkedOut { unlinked }))
}

impl From<VisitorError> for Problem {
    fn from(error: VisitorError) -> Self {
        match error {
            VisitorError::Store(error) => error.into(),
            // Whoever runs the service must see that a clock or a key is wrong; the person only signs in again.
            VisitorError::Refused(
                reason @ (IdentityError::UnknownKey | IdentityError::NotYet | IdentityError::TooLong),
            ) => {
                tracing::warn!("a visitor is refused: {reason}");
                Self::new(Code::IdentityRefused).with_detail(text::SIGN_IN_AGAIN)
            }
            VisitorError::Refused(_) | VisitorError::Used => {
                Self::new(Code::IdentityRefused).with_detail(text::SIGN_IN_AGAIN)
            }
        }
    }
}
