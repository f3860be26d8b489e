//! From evidence to a probability: how often a first entry with such a lead over all others, and with such a share of the
//! question explained, is the right one.
//!
//! A logistic curve, fitted on formulations that the classifier has not seen ([`crate::ridge::HeldOut`]). The share
//! matters where the lead deceives: a question about something that no entry and no orientation treats often leads by
//! one shared word, and leaves the others unexplained.

use serde::{Deserialize, Serialize};

/// What is known of a first entry.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Evidence {
    /// Its lead over the best class that says something else.
    pub(crate) lead: f32,
    /// Share of the words of the question that its formulations have, by weight, 0 to 1.
    pub(crate) explained: f32,
}

/// The curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Calibration {
    /// Logit without a lead and with nothing explained.
    pub(crate) intercept: f32,
    /// How much a lead of 1 adds to it.
    pub(crate) slope: f32,
    /// How much it adds that all is explained.
    pub(crate) explained: f32,
}

/// Evidence, and how surely the first entry was right.
struct Observation {
    evidence: Evidence,
    target: f32,
    weight: f32,
}

/// What knowledge bases have in common: fitted on ours. A knowledge base with few formulations keeps it.
const COMMON: Calibration = Calibration { intercept: -4.4, slope: 12.0, explained: 3.5 };
/// How many observations the common curve counts for.
const WEIGHT_OF_COMMON: f32 = 30.0;
/// Newton's method has converged long before.
const ROUNDS: usize = 25;

impl Calibration {
    /// Fits the curve to evidence, each with whether the first entry was right and how much it weighs.
    pub(crate) fn fit(observed: &[(Evidence, bool, f32)]) -> Self {
        // The common curve takes part as observations of its own, spread over the evidence that occurs.
        let leads = (-2..=6).map(|tenth| tenth as f32 / 10.0);
        let prior: Vec<Evidence> =
            leads.flat_map(|lead| [0.4, 0.7, 1.0].map(|explained| Evidence { lead, explained })).collect();
        let weight_of_prior = WEIGHT_OF_COMMON / prior.len() as f32;
        let seen = observed.iter().map(|(evidence, right, weight)| Observation {
            evidence: *evidence,
            target: f32::from(*right),
            weight: *weight,
        });
        let common = prior.into_iter().map(|evidence| Observation {
            evidence,
            target: COMMON.probability(evidence),
            weight: weight_of_prior,
        });
        let observations: Vec<Observation> = seen.chain(common).collect();

        let mut curve = COMMON;
        let mut loss = curve.loss(&observations);
        for _ in 0..ROUNDS {
            let [intercept, slope, explained] = curve.newton_step(&observations);
            // A full step overshoots where the curve is steep.
            let shorter = [1.0, 0.5, 0.25, 0.1, 0.02].map(|length| Self {
                intercept: curve.intercept + length * intercept,
                slope: curve.slope + length * slope,
                explained: curve.explained + length * explained,
            });
            let better = shorter.into_iter().map(|next| (next.loss(&observations), next)).find(|next| next.0 < loss);
            let Some((next_loss, next)) = better else { break };
            (loss, curve) = (next_loss, next);
        }
        // Leads that say the contrary mean that there was nothing to learn from.
        if curve.slope > 0.0 { curve } else { COMMON }
    }

    fn loss(&self, observations: &[Observation]) -> f64 {
        let each = observations.iter().map(|one| {
            let probability = f64::from(self.probability(one.evidence)).clamp(1e-9, 1.0 - 1e-9);
            let target = f64::from(one.target);
            -f64::from(one.weight) * (target * probability.ln() + (1.0 - target) * (1.0 - probability).ln())
        });
        each.sum()
    }

