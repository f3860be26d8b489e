//! Products with matrices of bytes.
//!
//! Weights are bytes in the file and stay so in memory; inputs are rounded to 14 bits. All sums are sums of integers:
//! their order does not matter, so the compiler may vectorise them as it likes (eight products per instruction on every
//! x86-64 machine) and the result is the same everywhere. Floats would need four times the memory, and do half as much
//! per instruction.

use super::EncoderError;
use super::sections::{Section, Sections};
use crate::fixed::{PAIRS, blocks, dot, dot_block};

/// The greatest rounded input: with weights up to 127, sums of [`MOST_INPUTS`] products stay below 2³¹.
const LARGEST: f32 = 8191.0;
const MOST_INPUTS: usize = 1280;

/// Rows of the input that one pass over the weights serves.
const ROWS_AT_ONCE: usize = 4;

/// Weights, one output after the other, with the scale of each output.
pub(super) struct Matrix {
    scales: Vec<f32>,
    weights: Section,
    inputs: usize,
}

/// Rounded inputs and what one unit of them is worth.
pub(super) struct Rounded {
    values: Vec<i16>,
    unit: f32,
}

/// Inputs of a product: `count` rows, each beginning `stride` values after the one before. Rows may overlap: that is
/// how a convolution sees its window.
pub(super) struct Windows<'a> {
    pub(super) input: &'a Rounded,
    pub(super) stride: usize,
    pub(super) count: usize,
}

impl Matrix {
    /// Reads a matrix with this shape.
    pub(super) fn read(sections: &mut Sections<'_>, inputs: usize, outputs: usize) -> Result<Self, EncoderError> {
        let is_fit = inputs <= MOST_INPUTS && inputs.is_multiple_of(2 * PAIRS);
        assert!(is_fit, "the shapes of the layers are constants, and all are fit");
        let (scales, weights) = sections.matrix(outputs, inputs)?;
        Ok(Self { scales, weights, inputs })
    }

    /// How many outputs a row gives.
    pub(super) fn outputs(&self) -> usize {
        self.scales.len()
    }

    /// The product for every row: outputs of row 0, then those of row 1 …
    pub(super) fn multiply(&self, windows: &Windows<'_>) -> Vec<f32> {
        let outputs = self.outputs();
        let mut products = vec![0.0; windows.count * outputs];
        let mut wide = [0_i16; MOST_INPUTS];
        let wide = &mut wide[..self.inputs];
        for (output, weights) in self.weights.chunks_exact(self.inputs).enumerate() {
            for (wide, weight) in wide.iter_mut().zip(weights) {
                *wide = i16::from(weight.cast_signed());
            }
            let unit = self.scales[output] * windows.input.unit;
            let mut row = 0;
            while row + ROWS_AT_ONCE <= windows.count {
                let sums = dot_four(wide, [0, 1, 2, 3].map(|next| windows.row(row + next, self.inputs)));
                for sum in sums {
                    products[row * outputs + output] = sum as f32 * unit;
                    row += 1;
                }
            }
            for row in row..windows.count {
                products[row * outputs + output] = dot(wide, windows.row(row, self.inputs)) as f32 * unit;
            }
        }
        products
    }

    /// The product for a single row.
    pub(super) fn multiply_one(&self, input: &[f32]) -> Vec<f32> {
        self.multiply(&Windows { input: &Rounded::new(input, 0, 0), stride: 0, count: 1 })
    }
}

impl Rounded {
    /// Rounds `values`, with as many zeros before and after them as a convolution needs.
    pub(super) fn new(values: &[f32], before: usize, after: usize) -> Self {
        // 1.5 · 2²³: adding it moves the rounded value into the low bits of the float. `f32::round` is a function call on
        // plain x86-64.
        const SHIFT: f32 = 12_582_912.0;
        // Below, the factor would overflow; such inputs are zeros.
        const SMALLEST: f32 = 1e-30;
        let largest = values.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
        let factor = if largest > SMALLEST { LARGEST / largest } else { 0.0 };
        let mut rounded = vec![0; before + values.len() + after];
        for (rounded, value) in rounded[before..].iter_mut().zip(values) {
            *rounded = (value * factor + SHIFT).to_bits() as i16;
        }
        Self { values: rounded, unit: largest / LARGEST }
    }
}

impl Windows<'_> {
    fn row(&self, number: usize, length: usize) -> &[i16] {
        &self.input.values[number * self.stride..][..length]
    }
}

/// Four rows side by side, so that each weight is loaded once.
fn dot_four(weights: &[i16], rows: [&[i16]; ROWS_AT_ONCE]) -> [i32; ROWS_AT_ONCE] {
    let weights = blocks(weights);
    let rows = rows.map(|row| &blocks(row)[..weights.len()]);
    let mut sums = [0; ROWS_AT_ONCE];
    for (at, weights) in weights.iter().enumerate() {
        for (sum, row) in sums.iter_mut().zip(rows) {
            *sum += dot_block(weights, &row[at]);
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One row of `inputs` weights per output: the given ones, then zeros.
    fn matrix(outputs: &[&[i8]], inputs: usize) -> Matrix {
        let mut weights = Vec::new();
        for output in outputs {
            weights.extend(output.iter().map(|weight| weight.cast_unsigned()));
            weights.resize(weights.len().next_multiple_of(inputs), 0);
        }
        Matrix { scales: vec![0.5; outputs.len()], weights: weights.into(), inputs }
    }

    #[test]
    fn a_product_is_what_floats_say() {
        const INPUTS: usize = 2 * PAIRS;
        let matrix = matrix(&[&[2, -4, 6], &[100, 0, -100]], INPUTS);
        let rows: Vec<f32> = (0..7 * INPUTS).map(|n| (n % 21) as f32 - 10.0).collect();
        let input = Rounded::new(&rows, 0, 0);
        let products = matrix.multiply(&Windows { input: &input, stride: INPUTS, count: 7 });
        for (row, product) in rows.chunks(INPUTS).zip(products.chunks(2)) {
            assert!((product[0] - (row[0] - 2.0 * row[1] + 3.0 * row[2])).abs() < 0.01, "{product:?}");
            assert!((product[1] - (50.0 * row[0] - 50.0 * row[2])).abs() < 0.1, "{product:?}");
        }
    }

    #[test]
    fn the_largest_sum_fits() {
        let matrix = matrix(&[&[127; MOST_INPUTS]], MOST_INPUTS);
        let product = matrix.multiply_one(&[1.0; MOST_INPUTS]);
        assert!((product[0] - 0.5 * 127.0 * MOST_INPUTS as f32).abs() < 1.0, "{product:?}");
    }

    #[test]
    fn zeros_stay_zeros() {
        assert_eq!(matrix(&[&[5, 5]], 2 * PAIRS).multiply_one(&[0.0; 2 * PAIRS]), [0.0]);
    }
}
