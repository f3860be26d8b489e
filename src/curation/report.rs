//! What deserves a curator's look, in one value.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use guichet_index::IndexError;
use guichet_kb::Entry;
use serde::Serialize;

use super::checks::{self, FailedCheck};
use super::confusions::{self, Confusion};
use super::contradictions::{self, Contradiction};
use super::hard_to_find::{self, HardToFind};
use super::twins::{self, Twins};
use crate::answer::Engine;

/// What deserves a look. Every list begins with what matters most.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// How many entries partners can find.
    pub(crate) entries: usize,
    /// Formulations that were asked of a ranking that had not seen them.
    pub(crate) held_out: usize,
    /// Check questions that fail.
    pub(crate) failed_checks: Vec<FailedCheck>,
    /// Entries that take each other's formulations.
    pub(crate) confusions: Vec<Confusion>,
    /// Statements that may contradict each other.
    pub(crate) contradictions: Vec<Contradiction>,
    /// Entries that are hard to find.
    pub(crate) hard_to_find: Vec<HardToFind>,
    /// Entries that are nearly the same.
    pub(crate) twins: Vec<Twins>,
}

impl Report {
    /// Looks at everything that `engine` answers from.
    ///
    /// # Errors
    /// When the index fails.
    pub(crate) fn of(engine: &Engine) -> Result<Self, IndexError> {
        let (entries, orientations) = (engine.entries(), &engine.knowledge_base().orientations);
        let asked_again = engine.index().asked_again();
        let failed_checks = checks::failed(engine)?;
        let borrowed: Vec<&Entry> = entries.iter().collect();
        Ok(Self {
            entries: entries.len(),
            held_out: asked_again.len(),
            confusions: confusions::find(entries, orientations, asked_again, &failed_checks),
            contradictions: contradictions::find(&borrowed),
            hard_to_find: hard_to_find::find(entries, asked_again, &failed_checks),
            twins: twins::find(&borrowed),
            failed_checks,
        })
    }
}

/// The report of the engine that was looked at last: asking all check questions takes a second or more.
#[derive(Default)]
pub(crate) struct Remembered(Mutex<Option<(Weak<Engine>, Arc<Report>)>>);

impl Remembered {
    /// The report of `engine`, made now when it is not the one that is remembered.
    ///
    /// # Errors
    /// When the index fails.
    pub(crate) fn of(&self, engine: &Arc<Engine>) -> Result<Arc<Report>, IndexError> {
        // Held while the report is made: who asks at the same time waits for it instead of making it again.
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, report)) = last.as_ref()
            && known.upgrade().is_some_and(|known| Arc::ptr_eq(&known, engine))
        {
            return Ok(Arc::clone(report));
        }
        let report = Arc::new(Report::of(engine)?);
        *last = Some((Arc::downgrade(engine), Arc::clone(&report)));
        Ok(report)
    }
}
