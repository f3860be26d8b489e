//! The invented users of the demo portal, for trying what a signed-in partner sees. Nothing of this is there when a real
//! portal is configured.

use axum::Json as JsonOut;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::Json;
use super::problem::{Code, Problem};
use crate::app::App;
use crate::model::Right;

/// The invented users.
#[derive(Serialize, ToSchema)]
pub(super) struct UsersOut {
    users: Vec<UserOut>,
}

/// An invented user.
#[derive(Serialize, ToSchema)]
pub(super) struct UserOut {
    #[schema(example = "U-11")]
    id: String,
    #[schema(example = "Claire Aubry")]
    name: String,
    /// The company.
    #[schema(example = "Alizé Informatique")]
    partner: String,
    /// What this user may see.
    rights: Vec<&'static str>,
}

/// Whom to sign in as.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignAsIn {
    /// Id of an invented user.
    #[schema(example = "U-11")]
    user: String,
}

/// A token as the portal's page would hand it to the chat.
#[derive(Serialize, ToSchema)]
pub(super) struct SignAsOut {
    /// Send it as `identity`; it is taken once.
    identity: String,
}

/// List the invented users: none without the demo portal.
#[utoipa::path(
    get,
    path = "/api/v1/demo/users",
    tag = "demo",
    responses(
        (status = 200, description = "The users", body = UsersOut),
    )
)]
pub(super) async fn list_users(State(app): State<App>) -> JsonOut<UsersOut> {
    // No error: the demonstration page asks wherever it is served, and stays anonymous.
    let Some(demo) = &app.demo else { return JsonOut(UsersOut { users: Vec::new() }) };
    let users = demo.portal.world();
    let users = users.people().map(|person| UserOut {
        id: person.visitor.user.as_str().to_owned(),
        name: person.name.to_owned(),
        partner: person.partner.to_owned(),
        rights: Right::NAMES.iter().filter(|(right, _)| person.visitor.may(*right)).map(|(_, name)| *name).collect(),
    });
    JsonOut(UsersOut { users: users.collect() })
}

/// Sign in as an invented user. Only with the demo portal.
#[utoipa::path(
    post,
    path = "/api/v1/demo/identities",
    tag = "demo",
    request_body = SignAsIn,
    responses(
        (status = 201, description = "A token for this user", body = SignAsOut),
        (status = 400, description = "Not JSON", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no demo portal, or no such user", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Body too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not declared as JSON", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Unknown or missing field", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn sign_as(
    State(app): State<App>,
    Json(wanted): Json<SignAsIn>,
) -> Result<(StatusCode, JsonOut<SignAsOut>), Problem> {
    let demo = app.demo.as_ref().ok_or_else(|| Problem::new(Code::NotFound))?;
    let world = demo.portal.world();
    let person = world.people().find(|person| person.visitor.user.as_str() == wanted.user);
    let person = person.ok_or_else(|| Problem::new(Code::NotFound))?;
    let identity = demo.signer.sign(person.visitor, &uuid::Uuid::now_v7().to_string(), Timestamp::now());
    Ok((StatusCode::CREATED, JsonOut(SignAsOut { identity })))
}
