//! An answer as the chat shows it, while it is written.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::response::Response;
use guichet_kb::{Entry, Image, KnowledgeBase};

use super::super::refusal::{Refusal, render};
use super::drawn;
use super::typed::{Typed, dangling};
use crate::app::App;
use crate::{reply, text};

/// What the chat would show, and what it would show wrongly.
#[derive(Template)]
#[template(path = "knowledge/preview.html")]
pub(super) struct Preview {
    /// Made of blocks: everything in it is escaped.
    body: String,
    follow_ups: Vec<String>,
    question: String,
    problems: Vec<String>,
}

impl Preview {
    /// Of `entry` among the others of `knowledge_base`; it may show any of `images`.
    pub(super) fn of(entry: &Entry, knowledge_base: &KnowledgeBase, images: &[Image]) -> Self {
        let blocks = reply::draft(entry, knowledge_base, images);
        let follow_ups = entry.follow_ups.iter().filter_map(|id| knowledge_base.entry(id.as_str()));
        Self {
            body: drawn::html(&blocks),
            follow_ups: follow_ups.map(|entry| text::french(&entry.question)).collect(),
            question: text::french(&entry.question),
            problems: dangling(entry, knowledge_base, images).into_iter().map(|wrong| wrong.message).collect(),
        }
    }
}

/// The part of a page that shows what is typed.
pub(in crate::console) async fn preview(
    State(app): State<App>,
    Form(mut typed): Form<Typed>,
) -> Result<Response, Refusal> {
    if typed.id.trim().is_empty() {
        "nouvelle".clone_into(&mut typed.id);
    }
    let (entry, _) = typed.entry();
    let engine = app.live.engine();
    let nothing = || Entry::new("nouvelle".parse().expect("it is an id"), "", "", "");
    let images = app.store.list_all_images().await?;
    Ok(render(&Preview::of(&entry.unwrap_or_else(nothing), engine.knowledge_base(), &images)))
}
