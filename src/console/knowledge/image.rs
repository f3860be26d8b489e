//! An image that is put into an answer while it is written.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::json;

use super::super::{Refusal, Signed, now};
use crate::app::App;
use crate::publishing::bring_image::{BringError, bring_image};
use crate::text::publishing as text;

/// A file, as the script of the page sends it: a form has no bytes.
#[derive(Deserialize)]
pub(in crate::console) struct Sent {
    name: String,
    /// As base64url.
    content: String,
}

/// `POST /console/images`: the name by which the answer shows it, or a sentence that says why it cannot.
pub(in crate::console) async fn bring(
    State(app): State<App>,
    signed: Signed,
    Form(sent): Form<Sent>,
) -> Result<Response, Refusal> {
    let content = URL_SAFE_NO_PAD.decode(&sent.content).map_err(|_| Refusal::Invalid)?;
    match bring_image(&app.store, &sent.name, &content, signed.name(), now()).await {
        Ok(image) => Ok(Json(json!({ "name": image.name })).into_response()),
        Err(BringError::Image(error)) => {
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "why": text::image(error) }))).into_response())
        }
        Err(BringError::Store(error)) => Err(error.into()),
    }
}
