//! A classifier over a kernel: which class a question belongs to, learned from all formulations at once.
//!
//! Kernel ridge regression. Every formulation is an example of its class; the score of a class for a question is a sum
//! of the likeness of the question to every formulation times a weight. The weights solve `(K + λI) W = Y`, where `K`
//! holds the likeness of formulations among themselves and `Y` is 1 at the class of each, else 0. Two properties made us
//! choose it over a support vector machine or gradient descent: the solution is exact, thus the same everywhere, and
//! what it would have said of a formulation *without having seen it* comes for free
//! (`y − w / diag((K + λI)⁻¹)`), which is what confidence is calibrated on. The same holds for a whole group of them: with
//! `G` the rows and columns of `(K + λI)⁻¹` that belong to the group, it is `Y − G⁻¹ W`.

mod cholesky;
mod triangle;

pub(crate) use cholesky::NotPositive;
pub(crate) use triangle::Triangle;

/// λ: how much a formulation may be contradicted by its neighbours. From 0.1 to 1 the held-out figures hardly move.
const RIDGE: f32 = 0.2;
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
    /// By class, when nothing of its group was seen; `None` when it is a group of its own.
    pub(crate) without_group: Option<Vec<f32>>,
}

impl Ridge {
    /// Solves for the weights. `kernel` is positive; `class_of` has one class per row. Every formulation in `groups` is put
    /// to the classifier that has not seen it, and to the one that has seen nothing of its group.
    pub(crate) fn train(
        mut kernel: Triangle,
        class_of: &[usize],
        classes: usize,
        groups: &[Vec<usize>],
    ) -> Result<(Self, Vec<HeldOut>), NotPositive> {
        let count = class_of.len();
        kernel.add_to_diagonal(RIDGE);
        let factor = cholesky::factor(kernel)?;
        let mut by_class = vec![vec![0.0; count]; classes];
        for (row, class) in class_of.iter().enumerate() {
            by_class[*class][row] = 1.0;
        }
        factor.solve(&mut by_class);
        let weights = (0..count).flat_map(|row| by_class.iter().map(move |weights| weights[row])).collect();
        let ridge = Self { classes, weights };

        let mut held_out = Vec::new();
        for (group, inverse) in groups.iter().zip(factor.of_inverse(groups)) {
            held_out.extend(ridge.held_out(group, &inverse, class_of)?);
        }
        Ok((ridge, held_out))
    }

    /// What is said of the formulations of `group`, whose part of the inverse is `inverse`.
    fn held_out(&self, group: &[usize], inverse: &[f32], class_of: &[usize]) -> Result<Vec<HeldOut>, NotPositive> {
        let count = group.len();
        let of_row = |row: usize| &self.weights[row * self.classes..(row + 1) * self.classes];
        let truth = |row: usize, class: usize| if class == class_of[row] { 1.0 } else { 0.0 };
        let mut without_group = Vec::new();
        if count > 1 {
            let part = Triangle::filled(count, |first, rows| {
                for (number, row) in rows.iter_mut().enumerate() {
                    row.copy_from_slice(&inverse[(first + number) * count..][..=first + number]);
                }
            });
            let of_class = |class: usize| group.iter().map(|row| of_row(*row)[class]).collect();
            without_group = (0..self.classes).map(of_class).collect();
            cholesky::factor(part)?.solve(&mut without_group);
        }
        let each = group.iter().enumerate().map(|(at, row)| {
            let own = inverse[at * count + at];
            HeldOut {
                formulation: *row,
                scores: (0..self.classes).map(|class| truth(*row, class) - of_row(*row)[class] / own).collect(),
                without_group: (count > 1).then(|| {
                    without_group.iter().enumerate().map(|(class, all)| truth(*row, class) - all[at]).collect()
                }),
            }
        });
        Ok(each.collect())
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
        let groups: Vec<Vec<usize>> = (0..points.len()).map(|point| vec![point]).collect();
        train_with(points, classes, &groups)
    }

    fn train_with(points: &[f32], classes: &[usize], groups: &[Vec<usize>]) -> (Ridge, Vec<HeldOut>) {
        let kernel = Triangle::filled(points.len(), |first, rows| {
            for (number, row) in rows.iter_mut().enumerate() {
                for (place, other) in row.iter_mut().zip(points) {
                    *place = likeness(points[first + number], *other);
                }
            }
        });
        Ridge::train(kernel, classes, 3, groups).expect("the kernel is positive")
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
    fn without_a_group_the_scores_are_those_of_a_classifier_that_never_saw_it() {
        let (points, classes) = points();
        let (_, held_out) = train_with(&points, &classes, &[vec![2, 3]]);
        let seen = [0, 1, 4, 5];
        let (ridge, _) = train(&seen.map(|at| points[at]), &seen.map(|at| classes[at]));
        assert_eq!(held_out.len(), 2);
        for out in held_out {
            let likenesses: Vec<f32> = seen.iter().map(|at| likeness(points[out.formulation], points[*at])).collect();
            let without_group = out.without_group.expect("it has a group");
            for (expected, found) in ridge.scores(&likenesses).iter().zip(&without_group) {
                assert!((expected - found).abs() < 1e-4, "{expected} and {found}");
            }
        }
    }

    #[test]
    fn nothing_to_learn_from_gives_nothing() {
        let (ridge, held_out) = Ridge::train(Triangle::filled(0, |_, _| {}), &[], 0, &[]).expect("nothing is positive");
        assert!(held_out.is_empty() && ridge.scores(&[]).is_empty());
    }
}
