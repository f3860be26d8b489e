//! The lower half of symmetric matrices of `f32`, row after row: the upper half would say the same again, and thousands
//! of formulations make hundreds of megabytes.

use crate::threads;

/// Rows that one thread fills at once.
const ROWS_AT_ONCE: usize = 64;

/// The number of a first row, and some rows from it on.
type Block<'a> = (usize, Vec<&'a mut [f32]>);

/// A symmetric or lower triangular matrix.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Triangle {
    pub(super) size: usize,
    pub(super) values: Vec<f32>,
}

impl Triangle {
    /// A matrix of `size` rows. `fill` is given the number of a first row and some rows from it on, the row `r` with `r + 1`
    /// places.
    pub(crate) fn filled(size: usize, fill: impl Fn(usize, &mut [&mut [f32]]) + Sync) -> Self {
        let mut values = vec![0.0; start_of(size)];
        let mut blocks: Vec<Block<'_>> = Vec::new();
        let mut rest = &mut values[..];
        for row in 0..size {
            let (own, later) = rest.split_at_mut(row + 1);
            rest = later;
            match blocks.last_mut() {
                Some((_, rows)) if rows.len() < ROWS_AT_ONCE => rows.push(own),
                _ => blocks.push((row, vec![own])),
            }
        }
        // Later rows are longer: every thread gets some of all.
        let mut shares: Vec<Vec<Block<'_>>> = (0..threads::count()).map(|_| Vec::new()).collect();
        let count = shares.len();
        blocks.into_iter().enumerate().for_each(|(at, block)| shares[at % count].push(block));
        let fill = &fill;
        std::thread::scope(|scope| {
            for share in shares {
                scope.spawn(move || share.into_iter().for_each(|(first, mut rows)| fill(first, &mut rows)));
            }
        });
        Self { size, values }
    }

    pub(super) fn add_to_diagonal(&mut self, value: f32) {
        (0..self.size).for_each(|at| self.values[start_of(at) + at] += value);
    }

    /// The row as far as the diagonal, which is its last.
    pub(super) fn row(&self, row: usize) -> &[f32] {
        row_of(&self.values, row)
    }
}

/// Where a row starts.
pub(super) fn start_of(row: usize) -> usize {
    row * (row + 1) / 2
}

/// A row of `values`, which has at least as many.
pub(super) fn row_of(values: &[f32], row: usize) -> &[f32] {
    let start = start_of(row);
    &values[start..=start + row]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_filled_once() {
        for size in [0, 1, 63, 64, 200] {
            let found = Triangle::filled(size, |first, rows| {
                for (number, row) in rows.iter_mut().enumerate() {
                    row.iter_mut().for_each(|value| *value += (first + number) as f32);
                }
            });
            assert_eq!(found.values.len(), start_of(size));
            for row in 0..size {
                assert_eq!(found.row(row), vec![row as f32; row + 1]);
            }
        }
    }
}
