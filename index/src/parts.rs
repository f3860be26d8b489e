//! What is made of the content before anything is searched, by its size.

use crate::classifier::{Classifier, MAX_FORMULATIONS};
use crate::content::{Content, Formulation, Kind};
use crate::encoder::Encode;
use crate::error::IndexError;
use crate::ranker::Ranker;
use crate::spelling::{Reading, Spelling};
use crate::thesaurus::Thesaurus;
use crate::threads::in_parallel;

/// Above, what is kept in memory per formulation would take too much, and only tantivy is asked.
const MAX_FORMULATIONS_IN_MEMORY: usize = 50_000;

/// Formulations as they are read.
pub(crate) struct Parts {
    pub(crate) spelling: Spelling,
    pub(crate) formulations: Vec<Formulation>,
    pub(crate) readings: Vec<Reading>,
}

impl Parts {
    /// Reads all formulations of `content`; none of a content that is too large.
    pub(crate) fn read(content: Content<'_>) -> Self {
        if content.count_formulations() > MAX_FORMULATIONS_IN_MEMORY {
            return Self { spelling: Spelling::default(), formulations: Vec::new(), readings: Vec::new() };
        }
        let mut formulations = content.formulations();
        let thesaurus = content.synonyms.map_or_else(Thesaurus::default, Thesaurus::new);
        let spelling = Spelling::new(formulations.iter().map(|formulation| formulation.text.as_str()), thesaurus);
        if formulations.len() > MAX_FORMULATIONS {
            tracing::warn!(
                formulations = formulations.len(),
                "too many formulations for a classifier (at most {MAX_FORMULATIONS}): answers will be much less sure"
            );
            // Without a classifier, only what entries are asked by is compared.
            formulations.retain(|one| one.kind != Kind::Told && one.class < content.entries.len());
        }
        let readings = in_parallel(&formulations, |formulation| spelling.read(&formulation.text));
        Self { spelling, formulations, readings }
    }

    /// True when a classifier can learn them.
    pub(crate) fn can_be_learned(&self) -> bool {
        !self.formulations.is_empty() && self.formulations.len() <= MAX_FORMULATIONS
    }

    /// Learns what can be learned.
    pub(crate) fn train(&self, content: Content<'_>) -> Result<Ranker, IndexError> {
        if self.can_be_learned() {
            match Classifier::train(content, &self.formulations, &self.readings, encoder()) {
                Ok(classifier) => return Ok(Ranker::learned(classifier, &self.formulations)),
                Err(error) => tracing::warn!("the index does without a classifier: {error}"),
            }
        }
        Ok(self.without_classifier())
    }

    /// For a content that is too large to be learned.
    pub(crate) fn without_classifier(&self) -> Ranker {
        if self.formulations.is_empty() { Ranker::words() } else { Ranker::letters(&self.formulations, &self.readings) }
    }
}

/// The sentence encoder of this program.
#[cfg(feature = "encoder")]
pub(crate) fn encoder() -> Option<&'static dyn Encode> {
    Some(crate::encoder::UseEncoder::embedded())
}

/// This program has none.
#[cfg(not(feature = "encoder"))]
pub(crate) fn encoder() -> Option<&'static dyn Encode> {
    None
}
