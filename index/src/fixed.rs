//! Vectors of integers of sixteen bits: half of the memory of floats, and twice as many products per instruction.

/// One, in a vector of length one as it is kept. The sum of the products of two of them stays far below 2³¹.
const ONE: f32 = 16_384.0;

/// Pairs that [`dot_block`] takes at once; what [`dot`] is given is a multiple of them.
pub(crate) const PAIRS: usize = 32;

/// `vector`, whose length is one or zero, as it is kept. Cosines change by less than 1e-3.
pub(crate) fn fixed(vector: &[f32]) -> Vec<i16> {
    vector.iter().map(|value| (value * ONE).round() as i16).collect()
}

/// One number of a kept vector.
pub(crate) fn float(value: i16) -> f32 {
    f32::from(value) / ONE
}

/// The cosine of two kept vectors.
pub(crate) fn cosine(a: &[i16], b: &[i16]) -> f32 {
    dot(a, b) as f32 / (ONE * ONE)
}

/// Σ a·b, which must stay below 2³¹.
#[inline]
pub(crate) fn dot(a: &[i16], b: &[i16]) -> i32 {
    blocks(a).iter().zip(blocks(b)).map(|(a, b)| dot_block(a, b)).sum()
}

/// Pairs and a fixed length are what makes the compiler use the instruction that multiplies eight pairs of 16 bits and
/// adds neighbours. With a plain loop it is a little more than half as fast, with blocks of twice the length just half.
/// Nothing wraps when the sum fits; saying that it may keeps the checks of debug builds out of the loop.
#[inline]
pub(crate) fn dot_block(a: &[[i16; 2]; PAIRS], b: &[[i16; 2]; PAIRS]) -> i32 {
    let mut sum = 0_i32;
    for ([a, next_a], [b, next_b]) in a.iter().zip(b) {
        let product = i32::from(*a).wrapping_mul(i32::from(*b));
        let next_product = i32::from(*next_a).wrapping_mul(i32::from(*next_b));
        sum = sum.wrapping_add(product.wrapping_add(next_product));
    }
    sum
}

/// `values` in blocks; a rest that fills none is left out.
#[inline]
pub(crate) fn blocks(values: &[i16]) -> &[[[i16; 2]; PAIRS]] {
    values.as_chunks().0.as_chunks().0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::products;

    #[test]
    fn cosines_are_those_of_the_vectors() {
        let vector = |seed: usize| -> Vec<f32> {
            let raw: Vec<f32> = (0..512).map(|at| ((at * 7 + seed * 13) % 11) as f32 - 5.0).collect();
            let norm = products::dot(&raw, &raw).sqrt();
            raw.iter().map(|value| value / norm).collect()
        };
        for (one, other) in [(vector(1), vector(2)), (vector(3), vector(3)), (vector(4), vec![0.0; 512])] {
            let difference = cosine(&fixed(&one), &fixed(&other)) - products::dot(&one, &other);
            assert!(difference.abs() < 1e-3, "{difference}");
        }
        assert!(vector(5).iter().zip(fixed(&vector(5))).all(|(value, kept)| (float(kept) - value).abs() < 1e-4));
    }
}
