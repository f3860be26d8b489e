//! From a lead to a probability: how often a first entry with such a lead over all others is the right one.
//!
//! A logistic curve, fitted on formulations that the classifier has not seen ([`crate::ridge::HeldOut`]).

use serde::{Deserialize, Serialize};

/// The curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Calibration {
    /// Logit without a lead.
    pub(crate) intercept: f32,
    /// How much a lead of 1 adds to it.
    pub(crate) slope: f32,
}

/// A lead, and how surely the first entry was right.
struct Observation {
    lead: f32,
    target: f32,
    weight: f32,
}

/// What knowledge bases have in common: fitted on ours. A knowledge base with few formulations keeps it.
const COMMON: Calibration = Calibration { intercept: -1.4, slope: 16.0 };
/// How many observations the common curve counts for.
const WEIGHT_OF_COMMON: f32 = 30.0;
/// Newton's method has converged long before.
const ROUNDS: usize = 25;

impl Calibration {
    /// Fits the curve to leads, each with whether the first entry was right.
    pub(crate) fn fit(observed: &[(f32, bool)]) -> Self {
        // The common curve takes part as observations of its own, spread over the leads that occur.
        let leads = (-2..=6).map(|tenth| tenth as f32 / 10.0);
        let prior: Vec<(f32, f32)> = leads.map(|lead| (lead, COMMON.probability(lead))).collect();
        let weight_of_prior = WEIGHT_OF_COMMON / prior.len() as f32;
        let seen =
            observed.iter().map(|(lead, right)| Observation { lead: *lead, target: f32::from(*right), weight: 1.0 });
        let common = prior.into_iter().map(|(lead, target)| Observation { lead, target, weight: weight_of_prior });
        let observations: Vec<Observation> = seen.chain(common).collect();

        let mut curve = COMMON;
        let mut loss = curve.loss(&observations);
        for _ in 0..ROUNDS {
            let step = curve.newton_step(&observations);
            // A full step overshoots where the curve is steep.
            let shorter = [1.0, 0.5, 0.25, 0.1, 0.02].map(|length| Self {
                intercept: curve.intercept + length * step.intercept,
                slope: curve.slope + length * step.slope,
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
            let probability = f64::from(self.probability(one.lead)).clamp(1e-9, 1.0 - 1e-9);
            let target = f64::from(one.target);
            -f64::from(one.weight) * (target * probability.ln() + (1.0 - target) * (1.0 - probability).ln())
        });
        each.sum()
    }

    fn newton_step(&self, observations: &[Observation]) -> Self {
        let mut gradient = [0.0_f64; 2];
        let mut curvature = [1e-6_f64, 0.0, 1e-6];
        for one in observations {
            let (probability, lead) = (f64::from(self.probability(one.lead)), f64::from(one.lead));
            let error = f64::from(one.weight) * (f64::from(one.target) - probability);
            let spread = f64::from(one.weight) * probability * (1.0 - probability);
            gradient[0] += error;
            gradient[1] += error * lead;
            curvature[0] += spread;
            curvature[1] += spread * lead;
            curvature[2] += spread * lead * lead;
        }
        let determinant = curvature[0] * curvature[2] - curvature[1] * curvature[1];
        Self {
            intercept: ((curvature[2] * gradient[0] - curvature[1] * gradient[1]) / determinant) as f32,
            slope: ((curvature[0] * gradient[1] - curvature[1] * gradient[0]) / determinant) as f32,
        }
    }

    /// Probability that a first entry with this lead is right.
    pub(crate) fn probability(&self, lead: f32) -> f32 {
        1.0 / (1.0 + (-(self.intercept + self.slope * lead)).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_follows_what_was_observed() {
        // Leads from 0 to 1; right from 0.3 on.
        let observed: Vec<(f32, bool)> =
            (0..1000).map(|at| at as f32 / 1000.0).map(|lead| (lead, lead > 0.3)).collect();
        let curve = Calibration::fit(&observed);
        assert!(curve.probability(0.1) < 0.1 && curve.probability(0.5) > 0.9, "{curve:?}");
        assert!((curve.probability(0.3) - 0.5).abs() < 0.1, "{curve:?}");
    }

    #[test]
    fn little_or_nothing_to_learn_from_keeps_the_common_curve() {
        let close = |a: f32, b: f32| (a - b).abs() < 0.05;
        let nothing = Calibration::fit(&[]);
        let absurd = Calibration::fit(&[(0.5, false); 2]);
        for lead in [0.0, 0.1, 0.3] {
            assert!(close(nothing.probability(lead), COMMON.probability(lead)), "{nothing:?}");
            assert!(absurd.probability(lead).is_finite());
        }
    }
}
