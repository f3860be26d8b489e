//! Likeness of meaning: the vectors of the sentence encoder, without what all questions share.

use crate::encoder::{Centering, Encode};
use crate::fixed;
use crate::products::Panel;
use crate::threads::in_parallel;

/// Directions that all questions share and that are taken out (see [`Centering`]).
const SHARED_DIRECTIONS: usize = 1;
/// Fewer formulations than this are left as they are.
const FEW: usize = 60;

/// Vectors that are multiplied with those of some formulations at once.
const PANEL: usize = 64;

/// The vectors of all formulations.
pub(crate) struct Meaning {
    encoder: &'static dyn Encode,
    centering: Centering,
    /// Formulation after formulation, centred, as [`fixed`] keeps them.
    vectors: Vec<i16>,
}

impl Meaning {
    /// Encodes `sentences`. The slow part of building an index.
    pub(crate) fn new(encoder: &'static dyn Encode, sentences: &[&str]) -> Self {
        let vectors = in_parallel(sentences, |sentence| encoder.encode(sentence));
        Self::centred(encoder, vectors)
    }

    fn centred(encoder: &'static dyn Encode, mut vectors: Vec<Vec<f32>>) -> Self {
        // What a handful of questions share is their subject.
        let shared = if vectors.len() < FEW { &[] } else { vectors.as_slice() };
        let centering = Centering::fit(shared, SHARED_DIRECTIONS);
        let kept = vectors.iter_mut().flat_map(|vector| {
            centering.apply(vector);
            fixed::fixed(vector)
        });
        let vectors = kept.collect();
        Self { encoder, centering, vectors }
    }

    /// Its numbers, to be stored: how many the centering has, those, and the vectors.
    pub(crate) fn numbers(&self) -> (Vec<f32>, &[i16]) {
        (self.centering.numbers(), &self.vectors)
    }

    /// What [`numbers`](Self::numbers) gave; `None` when it does not fit `formulations`.
    pub(crate) fn from_numbers(
        encoder: &'static dyn Encode,
        centering: &[f32],
        vectors: Vec<i16>,
        formulations: usize,
    ) -> Option<Self> {
        let centering = Centering::from_numbers(centering, encoder.dimension());
        (vectors.len() == formulations * encoder.dimension()).then_some(Self { encoder, centering, vectors })
    }

    /// By formulation, the cosine with `sentence`.
    pub(crate) fn cosines(&self, sentence: &str) -> Vec<f32> {
        let mut vector = self.encoder.encode(sentence);
        self.centering.apply(&mut vector);
        let vector = fixed::fixed(&vector);
        self.vectors.chunks_exact(self.encoder.dimension()).map(|other| fixed::cosine(other, &vector)).collect()
    }

    /// The cosines of the formulations from `first` on, each with all as far as itself: as many as `rows` has places.
    pub(crate) fn cosines_among(&self, first: usize, rows: &mut [&mut [f32]]) {
        let dimension = self.encoder.dimension();
        let numbers = |number: usize| {
            self.vectors[number * dimension..(number + 1) * dimension].iter().map(|value| fixed::float(*value))
        };
        let vector = |number: usize| numbers(number).collect::<Vec<f32>>();
        let last = first + rows.len();
        let mut panel = Panel::default();
        let mut rows: Vec<(Vec<f32>, &mut [f32])> =
            rows.iter_mut().enumerate().map(|(next, row)| (vector(first + next), &mut **row)).collect();
        for start in (0..last).step_by(PANEL) {
            panel.fill((start..last.min(start + PANEL)).map(numbers), dimension);
            panel.multiply(
                &mut rows,
                |row| &row.0,
                |(_, cosines), first, sums| {
                    cosines.iter_mut().skip(start + first).zip(sums).for_each(|(place, cosine)| *place = *cosine);
                },
            );
        }
    }
}

impl std::fmt::Debug for Meaning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Meaning").finish_non_exhaustive()
    }
}
