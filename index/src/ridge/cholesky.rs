//! `A = L Lᵀ`: the factor of a positive matrix, and what is solved with it. On all cores.
//!
//! Row by row, in blocks: the rows of a block need the rows above, which are finished, thus they are shared out among
//! threads; what a block owes to itself comes last. Sums are made piece by piece, so that what they read stays in the
//! cache of a core. Every sum has one order whatever the number of threads.

use super::triangle::{Triangle, row_of, start_of};
use crate::products::{Panel, dot};
use crate::threads;

/// Rows that are worked on at once, and columns that are finished at once.
const BLOCK: usize = 128;
/// Numbers of a row that a sum takes at once.
const PIECE: usize = 256;

/// The matrix has no factor: two formulations contradict each other by more than rounding explains.
#[derive(Debug, thiserror::Error)]
#[error("the kernel of the classifier is not positive at row {0}")]
pub(crate) struct NotPositive(usize);

/// The lower triangle `L`.
#[derive(Debug)]
pub(super) struct Factor(Triangle);

/// The factor of `matrix`.
pub(super) fn factor(mut matrix: Triangle) -> Result<Factor, NotPositive> {
    let size = matrix.size;
    for start in (0..size).step_by(BLOCK) {
        let end = (start + BLOCK).min(size);
        let (done, rest) = matrix.values.split_at_mut(start_of(start));
        let done = &*done;
        let mut rows = rows_of(rest, start..end);
        std::thread::scope(|scope| {
            for share in rows.chunks_mut(share_of(end - start)) {
                scope.spawn(|| divide(done, share, 0, start));
            }
        });
        finish_block(&mut rows, start)?;
    }
    Ok(Factor(matrix))
}

/// `rows` of a triangle, whose first one `values` starts with.
fn rows_of(mut values: &mut [f32], rows: std::ops::Range<usize>) -> Vec<&mut [f32]> {
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let (own, later) = values.split_at_mut(row + 1);
        found.push(own);
        values = later;
    }
    found
}

/// The columns of a block's rows from `start` on, which depend on its rows alone; the columns before are finished.
fn finish_block(rows: &mut [&mut [f32]], start: usize) -> Result<(), NotPositive> {
    let mut panel = Panel::default();
    for piece in (0..start).step_by(PIECE) {
        let piece = piece..(piece + PIECE).min(start);
        panel.fill(rows.iter().map(|row| row[piece.clone()].iter().copied()), piece.len());
        // The panel holds copies: the rows may change at once. Some sums of a row are of no use: rows end at the diagonal.
        panel.multiply(
            rows,
            |row| &row[piece.clone()],
            |row, first, sums| {
                row.iter_mut().skip(start + first).zip(sums).for_each(|(value, sum)| *value -= sum);
            },
        );
    }
    for row in 0..rows.len() {
        let (above, from) = rows.split_at_mut(row);
        let own = &mut from[0][start..];
        for (column, other) in above.iter().enumerate() {
            let other = &other[start..];
            own[column] = (own[column] - dot(&own[..column], &other[..column])) / other[column];
        }
        let left = own[row] - dot(&own[..row], &own[..row]);
        if left <= 0.0 || !left.is_finite() {
            return Err(NotPositive(start + row));
        }
        own[row] = left.sqrt();
    }
    Ok(())
}

/// Solves `x Lᵀ = row` in the place of every one of `rows`, for the columns `from..to`; before `from`, which is a
/// multiple of [`BLOCK`], rows are zero. `factor` holds `to` rows of `L`.
fn divide(factor: &[f32], rows: &mut [&mut [f32]], from: usize, to: usize) {
    let mut panel = Panel::default();
    for start in (from..to).step_by(BLOCK) {
        let end = (start + BLOCK).min(to);
        for piece in (from..start).step_by(PIECE) {
            let piece = piece..(piece + PIECE).min(start);
            let columns = (start..end).map(|column| row_of(factor, column)[piece.clone()].iter().copied());
            panel.fill(columns, piece.len());
            panel.multiply(
                rows,
                |row| &row[piece.clone()],
                |row, first, sums| {
                    row[start + first..].iter_mut().zip(sums).for_each(|(value, sum)| *value -= sum);
                },
            );
        }
        for row in rows.iter_mut() {
            for column in start..end {
                let above = row_of(factor, column);
                row[column] = (row[column] - dot(&row[start..column], &above[start..column])) / above[column];
            }
        }
    }
}

impl Factor {
    /// Puts the solution of `A x = row` in the place of every one of `rows`.
    pub(super) fn solve(&self, rows: &mut [Vec<f32>]) {
        let share = share_of(rows.len());
        std::thread::scope(|scope| {
            for rows in rows.chunks_mut(share) {
                scope.spawn(|| {
                    let mut rows: Vec<&mut [f32]> = rows.iter_mut().map(Vec::as_mut_slice).collect();
                    divide(&self.0.values, &mut rows, 0, self.0.size);
                    self.divide_back(&mut rows);
                });
            }
        });
    }

    /// Solves `x L = row` in the place of every one of `rows`, from the last column to the first.
    fn divide_back(&self, rows: &mut [&mut [f32]]) {
        let size = self.0.size;
        for start in (0..size).step_by(BLOCK).rev() {
            let end = (start + BLOCK).min(size);
            for row in rows.iter_mut() {
                for column in (start..end).rev() {
                    let below = self.0.row(column);
                    row[column] /= below[column];
                    let (earlier, own) = row[start..=column].split_at_mut(column - start);
                    subtract(earlier, &below[start..column], own[0]);
                }
            }
            for piece in (0..start).step_by(PIECE) {
                let piece = piece..(piece + PIECE).min(start);
                for row in rows.iter_mut() {
                    let (earlier, own) = row.split_at_mut(start);
                    for (number, factor) in own[..end - start].iter().enumerate() {
                        subtract(&mut earlier[piece.clone()], &self.0.row(start + number)[piece.clone()], *factor);
                    }
                }
            }
        }
    }

