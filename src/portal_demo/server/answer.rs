//! Who is calling, what was asked in the URL, and how single things are answered with their ETag.

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Demo;
use super::problem::Problem;
use crate::model::UserId;

/// The portal's user for whom a service with a valid token acts.
pub(super) struct Acting(pub(super) UserId);

impl FromRequestParts<Demo> for Acting {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, demo: &Demo) -> Result<Self, Problem> {
        let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let token = header("authorization").and_then(|value| value.strip_prefix("Bearer "));
        match token.and_then(|token| demo.allows(token, parts.uri.path())) {
            None => return Err(Problem::UNAUTHENTICATED),
            Some(false) => return Err(Problem::INSUFFICIENT_SCOPE),
            Some(true) => {}
        }
        let user: UserId =
            header("acting-user").and_then(|user| user.parse().ok()).ok_or(Problem::INVALID_PARAMETER)?;
        // A user whom the portal does not know can do nothing there.
        demo.world.seen_by(&user).ok_or(Problem::FORBIDDEN)?;
        Ok(Self(user))
    }
}

/// An id in the path; one that cannot be an id is not found.
pub(super) struct Id<T>(pub(super) T);

impl<T: std::str::FromStr + Send> FromRequestParts<Demo> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, demo: &Demo) -> Result<Self, Problem> {
        let Path(text) = Path::<String>::from_request_parts(parts, demo).await.map_err(|_| Problem::NOT_FOUND)?;
        text.parse().map(Self).map_err(|_| Problem::NOT_FOUND)
    }
}

/// The query of the URL.
pub(super) struct Asked<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequestParts<Demo> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, demo: &Demo) -> Result<Self, Problem> {
        let query = Query::<T>::from_request_parts(parts, demo).await;
        query.map(|Query(asked)| Self(asked)).map_err(|_| Problem::INVALID_PARAMETER)
    }
}

/// A single thing with its ETag, or 304 when the caller has it.
pub(super) fn tagged(headers: &HeaderMap, body: &impl Serialize) -> Response {
    let Ok(bytes) = serde_json::to_vec(body) else { return Problem::UNAVAILABLE.into_response() };
    let tag = format!("\"{}\"", &blake3::hash(&bytes).to_hex()[..24]);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let is_known = known.is_some_and(|known| known.split(',').any(|one| one.trim() == tag));
    let Ok(etag) = HeaderValue::from_str(&tag) else { return Problem::UNAVAILABLE.into_response() };
    if is_known {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response();
    }
    let json = HeaderValue::from_static("application/json");
    ([(header::ETAG, etag), (header::CONTENT_TYPE, json)], bytes).into_response()
}
