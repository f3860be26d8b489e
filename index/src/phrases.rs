//! Which of a few short phrases a text is most like, by its letters.

use crate::char_ngrams::pieces;
use crate::sparse::Sparse;

/// Short phrases that a whole text is compared with.
#[derive(Debug)]
pub struct Phrases {
    letters: Sparse<u128>,
}

impl Phrases {
    /// Reads the phrases.
    pub fn new<'a>(phrases: impl Iterator<Item = &'a str>) -> Self {
        Self { letters: Sparse::new(phrases.map(pieces)) }
    }

    /// The number of the closest phrase and its cosine; `None` when nothing is alike. The first of equals.
    pub fn closest(&self, text: &str) -> Option<(usize, f32)> {
        let cosines = self.letters.cosines(pieces(text)).into_iter().enumerate();
        let best = cosines.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))?;
        (best.1 > 0.0).then_some(best)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_phrase_is_found_in_spite_of_typos() {
        let phrases = Phrases::new(["merci beaucoup", "bonne journée", "qui es-tu"].into_iter());
        assert_eq!(phrases.closest("mercii bocoup").map(|(number, _)| number), Some(0));
        assert_eq!(phrases.closest("bonne journee").map(|(number, _)| number), Some(1));
        assert_eq!(phrases.closest("xyz 🙂"), None);
    }
}
