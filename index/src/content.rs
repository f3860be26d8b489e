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
const MAX_PHRASES: usize = 24;

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
            let step = intent.phrases.len().div_ceil(MAX_PHRASES).max(1);
            for (number, text) in intent.phrases.iter().step_by(step).enumerate() {
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
