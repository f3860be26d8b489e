//! The knowledge in force: an engine over what the store holds, replaced while questions are answered.
//!
//! The store is the truth. Files are read into it when the service starts and whenever they change; what any replica
//! puts in force is followed by the others.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, ensure};
use arc_swap::ArcSwap;
use guichet_bots::{Source, SourceKind};
use guichet_index::{Index, SCHEMA_VERSION};
use guichet_kb::{Diagnostic, DocumentKey, EntryId, KnowledgeBase, Loaded};
use tokio::sync::Mutex;

use crate::answer::Engine;
use crate::knowledge;
use crate::model::DocumentChange;
use crate::publishing::{files, sync};
use crate::store::Store;

/// How often the store is asked whether something else is in force. With the time that opening an index takes, well
/// below two seconds.
const FOLLOW_PERIOD: Duration = Duration::from_millis(400);

/// Milliseconds since 1970, by document.
type Dates = HashMap<DocumentKey, i64>;

/// The engine in force. A question that has begun keeps the engine it began with.
pub(crate) struct Live {
    engine: ArcSwap<Engine>,
    /// When the revisions in force were made, by document.
    dates: ArcSwap<Dates>,
    /// What the store said when the engine was made. Held while it is replaced.
    counter: Mutex<i64>,
    store: Store,
    /// Where the files are; none when the binary carries them.
    dir: Option<PathBuf>,
    /// Hash of the files as they were read at the start.
    files: String,
    index_dir: PathBuf,
}

impl Live {
    /// Reads the files of `dir` (or the carried ones) into `store` when they have changed, and opens what is in force
    /// with its index in `index_dir`. What is wrong in it is logged; the rest is used.
    ///
    /// # Errors
    /// When nothing can be read, or when the index can neither be opened nor built.
    pub(crate) async fn open(store: &Store, dir: Option<&Path>, index_dir: &Path) -> anyhow::Result<Self> {
        let read = knowledge::files(dir)?;
        report(&sync::bring(store, &read, now()).await.context("the files cannot be read into the store")?);
        let (counter, dates, loaded) = in_force(store).await?;
        for problem in loaded.diagnostics.iter().filter(|problem| problem.is_error()) {
            tracing::error!("knowledge base: {problem}");
        }
        let engine = engine(store, index_dir, loaded.knowledge_base).await?;
        Ok(Self {
            engine: ArcSwap::from_pointee(engine),
            dates: ArcSwap::from_pointee(dates),
            counter: Mutex::new(counter),
            store: store.clone(),
            dir: dir.map(Path::to_owned),
            files: sync::hash(&read),
            index_dir: index_dir.to_owned(),
        })
    }

    /// An engine for ever.
    #[cfg(test)]
    pub(crate) fn fixed(engine: Arc<Engine>, store: Store) -> Self {
        let (counter, files, index_dir) = (Mutex::new(0), String::new(), PathBuf::new());
        let (engine, dates) = (ArcSwap::new(engine), ArcSwap::default());
        Self { engine, dates, counter, store, dir: None, files, index_dir }
    }

    /// The engine in force now.
    pub(crate) fn engine(&self) -> Arc<Engine> {
        self.engine.load_full()
    }

    /// Where the index is.
    pub(crate) fn index_dir(&self) -> &Path {
        &self.index_dir
    }

    /// Says of every entry among `sources` since when it reads as it does.
    pub(crate) fn date(&self, sources: &mut [Source]) {
        let dates = self.dates.load();
        for source in sources.iter_mut().filter(|source| source.kind == SourceKind::Entry) {
            let id = source.id.parse::<EntryId>().ok();
            source.updated_at = id.and_then(|id| dates.get(&DocumentKey::of_entry(&id)).copied());
        }
    }

    /// What was just put in force here, as the store counts it, with the revisions that were made for it.
    pub(crate) async fn put(&self, engine: Engine, counter: i64, changes: &[DocumentChange]) {
        let mut known = self.counter.lock().await;
        if *known < counter {
            let mut dates = Dates::clone(&self.dates.load());
            for change in changes {
                let made = change.revisions.iter().find(|made| Some(made.number) == change.after.in_force);
                dates.extend(made.map(|made| (made.document.clone(), made.created_at)));
            }
            self.dates.store(Arc::new(dates));
            self.engine.store(Arc::new(engine));
            *known = counter;
        }
    }

