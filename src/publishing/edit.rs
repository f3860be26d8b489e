//! Drafts: what curators write in the console. Nothing here puts anything in force.

use guichet_kb::{Diagnostic, DocumentKey, DocumentKind, File, Loaded, Status, front_matter};

use super::Additions;
use crate::model::{Document, KnowledgeCommit, Revision};
use crate::store::{Store, StoreError};
use crate::text::publishing as text;

/// What is done, by its names in the log.
const SAVED: &str = "document.saved";
const SUBMITTED: &str = "document.submitted";
const RESTORED: &str = "document.restored";

/// The longest document, in bytes.
const MAX_BYTES: usize = 200_000;

/// Why a draft is not kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EditError {
    /// There is no such document.
    #[error("there is no such document")]
    NotFound,
    /// The document has no such revision, or none with a content.
    #[error("there is no such revision")]
    NoRevision,
    /// There is such a document already.
    #[error("there is such a document already")]
    Exists,
    /// Somebody saved another revision meanwhile: look at it first.
    #[error("revision {0} was saved meanwhile")]
    Outdated(i64),
    /// The last revision is no draft.
    #[error("the last revision is no draft")]
    NotADraft,
    /// It is too long, or holds what no text holds.
    #[error("it is too long, or holds what no text holds")]
    TooLong,
    /// An entry keeps its id.
    #[error("an entry keeps its id")]
    OtherId,
    /// A publication names from 1 to 200 documents, each once.
    #[error("a publication names from 1 to 200 documents, each once")]
    NothingToPublish,
    /// Only entries and orientations are archived.
    #[error("only entries and orientations are archived")]
    NotArchived,
    /// What is written cannot be read.
    #[error("what is written cannot be read")]
    Invalid(Vec<Diagnostic>),
    /// Nothing was kept.
    #[error("the store failed")]
    Store(#[from] StoreError),
}

/// Who writes, and why.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hand<'a> {
    pub(crate) author: &'a str,
    pub(crate) reason: &'a str,
    pub(crate) at: i64,
}

/// Keeps a new draft of a document; `seen` is the last revision that was looked at, none of a new document.
///
/// # Errors
/// [`EditError`].
pub(crate) async fn save(
    store: &Store,
    key: &DocumentKey,
    seen: Option<i64>,
    content: &str,
    hand: Hand<'_>,
) -> Result<Document, EditError> {
    let content = draft(key, content)?;
    let before = store.find_document(key).await?;
    match (&before, seen) {
        (None, Some(_)) => return Err(EditError::NotFound),
        (Some(_), None) => return Err(EditError::Exists),
        (Some(document), Some(seen)) if document.latest != seen => return Err(EditError::Outdated(document.latest)),
        (Some(_), Some(_)) | (None, None) => {}
    }
    add(store, key, before.as_ref(), &content, Status::Draft, (SAVED, hand)).await
}

/// Keeps the content of the older revision `to` as a draft.
///
/// # Errors
/// [`EditError`].
pub(crate) async fn restore(
    store: &Store,
    key: &DocumentKey,
    seen: i64,
    to: i64,
    hand: Hand<'_>,
) -> Result<Document, EditError> {
    let older = store.find_revision(key, to).await?.and_then(|older| older.content).ok_or(EditError::NoRevision)?;
    let before = store.find_document(key).await?.ok_or(EditError::NotFound)?;
    if before.latest != seen {
        return Err(EditError::Outdated(before.latest));
    }
    let reason = if hand.reason.is_empty() { text::restored(to) } else { hand.reason.to_owned() };
    let hand = Hand { reason: &reason, ..hand };
    add(store, key, Some(&before), &draft(key, &older)?, Status::Draft, (RESTORED, hand)).await
}

/// Asks for a look at the draft `seen`.
///
/// # Errors
/// [`EditError`].
pub(crate) async fn submit(store: &Store, key: &DocumentKey, seen: i64, hand: Hand<'_>) -> Result<Document, EditError> {
    let before = store.find_document(key).await?.ok_or(EditError::NotFound)?;
    if before.latest != seen {
        return Err(EditError::Outdated(before.latest));
    }
    let draft = store.find_revision(key, seen).await?;
    let content = draft.filter(|draft| draft.status == Status::Draft).and_then(|draft: Revision| draft.content);
    let content = key.with_status(&content.ok_or(EditError::NotADraft)?, Status::InReview);
    add(store, key, Some(&before), &content, Status::InReview, (SUBMITTED, hand)).await
}

async fn add(
    store: &Store,
    key: &DocumentKey,
    before: Option<&Document>,
    content: &str,
    status: Status,
    (what, hand): (&str, Hand<'_>),
) -> Result<Document, EditError> {
    let mut additions = Additions::to(key, before, hand.at);
    additions.add(&key.path(content), Some(content), status, (hand.author, hand.reason));
    let change = additions.finish();
    let document = change.after.clone();
    let told = vec![super::told(what, hand, before, &document)];
    match store.commit_knowledge(&KnowledgeCommit { changes: vec![change], told, ..KnowledgeCommit::default() }).await {
        Ok(()) => Ok(document),
        Err(StoreError::Conflict) => match store.find_document(key).await? {
            Some(now) => Err(EditError::Outdated(now.latest)),
            None => Err(EditError::NotFound),
        },
        Err(error) => Err(error.into()),
    }
}

/// `content` as a draft of `key`: an entry in its canonical form.
fn draft(key: &DocumentKey, content: &str) -> Result<String, EditError> {
    if content.len() > MAX_BYTES || content.contains('\0') {
        return Err(EditError::TooLong);
    }
    let path = key.path(content);
    let loaded = Loaded::from_files(&[File { path, bytes: content.as_bytes().to_vec() }]);
    let id = match key.kind() {
        DocumentKind::Entry => loaded.knowledge_base.entries.first().map(|entry| entry.id.as_str()),
        DocumentKind::Orientation => loaded.knowledge_base.orientations.first().map(|one| one.id.as_str()),
        DocumentKind::Table => Some(key.name()),
    };
    if id.is_some_and(|id| id != key.name()) {
        return Err(EditError::OtherId);
    }
    let errors: Vec<Diagnostic> = loaded.diagnostics.into_iter().filter(Diagnostic::is_error).collect();
    if !errors.is_empty() {
        return Err(EditError::Invalid(errors));
    }
    Ok(match loaded.knowledge_base.entries.into_iter().next() {
        Some(mut entry) => {
            entry.status = Status::Draft;
            front_matter::write(&entry)
        }
        None => content.to_owned(),
    })
}
