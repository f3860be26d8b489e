//! Asks, before a page is made, who wants it: session, permission, and for what changes something, that the form is ours.

use axum::Form;
use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::refusal::Refusal;
use super::{cookie, now};
use crate::app::App;
use crate::http::is_foreign;
use crate::model::{Permission, Session};

/// Name of the session's cookie.
pub(super) const COOKIE: &str = "guichet_session";
/// Longest form, in bytes: a long entry with its formulations, or an image, which is a third longer as text.
pub(super) const LONGEST_FORM: usize = 1_400_000;
/// Longest answer to a partner: with a file of eight megabytes, which is written as text.
pub(super) const LONGEST_ANSWER: usize = 12 << 20;

/// Who may open a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Everybody, also who has not signed in.
    Anybody,
    /// Who has signed in.
    Signed,
    /// Who has this permission.
    May(Permission),
    /// Who has this permission and typed the password a short time ago.
    Confirmed(Permission),
}

/// Somebody who has signed in; a handler gets it from the guard.
#[derive(Debug, Clone)]
pub(super) struct Signed {
    pub(super) session: Session,
    /// The secret of the cookie.
    pub(super) secret: String,
}

impl Signed {
    /// As colleagues and partners see it.
    pub(super) fn name(&self) -> &str {
        &self.session.account.name
    }

    pub(super) fn may(&self, what: Permission) -> bool {
        self.session.account.role.may(what)
    }

    /// What a form of this session carries. It follows from the secret, so that nothing has to be kept, and does not tell
    /// it.
    pub(super) fn form_token(&self) -> String {
        let key = blake3::derive_key("guichet 2026 console form token", self.secret.as_bytes());
        blake3::Hash::from_bytes(key).to_hex().to_string()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Signed {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        parts.extensions.get::<Self>().cloned().ok_or(Refusal::Forbidden)
    }
}

/// The part of every form that shows whose it is.
#[derive(Deserialize)]
struct FormToken {
    #[serde(default)]
    form_token: String,
}

/// Lets a request through when `access` allows it.
/// A form may have `longest` bytes.
pub(super) async fn guard(
    State((app, access, longest)): State<(App, Access, usize)>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = match allowed(&app, access, longest, request).await {
        Ok(request) => next.run(request).await,
        Err(refusal) => refusal,
    };
    let headers = response.headers_mut();
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// The request with what handlers ask for, or what is answered instead.
async fn allowed(app: &App, access: Access, longest: usize, request: Request) -> Result<Request, Response> {
    let is_change = !matches!(*request.method(), Method::GET | Method::HEAD);
    if is_change && is_foreign(request.headers()) {
        return Err(Refusal::Forbidden.into_response());
    }
    let signed = signed(app, request.headers()).await.map_err(IntoResponse::into_response)?;
    let Some(signed) = signed else {
        return match access {
            Access::Anybody => Ok(request),
            Access::Signed | Access::May(_) | Access::Confirmed(_) => Err(to_sign_in(&request)),
        };
    };
    let permission = match access {
        Access::Anybody | Access::Signed => None,
        Access::May(permission) | Access::Confirmed(permission) => Some(permission),
    };
    if permission.is_some_and(|permission| !signed.may(permission)) {
        return Err(Refusal::Forbidden.into_response());
    }
    if matches!(access, Access::Confirmed(_)) && !app.door.is_confirmed(&signed.session, now()) {
        return Err(to("/console/confirmation", &request));
    }
    // The form to sign in is sent by nobody yet: that it comes from our own page is all there is to know.
    let mut request = match is_change && access != Access::Anybody {
        true => own_form(&signed, longest, request).await.map_err(IntoResponse::into_response)?,
        false => request,
    };
    request.extensions_mut().insert(signed);
    Ok(request)
}

/// Who has signed in, by the cookie.
async fn signed(app: &App, headers: &HeaderMap) -> Result<Option<Signed>, Refusal> {
    let Some(secret) = cookie(headers, COOKIE) else { return Ok(None) };
    let session = app.door.find_session(&secret, now()).await?;
    Ok(session.map(|session| Signed { session, secret }))
}

/// Reads the form, looks for the token of the session in it, and gives the request back whole.
async fn own_form(signed: &Signed, longest: usize, request: Request) -> Result<Request, Refusal> {
    let (parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, longest).await.map_err(|_| Refusal::TooLarge)?;
    let copy = Request::from_parts(parts.clone(), Body::from(bytes.clone()));
    let Form(FormToken { form_token }) = Form::from_request(copy, &()).await.map_err(|_| Refusal::Invalid)?;
    // Hashes are compared, in constant time.
    if blake3::hash(form_token.as_bytes()) != blake3::hash(signed.form_token().as_bytes()) {
        return Err(Refusal::OldForm);
    }
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

/// To the page where people sign in, and from there to where they wanted to go.
fn to_sign_in(request: &Request) -> Response {
    to("/console/connexion", request)
}

fn to(page: &str, request: &Request) -> Response {
    let wanted = match *request.method() {
        Method::GET => request.uri().path_and_query().map_or("/console", |wanted| wanted.as_str()),
        // What a form wanted cannot be repeated: back to where forms are.
        _ => "/console",
    };
    Redirect::to(&super::address(page, &[("vers", wanted)])).into_response()
}
