//! Greetings, thanks and the like.
//!
//! A message is small talk when phrases of small talk and fillers cover all of it, or when it is nearly the same as one
//! phrase. A real question beside a greeting is a question: then something is left uncovered, and no phrase is near.

use std::collections::HashMap;

use guichet_index::Phrases;
use guichet_kb::fold::fold;
use guichet_kb::{Intent, SmallTalk};

/// Likeness from which a message is one of the phrases, mistyped.
const NEARLY_THE_SAME: f32 = 0.7;
/// Longer messages ask something, whatever they resemble.
const MAX_WORDS_OF_A_PHRASE: usize = 9;

/// Fewer digits are a year's or a quantity's.
const DIGITS_OF_A_NUMBER: usize = 4;

/// The phrases, filed.
pub(crate) struct Recogniser {
    /// First word → the words of each phrase that begins so, with its intent.
    by_first_word: HashMap<String, Vec<(Vec<String>, usize)>>,
    fillers: Vec<String>,
    subjects: Vec<String>,
    phrases: Phrases,
    /// Intent of each phrase of `phrases`.
    intents: Vec<usize>,
    /// Words of each phrase of `phrases`.
    lengths: Vec<usize>,
}

impl Recogniser {
    /// Files the phrases of `small_talk`.
    pub(crate) fn new(small_talk: &SmallTalk) -> Self {
        let all = || {
            let intents = small_talk.intent.iter().enumerate();
            intents.flat_map(|(number, intent)| intent.phrases.iter().map(move |phrase| (number, phrase)))
        };
        let phrases: Vec<String> = all().map(|(_, phrase)| words(phrase).join(" ")).collect();
        let mut by_first_word: HashMap<String, Vec<(Vec<String>, usize)>> = HashMap::new();
        for (intent, phrase) in all() {
            let words = words(phrase);
            if let Some(first) = words.first() {
                by_first_word.entry(first.clone()).or_default().push((words, intent));
            }
        }
        Self {
            by_first_word,
            fillers: small_talk.fillers.iter().flat_map(|filler| words(filler)).collect(),
            subjects: small_talk.subjects.iter().flat_map(|subject| words(subject)).collect(),
            phrases: Phrases::new(phrases.iter().map(String::as_str)),
            intents: all().map(|(intent, _)| intent).collect(),
            lengths: all().map(|(_, phrase)| words(phrase).len()).collect(),
        }
    }

    /// The intent of `message`, when all of it is small talk. `question_likeness` is how much it is like a real question,
    /// by its letters.
    pub(crate) fn recognise<'a>(
        &self,
        small_talk: &'a SmallTalk,
        message: &str,
        question_likeness: f32,
    ) -> Option<&'a Intent> {
        let words = words(message);
        let intent = |number: usize| small_talk.intent.get(number);
        let is_filler = |word: &String| self.fillers.contains(word);
        let whole = self.covering(&words, is_filler).or_else(|| self.nearly(&words, question_likeness));
        whole.and_then(intent).or_else(|| {
            // « un conseiller au sujet du contrat 47654321 »: a person is wanted, whatever it is about.
            let found =
                self.covering(&words, |word| is_filler(word) || self.subjects.contains(word) || is_number(word));
            found.and_then(intent).filter(|intent| intent.handoff)
        })
    }

    /// The first intent, in the order of the file, among the phrases that cover `words` together with words that may be
    /// skipped.
    fn covering(&self, words: &[String], may_be_skipped: impl Fn(&String) -> bool) -> Option<usize> {
        let mut found = None;
        let mut at = 0;
        while at < words.len() {
            let begun = self.by_first_word.get(&words[at]).into_iter().flatten();
            let longest =
                begun.filter(|(phrase, _)| words[at..].starts_with(phrase)).max_by_key(|(phrase, _)| phrase.len());
            if let Some((phrase, intent)) = longest {
                found = Some(found.map_or(*intent, |other: usize| other.min(*intent)));
                at += phrase.len();
            } else if may_be_skipped(&words[at]) {
                at += 1;
            } else {
                return None;
            }
        }
        found
    }

    fn nearly(&self, words: &[String], question_likeness: f32) -> Option<usize> {
        if words.len() > MAX_WORDS_OF_A_PHRASE {
            return None;
        }
        let (phrase, likeness) = self.phrases.closest(&words.join(" "))?;
        // One rare word in common ("menu" and "c'est quel menu ?") makes texts alike: the phrase must be most of the message.
        let is_most = self.lengths[phrase] * 2 > words.len();
        (is_most && likeness >= NEARLY_THE_SAME && likeness > question_likeness).then(|| self.intents[phrase])
    }
}

/// Whether `word` numbers something: a contract, a customer, an invoice.
fn is_number(word: &str) -> bool {
    word.chars().filter(char::is_ascii_digit).count() >= DIGITS_OF_A_NUMBER
}

/// Folded words and emoji; letters that are held (`merciiii`) or doubled come once.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in fold(text).chars().chain([' ']) {
        if c.is_alphanumeric() {
            if !word.ends_with(c) || c.is_ascii_digit() {
                word.push(c);
            }
            continue;
        }
        if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if is_emoji(c) {
            words.push(c.to_string());
        }
    }
    words
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2600}'..='\u{27bf}' | '\u{1f300}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(message: &str, expected: Option<&str>) {
        let small_talk = crate::knowledge::load(None).expect("the binary carries small talk").knowledge_base.small_talk;
        let found = Recogniser::new(&small_talk).recognise(&small_talk, message, 0.3);
        assert_eq!(found.map(|intent| intent.id.as_str()), expected, "{message}");
    }

    #[test]
    fn greetings_thanks_and_requests_for_a_person_are_recognised() {
        check("Bonjour !", Some("salutation"));
        check("slt tt le monde", Some("salutation"));
        check("merci bcp", Some("merci"));
        check("je voudrais parler à un conseiller svp", Some("humain"));
        check("bonjour, merci", Some("salutation"));
    }

    #[test]
    fn what_a_person_is_wanted_for_does_not_hide_the_wish() {
        check("je veux parler à un conseiller au sujet du contrat 47654321", Some("humain"));
        check("un conseiller svp, pour la facture FA2026-0412", Some("humain"));
        check("bonjour, contrat 47654321", None);
        check("merci pour le contrat", None);
        check("Comment joindre le service client de mon concurrent ?", None);
    }

    #[test]
    fn held_letters_typos_and_emoji_are_no_hindrance() {
        check("merciiiiiii 🙏", Some("merci"));
        check("bonjourrrr", Some("salutation"));
        check("je veux parlé a un conseiler", Some("humain"));
        check("bonne journéé", Some("au-revoir"));
    }

    #[test]
    fn a_question_beside_a_greeting_is_a_question() {
        check("Bonjour, comment créer un ticket ?", None);
        check("merci, et pour les factures ?", None);
        check("c'est quel menu ?", None);
        check("", None);
    }

    #[test]
    fn what_is_closer_to_a_question_is_one() {
        let small_talk = crate::knowledge::load(None).expect("the binary carries small talk").knowledge_base.small_talk;
        let found = Recogniser::new(&small_talk).recognise(&small_talk, "je veux parlé a un conseiler", 0.99);
        assert_eq!(found, None);
    }
}
