//! What was typed, read as it was meant: chat spelling, missing apostrophes, typos.
//!
//! Two readings come out: a *sentence*, with punctuation and with the accents that the knowledge base writes, for whoever
//! reads meaning (the encoder), and the *words* in folded form, for whoever counts letters and words. Accents, capitals
//! and kinds of apostrophe that were typed or left out change neither. Codes and numbers are never touched.

mod accents;
mod chat;
mod typos;

use guichet_kb::fold::fold;
use serde::Serialize;

use accents::Accents;
use typos::Typos;

use crate::analyzer::normal_form;
use crate::thesaurus::{Synonymous, Thesaurus};

/// A text as it was meant.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// In lower case, with punctuation and accents.
    pub sentence: String,
    /// Folded words.
    pub words: String,
    /// Terms that the words also stand for.
    pub implied: Vec<String>,
    /// What was changed, in the order of the text.
    pub corrections: Vec<Correction>,
}

/// One word that was read as another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Correction {
    /// As it was typed.
    pub said: String,
    /// As it was read.
    pub means: String,
    /// What was made of it.
    pub why: Why,
}

/// Why a word was read as another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// It is a word of chats.
    Chat,
    /// Its apostrophe was left out.
    Apostrophe,
    /// It was mistyped.
    Typo,
}

/// Reads texts with the vocabulary of a knowledge base.
#[derive(Debug, Default)]
pub(crate) struct Spelling {
    vocabulary: Typos,
    accents: Accents,
    thesaurus: Thesaurus,
}

/// What may be written before a word without the apostrophe that belongs between.
const ELIDED: [&str; 9] = ["qu", "l", "d", "j", "m", "t", "s", "n", "c"];
/// `lentreprise` is cut only before a word of this length.
const SHORTEST_AFTER_ELISION: usize = 4;
/// What is read of a text, in characters.
const MAX_CHARS: usize = 4_000;

impl Spelling {
    /// Learns the words of `texts`.
    pub(crate) fn new<'a>(texts: impl Iterator<Item = &'a str>, thesaurus: Thesaurus) -> Self {
        let words: Vec<String> = texts.flat_map(words_of).collect();
        let vocabulary = Typos::new(words.iter().map(|word| fold(word)));
        Self { vocabulary, accents: Accents::new(words.iter().map(String::as_str)), thesaurus }
    }

    /// True when `folded` is a word of the knowledge base, or of chats.
    pub(crate) fn knows(&self, folded: &str) -> bool {
        self.vocabulary.is_known(folded) || chat::meaning(folded).is_some()
    }

    /// `text` as it was meant.
    pub(crate) fn read(&self, text: &str) -> Reading {
        let text: String = normal_form(text).take(MAX_CHARS).collect();
        let mut reading = Reading::default();
        for part in Words::of(&text) {
            reading.sentence.push_str(part.before);
            let Some(word) = part.word else { continue };
            let folded = fold(word);
            let meant = self.meant(&folded);
            let read = meant.as_ref().map_or_else(|| folded.clone(), |(meant, _)| fold(meant));
            if !reading.words.is_empty() {
                reading.words.push(' ');
            }
            reading.words.push_str(&read);
            self.accents.push(&read, &mut reading.sentence);
            if let Some((means, why)) = meant {
                reading.corrections.push(Correction { said: word.to_owned(), means, why });
            }
        }
        reading.implied = self.thesaurus.terms(&reading.words);
        reading
    }

    /// The synonyms by which `reading` means more than it says.
    pub(crate) fn synonyms_of(&self, reading: &Reading) -> Vec<Synonymous> {
        self.thesaurus.synonyms(&reading.words)
    }

    /// What a word stands for, when it is not itself.
    fn meant(&self, folded: &str) -> Option<(String, Why)> {
        if folded.bytes().any(|byte| byte.is_ascii_digit()) && chat::meaning(folded).is_none() {
            return None;
        }
        if let Some(meaning) = chat::meaning(folded) {
            return Some((meaning.to_owned(), Why::Chat));
        }
        if self.vocabulary.is_known(folded) {
            return None;
        }
        if let Some((before, after)) = folded.rsplit_once('\'') {
            let corrected = self.vocabulary.correction(after)?;
            return Some((format!("{before}'{corrected}"), Why::Typo));
        }
        if let Some(split) = self.with_apostrophe(folded) {
            return Some((split, Why::Apostrophe));
        }
        if let Some(corrected) = self.vocabulary.correction(folded) {
            return Some((corrected.to_owned(), Why::Typo));
        }
        // `lutliisateur`: the apostrophe is missing, and a letter has moved.
        elided(folded).find_map(|(elided, rest)| {
            let corrected = self.vocabulary.correction(rest)?;
            Some((format!("{elided}'{corrected}"), Why::Typo))
        })
    }

    /// `lentreprise` → `l'entreprise`.
    fn with_apostrophe(&self, folded: &str) -> Option<String> {
        let mut readings = elided(folded).filter(|(_, rest)| self.vocabulary.is_known(rest));
        readings.next().map(|(elided, rest)| format!("{elided}'{rest}"))
    }
}

