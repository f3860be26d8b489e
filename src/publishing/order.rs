//! Asking for documents to be put in force or archived: now, later, or only to see what would happen.

use guichet_kb::{DocumentKey, DocumentKind};

use super::edit::{EditError, Hand};
use crate::jobs;
use crate::model::{Audit, Progress, Publication, PublicationAction, PublicationItem, PublicationState};
use crate::store::{Store, StoreError};
use crate::text::publishing as text;

/// Documents of one publication, at most.
const MOST_ITEMS: usize = 200;
/// Real questions that a preview asks again, when nobody says how many, and at most.
const REPLAYED: i64 = 5_000;
const MOST_REPLAYED: i64 = 50_000;

/// What is asked for.
#[derive(Debug, Default)]
pub(crate) struct Order {
    pub(crate) items: Vec<PublicationItem>,
    /// Tried, and not put in force.
    pub(crate) is_preview: bool,
    /// How many real questions are asked again; many for a preview, none otherwise.
    pub(crate) replay: Option<i64>,
    /// Not before this, in milliseconds since 1970; now when absent.
    pub(crate) run_at: Option<i64>,
}

impl Order {
    /// One document, as its revision `revision` was looked at.
    pub(crate) fn of(document: &DocumentKey, revision: i64, action: PublicationAction) -> Self {
        Self { items: vec![PublicationItem { document: document.clone(), revision, action }], ..Self::default() }
    }
}

/// Keeps what is asked for, with the work that does it: whoever waits for work is to be woken.
///
/// # Errors
/// [`EditError`] when a document is not there, not as it was looked at, or cannot be archived.
pub(crate) async fn place(store: &Store, order: Order, hand: Hand<'_>) -> Result<Publication, EditError> {
    let is_double = |at: usize| order.items[..at].iter().any(|other| other.document == order.items[at].document);
    if order.items.is_empty() || order.items.len() > MOST_ITEMS || (0..order.items.len()).any(is_double) {
        return Err(EditError::NothingToPublish);
    }
    for item in &order.items {
        if item.action == PublicationAction::Archive && item.document.kind() == DocumentKind::Table {
            return Err(EditError::NotArchived);
        }
        let document = store.find_document(&item.document).await?.ok_or(EditError::NotFound)?;
        if document.latest != item.revision {
            return Err(EditError::Outdated(document.latest));
        }
    }
    let run_at = order.run_at.unwrap_or(hand.at);
    let publication = Publication {
        id: uuid::Uuid::now_v7().to_string(),
        items: order.items,
        author: hand.author.to_owned(),
        reason: hand.reason.to_owned(),
        is_preview: order.is_preview,
        replay: order.replay.unwrap_or(if order.is_preview { REPLAYED } else { 0 }).clamp(0, MOST_REPLAYED),
        run_at,
        state: PublicationState::Waiting,
        progress: Progress::default(),
        report: None,
        created_at: hand.at,
        updated_at: hand.at,
    };
    let what = if publication.is_preview { "publication.tried" } else { "publication.asked" };
    let told = told(what, &publication, hand.author, hand.at);
    store.create_publication(&publication, &jobs::publish(&publication.id, run_at), &told).await?;
    Ok(publication)
}

/// Takes a publication back whose time has not come; false when it is too late.
pub(crate) async fn cancel(store: &Store, publication: &Publication, who: &str, at: i64) -> Result<bool, StoreError> {
    let told = told("publication.cancelled", publication, who, at);
    store.cancel_publication(&publication.id, at, &told).await
}

fn told(what: &str, publication: &Publication, who: &str, at: i64) -> Audit {
    let item = |item: &PublicationItem| text::item(item.document.as_str(), item.revision, item.action);
    let mut after: Vec<String> = publication.items.iter().map(item).collect();
    after.extend((publication.run_at > publication.created_at).then(|| text::due(publication.run_at)));
    Audit {
        at,
        who: who.to_owned(),
        what: what.to_owned(),
        object: publication.id.clone(),
        after: after.join("\n"),
        ..Audit::default()
    }
}
