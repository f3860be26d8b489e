//! An index in a folder: reused while it says the same content and schema, built again otherwise.
//!
//! `dir/guichet-index-v<schema>-<hash>/` holds the files of tantivy and, written last, `guichet.json` ([`Seal`]), which
//! says what it was built from and how long each file is. A new index is built in a hidden folder beside and renamed:
//! whoever looks sees a whole index or none. A process that still searches a removed one keeps its files mapped.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::content::Content;
use crate::error::IndexError;
use crate::parts::Parts;
use crate::ranker::Ranker;
use crate::schema::{self, SCHEMA_VERSION};
use crate::{Index, analyzer, builder, trained_file};

pub(crate) const SEAL: &str = "guichet.json";
const PREFIX: &str = "guichet-index-";
const BUILDING_PREFIX: &str = ".guichet-index-building-";
/// A hidden folder older than this belongs to no one: its builder was killed.
const ABANDONED_AFTER: Duration = Duration::from_secs(3600);

/// How [`Index::open_or_build`] got its index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// The folder held it.
    Reused,
    /// It was built.
    Rebuilt {
        /// Why, for people who read logs.
        reason: String,
    },
}

/// What a folder says about itself.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Seal {
    schema_version: u32,
    pub(crate) content_hash: String,
    entries: usize,
    formulations: usize,
    /// Name → length in bytes.
    pub(crate) files: BTreeMap<String, u64>,
}

/// Why a folder cannot be reused.
enum Unusable {
    /// Nothing is wrong: there is none yet, or it is for other content.
    Expected(String),
    /// Somebody or something damaged it.
    Damaged(String),
}

impl Index {
    /// Opens the index of `content_hash` in `dir`, or builds it there when there is none or when it is damaged; the log
    /// says why. Older indexes in `dir` are removed. `progress` hears how many entries are done.
    pub fn open_or_build<'a>(
        dir: &Path,
        content_hash: &str,
        content: impl Into<Content<'a>>,
        progress: &mut dyn FnMut(usize),
    ) -> Result<(Self, Opened), IndexError> {
        let content = content.into();
        let place = dir.join(folder_name(content_hash));
        let reason = match open(&place, content_hash, content) {
            Ok(index) => {
                remove_others(dir, &place);
                return Ok((index, Opened::Reused));
            }
            Err(Unusable::Expected(reason)) => {
                tracing::info!(index.path = %place.display(), "the index is built and the ranking trained, which takes some seconds: {reason}");
                reason
            }
            Err(Unusable::Damaged(reason)) => {
                tracing::warn!(index.path = %place.display(), "the index is built again: {reason}");
                reason
            }
        };
        let index = Self::rebuild(dir, content_hash, content, progress)?;
        Ok((index, Opened::Rebuilt { reason }))
    }

    /// Builds the index of `content_hash` in `dir`, in the place of any other.
    pub fn rebuild<'a>(
        dir: &Path,
        content_hash: &str,
        content: impl Into<Content<'a>>,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Self, IndexError> {
        fs::create_dir_all(dir).map_err(IndexError::storage(dir))?;
        let place = dir.join(folder_name(content_hash));
        let building = hidden_folder(dir);
        let built = build(&building, content_hash, content.into(), progress).and_then(|index| {
            put_in_place(dir, &building, &place)?;
            Ok(index)
        });
        match built {
            Ok(index) => {
                remove_others(dir, &place);
                Ok(index)
            }
            Err(error) => {
                remove(&building);
                Err(error)
            }
        }
    }
}

/// The folder of an index. Hashes that start alike share it; the [`Seal`] has the whole hash.
pub(crate) fn folder_name(content_hash: &str) -> String {
    let start: String = content_hash.chars().filter(char::is_ascii_alphanumeric).take(16).collect();
    format!("{PREFIX}v{SCHEMA_VERSION}-{}", start.to_ascii_lowercase())
}

/// A folder that nobody else has, beside the indexes.
pub(crate) fn hidden_folder(dir: &Path) -> PathBuf {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let since_epoch = std::time::UNIX_EPOCH.elapsed().unwrap_or_default().as_nanos();
    dir.join(format!("{BUILDING_PREFIX}{}-{since_epoch}-{number}", std::process::id()))
}

fn open(place: &Path, content_hash: &str, content: Content<'_>) -> Result<Index, Unusable> {
    use Unusable::{Damaged, Expected};

    if !place.exists() {
        return Err(Expected("there is none yet for this content and this version of the program".to_owned()));
    }
    let seal = fs::read(place.join(SEAL)).map_err(|error| Damaged(format!("{SEAL} cannot be read ({error})")))?;
    let seal: Seal =
        serde_json::from_slice(&seal).map_err(|error| Damaged(format!("{SEAL} is not understood ({error})")))?;
    if seal.schema_version != SCHEMA_VERSION {
        return Err(Expected(format!("its schema is {}, this program has {SCHEMA_VERSION}", seal.schema_version)));
    }
    if seal.content_hash != content_hash {
        return Err(Expected("the content has changed".to_owned()));
    }
    if (seal.entries, seal.formulations) != (content.entries.len(), content.count_formulations()) {
        return Err(Damaged("it does not have as many entries as the content of the same hash".to_owned()));
    }
    // Lengths first: the engine's own check panics on a file of a few bytes.
    for (name, length) in &seal.files {
        match fs::metadata(place.join(name)) {
            Ok(metadata) if metadata.len() == *length => {}
            Ok(metadata) => return Err(Damaged(format!("{name} has {} bytes, not {length}", metadata.len()))),
            Err(error) => return Err(Damaged(format!("{name} cannot be read ({error})"))),
        }
    }
    open_engine(place, &seal, content).map_err(|error| {
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        Damaged(format!("{error}: {cause}"))
    })
}

