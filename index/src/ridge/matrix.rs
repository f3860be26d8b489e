//! Square matrices of `f32`, row after row.

/// A square matrix.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Matrix {
    pub(super) size: usize,
    pub(super) values: Vec<f32>,
}

impl Matrix {
    /// A matrix of as many columns as rows.
    ///
    /// # Panics
    /// When a row has another length.
    pub(crate) fn from_rows(rows: Vec<Vec<f32>>) -> Self {
        let size = rows.len();
        let mut values = Vec::with_capacity(size * size);
        for row in rows {
            assert_eq!(row.len(), size, "the matrix is square");
            values.extend(row);
        }
        Self { size, values }
    }

    pub(super) fn add_to_diagonal(&mut self, value: f32) {
        (0..self.size).for_each(|at| self.values[at * self.size + at] += value);
    }

    pub(super) fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.size..(row + 1) * self.size]
    }
}
