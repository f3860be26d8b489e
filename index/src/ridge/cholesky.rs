//! `A = L Lᵀ`: the factor of a positive matrix, and what is solved with it. On all cores.
//!
//! Row by row, in blocks: the rows of a block need the rows above, which are finished, thus they are shared out among
//! threads; what a block owes to itself comes last. Every sum has one order whatever the number of threads.

use super::matrix::Matrix;
use crate::products::{dot, dot4};
use crate::threads;

/// Rows that are worked on at once: they stay in the cache of a core while the rows above stream past.
const BLOCK: usize = 64;

/// The matrix has no factor: two formulations contradict each other by more than rounding explains.
#[derive(Debug, thiserror::Error)]
#[error("the kernel of the classifier is not positive at row {0}")]
pub(crate) struct NotPositive(usize);

/// The lower triangle `L`; what is above it is rubbish.
#[derive(Debug)]
pub(super) struct Factor(Matrix);

/// The factor of `matrix`, of which only the lower triangle is read.
pub(super) fn factor(mut matrix: Matrix) -> Result<Factor, NotPositive> {
    let size = matrix.size;
    for start in (0..size).step_by(BLOCK) {
        let end = (start + BLOCK).min(size);
        let (done, rest) = matrix.values.split_at_mut(start * size);
        let block = &mut rest[..(end - start) * size];
        std::thread::scope(|scope| {
            for share in block.chunks_mut(rows_per_thread(end - start) * size) {
                scope.spawn(|| eliminate(done, share, size, start));
            }
        });
        for row in start..end {
            let (above, from) = rest.split_at_mut((row - start) * size);
            let own = &mut from[..size];
            for column in start..row {
                let other = &above[(column - start) * size..(column - start + 1) * size];
                own[column] = (own[column] - dot(&own[..column], &other[..column])) / other[column];
            }
            let left = own[row] - dot(&own[..row], &own[..row]);
            if left <= 0.0 || !left.is_finite() {
                return Err(NotPositive(row));
            }
            own[row] = left.sqrt();
        }
    }
    Ok(Factor(matrix))
}

/// The first `done` columns of the rows in `share`.
fn eliminate(done: &[f32], share: &mut [f32], size: usize, columns: usize) {
    let mut rows: Vec<&mut [f32]> = share.chunks_mut(size).collect();
    for column in 0..columns {
        let above = &done[column * size..column * size + column + 1];
        let (pivot, above) = (above[column], &above[..column]);
        for four in rows.chunks_mut(4) {
            if let [a, b, c, d] = four {
                let sums = dot4(above, [&a[..column], &b[..column], &c[..column], &d[..column]]);
                for (row, sum) in [a, b, c, d].into_iter().zip(sums) {
                    row[column] = (row[column] - sum) / pivot;
                }
                continue;
            }
            for row in four {
                row[column] = (row[column] - dot(above, &row[..column])) / pivot;
            }
        }
    }
}

impl Factor {
    /// Puts the solution of `A X = right` in the place of `right`, which has `columns` columns.
    pub(super) fn solve(&self, right: &mut [f32], columns: usize) {
        if columns == 0 {
            return;
        }
        let size = self.0.size;
        for row in 0..size {
            let (above, own) = right.split_at_mut(row * columns);
            let own = &mut own[..columns];
            for (factor, other) in self.0.row(row)[..row].iter().zip(above.chunks_exact(columns)) {
                subtract(own, other, *factor);
            }
            let pivot = self.0.row(row)[row];
            own.iter_mut().for_each(|value| *value /= pivot);
        }
        for row in (0..size).rev() {
            let (above, own) = right.split_at_mut(row * columns);
            let own = &mut own[..columns];
            let pivot = self.0.row(row)[row];
            own.iter_mut().for_each(|value| *value /= pivot);
            for (factor, other) in self.0.row(row)[..row].iter().zip(above.chunks_exact_mut(columns)) {
                subtract(other, own, *factor);
            }
        }
    }

    /// `(A⁻¹)ᵢᵢ` for each `i` of `asked`, which ascends.
    pub(super) fn diagonal_of_inverse(&self, asked: &[usize]) -> Vec<f32> {
        let mut diagonal = vec![0.0; asked.len()];
        let share = rows_per_thread(asked.len());
        std::thread::scope(|scope| {
            for (out, asked) in diagonal.chunks_mut(share).zip(asked.chunks(share)) {
                scope.spawn(move || {
                    for (out, four) in out.chunks_mut(4).zip(asked.chunks(4)) {
                        out.copy_from_slice(&self.squares_of_inverse(four)[..four.len()]);
                    }
                });
            }
        });
        diagonal
    }

    /// Sums of squares of up to four columns of `L⁻¹`.
    fn squares_of_inverse(&self, four: &[usize]) -> [f32; 4] {
        let size = self.0.size;
        let start = four[0];
        let mut columns: [Vec<f32>; 4] = std::array::from_fn(|_| Vec::with_capacity(size - start));
        for row in start..size {
            let factor = self.0.row(row);
            let sums = dot4(&factor[start..row], [&columns[0], &columns[1], &columns[2], &columns[3]]);
            for (at, column) in columns.iter_mut().enumerate() {
                let unit = if four.get(at) == Some(&row) { 1.0 } else { 0.0 };
                column.push((unit - sums[at]) / factor[row]);
            }
        }
        columns.map(|column| dot(&column, &column))
    }
}

fn subtract(from: &mut [f32], what: &[f32], times: f32) {
    from.iter_mut().zip(what).for_each(|(from, what)| *from -= what * times);
}

/// A multiple of four, so that the grouping, and thus the last bit, does not depend on the number of threads.
fn rows_per_thread(rows: usize) -> usize {
    rows.div_ceil(threads::count()).next_multiple_of(4).max(4)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A positive matrix that fills more than two blocks.
    fn matrix(size: usize) -> Matrix {
        let value = |a: usize, b: usize| (-(a.abs_diff(b) as f32) / 20.0).exp() + if a == b { 0.2 } else { 0.0 };
        Matrix::from_rows((0..size).map(|a| (0..size).map(|b| value(a, b)).collect()).collect())
    }

    #[test]
    fn what_is_solved_gives_the_right_side_back() {
        for size in [1, 5, 64, 150] {
            let right: Vec<f32> = (0..size * 2).map(|at| (at % 3) as f32).collect();
            let mut solution = right.clone();
            factor(matrix(size)).expect("positive").solve(&mut solution, 2);
            let matrix = matrix(size);
            for row in 0..size {
                for column in 0..2 {
                    let product: f32 = (0..size).map(|at| matrix.row(row)[at] * solution[at * 2 + column]).sum();
                    assert!((product - right[row * 2 + column]).abs() < 1e-3, "{product}");
                }
            }
        }
    }

    #[test]
    fn the_diagonal_of_the_inverse_is_that_of_solved_unit_vectors() {
        let size = 70;
        let factor = factor(matrix(size)).expect("positive");
        let asked: Vec<usize> = (0..size).step_by(3).collect();
        for (at, found) in asked.iter().zip(factor.diagonal_of_inverse(&asked)) {
            let mut unit = vec![0.0; size];
            unit[*at] = 1.0;
            factor.solve(&mut unit, 1);
            assert!((unit[*at] - found).abs() < 1e-3, "{} and {found}", unit[*at]);
        }
    }

    #[test]
    fn a_matrix_that_is_not_positive_is_refused() {
        assert!(factor(Matrix::from_rows(vec![vec![1.0, 2.0], vec![2.0, 1.0]])).is_err());
    }
}
