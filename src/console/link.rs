//! A link that works once: the person chooses a password and is in. The very first one makes an admin.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::refusal::render;
use super::{Refusal, now, sign_in};
use crate::app::App;
use crate::model::{Account, EmailAddress};
use crate::staff::DoorError;
use crate::text::console as text;

/// Longest name.
const LONGEST_NAME: usize = 80;

#[derive(Deserialize)]
pub(super) struct Link {
    #[serde(default)]
    jeton: String,
}

#[derive(Deserialize)]
pub(super) struct Entering {
    jeton: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    password: String,
    again: String,
}

#[derive(Template)]
#[template(path = "link.html")]
struct LinkPage {
    secret: String,
    /// Whose link it is; none for the first admin.
    account: Option<Account>,
    name: String,
    email: String,
    wrong: Option<&'static str>,
}

pub(super) async fn form(State(app): State<App>, Query(Link { jeton }): Query<Link>) -> Result<Response, Refusal> {
    let account = app.door.find_link(&jeton, now()).await?;
    Ok(render(&LinkPage { secret: jeton, account, name: String::new(), email: String::new(), wrong: None }))
}

pub(super) async fn enter(State(app): State<App>, Form(typed): Form<Entering>) -> Result<Response, Refusal> {
    let account = app.door.find_link(&typed.jeton, now()).await?;
    match try_to_enter(&app, account.as_ref(), &typed).await? {
        Ok(secret) => Ok(sign_in::entered(&app, &secret, "/console")),
        Err(why) => {
            let Entering { jeton, name, email, .. } = typed;
            let page = LinkPage { secret: jeton, account, name, email, wrong: Some(why) };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response())
        }
    }
}

/// The secret of the session, or what is wrong with what was typed.
async fn try_to_enter(
    app: &App,
    account: Option<&Account>,
    typed: &Entering,
) -> Result<Result<String, &'static str>, Refusal> {
    let name = account.map_or(typed.name.trim(), |account| &account.name);
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Ok(Err(text::NO_NAME));
    }
    let email =
        account.map_or_else(|| typed.email.trim().parse::<EmailAddress>().ok(), |known| Some(known.email.clone()));
    let Some(email) = email else { return Ok(Err(text::NO_EMAIL)) };
    if typed.password != typed.again {
        return Ok(Err(text::NOT_THE_SAME));
    }
    match app.door.enter(&typed.jeton, name, &email, &typed.password, now()).await {
        Ok(secret) => Ok(Ok(secret)),
        Err(DoorError::Password(refused)) => Ok(Err(text::refused_password(refused))),
        Err(error) => Err(error.into()),
    }
}
