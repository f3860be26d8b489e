//! The pages of the knowledge: entries, other documents, their history, what is put in force. One file per page.

mod act;
pub(super) mod archive;
mod compare;
pub(super) mod conflict;
pub(super) mod drawn;
pub(super) mod editor;
mod faults;
pub(super) mod history;
pub(super) mod image;
pub(super) mod list;
mod meeting;
pub(super) mod preview;
pub(super) mod publication;
pub(super) mod publications;
pub(super) mod simulation;
mod standing;
pub(super) mod texts;
mod typed;

use axum::http::HeaderMap;
use axum::response::Response;
use guichet_kb::{DocumentKey, DocumentKind};

use super::Refusal;

/// The sections of the menu.
const ENTRIES: &str = "/console/fiches";
const TEXTS: &str = "/console/textes";
const PUBLICATIONS: &str = "/console/publications";

/// The script of these pages: everything works without it, and better with it.
pub(super) async fn script(headers: HeaderMap) -> Response {
    crate::http::static_file(include_bytes!("knowledge.js"), "text/javascript; charset=utf-8", &headers)
}

pub(super) async fn style(headers: HeaderMap) -> Response {
    crate::http::static_file(include_bytes!("knowledge.css"), "text/css; charset=utf-8", &headers)
}

/// The key of an entry.
fn entry_key(id: &str) -> Result<DocumentKey, Refusal> {
    id.parse().map(|id| DocumentKey::of_entry(&id)).map_err(|_| Refusal::NotFound)
}

/// Where a document is edited.
pub(super) fn page_of(key: &DocumentKey) -> String {
    match key.kind() {
        DocumentKind::Entry => format!("{ENTRIES}/{}", key.name()),
        DocumentKind::Orientation | DocumentKind::Table => format!("{TEXTS}/{key}"),
    }
}

/// The section of the menu that a document belongs to.
fn section(key: &DocumentKey) -> &'static str {
    match key.kind() {
        DocumentKind::Entry | DocumentKind::Orientation => ENTRIES,
        DocumentKind::Table => TEXTS,
    }
}
