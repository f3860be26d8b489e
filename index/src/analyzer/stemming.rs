//! Endings go, so that `contrats`, `activer`, `activation` meet `contrat`, `active`: Snowball's French algorithm.
//!
//! On folded words it misses a few endings that need an accent; the index and the question miss the same ones. A word
//! with a digit is a name (`fa-2031`, `2026`) and keeps its form, and so does a word of another alphabet. Expects folded
//! text.

use std::borrow::Cow;
use std::fmt;

use rust_stemmers::{Algorithm, Stemmer};

use super::rewrite::Rewrite;

/// Stems up to this length keep their last `i`: too little would be left.
const SHORTEST_CUT: usize = 4;

/// The filter.
pub(super) struct Stemming {
    stemmer: Stemmer,
}

impl Default for Stemming {
    fn default() -> Self {
        Self { stemmer: Stemmer::create(Algorithm::French) }
    }
}

impl Clone for Stemming {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl fmt::Debug for Stemming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stemming")
    }
}

impl Rewrite for Stemming {
    fn rewrite(&mut self, text: &mut String) {
        if !text.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return;
        }
        if let Cow::Owned(stem) = self.stemmer.stem(text) {
            *text = stem;
        }
        // Without its accent `resilie` loses an `i` that `resilier` and `resiliation` keep.
        if text.len() > SHORTEST_CUT && text.ends_with('i') {
            text.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyzer::filtered;
    use crate::analyzer::rewrite::Rewriting;

    #[track_caller]
    fn check(input: &str, expected: &str) {
        assert_eq!(filtered(Rewriting(Stemming::default()), input), expected, "for {input:?}");
    }

    #[test]
    fn endings_go() {
        check("contrats contrat", "contrat contrat");
        check("activer activation activations", "activ activ activ");
        check("resilie resiliation", "resil resil");
        check("clients cliente", "client client");
    }

    #[test]
    fn names_with_digits_and_other_alphabets_stay() {
        check("fa-2031s 100es n-1", "fa-2031s 100es n-1");
        check("αντιθετε договоры", "αντιθετε договоры");
    }
}
