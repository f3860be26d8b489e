//! Understands a question and finds candidates for it.

mod customer;
pub(crate) mod language;
mod small_talk;

use std::path::Path;

use guichet_index::{Index, IndexError};
use guichet_kb::{Entry, KnowledgeBase};

pub(crate) use language::Language;

use crate::model::{Candidate, Decision};
use crate::policy;

/// How many candidates are kept.
const CANDIDATES: usize = 10;
/// Share of the letters in common that the best has: those with less are not proposed.
const NEAR_ENOUGH_TO_SUGGEST: f32 = 0.5;

/// A knowledge base with its index: answers questions from any thread.
pub(crate) struct Engine {
    knowledge_base: KnowledgeBase,
    /// What the index was built from, in its order.
    entries: Vec<Entry>,
    index: Index,
}

/// What the engine makes of one question.
pub(crate) struct Outcome {
    /// What is done.
    pub(crate) decision: Decision,
    /// Probability that the first candidate is right, 0 to 1.
    pub(crate) confidence: f32,
    /// Best first, at most ten.
    pub(crate) candidates: Vec<Candidate>,
}

impl Engine {
    /// Indexes the public entries of `knowledge_base` in RAM.
    ///
    /// # Errors
    /// When the index cannot be built.
    pub(crate) fn new(knowledge_base: KnowledgeBase) -> Result<Self, IndexError> {
        let entries = knowledge_base.public_entries();
        let index = Index::in_ram(&entries, &mut |_| {})?;
        Ok(Self { knowledge_base, entries, index })
    }

    /// Opens the index of the public entries in `dir`, or builds it there. `progress` hears how many entries are done.
    ///
    /// # Errors
    /// When the index can neither be opened nor built.
    pub(crate) fn open(
        knowledge_base: KnowledgeBase,
        dir: &Path,
        progress: &mut dyn FnMut(usize),
    ) -> Result<Self, IndexError> {
        let entries = knowledge_base.public_entries();
        let (index, _) = Index::open_or_build(dir, &knowledge_base.content_hash(), &entries, progress)?;
        Ok(Self { knowledge_base, entries, index })
    }

    /// Decides what to do with `question`, as the first message of a conversation.
    ///
    /// # Errors
    /// When the index fails; any text is a question.
    pub(crate) fn ask(&self, question: &str) -> Result<Outcome, IndexError> {
        let intent = small_talk::recognise(&self.knowledge_base.small_talk, question);
        let hits = self.index.search(question, CANDIDATES)?;
        let candidates: Vec<Candidate> = hits
            .into_iter()
            .map(|hit| Candidate {
                entry: self.entries[hit.entry].id.clone(),
                score: hit.score,
                features: hit.features,
            })
            .collect();
        let (decision, confidence) = policy::decide(intent, customer::is_named(question), &candidates);
        Ok(Outcome { decision, confidence, candidates })
    }

    /// Entries near what is being typed, best first, at most `limit`.
    ///
    /// # Errors
    /// When the index fails.
    pub(crate) fn suggest(&self, typed: &str, limit: usize) -> Result<Vec<Entry>, IndexError> {
        let hits = self.index.search(typed, limit)?;
        let best = hits.iter().map(|hit| hit.features.char_ngrams).fold(0.0, f32::max);
        let near = hits.into_iter().filter(|hit| hit.features.char_ngrams >= best * NEAR_ENOUGH_TO_SUGGEST);
        Ok(near.map(|hit| self.entries[hit.entry].clone()).collect())
    }

    /// The index it searches.
    pub(crate) fn index(&self) -> &Index {
        &self.index
    }

    /// The knowledge base it answers from.
    pub(crate) fn knowledge_base(&self) -> &KnowledgeBase {
        &self.knowledge_base
    }
}
