//! Signing in, out, and typing the password again.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::guard::COOKIE;
use super::refusal::render;
use super::{Frame, Refusal, Signed, address, inside, now, sso};
use crate::app::App;
use crate::staff::DoorError;
use crate::text::{console as text, sso as sso_text};

/// Where to go afterwards.
#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    pub(super) vers: String,
}

/// What the address of the page to sign in says.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Coming {
    vers: String,
    /// Somebody has signed out who came by the provider of identities.
    sorti: Option<String>,
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
    /// Whether a password opens.
    local: bool,
    /// The provider of identities: its name, and the link to it.
    provider: Option<(String, String)>,
    /// Somebody has signed out here; where to do so at the provider, when it says so.
    signed_out: Option<(&'static str, Option<String>)>,
}

#[derive(Template)]
#[template(path = "confirm.html")]
struct ConfirmPage {
    frame: Frame,
    wanted: String,
    wrong: Option<String>,
    /// Where the account is from: its name, and the link to it. None: it has a password.
    provider: Option<(String, String)>,
}

pub(super) async fn form(State(app): State<App>, Query(Coming { vers, sorti }): Query<Coming>) -> Response {
    let mut page = page(&app, String::new(), inside(&vers), None);
    if let (Some(_), Some(sso)) = (sorti, &app.sso) {
        page.signed_out = Some((sso_text::SIGNED_OUT, sso.sign_out_url().await));
    }
    render(&page)
}

pub(super) async fn sign_in(State(app): State<App>, Form(typed): Form<SignIn>) -> Result<Response, Refusal> {
    let wanted = inside(&typed.vers).to_owned();
    match app.door.sign_in(&typed.email, &typed.password, now()).await {
        Ok(secret) => Ok(entered(&app, &secret, &wanted)),
        Err(error) => {
            let wrong = Some(reason(error)?);
            let page = page(&app, typed.email, &wanted, wrong);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response())
        }
    }
}

pub(super) async fn sign_out(State(app): State<App>, signed: Signed) -> Result<Response, Refusal> {
    app.door.sign_out(&signed.secret).await?;
    let is_external = signed.session.account.external.is_some();
    let to = if is_external { "/console/connexion?sorti=entreprise" } else { "/console/connexion" };
    Ok(([(header::SET_COOKIE, cookie(&app, "", "; Max-Age=0"))], Redirect::to(to)).into_response())
}

pub(super) async fn confirm_form(
    State(app): State<App>,
    signed: Signed,
    Query(Wanted { vers }): Query<Wanted>,
) -> Response {
    render(&confirm_page(&app, &signed, inside(&vers), None))
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
            let page = confirm_page(&app, &signed, &wanted, Some(reason(error)?));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response())
        }
    }
}

fn page(app: &App, email: String, wanted: &str, wrong: Option<String>) -> SignInPage {
    let provider = provider(app, "/console/connexion/entreprise", wanted);
    SignInPage {
        email,
        wanted: wanted.to_owned(),
        wrong,
        local: app.config.console.local_sign_in,
        provider,
        signed_out: None,
    }
}

fn confirm_page(app: &App, signed: &Signed, wanted: &str, wrong: Option<String>) -> ConfirmPage {
    let is_external = signed.session.account.external.is_some();
    let provider = provider(app, "/console/confirmation/entreprise", wanted).filter(|_| is_external);
    ConfirmPage { frame: Frame::new(text::CONFIRM, "", signed), wanted: wanted.to_owned(), wrong, provider }
}

/// The name of the provider of identities and the link to it, when there is one.
fn provider(app: &App, path: &str, wanted: &str) -> Option<(String, String)> {
    let name = sso::provider_name(app)?;
    Some((name.to_owned(), address(path, &[("vers", wanted)])))
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
