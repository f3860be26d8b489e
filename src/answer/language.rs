//! The language of a question, where it can be told.

use guichet_kb::fold::fold;
use whatlang::{Detector, Lang};

/// Fewer words are not enough: on three words the detector is often wrong.
const MIN_WORDS: usize = 5;
/// Small words of English that French has not, from which a short text is English when no small word of French is in it.
const ENOUGH_SMALL_WORDS: usize = 2;

/// Small words that English has and French has not. "a", "on", "me", "or" and the like are both.
const ENGLISH: [&str; 46] = [
    "how", "can", "could", "i", "we", "you", "my", "our", "your", "the", "an", "of", "to", "from", "for", "with",
    "where", "what", "when", "why", "who", "which", "is", "are", "was", "does", "do", "did", "have", "has", "not",
    "cannot", "this", "that", "these", "it", "its", "before", "after", "and", "need", "want", "find", "get", "please",
    "should",
];
/// Small words that French has and English has not.
const FRENCH: [&str; 46] = [
    "le", "la", "les", "l", "un", "une", "des", "du", "de", "d", "au", "aux", "et", "ou", "je", "j", "tu", "il",
    "nous", "vous", "mon", "ma", "mes", "notre", "votre", "ce", "cette", "ca", "est", "sont", "pas", "pour", "dans",
    "sur", "avec", "que", "qui", "quel", "quelle", "comment", "svp", "stp", "bonjour", "merci", "pr", "cmt",
];

/// The language of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    /// French, or not to be told: most partners write French.
    French,
    /// English, without doubt.
    English,
}

/// English only when the small words of the text say so, or when it is long enough and the detector, restricted to French
/// and English, is sure: of words that both languages have ("contract", "date"), the detector makes French.
pub(crate) fn detect(question: &str) -> Language {
    if is_english_by_small_words(question) {
        return Language::English;
    }
    if question.split_whitespace().count() < MIN_WORDS {
        return Language::French;
    }
    let detector = Detector::with_allowlist(vec![Lang::Fra, Lang::Eng]);
    match detector.detect(question) {
        Some(info) if info.lang() == Lang::Eng && info.is_reliable() => Language::English,
        _ => Language::French,
    }
}

fn is_english_by_small_words(question: &str) -> bool {
    let folded = fold(question);
    let words = || folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let english = words().filter(|word| ENGLISH.contains(word)).count();
    english >= ENOUGH_SMALL_WORDS && !words().any(|word| FRENCH.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_text_is_english() {
        for (question, expected) in [
            ("How can I find the activation keys of one of my customers?", Language::English),
            ("How can I terminate a contract", Language::English),
            ("How can I terminate a contract before its end date?", Language::English),
            ("where are my invoices", Language::English),
            ("download the key", Language::French),
            ("how to resilier le contrat", Language::French),
            ("comment activer can i help", Language::French),
            ("Comment retrouver les clés d'activation de mon client ?", Language::French),
            ("jarrive pas a me log sur le portail help svp", Language::French),
            ("", Language::French),
        ] {
            assert_eq!(detect(question), expected, "{question}");
        }
    }
}
