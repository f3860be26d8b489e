//! Tokens to a vector: rows, projection, three convolution branches, sum over the tokens, dense layers.

use super::matrix::{Rounded, Windows};
use super::model::{BRANCHES, Branch, CHANNELS, DIMENSION, FEATURES, Head, Layer, Model, Norm};
use super::rows::WIDTH;

const PROJECTED: usize = BRANCHES.len() * CHANNELS;

/// Sums of floats that run side by side; their order is part of the result, so it is fixed here.
const LANES: usize = 8;

/// The unit vector of `tokens`; zeros when there are none.
pub(super) fn vector(model: &Model, tokens: &[usize]) -> Vec<f32> {
    if tokens.is_empty() {
        return vec![0.0; DIMENSION];
    }
    let mut rows = vec![0.0; tokens.len() * WIDTH];
    for (row, token) in rows.chunks_exact_mut(WIDTH).zip(tokens) {
        model.rows.decode(*token, row);
    }
    let mut projected = product(&model.projection, &rows, tokens.len());
    for projected in projected.chunks_exact_mut(PROJECTED) {
        normalize(projected, &model.projection_norm, model.epsilon);
    }

    let mut features = vec![0.0; tokens.len() * FEATURES];
    copy_columns(&rows, WIDTH, 0..WIDTH, &mut features, FEATURES, 0);
    for (number, branch) in model.branches.iter().enumerate() {
        let first = number * CHANNELS;
        let mut input = vec![0.0; tokens.len() * CHANNELS];
        copy_columns(&projected, PROJECTED, first..first + CHANNELS, &mut input, CHANNELS, 0);
        let output = convolve(branch, input, tokens.len());
        copy_columns(&output, CHANNELS, 0..CHANNELS, &mut features, FEATURES, WIDTH + first);
    }

    // The sum comes before the product with the large matrix: both are linear, and one product replaces one per token.
    let mut sum = vec![0.0; FEATURES];
    for features in features.chunks_exact_mut(FEATURES) {
        normalize(features, &model.features_norm, model.epsilon);
        for (sum, feature) in sum.iter_mut().zip(&*features) {
            *sum += *feature;
        }
    }
    let count = tokens.len() as f32;
    let mut pooled = model.pooled.weights.multiply_one(&sum);
    for (pooled, bias) in pooled.iter_mut().zip(&model.pooled.bias) {
        *pooled = (*pooled + count * bias) / count.sqrt();
    }
    dense(&model.head, &pooled)
}

/// Products of all rows with a layer, bias added.
fn product(layer: &Layer, input: &[f32], count: usize) -> Vec<f32> {
    let input = Rounded::new(input, 0, 0);
    let stride = WIDTH;
    let mut products = layer.weights.multiply(&Windows { input: &input, stride, count });
    for products in products.chunks_exact_mut(layer.bias.len()) {
        for (product, bias) in products.iter_mut().zip(&layer.bias) {
            *product += bias;
        }
    }
    products
}

/// Two residual convolutions: each adds what is positive of its products to its input.
fn convolve(branch: &Branch, mut values: Vec<f32>, count: usize) -> Vec<f32> {
    let before = branch.window.before * CHANNELS;
    let after = (branch.window.tokens - 1) * CHANNELS - before;
    for layer in &branch.convolutions {
        // Rows stand one after the other, so a window of several tokens is one longer, overlapping row.
        let input = Rounded::new(&values, before, after);
        let products = layer.weights.multiply(&Windows { input: &input, stride: CHANNELS, count });
        for (values, products) in values.chunks_exact_mut(CHANNELS).zip(products.chunks_exact(CHANNELS)) {
            for ((value, product), bias) in values.iter_mut().zip(products).zip(&layer.bias) {
                *value += (product + bias).max(0.0);
            }
        }
    }
    values
}

/// The dense layers, and length one.
fn dense(head: &Head, pooled: &[f32]) -> Vec<f32> {
    let positive = |mut values: Vec<f32>| {
        values.iter_mut().for_each(|value| *value = value.max(0.0));
        values
    };
    let first = positive(head.first.multiply_one(pooled));
    let second = positive(added(head.first_skip.multiply_one(pooled), &head.second.multiply_one(&first)));
    let third = positive(head.third.multiply_one(&second));
    let mut vector = added(head.third_skip.multiply_one(&second), &head.last.multiply_one(&third));
    vector.iter_mut().for_each(|value| *value = value.tanh());
    let length = sum_of(&vector, |value| value * value).sqrt();
    if length > 0.0 {
        vector.iter_mut().for_each(|value| *value /= length);
    }
    vector
}

fn added(mut one: Vec<f32>, other: &[f32]) -> Vec<f32> {
    one.iter_mut().zip(other).for_each(|(one, other)| *one += other);
    one
}

/// Mean 0 and variance 1, then gain and bias.
fn normalize(values: &mut [f32], norm: &Norm, epsilon: f32) {
    let count = values.len() as f32;
    let mean = sum_of(values, |value| value) / count;
    values.iter_mut().for_each(|value| *value -= mean);
    let factor = 1.0 / (sum_of(values, |value| value * value) / count + epsilon).sqrt();
    for ((value, gain), bias) in values.iter_mut().zip(&norm.gain).zip(&norm.bias) {
        *value = *value * factor * gain + bias;
    }
}

/// Sums `of` all values, in lanes. The widths of all layers are multiples of [`LANES`].
fn sum_of(values: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let (blocks, _) = values.as_chunks::<LANES>();
    let mut lanes = [0.0; LANES];
    for block in blocks {
        for (lane, value) in lanes.iter_mut().zip(block) {
            *lane += of(*value);
        }
    }
    lanes.iter().sum()
}

/// Copies some columns of a table to another, row by row.
fn copy_columns(
    from: &[f32],
    from_width: usize,
    columns: std::ops::Range<usize>,
    to: &mut [f32],
    to_width: usize,
    first: usize,
) {
    let last = first + columns.len();
    for (from, to) in from.chunks_exact(from_width).zip(to.chunks_exact_mut(to_width)) {
        to[first..last].copy_from_slice(&from[columns.clone()]);
    }
}