/// Opens an index whose files are all there, after a look at their checksums.
fn open_engine(place: &Path, seal: &Seal, content: Content<'_>) -> Result<Index, IndexError> {
    let damaged = |what: String| IndexError::storage(place)(io::Error::new(io::ErrorKind::InvalidData, what));
    let engine = tantivy::Index::open_in_dir(place)?;
    let (schema, fields) = schema::schema();
    if engine.schema() != schema {
        return Err(damaged("its fields are not the expected ones".to_owned()));
    }
    if let Some(path) = engine.validate_checksum()?.into_iter().min() {
        return Err(damaged(format!("the checksum of {} is wrong", path.display())));
    }
    engine.tokenizers().register(analyzer::NAME, analyzer::french());
    let parts = Parts::read(content);
    let ranker = if seal.files.contains_key(trained_file::NAME) {
        let classifier = trained_file::read(place, content, &parts).map_err(IndexError::storage(place))?;
        Ranker::learned(classifier, &parts.formulations)
    } else {
        parts.without_classifier()
    };
    let index = Index::assemble(&engine, fields, content, parts.spelling, ranker, seal.files.values().sum())?;
    if index.searcher.num_docs() != seal.formulations as u64 {
        return Err(damaged(format!("it holds {} formulations", index.searcher.num_docs())));
    }
    Ok(index)
}

fn build(
    building: &Path,
    content_hash: &str,
    content: Content<'_>,
    progress: &mut dyn FnMut(usize),
) -> Result<Index, IndexError> {
    fs::create_dir(building).map_err(IndexError::storage(building))?;
    let (schema, fields) = schema::schema();
    let engine = tantivy::Index::create_in_dir(building, schema)?;
    engine.tokenizers().register(analyzer::NAME, analyzer::french());
    let parts = Parts::read(content);
    builder::write(&engine, fields, content.entries, &parts.spelling, progress)?;
    let ranker = parts.train(content)?;
    if let Some(classifier) = ranker.classifier() {
        trained_file::write(building, classifier, &parts).map_err(IndexError::storage(building))?;
    }

    let files = files(building).map_err(IndexError::storage(building))?;
    // Everything is mapped now, so that the folder may be renamed, and even removed, under the index.
    let index = Index::assemble(&engine, fields, content, parts.spelling, ranker, files.values().sum())?;
    let formulations = content.count_formulations();
    let seal = Seal {
        schema_version: SCHEMA_VERSION,
        content_hash: content_hash.to_owned(),
        entries: content.entries.len(),
        formulations,
        files,
    };
    let path = building.join(SEAL);
    let json = serde_json::to_vec_pretty(&seal).map_err(io::Error::from).map_err(IndexError::storage(&path))?;
    fs::write(&path, json).map_err(IndexError::storage(&path))?;
    Ok(index)
}

/// The files of the engine with their lengths, its locks aside.
fn files(folder: &Path) -> io::Result<BTreeMap<String, u64>> {
    let mut files = BTreeMap::new();
    for file in fs::read_dir(folder)? {
        let file = file?;
        let name = file.file_name().to_string_lossy().into_owned();
        if !name.ends_with(".lock") {
            files.insert(name, file.metadata()?.len());
        }
    }
    Ok(files)
}

/// Renames `building` to `place`; what was there is moved aside first, and removed.
pub(crate) fn put_in_place(dir: &Path, building: &Path, place: &Path) -> Result<(), IndexError> {
    // Another process may put its index there between the two renames: that one is moved aside in its turn.
    let mut attempts = 3;
    loop {
        if fs::symlink_metadata(place).is_ok() {
            let aside = hidden_folder(dir);
            match fs::rename(place, &aside) {
                Ok(()) => remove(&aside),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(IndexError::storage(place)(error)),
            }
        }
        attempts -= 1;
        match fs::rename(building, place) {
            Ok(()) => return Ok(()),
            Err(_) if attempts > 0 => {}
            Err(error) => return Err(IndexError::storage(place)(error)),
        }
    }
}

/// Removes the other indexes of `dir` and what killed builders left. Failing at it costs room, nothing else.
pub(crate) fn remove_others(dir: &Path, place: &Path) {
    let Ok(folders) = fs::read_dir(dir) else { return };
    for folder in folders.flatten() {
        let name = folder.file_name();
        let name = name.to_string_lossy();
        let is_older = name.starts_with(PREFIX) && folder.path() != place;
        if is_older || (name.starts_with(BUILDING_PREFIX) && is_abandoned(&folder)) {
            remove(&folder.path());
        }
    }
}

fn is_abandoned(folder: &fs::DirEntry) -> bool {
    let modified = folder.metadata().and_then(|metadata| metadata.modified());
    modified.is_ok_and(|time| time.elapsed().is_ok_and(|age| age > ABANDONED_AFTER))
}

pub(crate) fn remove(path: &Path) {
    let is_folder = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir());
    let removed = if is_folder { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    if let Err(error) = removed
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(index.path = %path.display(), "an old index cannot be removed: {error}");
    }
}
