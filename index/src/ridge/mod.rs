//! A classifier over a kernel: which class a question belongs to, learned from all formulations at once.
//!
//! Kernel ridge regression. Every formulation is an example of its class; the score of a class for a question is a sum
//! of the likeness of the question to every formulation times a weight. The weights solve `(K + λI) W = Y`, where `K`
//! holds the likeness of formulations among themselves and `Y` is 1 at the class of each, else 0. Two properties made us
//! choose it over a support vector machine or gradient descent: the solution is exact, thus the same everywhere, and
//! what it would have said of a formulation *without having seen it* comes for free
//! (`y − w / diag((K + λI)⁻¹)`), which is what confidence is calibrated on.

mod cholesky;
mod matrix;

pub(crate) use cholesky::NotPositive;
pub(crate) use matrix::Matrix;

/// λ: how much a formulation may be contradicted by its neighbours. From 0.1 to 1 the held-out figures hardly move.
const RIDGE: f32 = 0.2;
/// Formulations that are put to the classifier which has not seen them, at most; spread evenly.
const MAX_HELD_OUT: usize = 2_500;

/// The weights.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ridge {
    classes: usize,
    /// Formulations × classes.
    weights: Vec<f32>,
}

/// What the classifier says of one formulation that it has not seen.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct HeldOut {
    /// Which formulation.
    pub(crate) formulation: usize,
    /// By class.
    pub(crate) scores: Vec<f32>,
}

impl Ridge {
    /// Solves for the weights. `kernel` is square, symmetric and positive; `class_of` has one class per row.
    pub(crate) fn train(
        mut kernel: Matrix,
        class_of: &[usize],
        classes: usize,
    ) -> Result<(Self, Vec<HeldOut>), NotPositive> {
        let count = class_of.len();
        kernel.add_to_diagonal(RIDGE);
        let factor = cholesky::factor(kernel)?;
        let mut weights = vec![0.0; count * classes];
        for (row, class) in class_of.iter().enumerate() {
            weights[row * classes + class] = 1.0;
        }
        factor.solve(&mut weights, classes);

        let step = count.div_ceil(MAX_HELD_OUT).max(1);
        let asked: Vec<usize> = (0..count).step_by(step).collect();
        let diagonal = factor.diagonal_of_inverse(&asked);
        let held_out = asked.into_iter().zip(diagonal).map(|(row, inverse)| {
            let of_row = &weights[row * classes..(row + 1) * classes];
            let truth = |class| if class == class_of[row] { 1.0 } else { 0.0 };
            let scores = of_row.iter().enumerate().map(|(class, weight)| truth(class) - weight / inverse).collect();
            HeldOut { formulation: row, scores }
        });
        let held_out = held_out.collect();
        Ok((Self { classes, weights }, held_out))
    }

    /// Weights that were stored; `None` when they are not as many as formulations times classes.
    pub(crate) fn from_weights(weights: Vec<f32>, formulations: usize, classes: usize) -> Option<Self> {
        (weights.len() == formulations * classes).then_some(Self { classes, weights })
    }

    /// The weights, to be stored.
    pub(crate) fn weights(&self) -> &[f32] {
        &self.weights
    }

    /// By class, its score for a question with these likenesses to the formulations.
    pub(crate) fn scores(&self, likenesses: &[f32]) -> Vec<f32> {
        let mut scores = vec![0.0; self.classes];
        for (likeness, weights) in likenesses.iter().zip(self.weights.chunks_exact(self.classes.max(1))) {
            for (score, weight) in scores.iter_mut().zip(weights) {
                *score += likeness * weight;
            }
        }
        scores
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Six points on a line, three classes; likeness falls with distance.
    fn points() -> (Vec<f32>, Vec<usize>) {
        (vec![0.0, 0.3, 2.0, 2.4, 5.0, 5.2], vec![0, 0, 1, 1, 2, 2])
    }

    fn likeness(a: f32, b: f32) -> f32 {
        (-(a - b) * (a - b)).exp()
    }

    fn train(points: &[f32], classes: &[usize]) -> (Ridge, Vec<HeldOut>) {
        let kernel =
            Matrix::from_rows(points.iter().map(|a| points.iter().map(|b| likeness(*a, *b)).collect()).collect());
        Ridge::train(kernel, classes, 3).expect("the kernel is positive")
    }

    fn best(scores: &[f32]) -> usize {
        (0..scores.len()).max_by(|a, b| scores[*a].total_cmp(&scores[*b])).expect("there are classes")
    }

    #[test]
    fn a_new_point_gets_the_class_of_its_neighbours() {
        let (points, classes) = points();
        let (ridge, _) = train(&points, &classes);
        for (at, expected) in [(0.1, 0), (2.2, 1), (5.5, 2)] {
            let likenesses: Vec<f32> = points.iter().map(|point| likeness(at, *point)).collect();
            assert_eq!(best(&ridge.scores(&likenesses)), expected, "at {at}");
        }
    }

    #[test]
    fn held_out_scores_are_those_of_a_classifier_without_the_formulation() {
        let (points, classes) = points();
        let (_, held_out) = train(&points, &classes);
        for out in held_out {
            let mut others = points.clone();
            let mut classes = classes.clone();
            let point = others.remove(out.formulation);
            classes.remove(out.formulation);
            let (ridge, _) = train(&others, &classes);
            let likenesses: Vec<f32> = others.iter().map(|other| likeness(point, *other)).collect();
            for (expected, found) in ridge.scores(&likenesses).iter().zip(&out.scores) {
                assert!((expected - found).abs() < 1e-4, "{expected} and {found}");
            }
        }
    }

    #[test]
    fn nothing_to_learn_from_gives_nothing() {
        let (ridge, held_out) = Ridge::train(Matrix::from_rows(Vec::new()), &[], 0).expect("nothing is positive");
        assert!(held_out.is_empty() && ridge.scores(&[]).is_empty());
    }
}
