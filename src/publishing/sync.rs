//! Files into the store: what changed in the files since they were read last is merged with what changed in the console.
//!
//! The base of the merge is what the file said last time. What cannot be merged is kept as a revision beside the one in
//! force, and marked: nothing is lost, and somebody chooses. Images are taken or left whole.

use std::collections::{BTreeMap, BTreeSet};

use guichet_kb::merge::merge;
use guichet_kb::{Diagnostic, DocumentKey, File, Image, ImageName, Loaded, Status};

use super::Additions;
use crate::model::{DocumentChange, ImageChange, KnowledgeCommit, Known, KnownImage, Picture, Revision};
use crate::store::{Store, StoreError};
use crate::text::publishing as text;

/// How often reading begins again because somebody else was faster.
const ATTEMPTS: usize = 20;

/// What files changed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Brought {
    pub(crate) changes: usize,
    /// Documents that files and console changed in two ways.
    pub(crate) conflicts: Vec<DocumentKey>,
    /// Names under which files and console have different images: that of the console stays.
    pub(crate) image_conflicts: Vec<ImageName>,
}

/// Brings what has changed in `files` since the last time into the store.
///
/// # Errors
/// When the store fails.
pub(crate) async fn bring(store: &Store, files: &[File], at: i64) -> Result<Brought, StoreError> {
    let hash = hash(files);
    for attempt in 1.. {
        let before = store.find_in_force().await?;
        if before.files == hash {
            return Ok(Brought::default());
        }
        let known_images = store.list_known_images().await?;
        let images: Vec<Image> = known_images.iter().map(|known| known.image.clone()).collect();
        let changes = plan(files, &store.list_known_documents().await?, &images, at);
        let (images, image_conflicts) = plan_images(files, &known_images, at);
        let is_conflict =
            |change: &DocumentChange| change.revisions.iter().any(|one| Some(one.number) == change.after.conflict);
        let brought = Brought {
            changes: changes.len() + images.len(),
            image_conflicts,
            conflicts: changes.iter().filter(|one| is_conflict(one)).map(|one| one.after.key.clone()).collect(),
        };
        let commit = KnowledgeCommit {
            changes,
            images,
            seen_counter: Some(before.counter),
            files: Some(hash.clone()),
            ..KnowledgeCommit::default()
        };
        match store.commit_knowledge(&commit).await {
            Ok(()) => return Ok(brought),
            Err(StoreError::Conflict) if attempt < ATTEMPTS => {}
            Err(error) => return Err(error),
        }
    }
    unreachable!("the last attempt returns")
}

/// A hash of files, in hexadecimal.
pub(crate) fn hash(files: &[File]) -> String {
    let mut hasher = blake3::Hasher::new();
    for file in files {
        for part in [file.path.as_bytes(), file.bytes.as_slice()] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
    }
    hasher.finalize().to_hex().to_string()
}

/// What `files` change in `known`; they may show `images` of the store. A file that cannot be read leaves its document as it
/// is.
fn plan(files: &[File], known: &[Known], images: &[Image], at: i64) -> Vec<DocumentChange> {
    let known: BTreeMap<&DocumentKey, &Known> = known.iter().map(|one| (&one.document.key, one)).collect();
    let diagnostics = Loaded::with_images(files, images).diagnostics;
    let broken: BTreeSet<&str> = diagnostics
        .iter()
        .filter(|problem| problem.is_error())
        .map(|problem: &Diagnostic| problem.file.as_str())
        .collect();
    let mut changes = Vec::new();
    let mut met = BTreeSet::new();
    for file in files {
        let Some(key) = DocumentKey::of_path(&file.path) else { continue };
        let text = std::str::from_utf8(&file.bytes).ok().filter(|text| !text.contains('\0'));
        let known = known.get(&key).copied();
        let is_left = known.is_some() && broken.contains(file.path.as_str());
        // Two files of one entry: the first one is it, the loader has complained about the other.
        if met.insert(key.clone())
            && let Some(text) = text.filter(|_| !is_left)
        {
            changes.extend(arrived(&key, known, &file.path, text, at));
        }
    }
    changes.extend(known.values().filter(|one| !met.contains(&one.document.key)).filter_map(|one| removed(one, at)));
    changes
}

/// What the images among `files` change in `known`, and the names under which both have something else. A file that is no
/// image leaves what its name shows.
fn plan_images(files: &[File], known: &[KnownImage], at: i64) -> (Vec<ImageChange>, Vec<ImageName>) {
    let known: BTreeMap<&ImageName, &KnownImage> = known.iter().map(|one| (&one.image.name, one)).collect();
    let (mut changes, mut conflicts, mut met) = (Vec::new(), Vec::new(), BTreeSet::new());
    for file in files {
        let Some(name) = ImageName::of_path(&file.path) else { continue };
        met.insert(name.clone());
        let Ok(image) = Image::read(name.clone(), &file.bytes) else { continue };
        let known = known.get(&name);
        let ours = known.map(|known| known.image.hash.clone());
        let base = known.and_then(|known| known.base.clone());
        let is_news = base.as_ref() != Some(&image.hash);
        let is_conflict = is_news && ours.is_some() && ours != base && ours.as_ref() != Some(&image.hash);
        if is_news {
            // The bytes of the file are kept also where the console's are shown.
            let picture = Some(Picture::of(&image, &file.bytes));
            let base = Some(image.hash.clone());
            let hash = if is_conflict { ours } else { Some(image.hash) };
            changes.push(ImageChange { name: name.clone(), hash, base, picture, at });
        }
        conflicts.extend(is_conflict.then_some(name));
    }
    let is_gone = |one: &&&KnownImage| one.base.is_some() && !met.contains(&one.image.name);
    let gone = known.values().filter(is_gone).map(|one| {
        let hash = (one.base.as_ref() != Some(&one.image.hash)).then(|| one.image.hash.clone());
        ImageChange { name: one.image.name.clone(), hash, base: None, picture: None, at }
    });
    changes.extend(gone);
    (changes, conflicts)
}

