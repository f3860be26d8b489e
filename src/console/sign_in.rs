//! Signing in, out, and typing the password again.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::guard::COOKIE;
use super::refusal::render;
use super::{Frame, Refusal, Signed, inside, now};
use crate::app::App;
use crate::staff::DoorError;
use crate::text::console as text;

/// Where to go afterwards.
#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    vers: String,
}

#[derive(Deserialize)]
pub(super) struct SignIn {
    email: String,
    password: String,
    #[serde(default)]
    vers: String,
}

#[derive(Deserialize)]
pub(super) struct Confirm {
    password: String,
    #[serde(default)]
    vers: String,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    email: String,
    wanted: String,
    wrong: Option<String>,
}

#[derive(Template)]
#[template(path = "confirm.html")]
struct ConfirmPage {
    frame: Frame,
    wanted: String,
    wrong: Option<String>,
}

pub(super) async fn form(Query(Wanted { vers }): Query<Wanted>) -> Response {
    render(&SignInPage { email: String::new(), wanted: inside(&vers).to_owned(), wrong: None })
}

pub(super) async fn sign_in(State(app): State<App>, Form(typed): Form<SignIn>) -> Result<Response, Refusal> {
    let wanted = inside(&typed.vers).to_owned();
    match app.door.sign_in(&typed.email, &typed.password, now()).await {
        Ok(secret) => Ok(entered(&app, &secret, &wanted)),
        Err(error) => {
            let wrong = Some(reason(error)?);
            let page = SignInPage { email: typed.email, wanted, wrong };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response())
        }
    }
}

pub(super) async fn sign_out(State(app): State<App>, signed: Signed) -> Result<Response, Refusal> {
    app.door.sign_out(&signed.secret).await?;
    Ok(([(header::SET_COOKIE, cookie(&app, "", "; Max-Age=0"))], Redirect::to("/console/connexion")).into_response())
}

pub(super) async fn confirm_form(signed: Signed, Query(Wanted { vers }): Query<Wanted>) -> Response {
    let frame = Frame::new(text::CONFIRM, "", &signed);
    render(&ConfirmPage { frame, wanted: inside(&vers).to_owned(), wrong: None })
}

pub(super) async fn confirm(
    State(app): State<App>,
    signed: Signed,
    Form(typed): Form<Confirm>,
) -> Result<Response, Refusal> {
    let wanted = inside(&typed.vers).to_owned();
    match app.door.confirm(&signed.secret, &signed.session, &typed.password, now()).await {
        Ok(()) => Ok(Redirect::to(&wanted).into_response()),
        Err(error) => {
            let (frame, wrong) = (Frame::new(text::CONFIRM, "", &signed), Some(reason(error)?));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&ConfirmPage { frame, wanted, wrong })).into_response())
        }
    }
}

/// The person is in: the browser keeps the secret until it is closed, and sends it to us alone.
pub(super) fn entered(app: &App, secret: &str, wanted: &str) -> Response {
    ([(header::SET_COOKIE, cookie(app, secret, ""))], Redirect::to(wanted)).into_response()
}

fn cookie(app: &App, secret: &str, more: &str) -> HeaderValue {
    let secure = if app.config.console.secure_cookies { "; Secure" } else { "" };
    let text = format!("{COOKIE}={secret}; Path=/console; HttpOnly; SameSite=Lax{secure}{more}");
    HeaderValue::from_str(&text).expect("it is ASCII without control characters")
}

/// What the person reads; failures of ours are another page.
fn reason(error: DoorError) -> Result<String, Refusal> {
    match error {
        DoorError::Wrong => Ok(text::WRONG_PASSWORD.to_owned()),
        DoorError::Locked(wait) => Ok(text::locked(wait)),
        error => Err(error.into()),
    }
}
