//! How well formulations are found by a classifier that has not seen them: the figures of a trained index.

use serde::{Deserialize, Serialize};

/// What became of one formulation of an entry, asked of a classifier that has not seen it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedAgain {
    /// Ordinal of its entry.
    pub entry: usize,
    /// Which formulation: 0 = the question, n = the variant n-1.
    pub formulation: usize,
    /// Place of the entry among all entries, from 1; an entry with the same answer stands for it.
    pub place: usize,
    /// Ordinal of the entry that came first.
    pub first: usize,
    /// Ordinal of the orientation that came before all entries.
    pub orientation: Option<usize>,
}

/// Counts over held-out formulations.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Formulations of entries that were asked.
    pub asked: usize,
    /// Those whose entry came first among entries.
    pub first: usize,
    /// Those whose entry was one of the first three.
    pub among_three: usize,
    /// Those before whose best entry an orientation came.
    pub taken_by_orientations: usize,
    /// Formulations of orientations that were asked.
    pub outside: usize,
    /// Those before which an orientation came.
    pub outside_recognised: usize,
    /// Formulations of orientations asked of a classifier that has seen nothing of their topic, by how sure it was of an
    /// entry, in steps of 0.05: what becomes of a topic that nobody thought of.
    pub unseen: [usize; STEPS],
}

/// Steps of confidence that are counted apart.
const STEPS: usize = 20;

impl Summary {
    /// How many questions of unseen topics an entry would answer at `confidence`, rounded down to a step, and of how many.
    pub fn unseen_from(&self, confidence: f32) -> (usize, usize) {
        let from = step_of(confidence);
        (self.unseen[from..].iter().sum(), self.unseen.iter().sum())
    }

    /// Counts one question of an unseen topic.
    pub(crate) fn add_unseen(&mut self, confidence: f32) {
        self.unseen[step_of(confidence)] += 1;
    }

    /// Counts one formulation of `class`.
    pub(crate) fn add(&mut self, scores: &[f32], class: usize, entries: usize, entry_leads: bool) {
        let best_orientation = scores[entries..].iter().copied().fold(f32::MIN, f32::max);
        let best_entry = scores[..entries].iter().copied().fold(f32::MIN, f32::max);
        if class >= entries {
            self.outside += 1;
            self.outside_recognised += usize::from(best_orientation > best_entry && !entry_leads);
            return;
        }
        let before = scores[..entries].iter().filter(|score| **score > scores[class]).count();
        self.asked += 1;
        self.first += usize::from(before == 0);
        self.among_three += usize::from(before < 3);
        self.taken_by_orientations += usize::from(best_orientation > best_entry);
    }
}

fn step_of(confidence: f32) -> usize {
    // A hair above, so that 0.35 is the beginning of its step.
    ((confidence * STEPS as f32 + 1e-3) as usize).min(STEPS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_of_unseen_topics_are_counted_by_confidence() {
        let mut summary = Summary::default();
        [0.0, 0.34, 0.36, 0.9, 1.0].into_iter().for_each(|confidence| summary.add_unseen(confidence));
        assert_eq!(summary.unseen_from(0.35), (3, 5));
        assert_eq!(summary.unseen_from(0.0), (5, 5));
        assert_eq!(summary.unseen_from(1.0), (1, 5));
    }
}
