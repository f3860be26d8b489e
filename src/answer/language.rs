//! The language of a question, where it can be told.

use whatlang::{Detector, Lang};

/// Fewer words are not enough: on three words the detector is often wrong.
const MIN_WORDS: usize = 5;

/// The language of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    /// French, or not to be told: most partners write French.
    French,
    /// English, without doubt.
    English,
}

/// English only when the text is long enough and the detector, restricted to French and English, is sure.
pub(crate) fn detect(question: &str) -> Language {
    if question.split_whitespace().count() < MIN_WORDS {
        return Language::French;
    }
    let detector = Detector::with_allowlist(vec![Lang::Fra, Lang::Eng]);
    match detector.detect(question) {
        Some(info) if info.lang() == Lang::Eng && info.is_reliable() => Language::English,
        _ => Language::French,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_long_clear_text_is_english() {
        for (question, expected) in [
            ("How can I find the activation keys of one of my customers?", Language::English),
            ("download the key", Language::French),
            ("Comment retrouver les clés d'activation de mon client ?", Language::French),
            ("jarrive pas a me log sur le portail help svp", Language::French),
            ("", Language::French),
        ] {
            assert_eq!(detect(question), expected, "{question}");
        }
    }
}
