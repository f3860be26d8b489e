//! The knowledge base that was tried last, as long as its index is there: to compare it with the one in force.

use guichet_index::Index;
use guichet_kb::Loaded;

use super::edit::Hand;
use super::prepare::prepare;
use super::publish::{CANDIDATE, PublishError};
use crate::answer::Engine;
use crate::live::Live;
use crate::model::{Publication, PublicationState};
use crate::store::{Store, StoreError};

/// The publication that was tried last.
///
/// # Errors
/// When the store fails.
pub(crate) async fn last_tried(store: &Store) -> Result<Option<Publication>, StoreError> {
    Ok(store.list_publications(Some(PublicationState::Previewed), 1).await?.into_iter().next())
}

/// What answers from `tried` put in force; none when that has changed since, or another index was built in its place.
///
/// # Errors
/// [`PublishError`].
pub(crate) async fn open(store: &Store, live: &Live, tried: &Publication) -> Result<Option<Engine>, PublishError> {
    let before = store.find_in_force().await?;
    let mut known = Vec::new();
    for item in &tried.items {
        known.extend(store.find_known_document(&item.document).await?);
    }
    let hand = Hand { author: &tried.author, reason: &tried.reason, at: tried.created_at };
    let Ok(prepared) = prepare(&before, &known, &tried.items, hand) else { return Ok(None) };
    let knowledge_base = Loaded::with_images(&prepared.files, &before.images).knowledge_base;
    let (hash, dir) = (knowledge_base.content_hash(), live.index_dir().to_owned());
    let built_in = [dir.join(CANDIDATE), dir].into_iter().find(|dir| Index::is_in(dir, &hash));
    let Some(built_in) = built_in else { return Ok(None) };
    let opened = tokio::task::spawn_blocking(move || Engine::open(knowledge_base, &built_in, &mut |_| {}));
    Ok(Some(opened.await??))
}
