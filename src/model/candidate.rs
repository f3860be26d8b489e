//! An entry that may answer a question.

use guichet_index::Features;
use guichet_kb::EntryId;

/// An entry with its score and the reasons for it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Candidate {
    /// The entry.
    pub(crate) entry: EntryId,
    /// Orders the candidates of one question; means nothing between two questions.
    pub(crate) score: f32,
    /// What the score was made of, comparable between questions.
    pub(crate) features: Features,
}
