//! The accents that a knowledge base writes: `activee` → `activée`.
//!
//! Half of the questions come without accents, and vectors of meaning depend on them. Every word gets those of its most
//! frequent form in the knowledge base, whether they were typed or not; words that it does not have get none.

use std::collections::HashMap;

use guichet_kb::fold::fold;

/// Folded word → the word.
#[derive(Debug, Default)]
pub(super) struct Accents {
    forms: HashMap<String, String>,
}

/// How much a form with accents counts more than one without: those are often left out, and never added.
const TRUST_IN_ACCENTS: u32 = 3;

impl Accents {
    /// Learns from `words` in lower case.
    pub(super) fn new<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let mut counts: HashMap<&str, u32> = HashMap::new();
        for word in words {
            *counts.entry(word).or_default() += if word.is_ascii() { 1 } else { TRUST_IN_ACCENTS };
        }
        let mut best: HashMap<String, (u32, &str)> = HashMap::new();
        for (word, count) in counts {
            let best = best.entry(fold(word)).or_insert((0, ""));
            *best = (*best).max((count, word));
        }
        let accented = best.into_iter().filter(|(folded, (_, word))| folded != word);
        Self { forms: accented.map(|(folded, (_, word))| (folded, word.to_owned())).collect() }
    }

    /// Writes `folded` with its accents at the end of `sentence`; each side of an apostrophe, and each word, by itself.
    pub(super) fn push(&self, folded: &str, sentence: &mut String) {
        for part in folded.split_inclusive(['\'', ' ']) {
            let word = part.trim_end_matches(['\'', ' ']);
            sentence.push_str(self.forms.get(word).map_or(word, String::as_str));
            sentence.push_str(&part[word.len()..]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_get_the_accents_of_their_most_frequent_form() {
        let words = ["activée", "activee", "activee", "a", "a", "a", "a", "à", "cle"];
        let accents = Accents::new(words.into_iter());
        let mut sentence = String::new();
        accents.push("l'activee a inconnue", &mut sentence);
        assert_eq!(sentence, "l'activée a inconnue");
    }
}
