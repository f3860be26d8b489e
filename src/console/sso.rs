//! Signing in, and confirming, at the provider of identities of the company.
//!
//! People get there by links, not forms: our pages let no form lead to another site.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::refusal::render;
use super::sign_in::{self, Wanted};
use super::{Refusal, Signed, inside, now};
use crate::app::App;
use crate::clients::oidc::OidcError;
use crate::staff::sso::{Arrived, Brought, Leaving, Sso, SsoError};
use crate::text::sso as text;

/// Where the provider sends browsers back to.
pub(crate) const RETURN: &str = "/console/connexion/entreprise/retour";

/// Name of the cookie that the browser carries meanwhile.
const COOKIE: &str = "guichet_connexion";
/// Only the pages below are told it.
const COOKIE_PATH: &str = "/console/connexion/entreprise";
/// How long somebody may take, in seconds.
const COOKIE_LIFE: u32 = 600;

/// What the provider has the browser say.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Back {
    code: Option<String>,
    state: String,
    iss: Option<String>,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "sso_refused.html")]
struct RefusedPage {
    detail: String,
    /// Whether to begin again may help.
    may_begin_again: bool,
    local: bool,
}

/// `GET /console/connexion/entreprise`
pub(super) async fn leave(State(app): State<App>, Query(Wanted { vers }): Query<Wanted>) -> Result<Response, Refusal> {
    let sso = provider(&app)?;
    match sso.leave(inside(&vers), now()).await {
        Ok(leaving) => Ok(send_off(&app, &leaving)),
        Err(error) => refused(&app, error),
    }
}

/// `GET /console/confirmation/entreprise`
pub(super) async fn leave_to_confirm(
    State(app): State<App>,
    Query(Wanted { vers }): Query<Wanted>,
) -> Result<Response, Refusal> {
    let sso = provider(&app)?;
    match sso.leave_to_confirm(inside(&vers), now()).await {
        Ok(leaving) => Ok(send_off(&app, &leaving)),
        Err(error) => refused(&app, error),
    }
}

/// `GET /console/connexion/entreprise/retour`
pub(super) async fn arrive(
    State(app): State<App>,
    signed: Option<Extension<Signed>>,
    headers: HeaderMap,
    Query(back): Query<Back>,
) -> Result<Response, Refusal> {
    let sso = provider(&app)?;
    let carried = super::cookie(&headers, COOKIE).unwrap_or_default();
    let brought = Brought {
        code: back.code.as_deref(),
        state: &back.state,
        issuer: back.iss.as_deref(),
        error: back.error.as_deref(),
    };
    let session = signed.as_ref().map(|Extension(signed)| (&signed.session, signed.secret.as_str()));
    let response = match sso.arrive(&carried, brought, session, now()).await {
        Ok(Arrived::In { secret, wanted }) => sign_in::entered(&app, &secret, &wanted),
        Ok(Arrived::Confirmed { wanted }) => Redirect::to(&wanted).into_response(),
        Err(error) => refused(&app, error)?,
    };
    Ok((AppendHeaders([(header::SET_COOKIE, cookie(&app, "", 0))]), response).into_response())
}

/// What people read on the way in and out of the console of the provider, when there is one.
pub(super) fn provider_name(app: &App) -> Option<&str> {
    app.config.console.oidc.as_ref().map(|oidc| oidc.name.as_str())
}

fn provider(app: &App) -> Result<&Arc<Sso>, Refusal> {
    app.sso.as_ref().ok_or(Refusal::NotFound)
}

fn send_off(app: &App, leaving: &Leaving) -> Response {
    let carried = cookie(app, &leaving.cookie, COOKIE_LIFE);
    (AppendHeaders([(header::SET_COOKIE, carried)]), Redirect::to(&leaving.url)).into_response()
}

fn cookie(app: &App, carried: &str, life: u32) -> HeaderValue {
    let secure = if app.config.console.secure_cookies { "; Secure" } else { "" };
    let text = format!("{COOKIE}={carried}; Path={COOKIE_PATH}; Max-Age={life}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text).expect("it is ASCII without control characters")
}

/// The person reads what to do; whoever runs the service reads why, when it is for them to do something.
fn refused(app: &App, error: SsoError) -> Result<Response, Refusal> {
    let status = match &error {
        SsoError::Over => StatusCode::BAD_REQUEST,
        SsoError::Declined | SsoError::NoRole | SsoError::NoEmail | SsoError::SomebodyElse | SsoError::NotAnew => {
            StatusCode::FORBIDDEN
        }
        SsoError::Taken => StatusCode::CONFLICT,
        SsoError::Provider(OidcError::CodeRefused | OidcError::Token(_)) => StatusCode::FORBIDDEN,
        SsoError::Provider(_) => StatusCode::BAD_GATEWAY,
        SsoError::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
    };
    let may_begin_again = !matches!(error, SsoError::NoRole | SsoError::NoEmail | SsoError::Taken);
    let ask = app.config.console.oidc.as_ref().and_then(|oidc| oidc.ask.as_deref());
    let detail = text::refused(&error, ask);
    match error {
        SsoError::Store(error) => return Err(error.into()),
        SsoError::Provider(OidcError::Unusable(_)) | SsoError::NotAnew => {
            tracing::error!("nobody can sign in by [console.oidc]: {:#}", anyhow::Error::from(error));
        }
        SsoError::Provider(error) => {
            tracing::warn!("somebody could not sign in by [console.oidc]: {:#}", anyhow::Error::from(error));
        }
        SsoError::Over
        | SsoError::Declined
        | SsoError::NoRole
        | SsoError::NoEmail
        | SsoError::Taken
        | SsoError::SomebodyElse => {}
    }
    let page = RefusedPage { detail, may_begin_again, local: app.config.console.local_sign_in };
    Ok((status, render(&page)).into_response())
}
