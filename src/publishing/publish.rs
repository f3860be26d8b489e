//! Puts documents in force, when the gate lets them.
//!
//! The index of the knowledge base as it would be is built beside the one in force and moved there once the store has
//! taken the change; on a shared store it is left for the other replicas, which would otherwise have to learn the same.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use guichet_index::{Index, IndexError};
use guichet_kb::{File, Image, KnowledgeBase, Loaded, Status};
use jiff::civil::Date;
use tokio::sync::Mutex as AsyncMutex;

use super::edit::Hand;
use super::gate::{self, Finding, Report};
use super::prepare::prepare;
use super::{files, impact, sync};
use crate::answer::Engine;
use crate::live::{self, Live};
use crate::model::{
    Audit, DocumentChange, KnowledgeCommit, Known, Progress, ProgressStep, Publication, PublicationState,
};
use crate::store::{Claimed, Store, StoreError};

/// How often the gate begins again because something else was put in force meanwhile.
const ATTEMPTS: usize = 3;
/// The folder, below the index in force, of the index of what is tried.
pub(super) const CANDIDATE: &str = "candidate";
/// How often staff hear how far it is.
const PROGRESS_PERIOD: Duration = Duration::from_millis(500);

/// Why a publication was not brought to its end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PublishError {
    /// There is no such publication.
    #[error("there is no such publication")]
    NotFound,
    /// Try later.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// The index could not be built.
    #[error("the index could not be built")]
    Index(#[from] IndexError),
    /// A task ended before its work was done.
    #[error("the work was interrupted")]
    Interrupted(#[from] tokio::task::JoinError),
    /// What is in force could not be opened here.
    #[error("what is in force could not be opened")]
    Live(#[source] anyhow::Error),
}

/// Puts documents in force, one publication after the other.
pub(crate) struct Publisher {
    store: Store,
    live: Arc<Live>,
    turn: AsyncMutex<()>,
    inspected: Arc<Inspected>,
}

/// What was found in the knowledge bases that were looked at last, by the hash of their files and the day: publishing what
/// was just tried asks nothing again.
type Inspected = Mutex<Vec<(String, Date, Vec<Finding>)>>;

/// How many are remembered: two of a preview, two of what follows.
const REMEMBERED: usize = 4;

/// The knowledge base in force and the one that would be.
struct Bases {
    before: Vec<File>,
    after: Vec<File>,
    /// What both may show.
    images: Vec<Image>,
}

/// What the gate made of a knowledge base.
struct Passed {
    report: Report,
    engine: Engine,
    hash: String,
    /// Where the index was built, unless it is the one in force.
    built_in: Option<PathBuf>,
}

impl Publisher {
    /// For what `live` answers from.
    pub(crate) fn new(store: &Store, live: &Arc<Live>) -> Self {
        Self { store: store.clone(), live: Arc::clone(live), turn: AsyncMutex::new(()), inspected: Arc::default() }
    }

    /// Does the publication `id` and completes the work `claimed`.
    ///
    /// # Errors
    /// [`PublishError`]; what the gate refuses is no error.
    pub(crate) async fn run(&self, id: &str, claimed: &Claimed) -> Result<(), PublishError> {
        let _turn = self.turn.lock().await;
        let mut publication = self.store.find_publication(id).await?.ok_or(PublishError::NotFound)?;
        for attempt in 1.. {
            if publication.state.is_final() {
                return Ok(self.store.complete_job(claimed, now()).await?);
            }
            match self.attempt(&mut publication, claimed).await {
                Err(PublishError::Store(StoreError::Conflict)) if attempt < ATTEMPTS => {
                    publication = self.store.find_publication(id).await?.ok_or(PublishError::NotFound)?;
                }
                outcome => return outcome,
            }
        }
        unreachable!("the last attempt returns")
    }

    async fn attempt(&self, publication: &mut Publication, claimed: &Claimed) -> Result<(), PublishError> {
        self.live.follow().await.map_err(PublishError::Live)?;
        let before = self.store.find_in_force().await?;
        let mut known = Vec::new();
        for item in &publication.items {
            known.extend(self.store.find_known_document(&item.document).await?);
        }
        let hand = Hand { author: &publication.author, reason: &publication.reason, at: now() };
        let prepared = match prepare(&before, &known, &publication.items, hand) {
            Ok(prepared) => prepared,
            Err(refused) => {
                let report = Report { refused, ..Report::default() };
                return self.finish(publication, PublicationState::Refused, &report, None, claimed).await;
            }
        };
        let messages = match publication.replay {
            0 => Vec::new(),
            limit => self.store.list_last_questions(limit).await?,
        };
        let bases = Bases { before: files(&before.revisions), after: prepared.files, images: before.images };
        let passed = self.pass(publication, bases, messages).await?;
        let state = match (passed.report.refused.is_empty(), publication.is_preview) {
            (false, _) => PublicationState::Refused,
            (true, true) => PublicationState::Previewed,
            (true, false) => PublicationState::Published,
        };
        if state != PublicationState::Published {
            return self.finish(publication, state, &passed.report, None, claimed).await;
        }
        // Others look for the index as soon as they see the change.
        let dir = passed.built_in.as_deref().unwrap_or(self.live.index_dir());
        if self.store.is_shared() {
            live::leave(&self.store, dir, &passed.hash).await.map_err(PublishError::Live)?;
        }
        let seen_counter = Some(before.counter);
        let told = told(&known, &prepared.changes, hand);
        let commit = KnowledgeCommit { changes: prepared.changes, seen_counter, told, ..KnowledgeCommit::default() };
        self.finish(publication, state, &passed.report, Some(&commit), claimed).await?;
        if let Some(dir) = &passed.built_in
            && let Err(error) = Index::adopt(dir, self.live.index_dir(), &passed.hash)
        {
            tracing::warn!("the index in force is built again at the next start: {error}");
        }
        self.live.put(passed.engine, before.counter + 1, &commit.changes).await;
        tracing::info!(publication.id = publication.id, "another knowledge base is in force");
        Ok(())
    }

    /// Builds the index and asks everything, on another thread; staff hear how far it is.
    async fn pass(
        &self,
        publication: &Publication,
        bases: Bases,
        messages: Vec<String>,
    ) -> Result<Passed, PublishError> {
        let progress = Arc::new(Mutex::new(Progress::default()));
        let (engine, index_dir, heard) = (self.live.engine(), self.live.index_dir().to_owned(), Arc::clone(&progress));
        let inspected = Arc::clone(&self.inspected);
        let mut work = tokio::task::spawn_blocking(move || {
            let tell =
                |step, done, of| *heard.lock().unwrap_or_else(PoisonError::into_inner) = Progress { step, done, of };
            pass(&engine, &index_dir, &bases, &messages, &inspected, &tell)
        });
        loop {
            tokio::select! {
                passed = &mut work => return Ok(passed??),
                () = tokio::time::sleep(PROGRESS_PERIOD) => {
                    let now_at = *progress.lock().unwrap_or_else(PoisonError::into_inner);
                    // It is only told: the gate goes on without.
                    let _ = self.store.progress_publication(&publication.id, now_at, now()).await;
                }
            }
        }
    }

    async fn finish(
        &self,
        publication: &mut Publication,
        state: PublicationState,
        report: &Report,
        commit: Option<&KnowledgeCommit>,
        claimed: &Claimed,
    ) -> Result<(), PublishError> {
        let finished = Publication {
            state,
            progress: Progress { step: ProgressStep::Done, ..Progress::default() },
            report: Some(serde_json::to_string(report).expect("a report has string keys")),
            updated_at: now(),
            ..publication.clone()
        };
        self.store.finish_publication(&finished, commit.unwrap_or(&KnowledgeCommit::default()), claimed).await?;
        *publication = finished;
        Ok(())
    }
}

/// What the log says of documents that are put in force or archived.
fn told(known: &[Known], changes: &[DocumentChange], hand: Hand<'_>) -> Vec<Audit> {
    let line = |change: &DocumentChange| {
        let before = known.iter().find(|known| known.document.key == change.after.key).map(|known| &known.document);
        let is_archived = change.after.status == Status::Archived;
        let what = if is_archived { "document.archived" } else { "document.published" };
        super::told(what, hand, before, &change.after)
    };
    changes.iter().map(line).collect()
}

/// The gate over the knowledge base in force and the one that would be.
fn pass(
    engine: &Engine,
    index_dir: &Path,
    bases: &Bases,
    messages: &[String],
    inspected: &Inspected,
    tell: &dyn Fn(ProgressStep, usize, usize),
) -> Result<Passed, IndexError> {
    let Bases { before, after, images } = bases;
    let loaded = Loaded::with_images(after, images);
    let (next, hash, built_in) = build(loaded.knowledge_base.clone(), index_dir, tell)?;
    tell(ProgressStep::Checks, 0, 2);
    let found_before = inspect(before, &Loaded::with_images(before, images), engine, inspected)?;
    tell(ProgressStep::Checks, 1, 2);
    let mut report = gate::compare(found_before, inspect(after, &loaded, &next, inspected)?);
    if !messages.is_empty() {
        let told = |done, of| tell(ProgressStep::Replay, done, of);
        report.impact = Some(impact::replay(engine, &next, messages, &told)?);
    }
    Ok(Passed { report, engine: next, hash, built_in })
}

/// What is wrong with `files`, looked at today or remembered.
fn inspect(
    files: &[File],
    loaded: &Loaded,
    engine: &Engine,
    inspected: &Inspected,
) -> Result<Vec<Finding>, IndexError> {
    let images: String = loaded.knowledge_base.images.iter().map(|one| format!("{}={} ", one.name, one.hash)).collect();
    let (hash, today) = (sync::hash(files) + &images, jiff::ZonedDateTime::now().date());
    let remembered = || inspected.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((.., found)) = remembered().iter().find(|(of, day, _)| *of == hash && *day == today) {
        return Ok(found.clone());
    }
    let found = gate::inspect(loaded, engine, today)?;
    let mut all = remembered();
    all.insert(0, (hash, today, found.clone()));
    all.truncate(REMEMBERED);
    Ok(found)
}

/// The engine of a knowledge base that is not in force, and where its index is when it is not the one in force. What was
/// built for a preview is found again.
fn build(
    knowledge_base: KnowledgeBase,
    index_dir: &Path,
    tell: &dyn Fn(ProgressStep, usize, usize),
) -> Result<(Engine, String, Option<PathBuf>), IndexError> {
    let hash = knowledge_base.content_hash();
    let candidate = (!Index::is_in(index_dir, &hash)).then(|| index_dir.join(CANDIDATE));
    let of = knowledge_base.entries.len();
    let dir = candidate.as_deref().unwrap_or(index_dir);
    let engine = Engine::open(knowledge_base, dir, &mut |done| tell(ProgressStep::Index, done, of))?;
    Ok((engine, hash, candidate))
}

fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