    /// Puts in force what the store has in force. True when that was something else.
    ///
    /// # Errors
    /// When the store does not answer or the index cannot be had: the old engine stays.
    pub(crate) async fn follow(&self) -> anyhow::Result<bool> {
        let mut known = self.counter.lock().await;
        if self.store.knowledge_counter().await? == *known {
            return Ok(false);
        }
        let (counter, dates, loaded) = in_force(&self.store).await?;
        let is_other = loaded.knowledge_base != *self.engine().knowledge_base();
        if is_other {
            let engine = engine(&self.store, &self.index_dir, loaded.knowledge_base).await.context("the new index")?;
            self.engine.store(Arc::new(engine));
        }
        self.dates.store(Arc::new(dates));
        *known = counter;
        Ok(is_other)
    }

    /// Reads the files again and brings what has changed into the store. True when something else is in force now.
    ///
    /// # Errors
    /// When a file is wrong or cannot be read: nothing changes.
    pub(crate) async fn reload(&self) -> anyhow::Result<bool> {
        let dir = self.dir.clone();
        let read = tokio::task::spawn_blocking(move || knowledge::files(dir.as_deref())).await??;
        let images = self.store.list_all_images().await?;
        let first = Loaded::with_images(&read, &images).diagnostics.into_iter().find(Diagnostic::is_error);
        ensure!(first.is_none(), "{}", first.map(|problem| problem.to_string()).unwrap_or_default());
        report(&sync::bring(&self.store, &read, now()).await?);
        self.follow().await
    }

    /// Looks at the files every `period`, for ever; returns at once when there are none or when `period` is zero.
    pub(crate) async fn watch(self: Arc<Self>, period: Duration) {
        let Some(dir) = self.dir.clone().filter(|_| !period.is_zero()) else { return };
        let mut last = self.files.clone();
        let mut complaint = String::new();
        loop {
            tokio::time::sleep(period).await;
            let dir = dir.clone();
            let read =
                tokio::task::spawn_blocking(move || knowledge::files(Some(&dir)).map(|files| sync::hash(&files)));
            // Only what changes here is an edit: another replica may have other files.
            let hash = read.await.ok().and_then(Result::ok).unwrap_or_default();
            if hash == last && complaint.is_empty() {
                continue;
            }
            last = hash;
            match self.reload().await {
                Ok(is_other) => {
                    complaint.clear();
                    if is_other {
                        tracing::info!("the knowledge base has changed: the new one is in force");
                    }
                }
                // The same complaint is not repeated every second.
                Err(error) if complaint == format!("{error:#}") => {}
                Err(error) => {
                    complaint = format!("{error:#}");
                    tracing::error!(
                        "the knowledge base has changed and cannot be used, the old one stays: {complaint}"
                    );
                }
            }
        }
    }

    /// Follows what other replicas put in force, for ever.
    pub(crate) async fn follow_others(self: Arc<Self>) {
        loop {
            tokio::time::sleep(FOLLOW_PERIOD).await;
            match self.follow().await {
                Ok(true) => tracing::info!("another knowledge base is in force"),
                Ok(false) => {}
                Err(error) => tracing::error!("what is in force cannot be followed, the old one stays: {error:#}"),
            }
        }
    }
}

async fn in_force(store: &Store) -> anyhow::Result<(i64, Dates, Loaded)> {
    let found = store.find_in_force().await.context("what is in force cannot be read")?;
    let dates = found.revisions.iter().map(|made| (made.document.clone(), made.created_at)).collect();
    Ok((found.counter, dates, Loaded::with_images(&files(&found.revisions), &found.images)))
}

