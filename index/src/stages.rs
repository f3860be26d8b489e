//! How long the stages of a question take.

use std::time::{Duration, Instant};

/// The stages of a question, in their order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stages {
    /// The text is read as it is meant.
    pub normalise: Duration,
    /// It is compared with every formulation: letters, words, meaning, and what the classifier makes of them.
    pub compare: Duration,
    /// Tantivy finds its words, and each entry gets its features.
    pub retrieve: Duration,
    /// Candidates are chosen, ordered and judged.
    pub rank: Duration,
}

/// Measures one stage after the other.
#[derive(Debug)]
pub(crate) struct Clock(Instant);

impl Clock {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since the last call, or since the start.
    pub(crate) fn lap(&mut self) -> Duration {
        let now = Instant::now();
        let passed = now - self.0;
        self.0 = now;
        passed
    }
}
