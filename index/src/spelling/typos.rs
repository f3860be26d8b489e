//! The known word that a mistyped one stands for: `resilliation` → `resiliation`.
//!
//! Words of a vocabulary are filed under themselves and under each form that lacks one letter; a word to be corrected is
//! looked up the same way, so that one lost, added, changed or swapped letter is found without comparing it to every
//! word (the idea of SymSpell). Long words may differ by two such edits. The first letter is seldom mistyped, and
//! must be the same unless the two sound alike.

use std::collections::HashMap;

/// Shorter words have too many neighbours to be corrected.
const SHORTEST: usize = 5;
/// From here on a word may differ by two edits.
const LONG: usize = 9;

/// Known words, filed.
#[derive(Debug, Default)]
pub(super) struct Typos {
    /// Word → how often it is used.
    counts: HashMap<String, u32>,
    /// A word without one letter → the words.
    without_a_letter: HashMap<String, Vec<String>>,
}

impl Typos {
    /// Files words, in any order, repetitions counted. Formulations are typed as partners type, so that some of these
    /// words are mistyped themselves: they correct nothing worse than letters do.
    pub(super) fn new(words: impl Iterator<Item = String>) -> Self {
        let mut counts: HashMap<String, u32> = HashMap::new();
        for word in words {
            *counts.entry(word).or_default() += 1;
        }
        let mut without_a_letter: HashMap<String, Vec<String>> = HashMap::new();
        let mut sorted: Vec<&String> = counts.keys().filter(|word| is_correctable(word)).collect();
        sorted.sort_unstable();
        for word in sorted {
            for shorter in shortened(word) {
                without_a_letter.entry(shorter).or_default().push(word.clone());
            }
        }
        Self { counts, without_a_letter }
    }

    /// True when `word` needs no correction.
    pub(super) fn is_known(&self, word: &str) -> bool {
        self.counts.contains_key(word)
    }

    /// The known word that `word` stands for; `None` when it is known, too short, or like no other.
    pub(super) fn correction(&self, word: &str) -> Option<&str> {
        if !is_correctable(word) || self.is_known(word) {
            return None;
        }
        let mut forms = shortened(word);
        forms.push(word.to_owned());
        let mut best: Option<(usize, u32, &str)> = None;
        let as_longer = forms.iter().filter_map(|form| self.without_a_letter.get(form)).flatten().map(String::as_str);
        let as_shorter = forms.iter().filter_map(|form| self.counts.get_key_value(form)).map(|(word, _)| word.as_str());
        for known in as_longer.chain(as_shorter).filter(|known| is_correctable(known)) {
            let distance = distance(word, known);
            let allowed = if word.len() >= LONG { 2 } else { 1 };
            if distance > allowed || !starts_alike(word, known) {
                continue;
            }
            let count = self.counts.get(known).copied().unwrap_or_default();
            let is_better = best
                .is_none_or(|(other, used, name)| (distance, u32::MAX - count, known) < (other, u32::MAX - used, name));
            if is_better {
                best = Some((distance, count, known));
            }
        }
        best.map(|(_, _, known)| known)
    }
}

/// Codes, numbers and words of other alphabets are never corrected.
fn is_correctable(word: &str) -> bool {
    word.len() >= SHORTEST && word.len() <= 30 && word.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// `word` without each of its letters in turn.
fn shortened(word: &str) -> Vec<String> {
    (0..word.len()).map(|at| format!("{}{}", &word[..at], &word[at + 1..])).collect()
}

fn starts_alike(a: &str, b: &str) -> bool {
    const SAME_SOUND: [&[u8]; 5] = [b"ckq", b"sc", b"gj", b"iy", b"ae"];
    let (Some(a), Some(b)) = (a.bytes().next(), b.bytes().next()) else { return false };
    a == b || SAME_SOUND.iter().any(|same| same.contains(&a) && same.contains(&b))
}

/// Edits between two ASCII words: a letter lost, added or changed, or two neighbours swapped.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let width = b.len() + 1;
    let mut rows = vec![0; (a.len() + 1) * width];
    for row in 0..=a.len() {
        for column in 0..width {
            rows[row * width + column] = match (row, column) {
                (0, _) => column,
                (_, 0) => row,
                _ => {
                    let changed = usize::from(a[row - 1] != b[column - 1]);
                    let mut least = (rows[(row - 1) * width + column] + 1)
                        .min(rows[row * width + column - 1] + 1)
                        .min(rows[(row - 1) * width + column - 1] + changed);
                    let is_swap = row > 1 && column > 1 && a[row - 1] == b[column - 2] && a[row - 2] == b[column - 1];
                    if is_swap {
                        least = least.min(rows[(row - 2) * width + column - 2] + 1);
                    }
                    least
                }
            };
        }
    }
    rows[rows.len() - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(word: &str, expected: Option<&str>) {
        let known = ["resiliation", "resiliation", "contrat", "contact", "facture", "cle", "boutique", "quitter"];
        let typos = Typos::new(known.into_iter().map(str::to_owned));
        assert_eq!(typos.correction(word), expected, "{word}");
    }

    #[test]
    fn a_mistyped_word_becomes_the_known_one() {
        check("resilliation", Some("resiliation"));
        check("reisliation", Some("resiliation"));
        check("resiliasion", Some("resiliation"));
        check("factrue", Some("facture"));
        check("facure", Some("facture"));
        check("boutiqe", Some("boutique"));
        check("kuitter", Some("quitter"));
    }

    #[test]
    fn what_is_known_short_a_code_or_unlike_stays() {
        for word in ["contrat", "cl", "cel", "fa20312", "imprimante", "нет", "dacture"] {
            check(word, None);
        }
    }
}