    fn newton_step(&self, observations: &[Observation]) -> [f32; 3] {
        // The curvature, with the gradient as its last column.
        let mut rows = [[0.0_f64; 4]; 3];
        for one in observations {
            let probability = f64::from(self.probability(one.evidence));
            let terms = [1.0, f64::from(one.evidence.lead), f64::from(one.evidence.explained)];
            let error = f64::from(one.weight) * (f64::from(one.target) - probability);
            let spread = f64::from(one.weight) * probability * (1.0 - probability);
            for (row, term) in rows.iter_mut().zip(terms) {
                for (cell, other) in row.iter_mut().zip(terms) {
                    *cell += spread * term * other;
                }
                row[3] += error * term;
            }
        }
        for (at, row) in rows.iter_mut().enumerate() {
            row[at] += 1e-6;
        }
        solved(rows).map(|number| number as f32)
    }

    /// Probability that a first entry with this evidence is right.
    pub(crate) fn probability(&self, evidence: Evidence) -> f32 {
        let logit = self.intercept + self.slope * evidence.lead + self.explained * evidence.explained;
        1.0 / (1.0 + (-logit).exp())
    }
}

/// Three equations, the right side last. Their matrix is positive, thus no pivot vanishes.
fn solved(mut rows: [[f64; 4]; 3]) -> [f64; 3] {
    for at in 0..3 {
        let pivot = rows[at].map(|cell| cell / rows[at][at]);
        rows[at] = pivot;
        for (number, row) in rows.iter_mut().enumerate() {
            if number != at {
                let factor = row[at];
                row.iter_mut().zip(pivot).for_each(|(cell, above)| *cell -= factor * above);
            }
        }
    }
    rows.map(|row| row[3])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(lead: f32, explained: f32) -> Evidence {
        Evidence { lead, explained }
    }

    #[test]
    fn the_curve_follows_what_was_observed() {
        // Leads from 0 to 1; right from 0.3 on.
        let observed: Vec<(Evidence, bool, f32)> =
            (0..1000).map(|at| at as f32 / 1000.0).map(|lead| (evidence(lead, 1.0), lead > 0.3, 1.0)).collect();
        let curve = Calibration::fit(&observed);
        let probability = |lead| curve.probability(evidence(lead, 1.0));
        assert!(probability(0.1) < 0.1 && probability(0.5) > 0.9, "{curve:?}");
        assert!((probability(0.3) - 0.5).abs() < 0.1, "{curve:?}");
    }

    #[test]
    fn what_leaves_words_unexplained_is_less_sure() {
        let observed: Vec<(Evidence, bool, f32)> = (0..1000)
            .map(|at| (at as f32 / 1000.0, at % 2 == 0))
            .map(|(lead, all)| (evidence(lead, if all { 1.0 } else { 0.5 }), lead > if all { 0.2 } else { 0.6 }, 1.0))
            .collect();
        let curve = Calibration::fit(&observed);
        assert!(curve.probability(evidence(0.4, 1.0)) > 0.8, "{curve:?}");
        assert!(curve.probability(evidence(0.4, 0.5)) < 0.2, "{curve:?}");
    }

    #[test]
    fn little_or_nothing_to_learn_from_keeps_the_common_curve() {
        let close = |a: f32, b: f32| (a - b).abs() < 0.05;
        let nothing = Calibration::fit(&[]);
        let absurd = Calibration::fit(&[(evidence(0.5, 1.0), false, 1.0); 2]);
        for lead in [0.0, 0.1, 0.3] {
            let evidence = evidence(lead, 0.8);
            assert!(close(nothing.probability(evidence), COMMON.probability(evidence)), "{nothing:?}");
            assert!(absurd.probability(evidence).is_finite());
        }
    }

    #[test]
    fn three_equations_are_solved() {
        let found = solved([[4.0, 1.0, 0.0, 6.0], [1.0, 3.0, 1.0, 10.0], [0.0, 1.0, 2.0, 8.0]]);
        for (found, expected) in found.into_iter().zip([1.0, 2.0, 3.0]) {
            assert!((found - expected).abs() < 1e-9, "{found}");
        }
    }
}
