//! Logistic curves over a few terms, fitted on weighted observations.

/// Terms, how surely they mean yes, and how much that counts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Observation<const N: usize> {
    /// The first one is 1.
    pub(crate) terms: [f32; N],
    /// 0 or 1, or between.
    pub(crate) target: f32,
    /// Its weight.
    pub(crate) weight: f32,
}

/// How much each weight is drawn to the common one: what a few observations say moves little, a thousand decide.
const PULL: f64 = 0.3;
/// Newton's method has converged long before.
const ROUNDS: usize = 25;

/// Probability at `terms` by `weights`.
pub(crate) fn probability<const N: usize>(weights: &[f32; N], terms: &[f32; N]) -> f32 {
    let logit: f32 = weights.iter().zip(terms).map(|(weight, term)| weight * term).sum();
    1.0 / (1.0 + (-logit).exp())
}

/// The weights that explain `observed` best, starting from `common`, which they are drawn to.
pub(crate) fn fit<const N: usize>(observed: &[Observation<N>], common: [f32; N]) -> [f32; N] {
    let mut curve = common;
    let mut least = loss(&curve, observed, &common);
    for _ in 0..ROUNDS {
        let step = newton_step(&curve, observed, &common);
        // A full step overshoots where the curve is steep.
        let shorter = [1.0, 0.5, 0.25, 0.1, 0.02].map(|length| {
            let mut next = curve;
            next.iter_mut().zip(step).for_each(|(weight, step)| *weight += length * step);
            next
        });
        let better = shorter.into_iter().map(|next| (loss(&next, observed, &common), next)).find(|next| next.0 < least);
        let Some((loss, next)) = better else { break };
        (least, curve) = (loss, next);
    }
    curve
}

fn loss<const N: usize>(curve: &[f32; N], observed: &[Observation<N>], common: &[f32; N]) -> f64 {
    let each = observed.iter().map(|one| {
        let probability = f64::from(probability(curve, &one.terms)).clamp(1e-9, 1.0 - 1e-9);
        let target = f64::from(one.target);
        -f64::from(one.weight) * (target * probability.ln() + (1.0 - target) * (1.0 - probability).ln())
    });
    let pulled = curve.iter().zip(common).map(|(weight, common)| f64::from(weight - common).powi(2));
    each.sum::<f64>() + pulled.sum::<f64>() * PULL / 2.0
}

fn newton_step<const N: usize>(curve: &[f32; N], observed: &[Observation<N>], common: &[f32; N]) -> [f32; N] {
    let mut curvature = [[0.0_f64; N]; N];
    let mut gradient = [0.0_f64; N];
    for one in observed {
        let probability = f64::from(probability(curve, &one.terms));
        let error = f64::from(one.weight) * (f64::from(one.target) - probability);
        let spread = f64::from(one.weight) * probability * (1.0 - probability);
        for (at, term) in one.terms.iter().map(|term| f64::from(*term)).enumerate() {
            for (cell, other) in curvature[at].iter_mut().zip(one.terms) {
                *cell += spread * term * f64::from(other);
            }
            gradient[at] += error * term;
        }
    }
    for (at, row) in curvature.iter_mut().enumerate() {
        row[at] += PULL;
        gradient[at] += PULL * f64::from(common[at] - curve[at]);
    }
    solved(curvature, gradient).map(|number| number as f32)
}

/// `N` equations. Their matrix is positive, thus no pivot vanishes.
fn solved<const N: usize>(mut matrix: [[f64; N]; N], mut right: [f64; N]) -> [f64; N] {
    for at in 0..N {
        let pivot = matrix[at][at];
        let (own, own_right) = (matrix[at].map(|cell| cell / pivot), right[at] / pivot);
        (matrix[at], right[at]) = (own, own_right);
        for other in (0..N).filter(|other| *other != at) {
            let factor = matrix[other][at];
            matrix[other].iter_mut().zip(own).for_each(|(cell, above)| *cell -= factor * above);
            right[other] -= factor * own_right;
        }
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_follows_what_was_observed() {
        let observed: Vec<Observation<2>> = (0..1000)
            .map(|at| at as f32 / 1000.0)
            .map(|lead| Observation { terms: [1.0, lead], target: if lead > 0.3 { 1.0 } else { 0.0 }, weight: 1.0 })
            .collect();
        let curve = fit(&observed, [-1.0, 8.0]);
        let at = |lead| probability(&curve, &[1.0, lead]);
        assert!(at(0.1) < 0.1 && at(0.5) > 0.9 && (at(0.3) - 0.5).abs() < 0.1, "{curve:?}");
    }

    #[test]
    fn little_or_nothing_to_learn_from_keeps_the_common_curve() {
        let common = [-1.0, 8.0];
        assert_eq!(fit(&[], common), common);
        let absurd = [Observation { terms: [1.0, 0.5], target: 0.0, weight: 1.0 }; 2];
        let found = fit(&absurd, common);
        assert!(found[1] > 4.0 && found.iter().all(|weight| weight.is_finite()), "{found:?}");
    }

    #[test]
    fn equations_are_solved() {
        let found = solved([[4.0, 1.0, 0.0], [1.0, 3.0, 1.0], [0.0, 1.0, 2.0]], [6.0, 10.0, 8.0]);
        for (found, expected) in found.into_iter().zip([1.0, 2.0, 3.0]) {
            assert!((found - expected).abs() < 1e-9, "{found}");
        }
    }
}
