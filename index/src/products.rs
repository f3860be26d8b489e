//! Sums of products: the loops that comparing vectors and training spend their time in.

/// Lanes that the compiler turns into vector instructions.
const LANES: usize = 8;
/// Vectors of a [`Panel`] that are multiplied side by side, in lanes.
const WIDTH: usize = 8;
/// Vectors that a [`Panel`] is multiplied with at once: with more, the sums do not fit the registers of plain x86-64.
const AT_ONCE: usize = 4;

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

/// Vectors of one length that many others are multiplied with. Their numbers are interwoven, so that eight sums grow
/// side by side and each in the order of the numbers, whatever is multiplied at once. Nearly three times as fast as
/// [`dot`] after [`dot`].
#[derive(Debug, Default)]
pub(crate) struct Panel {
    vectors: usize,
    length: usize,
    /// Eight vectors after eight vectors; the last ones are filled up with zeros.
    interwoven: Vec<[f32; WIDTH]>,
}

impl Panel {
    /// Takes the place of what was there, and its memory.
    pub(crate) fn fill(&mut self, vectors: impl ExactSizeIterator<Item = impl Iterator<Item = f32>>, length: usize) {
        (self.vectors, self.length) = (vectors.len(), length);
        self.interwoven.clear();
        self.interwoven.resize(self.vectors.div_ceil(WIDTH) * length, [0.0; WIDTH]);
        for (number, vector) in vectors.enumerate() {
            let group = &mut self.interwoven[number / WIDTH * length..][..length];
            group.iter_mut().zip(vector).for_each(|(numbers, value)| numbers[number % WIDTH] = value);
        }
    }

    /// Σ of the products of each of `others`, cut by `cut`, with every vector. `take` hears the number of one of `others`,
    /// that of a vector, and what it and the next ones give.
    pub(crate) fn multiply<T>(
        &self,
        others: &mut [T],
        cut: impl Fn(&T) -> &[f32],
        mut take: impl FnMut(&mut T, usize, &[f32]),
    ) {
        if self.length == 0 {
            return;
        }
        for others in others.chunks_mut(AT_ONCE) {
            for (number, group) in self.interwoven.chunks_exact(self.length).enumerate() {
                let first = number * WIDTH;
                let wanted = WIDTH.min(self.vectors - first);
                if let [a, b, c, d] = others {
                    let sums = products(group, [cut(a), cut(b), cut(c), cut(d)]);
                    for (other, sums) in [a, b, c, d].into_iter().zip(&sums) {
                        take(other, first, &sums[..wanted]);
                    }
                    continue;
                }
                for other in others.iter_mut() {
                    let [sums] = products(group, [cut(other)]);
                    take(other, first, &sums[..wanted]);
                }
            }
        }
    }
}

fn products<const COUNT: usize>(group: &[[f32; WIDTH]], others: [&[f32]; COUNT]) -> [[f32; WIDTH]; COUNT] {
    let others = others.map(|other| &other[..group.len()]);
    let mut sums = [[0.0_f32; WIDTH]; COUNT];
    for (at, numbers) in group.iter().enumerate() {
        for (sums, other) in sums.iter_mut().zip(others) {
            let value = other[at];
            for lane in 0..WIDTH {
                sums[lane] += value * numbers[lane];
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panel_gives_what_one_product_after_the_other_gives() {
        for (length, count) in [(0, 3), (1, 1), (7, 8), (9, 9), (33, 20)] {
            let vector = |seed: usize| -> Vec<f32> { (0..length).map(|at| ((at * 7 + seed) % 5) as f32).collect() };
            let vectors: Vec<Vec<f32>> = (0..count).map(vector).collect();
            let mut panel = Panel::default();
            panel.fill(vectors.iter().map(|vector| vector.iter().copied()), length);
            let mut others: Vec<Vec<f32>> = (0..6).map(|seed| vector(seed + 2)).collect();
            let mut found = 0;
            panel.multiply(
                &mut others,
                |other| other,
                |other, first, sums| {
                    for (next, sum) in sums.iter().enumerate() {
                        assert_eq!(*sum, dot(other, &vectors[first + next]));
                        found += 1;
                    }
                },
            );
            assert_eq!(found, if length == 0 { 0 } else { 6 * count });
        }
    }
}
