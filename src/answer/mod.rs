//! Understands a question and finds candidates for it.

mod customer;
pub(crate) mod explanation;
pub(crate) mod language;
mod outcome;
mod remembered;
mod requests;
mod small_talk;
#[cfg(test)]
mod variations;

use std::collections::HashMap;
use std::path::Path;
use std::time::Instant;

use guichet_index::{Content, Index, IndexError};
use guichet_kb::composed::Template;
use guichet_kb::{Entry, EntryId, KnowledgeBase};

pub(crate) use language::Language;
pub(crate) use outcome::{Orientation, Outcome};

use crate::measure;
use crate::model::{Candidate, TicketRef};
use crate::policy::{self, Evidence};
use remembered::Remembered;
use requests::Requests;
use small_talk::Recogniser;

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
    small_talk: Recogniser,
    requests: Requests,
    /// What was made of questions before. It ends with the engine, and an engine with its revision of the knowledge base.
    remembered: Remembered,
    /// Of the composed entries, read once: each turn that looks something up needs one.
    templates: HashMap<EntryId, Template>,
}

impl Engine {
    /// Indexes the public entries of `knowledge_base` in RAM.
    ///
    /// # Errors
    /// When the index cannot be built.
    pub(crate) fn new(knowledge_base: KnowledgeBase) -> Result<Self, IndexError> {
        let entries = knowledge_base.public_entries();
        let index = Index::in_ram(Content::of(&entries, &knowledge_base), &mut |_| {})?;
        Ok(Self::over(knowledge_base, entries, index))
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
        let content = Content::of(&entries, &knowledge_base);
        let (index, _) = Index::open_or_build(dir, &knowledge_base.content_hash(), content, progress)?;
        Ok(Self::over(knowledge_base, entries, index))
    }

    fn over(knowledge_base: KnowledgeBase, entries: Vec<Entry>, index: Index) -> Self {
        let small_talk = Recogniser::new(&knowledge_base.small_talk);
        let requests = Requests::new(&knowledge_base.small_talk);
        let template = |entry: &Entry| Some((entry.id.clone(), entry.template()?));
        let templates = knowledge_base.entries.iter().filter_map(template).collect();
        Self { knowledge_base, entries, index, small_talk, requests, remembered: Remembered::default(), templates }
    }

    /// The request to support whose progress `message` asks for, when it asks for nothing else; `Some(None)` when it names
    /// none.
    pub(crate) fn followed_in(&self, message: &str) -> Option<Option<TicketRef>> {
        self.requests.followed_in(message)
    }

    /// Decides what to do with `question`, as the first message of a conversation.
    ///
    /// # Errors
    /// When the index fails; any text is a question.
    pub(crate) fn ask(&self, question: &str) -> Result<Outcome, IndexError> {
        let begun = Instant::now();
        let outcome = match self.remembered.outcome(question) {
            Some(outcome) => outcome,
            None => self.understand(question)?,
        };
        measure::understood(begun.elapsed());
        Ok(outcome)
    }

    /// Whether asking `question` takes microseconds, because it was asked before.
    pub(crate) fn remembers(&self, question: &str) -> bool {
        self.remembered.has(question)
    }

    fn understand(&self, question: &str) -> Result<Outcome, IndexError> {
        let found = self.index.find(question, CANDIDATES)?;
        let candidates: Vec<Candidate> = found
            .hits
            .into_iter()
            .map(|hit| Candidate {
                entry: self.entries[hit.entry].id.clone(),
                score: hit.score,
                features: hit.features,
            })
            .collect();
        let likeness = candidates.iter().map(|candidate| candidate.features.char_ngrams).fold(0.0, f32::max);
        let small_talk = &self.knowledge_base.small_talk;
        let evidence = Evidence {
            intent: self.small_talk.recognise(small_talk, question, likeness),
            intent_by_meaning: found.small_talk.and_then(|intent| small_talk.intent.get(intent)),
            names_a_customer: customer::is_named(question, &|word| self.index.knows(word)),
            candidates: &candidates,
            confidence: found.confidence,
            known_share: found.known_share,
            telling_words: found.telling_words,
        };
        let (decision, reason) = policy::decide(&evidence);
        let names_a_customer = evidence.names_a_customer;
        let orientation = found.orientation.map(|hit| Orientation {
            id: self.knowledge_base.orientations[hit.orientation].id.clone(),
            lead: hit.score,
        });
        let outcome = Outcome {
            decision,
            reason,
            confidence: found.confidence,
            candidates,
            orientation,
            reading: found.reading,
            known_share: found.known_share,
            telling_words: found.telling_words,
        };
        // What is about somebody stays nowhere, and is hardly asked twice.
        if !names_a_customer {
            self.remembered.keep(question, &outcome);
        }
        Ok(outcome)
    }

    /// Whether `text` names a customer, a contract or a document.
    pub(crate) fn names_a_customer(&self, text: &str) -> bool {
        customer::is_named(text, &|word| self.index.knows(word))
    }

    /// The template of the composed entry `id`.
    pub(crate) fn template(&self, id: &EntryId) -> Option<&Template> {
        self.templates.get(id)
    }

    /// Stretches of `question` that may be names of companies, the most telling first.
    pub(crate) fn names_in(&self, question: &str) -> Vec<String> {
        customer::phrases(question, &|word| self.index.knows(word))
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

    /// One engine over the carried knowledge base for all tests: training takes seconds.
    #[cfg(test)]
    pub(crate) fn carried() -> &'static std::sync::Arc<Self> {
        static ENGINE: std::sync::LazyLock<std::sync::Arc<Engine>> = std::sync::LazyLock::new(|| {
            let loaded = crate::knowledge::load(None).expect("the binary carries a knowledge base");
            std::sync::Arc::new(Engine::new(loaded.knowledge_base).expect("it can be indexed"))
        });
        &ENGINE
    }

    /// The entries that it can find, in the order of the index.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The knowledge base it answers from.
    pub(crate) fn knowledge_base(&self) -> &KnowledgeBase {
        &self.knowledge_base
    }
}
