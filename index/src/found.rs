//! What a search gives back.

use crate::spelling::Reading;

/// Everything a question found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// The question as it was meant.
    pub reading: Reading,
    /// Entries, best first.
    pub hits: Vec<Hit>,
    /// The topic that no entry answers and that comes before all entries.
    pub orientation: Option<OrientationHit>,
    /// The intent of small talk that the question is, when it comes before all else.
    pub small_talk: Option<usize>,
    /// Probability that the first hit is right.
    pub confidence: f32,
    /// Share of what the question says that some formulation knows, from 0 to 1.
    pub known_share: f32,
    /// How many different words say what the question is about.
    pub telling_words: usize,
}

/// An orientation that comes before the entries.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OrientationHit {
    /// Ordinal in the orientations that the index was built from.
    pub orientation: usize,
    /// Its lead over the best entry.
    pub score: f32,
}

/// A candidate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// Ordinal in the entries that the index was built from.
    pub entry: usize,
    /// Its lead over whatever else the question may be about, negative when it has none; in an index too large for a
    /// classifier a sum of weighted z-scores, comparable inside one search only.
    pub score: f32,
    /// What it was made of.
    pub features: Features,
}

/// How close an entry is to a question, signal by signal, comparable between questions.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Features {
    /// BM25 of the best formulation.
    pub best_formulation: f32,
    /// BM25 of the second best formulation.
    pub second_formulation: f32,
    /// Which formulation is the nearest: 0 = the question, n = the variant n-1. All in all where a classifier compares,
    /// else by its words, and by letters when no word matches.
    pub best_formulation_index: usize,
    /// BM25 of the answer.
    pub answer: f32,
    /// BM25 of the category.
    pub category: f32,
    /// Cosine of the formulation with the closest letters, from 0 to 1; 0 in an index too large for it.
    pub char_ngrams: f32,
    /// Cosine of the formulation with the closest words, from 0 to 1; 0 in an index too large for it.
    pub words: f32,
    /// Cosine of the formulation with the closest meaning; 0 without an encoder.
    pub meaning: f32,
}