/// The engine of `knowledge_base`, with an index that is there, that another replica left, or that is built.
async fn engine(store: &Store, index_dir: &Path, knowledge_base: KnowledgeBase) -> anyhow::Result<Engine> {
    let (hash, dir) = (knowledge_base.content_hash(), index_dir.to_owned());
    let mut is_there = Index::is_in(&dir, &hash);
    if store.is_shared()
        && !is_there
        && let Some(packed) = store.find_index(SCHEMA_VERSION, &hash).await?
    {
        let (dir, hash) = (dir.clone(), hash.clone());
        match tokio::task::spawn_blocking(move || Index::unpack(&dir, &hash, &packed)).await? {
            Ok(()) => is_there = true,
            Err(error) => tracing::warn!("the index of another replica cannot be used: {error}"),
        }
    }
    let engine = tokio::task::spawn_blocking(move || Engine::open(knowledge_base, &dir, &mut |_| {})).await??;
    if store.is_shared() && !is_there {
        leave(store, index_dir, &hash).await?;
    }
    Ok(engine)
}

/// Leaves the index of `hash` for other replicas.
pub(crate) async fn leave(store: &Store, index_dir: &Path, hash: &str) -> anyhow::Result<()> {
    let (dir, of) = (index_dir.to_owned(), hash.to_owned());
    match tokio::task::spawn_blocking(move || Index::pack(&dir, &of)).await? {
        Ok(packed) => store.keep_index(SCHEMA_VERSION, hash, packed).await?,
        Err(error) => tracing::warn!("the index is not left for other replicas: {error}"),
    }
    Ok(())
}

fn report(brought: &sync::Brought) {
    if brought.changes > 0 {
        tracing::info!(documents.count = brought.changes, "files were read into the store");
    }
    for key in &brought.conflicts {
        tracing::warn!(document.key = %key, "file and console changed the same thing: somebody must choose");
    }
    for name in &brought.image_conflicts {
        tracing::warn!(image.name = %name, "the file is another image than the console's, which stays: rename one");
    }
}

fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn write(dir: &Path, question: &str) {
        let entries = dir.join("entries/fr/general");
        fs::create_dir_all(&entries).expect("a directory");
        let text = format!("+++\nid = \"colis\"\nquestion = \"{question}\"\n+++\n\nRéponse.\n");
        fs::write(entries.join("colis.md"), text).expect("a file");
    }

    #[tokio::test]
    async fn a_changed_file_is_in_force_after_a_reload_and_a_wrong_one_is_not() {
        let dir = tempfile::tempdir().expect("a directory");
        let kb = dir.path().join("kb");
        write(&kb, "Où est mon colis ?");
        let store = Store::open(&format!("sqlite://{}/t.db", dir.path().display())).await.expect("it opens");
        let live = Live::open(&store, Some(&kb), &dir.path().join("index")).await.expect("it opens");
        let question = |live: &Live| live.engine().knowledge_base().entries[0].question.clone();
        assert!(!live.reload().await.expect("nothing has changed"));

        write(&kb, "Où est passé mon colis ?");
        assert!(live.reload().await.expect("it is right"));
        assert_eq!(question(&live), "Où est passé mon colis ?");

        write(&kb, "");
        assert!(live.reload().await.is_err());
        assert_eq!(question(&live), "Où est passé mon colis ?");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn questions_are_answered_while_the_index_is_replaced() {
        let dir = tempfile::tempdir().expect("a directory");
        let kb = dir.path().join("kb");
        write(&kb, "Où est mon colis ?");
        let store = Store::open(&format!("sqlite://{}/t.db", dir.path().display())).await.expect("it opens");
        let live = Arc::new(Live::open(&store, Some(&kb), &dir.path().join("index")).await.expect("it opens"));
        let asked = Arc::clone(&live);
        let asking = tokio::task::spawn_blocking(move || {
            for _ in 0..300 {
                let found = asked.engine().ask("mon colis").expect("it can be searched");
                assert_eq!(found.candidates[0].entry.as_str(), "colis");
            }
        });
        for number in 0..5 {
            write(&kb, &format!("Où est mon colis {number} ?"));
            assert!(live.reload().await.expect("it is right"));
        }
        asking.await.expect("no question failed");
    }
}
