//! Sums of products: the loops that comparing vectors and training spend their time in.

/// Lanes that the compiler turns into vector instructions.
const LANES: usize = 8;

/// Σ a·b.
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let (a, a_rest) = a.as_chunks::<LANES>();
    let (b, b_rest) = b.as_chunks::<LANES>();
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f32>() + a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum::<f32>()
}

/// Four times Σ a·b with the same `a`, which is read once. All have the length of `a`.
pub(crate) fn dot4(a: &[f32], b: [&[f32]; 4]) -> [f32; 4] {
    let (chunks, rest) = a.as_chunks::<LANES>();
    let [b0, b1, b2, b3] = b.map(|b| b.as_chunks::<LANES>());
    let mut sums = [[0.0_f32; LANES]; 4];
    for ((((a, b0), b1), b2), b3) in chunks.iter().zip(b0.0).zip(b1.0).zip(b2.0).zip(b3.0) {
        for lane in 0..LANES {
            sums[0][lane] += a[lane] * b0[lane];
            sums[1][lane] += a[lane] * b1[lane];
            sums[2][lane] += a[lane] * b2[lane];
            sums[3][lane] += a[lane] * b3[lane];
        }
    }
    let rests = [b0.1, b1.1, b2.1, b3.1];
    std::array::from_fn(|at| sums[at].iter().sum::<f32>() + rest.iter().zip(rests[at]).map(|(a, b)| a * b).sum::<f32>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_loops_agree_whatever_the_length() {
        for length in [0, 1, 7, 8, 9, 33] {
            let vector = |seed: usize| -> Vec<f32> { (0..length).map(|at| ((at * 7 + seed) % 5) as f32).collect() };
            let (a, b) = (vector(1), [vector(2), vector(3), vector(4), vector(5)]);
            let expected: Vec<f32> = b.iter().map(|b| a.iter().zip(b).map(|(a, b)| a * b).sum()).collect();
            assert_eq!(dot4(&a, [&b[0], &b[1], &b[2], &b[3]]).to_vec(), expected);
            assert_eq!(b.iter().map(|b| dot(&a, b)).collect::<Vec<_>>(), expected);
        }
    }
}
