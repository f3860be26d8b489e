//! From evidence to a probability: how often a first entry with such evidence is the right one.
//!
//! Two things must hold: the question is about *some* entry, and it is about *this* one. Each is a logistic curve of its
//! own, fitted on formulations that the classifier has not seen ([`crate::ridge::HeldOut`]), and the confidence is their
//! product. One curve for both has to trade them against each other: a question of a topic that nobody thought of often
//! leads by one shared word, and only the sum of all scores tells that it is far from everything.

use serde::{Deserialize, Serialize};

use crate::curve::{self, Observation};

/// What is known of a first entry.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Evidence {
    /// Its lead over the best class that says something else.
    pub(crate) lead: f32,
    /// Its lead over the best entry that says something else.
    pub(crate) lead_of_entries: f32,
    /// Share of the words of the question that its formulations have, by weight, 0 to 1.
    pub(crate) explained: f32,
    /// The same for one formulation of it, the best: what only one has in common may be chance.
    pub(crate) by_one: f32,
    /// The scores of all entries together. The classifier aims at 1 for what belongs to entries, at 0 for all else.
    pub(crate) entries: f32,
    /// The scores of everything else together. What both lack of 1 is how far the question is from all that is known.
    pub(crate) others: f32,
}

impl Evidence {
    /// What says that it is this entry and no other.
    fn of_right(&self) -> [f32; 4] {
        [1.0, self.lead_of_entries, self.explained, self.by_one]
    }

    /// What says that it is an entry and nothing else.
    fn of_inside(&self) -> [f32; 6] {
        [1.0, self.entries, self.others, self.lead, self.explained, self.by_one]
    }
}

/// A held-out formulation, and what it was.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Observed {
    /// What the classifier says of it.
    pub(crate) evidence: Evidence,
    /// Whose it was.
    pub(crate) whose: Whose,
}

/// Whose a held-out formulation was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    /// The first entry's, or one's with the same answer.
    First,
    /// Another entry's.
    AnotherEntry,
    /// Of a topic that no entry answers, or small talk.
    Outside,
    /// The same, and the classifier has seen nothing of its topic.
    OutsideUnseen,
}

/// The two curves.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Calibration {
    right: [f32; 4],
    inside: [f32; 6],
}

/// What knowledge bases have in common: fitted on ours. A knowledge base with few formulations keeps it. Sums of scores
/// say nothing where no topics compete: they were left out for it.
const COMMON: Calibration = Calibration { right: [-1.2, 10.4, 5.2, -3.7], inside: [-2.8, 0.0, 0.0, 10.6, 3.1, 0.0] };

impl Calibration {
    /// Fits the curves to what was observed.
    pub(crate) fn fit(observed: &[Observed]) -> Self {
        let count = |whose: Whose| observed.iter().filter(|one| one.whose == whose).count() as f32;
        let of_entries = count(Whose::First) + count(Whose::AnotherEntry);
        // However many phrasings topics have, those that were seen and those that were not each weigh half of the entries.
        let weight_of = |whose: Whose| (of_entries / 2.0 / count(whose).max(1.0)).min(1.0);
        let (outside, unseen) = (weight_of(Whose::Outside), weight_of(Whose::OutsideUnseen));
        let (mut right, mut inside) = (Vec::new(), Vec::new());
        for Observed { evidence, whose } in observed {
            let (target, weight) = match whose {
                Whose::First | Whose::AnotherEntry => (1.0, 1.0),
                Whose::Outside => (0.0, outside),
                Whose::OutsideUnseen => (0.0, unseen),
            };
            inside.push(Observation { terms: evidence.of_inside(), target, weight });
            let of_this_entry = match whose {
                Whose::First => 1.0,
                Whose::AnotherEntry => 0.0,
                Whose::Outside | Whose::OutsideUnseen => continue,
            };
            right.push(Observation { terms: evidence.of_right(), target: of_this_entry, weight: 1.0 });
        }
        let found = Self {
            right: curve::fit(&right, COMMON.right),
            // Where nothing is outside there is nothing to learn about it.
            inside: if inside.iter().any(|one| one.target < 0.5) {
                curve::fit(&inside, COMMON.inside)
            } else {
                COMMON.inside
            },
        };
        // Leads that say the contrary mean that there was nothing to learn from.
        if found.right[1] > 0.0 { found } else { COMMON }
    }

    /// Probability that a first entry with this evidence is right.
    pub(crate) fn probability(&self, evidence: Evidence) -> f32 {
        curve::probability(&self.right, &evidence.of_right()) * curve::probability(&self.inside, &evidence.of_inside())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(lead: f32, explained: f32, entries: f32) -> Evidence {
        Evidence { lead, lead_of_entries: lead, explained, by_one: 0.0, entries, others: 0.0 }
    }

    #[test]
    fn what_leads_clearly_is_surer() {
        let observed: Vec<Observed> = (0..1000)
            .map(|at| at as f32 / 1000.0)
            .map(|lead| Observed {
                evidence: evidence(lead, 1.0, 1.0),
                whose: if lead > 0.3 { Whose::First } else { Whose::AnotherEntry },
            })
            .collect();
        let curve = Calibration::fit(&observed);
        let probability = |lead| curve.probability(evidence(lead, 1.0, 1.0));
        assert!(probability(0.1) < 0.2 && probability(0.6) > 0.9, "{curve:?}");
    }

    #[test]
    fn what_is_far_from_all_entries_is_less_sure_however_it_leads() {
        let observed: Vec<Observed> = (0..2000)
            .map(|at| (at as f32 / 2000.0, at % 4))
            .map(|(lead, kind)| {
                let (entries, whose) = match kind {
                    0 => (0.3, Whose::OutsideUnseen),
                    1 => (0.2, Whose::Outside),
                    _ => (0.9, Whose::First),
                };
                Observed { evidence: evidence(lead, 0.8, entries), whose }
            })
            .collect();
        let curve = Calibration::fit(&observed);
        assert!(curve.probability(evidence(0.4, 0.8, 0.9)) > 0.8, "{curve:?}");
        assert!(curve.probability(evidence(0.4, 0.8, 0.3)) < 0.3, "{curve:?}");
    }

    #[test]
    fn little_or_nothing_to_learn_from_keeps_the_common_curves() {
        assert_eq!(Calibration::fit(&[]), COMMON);
        let one = Observed { evidence: evidence(0.5, 1.0, 0.4), whose: Whose::AnotherEntry };
        let absurd = Calibration::fit(&[one; 2]);
        for lead in [0.0, 0.1, 0.3] {
            assert!(absurd.probability(evidence(lead, 0.8, 0.5)).is_finite());
        }
        assert_eq!(absurd.inside, COMMON.inside);
    }
}