    /// By group of numbers, which ascend: what of `A⁻¹` is in their rows and columns, row after row.
    pub(super) fn of_inverse(&self, groups: &[Vec<usize>]) -> Vec<Vec<f32>> {
        // Neighbours are worked on together, and every thread gets some of all: the first ones take longest.
        let mut batches: Vec<&[Vec<usize>]> = Vec::new();
        let mut rest = groups;
        while !rest.is_empty() {
            let mut count = 0;
            let fits = rest.iter().take_while(|group| {
                count += group.len();
                count <= BLOCK
            });
            let (batch, later) = rest.split_at(fits.count().max(1));
            batches.push(batch);
            rest = later;
        }
        let threads = threads::count();
        let batches = &batches;
        let found: Vec<Vec<Vec<Vec<f32>>>> = std::thread::scope(|scope| {
            let of_thread =
                |thread: usize| batches.iter().skip(thread).step_by(threads).map(|batch| self.of_batch(batch));
            let shares: Vec<_> = (0..threads).map(|thread| scope.spawn(move || of_thread(thread).collect())).collect();
            shares.into_iter().map(|share| share.join().expect("sums do not panic")).collect()
        });
        let mut shares: Vec<_> = found.into_iter().map(Vec::into_iter).collect();
        (0..batches.len()).flat_map(|at| shares[at % threads].next().unwrap_or_default()).collect()
    }

    fn of_batch(&self, groups: &[Vec<usize>]) -> Vec<Vec<f32>> {
        let size = self.0.size;
        let first = groups.iter().flatten().min().map_or(0, |first| first / BLOCK * BLOCK);
        let mut units: Vec<Vec<f32>> = groups
            .iter()
            .flatten()
            .map(|number| {
                let mut unit = vec![0.0; size];
                unit[*number] = 1.0;
                unit
            })
            .collect();
        let mut rows: Vec<&mut [f32]> = units.iter_mut().map(Vec::as_mut_slice).collect();
        divide(&self.0.values, &mut rows, first, size);
        let mut units = &units[..];
        let mut found = Vec::with_capacity(groups.len());
        for group in groups {
            let (own, later) = units.split_at(group.len());
            units = later;
            let products = own.iter().flat_map(|one| own.iter().map(|other| dot(&one[first..], &other[first..])));
            found.push(products.collect());
        }
        found
    }
}

fn subtract(from: &mut [f32], what: &[f32], times: f32) {
    from.iter_mut().zip(what).for_each(|(from, what)| *from -= what * times);
}

/// How many rows each thread gets, a multiple of what is computed at once.
fn share_of(rows: usize) -> usize {
    const AT_ONCE: usize = 4;
    rows.div_ceil(threads::count()).next_multiple_of(AT_ONCE).max(AT_ONCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A positive matrix that fills more than two blocks.
    fn matrix(size: usize) -> Triangle {
        let value = |a: usize, b: usize| (-(a.abs_diff(b) as f32) / 20.0).exp() + if a == b { 0.2 } else { 0.0 };
        Triangle::filled(size, |first, rows| {
            for (a, row) in rows.iter_mut().enumerate() {
                row.iter_mut().enumerate().for_each(|(b, place)| *place = value(first + a, b));
            }
        })
    }

    fn at(matrix: &Triangle, row: usize, column: usize) -> f32 {
        matrix.row(row.max(column))[row.min(column)]
    }

    #[test]
    fn what_is_solved_gives_the_right_side_back() {
        for size in [1, 5, 64, 150, 300] {
            let right: Vec<Vec<f32>> =
                (0..7).map(|seed| (0..size).map(|at| ((at + seed) % 3) as f32).collect()).collect();
            let mut solutions = right.clone();
            factor(matrix(size)).expect("positive").solve(&mut solutions);
            let matrix = matrix(size);
            for (solution, right) in solutions.iter().zip(&right) {
                for (row, expected) in right.iter().enumerate() {
                    let product: f32 = (0..size).map(|other| at(&matrix, row, other) * solution[other]).sum();
                    assert!((product - expected).abs() < 2e-3, "{product} and {expected} of {size}");
                }
            }
        }
    }

    #[test]
    fn parts_of_the_inverse_are_those_of_solved_unit_vectors() {
        let size = 300;
        let factor = factor(matrix(size)).expect("positive");
        let groups: Vec<Vec<usize>> = vec![vec![0], vec![3, 4, 290], vec![170, 171], vec![299]];
        for (group, found) in groups.iter().zip(factor.of_inverse(&groups)) {
            for (row, number) in group.iter().enumerate() {
                let mut unit = vec![vec![0.0; size]];
                unit[0][*number] = 1.0;
                factor.solve(&mut unit);
                for (column, other) in group.iter().enumerate() {
                    let found = found[row * group.len() + column];
                    assert!((unit[0][*other] - found).abs() < 1e-3, "{} and {found}", unit[0][*other]);
                }
            }
        }
    }

    #[test]
    fn a_matrix_that_is_not_positive_is_refused() {
        let matrix = Triangle { size: 2, values: vec![1.0, 2.0, 1.0] };
        assert!(factor(matrix).is_err());
    }
}
