//! What staff do in a conversation: take it over, write, note, give it back.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::super::{Refusal, Signed};
use super::HERE;
use crate::app::App;
use crate::model::Question;

#[derive(Deserialize)]
pub(in crate::console) struct Typed {
    text: String,
    /// Chosen when the form was made: sent twice, it is said once.
    key: String,
}

/// `POST /console/conversations/{id}/prise`
pub(in crate::console) async fn take(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    app.conversations.take_over(&id, signed.name()).await?;
    Ok(back(&id, "prise"))
}

/// `POST /console/conversations/{id}/retour`
pub(in crate::console) async fn give_back(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    app.conversations.give_back(&id, signed.name()).await?;
    Ok(back(&id, "rendue"))
}

/// `POST /console/conversations/{id}/messages`
pub(in crate::console) async fn write(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Refusal> {
    app.conversations.write(&id, signed.name(), &read(&typed)?, &typed.key).await?;
    Ok(back(&id, "message"))
}

/// `POST /console/conversations/{id}/ecriture`, again and again while the person writes
pub(in crate::console) async fn tell_writing(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    app.conversations.agent_writes(&id, signed.name()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /console/conversations/{id}/notes`
pub(in crate::console) async fn note(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Refusal> {
    app.conversations.note(&id, signed.name(), &read(&typed)?, &typed.key).await?;
    Ok(back(&id, "note"))
}

fn read(typed: &Typed) -> Result<Question, Refusal> {
    uuid::Uuid::parse_str(&typed.key).map_err(|_| Refusal::Invalid)?;
    Question::parse(&typed.text).map_err(|_| Refusal::Invalid)
}

fn back(id: &str, done: &str) -> Response {
    Redirect::to(&format!("{HERE}/{id}?fait={done}")).into_response()
}