/// The file of `key` says `text`.
fn arrived(key: &DocumentKey, known: Option<&Known>, path: &str, text: &str, at: i64) -> Option<DocumentChange> {
    let status = key.status(text);
    let mut additions = Additions::to(key, known.map(|one| &one.document), at);
    let Some(known) = known else {
        let number = additions.add(path, Some(text), status, (text::FILES, text::FILE_READ));
        (additions.after.in_force, additions.after.base) = (Some(number), Some(number));
        return Some(additions.finish());
    };
    let place =
        |revision: &Option<Revision>| revision.as_ref().and_then(|one| Some((one.path.clone(), one.content.clone()?)));
    let (file, base, ours) = (Some((path.to_owned(), text.to_owned())), place(&known.base), place(&known.in_force));
    if file == base {
        return None;
    }
    if file == ours {
        additions.after.base = known.document.in_force;
        return Some(additions.finish());
    }
    if ours == base {
        let number = additions.add(path, Some(text), status, (text::FILES, text::FILE_READ));
        (additions.after.in_force, additions.after.base) = (Some(number), Some(number));
        keep_draft(&mut additions, known, Some(text));
        return Some(additions.finish());
    }
    let merged = match (&base, &ours) {
        (Some((_, base)), Some((_, ours))) => merge(key, base, ours, text),
        (None, _) | (_, None) => None,
    };
    if let Some(merged) = merged {
        let number = additions.add(path, Some(text), status, (text::FILES, text::FILE_READ));
        additions.after.base = Some(number);
        let (path, status) = (key.path(&merged), key.status(&merged));
        let number = additions.add(&path, Some(&merged), status, (text::FILES, text::MERGED));
        additions.after.in_force = Some(number);
        keep_draft(&mut additions, known, Some(&merged));
    } else {
        let number = additions.add(path, Some(text), status, (text::FILES, text::FILE_IN_CONFLICT));
        (additions.after.base, additions.after.conflict) = (Some(number), Some(number));
        keep_console(&mut additions, known);
    }
    Some(additions.finish())
}

/// There is no file of a document any more.
fn removed(known: &Known, at: i64) -> Option<DocumentChange> {
    let base = known.base.as_ref().filter(|base| base.content.is_some())?;
    let mut additions = Additions::to(&known.document.key, Some(&known.document), at);
    let is_ours = known.in_force.as_ref().is_some_and(|ours| ours.content != base.content);
    let reason = if is_ours { text::FILE_IN_CONFLICT } else { text::FILE_REMOVED };
    let number = additions.add(&base.path, None, Status::Archived, (text::FILES, reason));
    additions.after.base = None;
    if is_ours {
        additions.after.conflict = Some(number);
        keep_console(&mut additions, known);
    } else {
        additions.after.in_force = None;
        keep_draft(&mut additions, known, None);
    }
    Some(additions.finish())
}

/// What the console has in force stays, on top of the file that could not be merged.
fn keep_console(additions: &mut Additions, known: &Known) {
    if let Some(Revision { path, content: Some(content), status, .. }) = &known.in_force {
        let number = additions.add(path, Some(content), *status, (text::FILES, text::CONSOLE_KEPT));
        additions.after.in_force = Some(number);
        keep_draft(additions, known, Some(content));
    } else {
        keep_draft(additions, known, None);
    }
}

/// A draft that somebody has begun stays the last revision: merged with what is in force now when that can be done, else
/// as it was, so that publishing it asks for a look.
fn keep_draft(additions: &mut Additions, known: &Known, in_force: Option<&str>) {
    let Some(draft) = known.latest.as_ref().filter(|latest| Some(latest.number) != known.document.in_force) else {
        return;
    };
    let is_open = matches!(draft.status, Status::Draft | Status::InReview);
    let Some(content) = draft.content.as_deref().filter(|_| is_open) else { return };
    let base = known.in_force.as_ref().filter(|ours| Some(ours.number) == draft.parent);
    let key = &known.document.key;
    let merged = base.and_then(|base| base.content.as_deref()).zip(in_force).and_then(|(base, now)| {
        // Its status is the draft's own; only the rest is merged.
        let as_draft = |text: &str| key.with_status(text, draft.status);
        merge(key, &as_draft(base), content, &as_draft(now))
    });
    let who = (draft.author.as_str(), text::DRAFT_KEPT);
    match merged {
        Some(merged) => {
            additions.add(&key.path(&merged), Some(&merged), draft.status, who);
        }
        None => {
            additions.add(&draft.path, Some(content), draft.status, who);
            if let Some(last) = additions.revisions.last_mut() {
                last.parent = draft.parent;
            }
        }
    }
}
