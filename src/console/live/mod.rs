//! Conversations that go on: listed, followed, taken over and given back. One file per page.

pub(super) mod act;
pub(super) mod canned;
pub(super) mod dossier;
pub(super) mod follow;
pub(super) mod list;
pub(super) mod show;

use axum::http::HeaderMap;
use axum::response::Response;

/// The section of the menu.
const HERE: &str = "/console/conversations";

/// The script of these pages: everything works without it, and by itself with it.
pub(super) async fn script(headers: HeaderMap) -> Response {
    crate::http::static_file(include_bytes!("live.js"), "text/javascript; charset=utf-8", &headers)
}
