//! What the engine makes of one question.

use guichet_index::Reading;
use guichet_kb::EntryId;

use crate::model::{Candidate, Decision};
use crate::policy::Reason;

/// A decision with its reasons.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Outcome {
    /// What is done.
    pub(crate) decision: Decision,
    /// Which rule decided.
    pub(crate) reason: Reason,
    /// Probability that the first candidate is right, 0 to 1.
    pub(crate) confidence: f32,
    /// Best first, at most ten.
    pub(crate) candidates: Vec<Candidate>,
    /// The topic that no entry answers and that the question is about, when it comes before all entries.
    pub(crate) orientation: Option<Orientation>,
    /// The question as it was meant.
    pub(crate) reading: Reading,
    /// Share of its words that the knowledge base knows.
    pub(crate) known_share: f32,
    /// How many different words say what it is about.
    pub(crate) telling_words: usize,
}

/// A topic that no entry answers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Orientation {
    /// Its id.
    pub(crate) id: EntryId,
    /// By how much it leads the best entry.
    pub(crate) lead: f32,
}

impl Outcome {
    /// A decision that needed no candidates.
    pub(crate) fn certain(decision: Decision, confidence: f32) -> Self {
        Self {
            decision,
            reason: Reason::Given,
            confidence,
            candidates: Vec::new(),
            orientation: None,
            reading: Reading::default(),
            known_share: 0.0,
            telling_words: 0,
        }
    }
}
