//! Archiving: what answers partners no longer does. It asks for the password, and it goes through the gate.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use guichet_kb::DocumentKey;
use serde::Deserialize;

use super::super::refusal::render;
use super::super::{Frame, Refusal, Signed, now};
use super::history::{called, find, one_line};
use super::{PUBLICATIONS, page_of, section};
use crate::app::App;
use crate::model::PublicationAction;
use crate::publishing::edit::Hand;
use crate::publishing::order::{self, Order};
use crate::text::knowledge as text;

#[derive(Deserialize)]
pub(in crate::console) struct Asked {
    seen: i64,
    #[serde(default)]
    reason: String,
}

#[derive(Template)]
#[template(path = "knowledge/archive.html")]
struct ArchivePage {
    frame: Frame,
    key: DocumentKey,
    title: String,
    page: String,
    latest: i64,
    /// Entries that lead to it.
    led_from: Vec<String>,
}

pub(in crate::console) async fn ask(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
) -> Result<Response, Refusal> {
    let document = find(&app, &key).await?;
    let engine = app.live.engine();
    let leads = |entry: &&guichet_kb::Entry| entry.follow_ups.iter().any(|id| id.as_str() == document.key.name());
    let led_from = engine.entries().iter().filter(leads).map(|entry| entry.question.clone()).collect();
    let title = called(&document);
    Ok(render(&ArchivePage {
        frame: Frame::new(text::archive(&title), section(&document.key), &signed),
        page: page_of(&document.key),
        latest: document.latest,
        led_from,
        key: document.key,
        title,
    }))
}

pub(in crate::console) async fn archive(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    Form(asked): Form<Asked>,
) -> Result<Response, Refusal> {
    let key: DocumentKey = key.parse().map_err(|_| Refusal::NotFound)?;
    let hand = Hand { author: signed.name(), reason: &one_line(&asked.reason), at: now() };
    let order = Order::of(&key, asked.seen, PublicationAction::Archive);
    let publication = order::place(&app.store, order, hand).await?;
    app.wake.wake();
    Ok(Redirect::to(&format!("{PUBLICATIONS}/{}", publication.id)).into_response())
}
