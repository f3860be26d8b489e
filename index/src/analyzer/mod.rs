//! French text into terms: for the index, for questions, and for whoever compares words as the index does.
//!
//! `L'activation des clés n'est pas faite` → `activ`, `cle`, `fait`. The steps, one per file, in their order:
//! `words` cuts, `folding` removes capitals and accents, `elision` removes `l'`, `stop_words` removes words
//! that say nothing, `stemming` removes endings. Folding comes early so that an accent never matters later.
//!
//! A change here changes what is on disk: bump [`crate::SCHEMA_VERSION`].

mod elision;
mod folding;
mod rewrite;
mod stemming;
mod stop_words;
mod words;

use tantivy::tokenizer::{TextAnalyzer, TokenStream};

use elision::Elision;
use folding::Folding;
use rewrite::Rewriting;
use stemming::Stemming;
use stop_words::StopWords;
pub(crate) use words::normal_form;

use words::Words;

/// The name under which an index knows the analyzer.
pub const NAME: &str = "guichet_fr";

/// The whole chain, ready to be registered under [`NAME`].
pub fn french() -> TextAnalyzer {
    TextAnalyzer::builder(Words::default())
        .filter(Rewriting(Folding::default()))
        .filter(Rewriting(Elision))
        .filter(StopWords)
        .filter(Rewriting(Stemming::default()))
        .build()
}

/// The terms of `text`, in their order, repetitions included.
pub fn terms(text: &str) -> Vec<String> {
    terms_of(&mut french(), text)
}

fn terms_of(analyzer: &mut TextAnalyzer, text: &str) -> Vec<String> {
    let mut terms = Vec::new();
    analyzer.token_stream(text).process(&mut |token| terms.push(token.text.clone()));
    terms
}

/// For the tests of the filters: the tokens that `filter` makes of the words of `text`, joined by spaces.
#[cfg(test)]
fn filtered(filter: impl tantivy::tokenizer::TokenFilter, text: &str) -> String {
    let mut analyzer = TextAnalyzer::builder(Words::default()).filter(filter).build();
    terms_of(&mut analyzer, text).join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &str, expected: &str) {
        assert_eq!(terms(input).join(" "), expected, "for {input:?}");
    }

    #[test]
    fn a_question_becomes_terms() {
        check("L'activation des clés n'est pas faite", "activ cle fait");
        check("Où trouver mon N° de contrat 2026-03 ?", "trouv contrat 2026-03");
        check("", "");
        check("🙂 🤷‍♀️ \u{0}\u{7} ?!", "");
    }

    #[test]
    fn accents_capitals_and_apostrophes_never_matter() {
        for other in ["L’ÉTÉ D’AUJOURD’HUI", "l`ete d`aujourdhui", "l´e\u{301}té d＇aujourd‘hui", "L'Été d'aujourd'hui"]
        {
            assert_eq!(terms(other), terms("l'été d'aujourd'hui"), "for {other:?}");
        }
    }

    #[test]
    fn singular_and_plural_forms_meet() {
        assert_eq!(terms("résiliation"), terms("RESILIATIONS"));
        assert_eq!(terms("j'ai activé"), terms("activer"));
    }

    #[test]
    fn a_very_long_text_is_cut_once() {
        assert_eq!(terms(&"contrat ".repeat(10_000)).len(), 10_000);
        assert_eq!(terms(&"a".repeat(100_000)).len(), 0);
    }
}
