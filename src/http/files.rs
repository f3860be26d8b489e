//! The chat page, the page of the API, and their files. They may be cached but are asked for again at every visit.

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use guichet_bots::widget;

use super::compressed;
use super::problem::{Code, Problem};

/// The chat.
pub(super) async fn index(headers: HeaderMap) -> Response {
    widget_file("index.html", &headers)
}

/// A file of the chat, or one of the pages beside it (`/accessibilite`). Pages of others load the chat from here: it is
/// public, and who may talk to the service is another question.
pub(super) async fn widget(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let name = if name.contains('.') { name } else { name + ".html" };
    let for_all = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin")),
    ];
    (for_all, widget_file(&name, &headers)).into_response()
}

/// The page that reads `/openapi.json`.
pub(super) async fn docs(headers: HeaderMap) -> Response {
    file(include_bytes!("docs/docs.html"), "text/html; charset=utf-8", &headers)
}

pub(super) async fn docs_script(headers: HeaderMap) -> Response {
    file(include_bytes!("docs/docs.js"), "text/javascript; charset=utf-8", &headers)
}

pub(super) async fn docs_style(headers: HeaderMap) -> Response {
    file(include_bytes!("docs/docs.css"), "text/css; charset=utf-8", &headers)
}

fn widget_file(name: &str, headers: &HeaderMap) -> Response {
    match widget::file(name) {
        Some(found) => file(&found.bytes, found.media_type, headers),
        None => Problem::new(Code::NotFound).into_response(),
    }
}

/// A file that the binary carries. Text is sent compressed to whoever takes it so.
pub(crate) fn file(bytes: &[u8], media_type: &'static str, headers: &HeaderMap) -> Response {
    let hash = blake3::hash(bytes);
    let packed = if compressed::is_accepted(headers) { compressed::gzip(hash, bytes) } else { None };
    let form = if packed.is_some() { "-gzip" } else { "" };
    let tag = format!("\"{}{form}\"", &hash.to_hex()[..16]);
    let is_known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let described = [
        (header::ETAG, tag),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::VARY, header::ACCEPT_ENCODING.to_string()),
    ];
    if is_known {
        return (StatusCode::NOT_MODIFIED, described).into_response();
    }
    let kind = [(header::CONTENT_TYPE, media_type)];
    match packed {
        Some(packed) => (described, kind, [(header::CONTENT_ENCODING, "gzip")], packed).into_response(),
        None => (described, kind, bytes.to_vec()).into_response(),
    }
}
