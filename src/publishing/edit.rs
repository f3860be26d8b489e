//! Drafts: what curators write in the console. Nothing here puts anything in force.

use guichet_kb::{Diagnostic, DocumentKey, DocumentKind, File, Loaded, Status, composed, front_matter};

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
    let content = draft(store, key, content).await?;
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
    add(store, key, Some(&before), &draft(store, key, &older).await?, Status::Draft, (RESTORED, hand)).await
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
async fn draft(store: &Store, key: &DocumentKey, content: &str) -> Result<String, EditError> {
    if content.len() > MAX_BYTES || content.contains('\0') {
        return Err(EditError::TooLong);
    }
    if key.kind() == DocumentKind::Entry {
        return entry_draft(key, content);
    }
    let file = File { path: key.path(content), bytes: content.as_bytes().to_vec() };
    // Rules name entries: they are judged among the others.
    let mut files = match *key == DocumentKey::rules() {
        true => super::files(&store.find_in_force().await?.revisions),
        false => Vec::new(),
    };
    let path = file.path.clone();
    files.retain(|other| other.path != path);
    files.push(file);
    let loaded = Loaded::with_images(&files, &store.list_all_images().await?);
    if key.kind() == DocumentKind::Orientation
        && loaded.knowledge_base.orientations.first().is_some_and(|one| one.id.as_str() != key.name())
    {
        return Err(EditError::OtherId);
    }
    refuse(loaded.diagnostics.into_iter().filter(|problem| problem.file == path))?;
    Ok(content.to_owned())
}

/// An entry is judged alone: what it names elsewhere is for the gate.
fn entry_draft(key: &DocumentKey, content: &str) -> Result<String, EditError> {
    let (read, mut problems) = front_matter::parse(&key.path(content), content);
    if read.as_ref().is_some_and(|(entry, _)| entry.id.as_str() != key.name()) {
        return Err(EditError::OtherId);
    }
    problems.extend(read.iter().flat_map(|(entry, origin)| composed::check_entry(entry, origin)));
    refuse(problems.into_iter())?;
    let (mut entry, _) = read.ok_or_else(|| EditError::Invalid(Vec::new()))?;
    entry.status = Status::Draft;
    Ok(front_matter::write(&entry))
}

/// Errors keep a draft from being kept.
fn refuse(problems: impl Iterator<Item = Diagnostic>) -> Result<(), EditError> {
    let errors: Vec<Diagnostic> = problems.filter(Diagnostic::is_error).collect();
    if errors.is_empty() { Ok(()) } else { Err(EditError::Invalid(errors)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_of_ours_can_be_a_draft_also_one_whose_answer_is_composed() {
        let entries = crate::answer::Engine::carried().entries();
        assert!(entries.iter().any(|entry| !entry.composed.is_empty()));
        for entry in entries {
            let draft = entry_draft(&DocumentKey::of_entry(&entry.id), &front_matter::write(entry));
            let draft = draft.unwrap_or_else(|error| panic!("{}: {error:?}", entry.id));
            assert_eq!(front_matter::parse("", &draft).0.map(|(entry, _)| entry.status), Some(Status::Draft));
        }
        let first = front_matter::write(&entries[0]);
        let wrong = format!("{first}\n{}\n\n{{{{no.fact}}}}\n", front_matter::COMPOSED_FENCE);
        assert!(matches!(entry_draft(&DocumentKey::of_entry(&entries[0].id), &wrong), Err(EditError::Invalid(_))));
        assert!(matches!(entry_draft(&DocumentKey::of_entry(&entries[1].id), &first), Err(EditError::OtherId)));
    }

    #[tokio::test]
    async fn rules_are_judged_among_the_entries_that_they_name() {
        let dir = tempfile::tempdir().expect("a directory");
        let store = Store::open(&format!("sqlite://{}/t.db", dir.path().display())).await.expect("it opens");
        let files = crate::knowledge::files(None).expect("the binary carries them");
        crate::publishing::sync::bring(&store, &files, 1).await.expect("they are read");
        let rules = files.iter().find(|file| file.path == "rules.fr.toml").expect("they have rules");
        let text = String::from_utf8(rules.bytes.clone()).expect("UTF-8");
        let hand = Hand { author: "Inès", reason: "", at: 2 };
        let saved = save(&store, &DocumentKey::rules(), Some(1), &format!("{text}\n# Relu.\n"), hand).await;
        assert_eq!(saved.expect("it is kept").latest, 2);
        let wrong =
            save(&store, &DocumentKey::rules(), Some(2), &text.replacen("source = \"", "source = \"x", 1), hand).await;
        assert!(matches!(wrong, Err(EditError::Invalid(_))), "{wrong:?}");
    }
}
