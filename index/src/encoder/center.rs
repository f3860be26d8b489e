//! Takes out of vectors what all of them share.
//!
//! Vectors of questions point into one part of space: "a question, in French, polite" is most of what they say. Taking
//! out the mean and the strongest direction of some fixed set of questions leaves the subject. (Mu, Bhat, Viswanath,
//! "All-but-the-Top", 2018.)

use crate::products::dot;

/// The mean and the strongest directions of a set of vectors.
#[derive(Debug, Clone, PartialEq)]
pub struct Centering {
    mean: Vec<f32>,
    directions: Vec<Vec<f32>>,
}

/// Rounds of the power iteration. The first direction is clear after ten; a fixed number gives the same bits everywhere.
const ROUNDS: usize = 30;

impl Centering {
    /// Learns from `vectors`, all of one dimension: their mean, and then as many of their strongest directions as
    /// `directions` says (1 for [`UseEncoder`](super::UseEncoder)). Nothing is taken out when there are no vectors.
    pub fn fit<V: AsRef<[f32]>>(vectors: &[V], directions: usize) -> Self {
        let Some(first) = vectors.first() else { return Self { mean: Vec::new(), directions: Vec::new() } };
        let mut mean = vec![0.0; first.as_ref().len()];
        for vector in vectors {
            add(&mut mean, vector.as_ref(), 1.0);
        }
        mean.iter_mut().for_each(|value| *value /= vectors.len() as f32);
        let mut rests: Vec<Vec<f32>> = vectors.iter().map(|vector| vector.as_ref().to_vec()).collect();
        for rest in &mut rests {
            add(rest, &mean, -1.0);
        }
        let mut found = Vec::new();
        while found.len() < directions {
            let Some(direction) = strongest_direction(&rests) else { break };
            for rest in &mut rests {
                take_out(rest, &direction);
            }
            found.push(direction);
        }
        Self { mean, directions: found }
    }

    /// All its numbers in one row: the mean, then each direction. [`from_numbers`](Self::from_numbers) reads them.
    pub(crate) fn numbers(&self) -> Vec<f32> {
        self.mean.iter().chain(self.directions.iter().flatten()).copied().collect()
    }

    /// What [`numbers`](Self::numbers) gave, for vectors of `dimension`.
    pub(crate) fn from_numbers(numbers: &[f32], dimension: usize) -> Self {
        let mut rows = numbers.chunks(dimension.max(1)).map(<[f32]>::to_vec);
        Self { mean: rows.next().unwrap_or_default(), directions: rows.collect() }
    }

    /// Takes mean and directions out of `vector` and gives it length one again. Zeros stay zeros: nothing was read.
    pub fn apply(&self, vector: &mut [f32]) {
        if vector.iter().all(|value| *value == 0.0) {
            return;
        }
        add(vector, &self.mean, -1.0);
        for direction in &self.directions {
            take_out(vector, direction);
        }
        scale_to_one(vector);
    }
}

/// Power iteration, from the rest that is longest. None when nothing is left.
fn strongest_direction(rests: &[Vec<f32>]) -> Option<Vec<f32>> {
    let longest = rests.iter().max_by(|one, other| dot(one, one).total_cmp(&dot(other, other)))?;
    let mut direction = longest.clone();
    for _ in 0..ROUNDS {
        if !scale_to_one(&mut direction) {
            return None;
        }
        let mut next = vec![0.0; direction.len()];
        for rest in rests {
            add(&mut next, rest, dot(rest, &direction));
        }
        direction = next;
    }
    scale_to_one(&mut direction).then_some(direction)
}

fn take_out(vector: &mut [f32], direction: &[f32]) {
    let share = dot(vector, direction);
    add(vector, direction, -share);
}

/// Length one; false when there is no length to speak of.
fn scale_to_one(vector: &mut [f32]) -> bool {
    const NOTHING: f32 = 1e-6;
    let length = dot(vector, vector).sqrt();
    if length < NOTHING {
        return false;
    }
    vector.iter_mut().for_each(|value| *value /= length);
    true
}

fn add(to: &mut [f32], values: &[f32], factor: f32) {
    to.iter_mut().zip(values).for_each(|(to, value)| *to += factor * value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_all_vectors_share_is_taken_out() {
        // They share the third number, and spread most along the first.
        let vectors = [[3.0, 0.1, 5.0], [-3.0, 0.1, 5.0], [2.0, -0.1, 5.0], [-2.0, -0.1, 5.0]];
        let centering = Centering::fit(&vectors, 1);
        let mut vector = [2.5, 0.1, 5.0];
        centering.apply(&mut vector);
        assert!(vector[0].abs() < 0.1 && (vector[1] - 1.0).abs() < 0.01 && vector[2].abs() < 0.01, "{vector:?}");
    }

    #[test]
    fn there_are_no_more_directions_than_the_vectors_span() {
        let centering = Centering::fit(&[[1.0, 0.0], [0.0, 1.0]], 5);
        assert_eq!(centering.directions.len(), 1);
    }

    #[test]
    fn without_vectors_only_the_length_changes() {
        let nothing: [Vec<f32>; 0] = [];
        let centering = Centering::fit(&nothing, 1);
        let mut vector = [3.0, 4.0];
        centering.apply(&mut vector);
        assert_eq!(vector, [0.6, 0.8]);
    }

    #[test]
    fn zeros_stay_zeros() {
        let centering = Centering::fit(&[[1.0, 0.0], [0.0, 1.0]], 0);
        let mut vector = [0.0, 0.0];
        centering.apply(&mut vector);
        assert_eq!(vector, [0.0, 0.0]);
    }
}