/// The ways to cut a word after what may be elided.
fn elided(folded: &str) -> impl Iterator<Item = (&'static str, &str)> {
    ELIDED.iter().filter_map(|elided| {
        let rest = folded.strip_prefix(elided)?;
        let starts_with_a_vowel = rest.starts_with(['a', 'e', 'i', 'o', 'u', 'y', 'h']);
        (starts_with_a_vowel && rest.len() >= SHORTEST_AFTER_ELISION).then_some((*elided, rest))
    })
}

/// The words of `text` in lower case, apart at their apostrophes.
fn words_of(text: &str) -> Vec<String> {
    let text: String = normal_form(text).collect();
    let words = Words::of(&text).filter_map(|part| part.word).map(str::to_lowercase);
    words.flat_map(|word| word.split('\'').map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// Cuts a text into words with what stands before each; a last part without a word holds what is left.
struct Words<'a> {
    rest: &'a str,
}

struct Part<'a> {
    before: &'a str,
    word: Option<&'a str>,
}

impl<'a> Words<'a> {
    fn of(text: &'a str) -> Self {
        Self { rest: text }
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let Some(start) = self.rest.find(char::is_alphanumeric) else {
            let before = std::mem::take(&mut self.rest);
            return Some(Part { before, word: None });
        };
        let (before, from) = self.rest.split_at(start);
        let mut end = from.len();
        let mut chars = from.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let is_letter = c.is_alphanumeric();
            let joins = match (c, chars.peek()) {
                ('\'', Some((_, next))) => next.is_alphanumeric(),
                // A hyphen joins beside a digit only: `FA-2031`, but `rendez` `vous`.
                ('-', Some((_, next))) => {
                    let after_a_digit = next.is_alphanumeric() && from[..at].ends_with(|c: char| c.is_ascii_digit());
                    next.is_ascii_digit() || after_a_digit
                }
                (_, _) => false,
            };
            if !is_letter && !joins {
                end = at;
                break;
            }
        }
        let (word, rest) = from.split_at(end);
        self.rest = rest;
        Some(Part { before, word: Some(word) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Reading {
        let known = ["Comment résilier le contrat de l'entreprise ?", "j'arrive à activer une clé", "la facture"];
        Spelling::new(known.into_iter(), Thesaurus::default()).read(text)
    }

    fn check(text: &str, words: &str) {
        assert_eq!(read(text).words, words, "{text}");
    }

    #[test]
    fn chat_spelling_becomes_french() {
        check("Cmt jpeux résilier svp ?", "comment je peux resilier s'il vous plait");
        check("g pas la clef", "j'ai pas la cle");
    }

    #[test]
    fn missing_apostrophes_come_back() {
        check("jarrive pas", "j'arrive pas");
        check("le contrat de lentreprise", "le contrat de l'entreprise");
    }

    #[test]
    fn typos_become_words_of_the_knowledge_base() {
        check("resillier le contrrat", "resilier le contrat");
        check("lentreprise ou l'entrperise", "l'entreprise ou l'entreprise");
        check("lentrperise", "l'entreprise");
    }

    #[test]
    fn codes_numbers_and_accents_stay() {
        check("FA-2031 c4ontrat 00123", "fa-2031 c4ontrat 00123");
        check("à, dès que c’est là", "a des que c'est la");
    }

    #[test]
    fn the_sentence_has_the_accents_of_the_knowledge_base_and_the_changes_are_told() {
        let reading = read("OU EST LA CLE ? pk");
        assert_eq!(reading.sentence, "ou est la clé ? pourquoi");
        assert_eq!(reading.corrections, [Correction { said: "pk".into(), means: "pourquoi".into(), why: Why::Chat }]);
    }

    #[test]
    fn accents_capitals_and_apostrophes_change_nothing() {
        for same in ["RÉSILIER L’ENTREPRISE", "resilier l`entreprise", "re\u{301}silier l´entreprise"] {
            assert_eq!(read(same), read("résilier l'entreprise"), "{same}");
        }
    }

    #[test]
    fn nothing_and_odd_texts_are_read() {
        check("", "");
        check("🙂 ?!", "");
        check("e\u{301}te\u{301}", "ete");
        assert_eq!(read(&"mot ".repeat(10_000)).words.len(), 3_999);
    }
}
