//! Which formulation belongs to what, and what speaks for the entry that has the best score.

use crate::calibration::Evidence;
use crate::classifier::Likeness;
use crate::content::{Content, Formulation};
use crate::spelling::Reading;

/// The classes of a content: entries, then everything that competes with them.
#[derive(Debug)]
pub(crate) struct Classes {
    /// By formulation.
    pub(crate) of: Vec<usize>,
    /// By class: the first class with the same answer. Between twins there is nothing to choose.
    pub(crate) twins: Vec<usize>,
    /// How many are entries.
    pub(crate) entries: usize,
}

impl Classes {
    /// Those of `content`, whose formulations these are.
    pub(crate) fn new(content: Content<'_>, formulations: &[Formulation]) -> Self {
        let mut first = std::collections::HashMap::new();
        let each = content.entries.iter().enumerate();
        let mut twins: Vec<usize> = each.map(|(at, entry)| *first.entry(&entry.answer).or_insert(at)).collect();
        twins.extend(content.entries.len()..content.classes());
        let of = formulations.iter().map(|formulation| formulation.class).collect();
        Self { of, twins, entries: content.entries.len() }
    }

    /// By how much `class` leads the best of `among` that says something else; negative when it does not.
    pub(crate) fn lead_of(&self, class: usize, scores: &[f32], among: std::ops::Range<usize>) -> f32 {
        let others = among.filter(|other| self.twins[*other] != self.twins[class]).map(|other| scores[other]);
        scores[class] - others.fold(0.0, f32::max)
    }

    /// The best entry by these scores of `reading`, and what speaks for it, in a world of the formulations that `exists`.
    pub(crate) fn evidence(
        &self,
        scores: &[f32],
        reading: &Reading,
        likeness: &Likeness,
        exists: &dyn Fn(usize) -> bool,
    ) -> Option<(usize, Evidence)> {
        let best = (0..self.entries).max_by(|a, b| scores[*a].total_cmp(&scores[*b]).then(b.cmp(a)))?;
        let is_best = |other: usize| self.twins[self.of[other]] == self.twins[best] && exists(other);
        let explained = likeness.share_within(reading, is_best, exists);
        let evidence = Evidence {
            lead: self.lead_of(best, scores, 0..scores.len()),
            lead_of_entries: self.lead_of(best, scores, 0..self.entries),
            explained: explained.together,
            by_one: explained.by_one,
            entries: scores[..self.entries].iter().sum(),
            others: scores[self.entries..].iter().sum(),
        };
        Some((best, evidence))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lead_is_over_whoever_says_something_else() {
        // Entries 0 and 1 are twins, 3 is an orientation.
        let classes = Classes { of: Vec::new(), twins: vec![0, 0, 2, 3], entries: 3 };
        assert_eq!(classes.lead_of(0, &[0.5, 0.4, 0.1, 0.2], 0..4), 0.3);
        assert_eq!(classes.lead_of(0, &[0.5, 0.4, 0.1, 0.2], 0..3), 0.4);
        assert!((classes.lead_of(1, &[0.1, 0.2, 0.0, 0.6], 0..4) + 0.4).abs() < 1e-6);
        let lonely = Classes { of: Vec::new(), twins: vec![0], entries: 1 };
        assert_eq!(lonely.lead_of(0, &[0.3], 0..1), 0.3);
    }
}
