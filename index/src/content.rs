//! What an index is built from.

use guichet_kb::{Entry, Intent, KnowledgeBase, Orientation, Synonyms};

/// Entries, and the topics that compete with them.
#[derive(Debug, Clone, Copy)]
pub struct Content<'a> {
    /// What questions find.
    pub entries: &'a [Entry],
    /// Topics that no entry answers.
    pub orientations: &'a [Orientation],
    /// Small talk, which competes too: some of it looks like questions.
    pub small_talk: &'a [Intent],
    /// What people say for the words of the entries.
    pub synonyms: Option<&'a Synonyms>,
}

/// Phrases of an intent of small talk that are compared by meaning, at most; spread evenly.
const MAX_PHRASES: usize = 40;
/// Shorter phrases are said as they stand and found by their letters; longer ones have as many forms as there are people.
const WORDS_OF_A_SENTENCE: usize = 3;

impl<'a> Content<'a> {
    /// `entries` beside what `knowledge_base` holds besides entries.
    pub fn of(entries: &'a [Entry], knowledge_base: &'a KnowledgeBase) -> Self {
        Self {
            entries,
            orientations: &knowledge_base.orientations,
            small_talk: &knowledge_base.small_talk.intent,
            synonyms: Some(&knowledge_base.synonyms),
        }
    }

    /// Entries first, then orientations, then small talk: how many things a question may be about.
    pub(crate) fn classes(&self) -> usize {
        self.entries.len() + self.orientations.len() + self.small_talk.len()
    }

    /// Questions and variants of the entries.
    pub(crate) fn count_formulations(&self) -> usize {
        self.entries.iter().map(|entry| 1 + entry.variants.len()).sum()
    }

    /// Every text that a question is compared with.
    pub(crate) fn formulations(&self) -> Vec<Formulation> {
        let mut all = Vec::new();
        for (class, entry) in self.entries.iter().enumerate() {
            for (number, text) in formulations(entry).enumerate() {
                all.push(Formulation { class, kind: Kind::Asked(number), text: text.to_owned() });
            }
            let answer = plain(&entry.answer);
            if !answer.is_empty() {
                all.push(Formulation { class, kind: Kind::Told, text: format!("{} {answer}", entry.question) });
            }
        }
        for (number, orientation) in self.orientations.iter().enumerate() {
            let class = self.entries.len() + number;
            let asked = std::iter::once(&orientation.topic).chain(&orientation.phrasings);
            for (number, text) in asked.enumerate() {
                all.push(Formulation { class, kind: Kind::Asked(number), text: text.clone() });
            }
        }
        for (number, intent) in self.small_talk.iter().enumerate() {
            let class = self.entries.len() + self.orientations.len() + number;
            for (number, text) in compared(intent).into_iter().enumerate() {
                all.push(Formulation { class, kind: Kind::Asked(number), text: text.clone() });
            }
        }
        all
    }
}

impl<'a> From<&'a [Entry]> for Content<'a> {
    fn from(entries: &'a [Entry]) -> Self {
        Self { entries, orientations: &[], small_talk: &[], synonyms: None }
    }
}

impl<'a, const N: usize> From<&'a [Entry; N]> for Content<'a> {
    fn from(entries: &'a [Entry; N]) -> Self {
        entries.as_slice().into()
    }
}

impl<'a> From<&'a Vec<Entry>> for Content<'a> {
    fn from(entries: &'a Vec<Entry>) -> Self {
        entries.as_slice().into()
    }
}

/// One text of a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Formulation {
    /// An entry, or an orientation counted after the entries.
    pub(crate) class: usize,
    /// How it speaks.
    pub(crate) kind: Kind,
    /// As it was written.
    pub(crate) text: String,
}

/// How a formulation speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// As people ask: 0 = the question, n = the variant n-1.
    Asked(usize),
    /// As the answer tells, after its question.
    Told,
}

/// The phrases of `intent` that are compared by meaning: sentences before words.
fn compared(intent: &Intent) -> Vec<&String> {
    let is_sentence = |phrase: &&String| phrase.split_whitespace().count() >= WORDS_OF_A_SENTENCE;
    let (sentences, words): (Vec<&String>, Vec<&String>) = intent.phrases.iter().partition(is_sentence);
    let mut compared = spread(&sentences, MAX_PHRASES);
    compared.extend(spread(&words, MAX_PHRASES - compared.len()));
    compared
}

/// As many of `all` as there may be, evenly.
fn spread<'a>(all: &[&'a String], most: usize) -> Vec<&'a String> {
    let count = all.len().min(most);
    (0..count).map(|number| all[number * all.len() / count]).collect()
}

/// The question of an entry, then its variants.
pub(crate) fn formulations(entry: &Entry) -> impl Iterator<Item = &str> {
    std::iter::once(entry.question.as_str()).chain(entry.variants.iter().map(String::as_str))
}

/// An answer as it is read: without `{{…}}`, without the targets of links, without signs of Markdown.
pub fn plain(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut rest = markdown;
    while let Some(at) = rest.find(['{', ']', '*', '`', '[', '#']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = if rest.starts_with("{{") {
            out.push(' ');
            rest.find("}}").map(|end| end + 2)
        } else if rest.starts_with("](") {
            rest.find(')').map(|end| end + 1)
        } else {
            None
        };
        rest = &rest[end.unwrap_or(1)..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_without_their_signs() {
        for (markdown, expected) in [
            ("Appelez {{contact:support}}.", "Appelez  ."),
            ("{{a}}{{b}}", "  "),
            ("un {{ sans fin", "un   sans fin"),
            ("Allez dans [Zendesk](link:zendesk), **Demandes**.", "Allez dans Zendesk, Demandes."),
            ("rien", "rien"),
        ] {
            assert_eq!(plain(markdown), expected);
        }
    }

    #[test]
    fn of_much_small_talk_sentences_are_compared_first_and_evenly() {
        let phrases =
            (0..100).map(|number| if number % 3 == 0 { format!("merci {number}") } else { format!("je dis {number}") });
        let intent = Intent { id: "x".into(), reply: String::new(), handoff: false, phrases: phrases.collect() };
        let compared = compared(&intent);
        assert_eq!(compared.len(), MAX_PHRASES);
        assert!(compared.iter().all(|phrase| phrase.starts_with("je dis")));
        assert_eq!((compared[0].as_str(), compared[39].as_str()), ("je dis 1", "je dis 97"));
        let few = Intent { phrases: vec!["ok".to_owned(), "bien reçu merci".to_owned()], ..intent };
        assert_eq!(super::compared(&few), ["bien reçu merci", "ok"]);
    }

    #[test]
    fn entries_come_first_and_their_answers_count() {
        let mut entry = Entry::new("a".parse().expect("a valid id"), "Où ?", "X", "Là.");
        entry.variants = vec!["ou donc".to_owned()];
        let orientation = Orientation {
            id: "b".parse().expect("a valid id"),
            topic: "Paie".to_owned(),
            route: String::new(),
            phrasings: vec!["smic".to_owned()],
            text: "Ailleurs.".to_owned(),
        };
        let content = Content { entries: &[entry], orientations: &[orientation], small_talk: &[], synonyms: None };
        let found: Vec<(usize, String)> =
            content.formulations().into_iter().map(|formulation| (formulation.class, formulation.text)).collect();
        let expected = [(0, "Où ?"), (0, "ou donc"), (0, "Où ? Là."), (1, "Paie"), (1, "smic")];
        assert_eq!(found, expected.map(|(class, text)| (class, text.to_owned())));
        assert_eq!(content.classes(), 2);
    }
}
