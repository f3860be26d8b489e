//! The knowledge in force: an engine that can be replaced while questions are answered.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, ensure};
use arc_swap::ArcSwap;
use guichet_kb::{Diagnostic, Loaded};

use crate::answer::Engine;
use crate::knowledge;

/// The engine in force. A question that has begun keeps the engine it began with.
pub(crate) struct Live {
    engine: ArcSwap<Engine>,
    /// Where the files are; none when the binary carries them.
    dir: Option<PathBuf>,
    index_dir: PathBuf,
}

impl Live {
    /// Loads the knowledge base of `dir` (or the carried one) with its index in `index_dir`. What is wrong in it is
    /// logged; the rest is used.
    ///
    /// # Errors
    /// When nothing can be read, or when the index can neither be opened nor built.
    pub(crate) fn open(dir: Option<&Path>, index_dir: &Path) -> anyhow::Result<Self> {
        let loaded = knowledge::load(dir)?;
        for problem in loaded.diagnostics.iter().filter(|problem| problem.is_error()) {
            tracing::error!("knowledge base: {problem}");
        }
        let engine = Engine::open(loaded.knowledge_base, index_dir, &mut |_| {})?;
        Ok(Self {
            engine: ArcSwap::from_pointee(engine),
            dir: dir.map(Path::to_owned),
            index_dir: index_dir.to_owned(),
        })
    }

    /// The engine in force now.
    pub(crate) fn engine(&self) -> Arc<Engine> {
        self.engine.load_full()
    }

    /// Reads the files again and, when they have changed, puts the new engine in the place of the old one. True when it
    /// did.
    ///
    /// # Errors
    /// When a file is wrong or cannot be read: the old engine stays.
    pub(crate) fn reload(&self) -> anyhow::Result<bool> {
        let Loaded { knowledge_base, diagnostics, .. } = knowledge::load(self.dir.as_deref())?;
        if knowledge_base == *self.engine().knowledge_base() {
            return Ok(false);
        }
        let first = diagnostics.iter().find(|problem| problem.is_error()).map(Diagnostic::to_string);
        ensure!(first.is_none(), "{}", first.unwrap_or_default());
        let engine = Engine::open(knowledge_base, &self.index_dir, &mut |_| {}).context("the new index")?;
        self.engine.store(Arc::new(engine));
        Ok(true)
    }

    /// Looks at the files every `period`, for ever; returns at once when there are none or when `period` is zero.
    pub(crate) async fn watch(self: Arc<Self>, period: Duration) {
        if self.dir.is_none() || period.is_zero() {
            return;
        }
        let mut complaint = String::new();
        loop {
            tokio::time::sleep(period).await;
            let live = Arc::clone(&self);
            let outcome = tokio::task::spawn_blocking(move || live.reload()).await;
            match outcome.unwrap_or_else(|panic| Err(panic.into())) {
                Ok(true) => tracing::info!("the knowledge base has changed: the new one is in force"),
                Ok(false) => complaint.clear(),
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

    #[test]
    fn a_changed_file_is_in_force_after_a_reload_and_a_wrong_one_is_not() {
        let dir = tempfile::tempdir().expect("a directory");
        let kb = dir.path().join("kb");
        write(&kb, "Où est mon colis ?");
        let live = Live::open(Some(&kb), &dir.path().join("index")).expect("it opens");
        let question = |live: &Live| live.engine().knowledge_base().entries[0].question.clone();
        assert!(!live.reload().expect("nothing has changed"));

        write(&kb, "Où est passé mon colis ?");
        assert!(live.reload().expect("it is right"));
        assert_eq!(question(&live), "Où est passé mon colis ?");

        write(&kb, "");
        assert!(live.reload().is_err());
        assert_eq!(question(&live), "Où est passé mon colis ?");
    }

    #[test]
    fn questions_are_answered_while_the_index_is_replaced() {
        let dir = tempfile::tempdir().expect("a directory");
        let kb = dir.path().join("kb");
        write(&kb, "Où est mon colis ?");
        let live = Live::open(Some(&kb), &dir.path().join("index")).expect("it opens");
        std::thread::scope(|scope| {
            let asking = scope.spawn(|| {
                for _ in 0..300 {
                    let found = live.engine().ask("mon colis").expect("it can be searched");
                    assert_eq!(found.candidates[0].entry.as_str(), "colis");
                }
            });
            for number in 0..5 {
                write(&kb, &format!("Où est mon colis {number} ?"));
                assert!(live.reload().expect("it is right"));
            }
            asking.join().expect("no question failed");
        });
    }
}
