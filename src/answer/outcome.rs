//! What the engine makes of one question.

use guichet_index::Correction;
use guichet_kb::EntryId;

use crate::model::{Candidate, Decision};

/// A decision with its reasons.
pub(crate) struct Outcome {
    /// What is done.
    pub(crate) decision: Decision,
    /// Probability that the first candidate is right, 0 to 1.
    pub(crate) confidence: f32,
    /// Best first, at most ten.
    pub(crate) candidates: Vec<Candidate>,
    /// The topic that no entry answers and that the question is about, when it comes before all entries.
    pub(crate) orientation: Option<EntryId>,
    /// Words that were read as others.
    pub(crate) corrections: Vec<Correction>,
}

impl Outcome {
    /// A decision that needed no candidates.
    pub(crate) fn certain(decision: Decision, confidence: f32) -> Self {
        Self { decision, confidence, candidates: Vec::new(), orientation: None, corrections: Vec::new() }
    }
}
