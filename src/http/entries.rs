//! One published entry, as it is shown.

use axum::Json as JsonOut;
use axum::extract::State;
use guichet_bots::{Block, Source};
use serde::Serialize;
use utoipa::ToSchema;

use super::extract::Path;
use super::problem::{Code, Problem};
use crate::app::App;
use crate::{reply, text};

/// One published entry.
#[derive(Serialize, ToSchema)]
pub(super) struct EntryOut {
    id: String,
    question: String,
    category: String,
    revision: String,
    blocks: Vec<Block>,
    sources: Vec<Source>,
}

/// Read an entry.
#[utoipa::path(
    get,
    path = "/api/v1/entries/{id}",
    tag = "entries",
    params(("id" = String, Path, description = "Id of the entry", example = "creer-ticket-zendesk")),
    responses(
        (status = 200, description = "The entry", body = EntryOut),
        (status = 404, description = "No published entry has this id", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn find_entry(State(app): State<App>, Path(id): Path<String>) -> Result<JsonOut<EntryOut>, Problem> {
    let engine = app.live.engine();
    let knowledge_base = engine.knowledge_base();
    let entry = knowledge_base.entry(&id).filter(|entry| entry.is_public());
    let entry = entry.ok_or_else(|| Problem::new(Code::EntryNotFound).with_detail(text::problem::NO_ENTRY))?;
    let (blocks, mut source) = reply::entry(entry, knowledge_base);
    app.live.date(std::slice::from_mut(&mut source));
    Ok(JsonOut(EntryOut {
        id: entry.id.to_string(),
        question: text::french(&entry.question),
        category: entry.category.clone(),
        revision: source.revision.clone().unwrap_or_default(),
        blocks,
        sources: vec![source],
    }))
}
