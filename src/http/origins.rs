//! Which pages of others may talk to the API from a browser (CORS).

use std::time::Duration;

use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::sites::Site;

/// How long a browser remembers that it may ask; it asks again at most every two hours.
const REMEMBERED: Duration = Duration::from_secs(2 * 60 * 60);

/// Lets pages of a site, or of `origins` where there is none, use the API for partners; that of staff stays closed to them.
/// There are no cookies to send.
pub(super) fn allowed(origins: &[String]) -> CorsLayer {
    let origins = origins.to_vec();
    let is_allowed = move |origin: &HeaderValue, asked: &Parts| {
        let path = asked.uri.path();
        let is_for_partners = path.starts_with("/api/v1/") && !path.starts_with("/api/v1/staff");
        let origins = asked.extensions.get::<Site>().map_or(origins.as_slice(), |site| &site.origins);
        is_for_partners && origins.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes())
    };
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(is_allowed))
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, HeaderName::from_static("last-event-id")])
        .expose_headers([header::RETRY_AFTER])
        .max_age(REMEMBERED)
}
