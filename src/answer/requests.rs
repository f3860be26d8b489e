//! « Où en est ma demande ? »: whether a message asks how far a request to support has got, and nothing else. What people
//! say for it stands in the knowledge base.

use std::collections::HashSet;

use guichet_kb::SmallTalk;

use super::small_talk::words;
use crate::model::TicketRef;

/// How people ask for it, filed.
pub(crate) struct Requests {
    /// The words of each phrase, the longest first.
    phrases: Vec<Vec<String>>,
    /// Words that may stand around.
    around: HashSet<String>,
}

impl Requests {
    /// Files what `small_talk` says of it.
    pub(crate) fn new(small_talk: &SmallTalk) -> Self {
        let requests = &small_talk.requests;
        let mut phrases: Vec<Vec<String>> =
            requests.phrases.iter().map(|phrase| words(phrase)).filter(|phrase| !phrase.is_empty()).collect();
        phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.len()));
        let around = small_talk.fillers.iter().chain(&requests.around).flat_map(|text| words(text)).collect();
        Self { phrases, around }
    }

    /// The request whose progress `message` asks for, when it asks for nothing else; `Some(None)` when it names none.
    pub(crate) fn followed_in(&self, message: &str) -> Option<Option<TicketRef>> {
        let named = TicketRef::find_in(message);
        let rest = match &named {
            Some(named) => format!("{} {}", &message[..named.place.start], &message[named.place.end..]),
            None => message.to_owned(),
        };
        let has_phrase = self.covers(&words(&rest))?;
        // A number without its dashes may be something else of the same form: a customer's code.
        let is_named = named.as_ref().is_some_and(|named| named.is_written_out);
        (has_phrase || is_named).then(|| named.map(|named| named.reference))
    }

    /// Whether a phrase is among `words`; none when something else is.
    fn covers(&self, words: &[String]) -> Option<bool> {
        let (mut at, mut has_phrase) = (0, false);
        while at < words.len() {
            if let Some(phrase) = self.phrases.iter().find(|phrase| words[at..].starts_with(phrase)) {
                has_phrase = true;
                at += phrase.len();
            } else if self.around.contains(&words[at]) {
                at += 1;
            } else {
                return None;
            }
        }
        Some(has_phrase)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Engine;

    fn check(message: &str, expected: Option<Option<&str>>) {
        let small_talk = crate::knowledge::load(None).expect("the binary carries small talk").knowledge_base.small_talk;
        let found = Requests::new(&small_talk).followed_in(message);
        let expected = expected.map(|reference| reference.map(|it| it.parse().expect("a reference")));
        assert_eq!(found, expected, "{message}");
    }

    #[test]
    fn how_far_a_request_has_got_is_asked_with_and_without_its_reference() {
        let reference = Some(Some("G-7K3M-2PQ9"));
        check("Où en est ma demande ?", Some(None));
        check("bonjour, ou en est mon ticket svp", Some(None));
        check("Statut de ma demande", Some(None));
        check("où en est ma demande G-7K3M-2PQ9 ?", reference);
        check("où en est mon ticket g 7k3m 2pq9", reference);
        check("ou en est ma demande g7k3m2pq9", reference);
        check("G-7K3M-2PQ9", reference);
        check("bonjour, et la référence G-7K3M-2PQ9 ?", reference);
    }

    #[test]
    fn whatever_else_is_said_makes_it_another_question() {
        check("où en est ma demande de résiliation", None);
        check("comment suivre ma demande dans l'espace partenaire ?", None);
        check("où en est mon contrat", None);
        check("la clé de la demande G-7K3M-2PQ9 ne marche pas", None);
        check("G7K3M2PQ9", None);
        check("bonjour", None);
        check("", None);
    }

    /// Entries that say where requests are seen share some phrases with this: they answer whoever has no request here.
    #[test]
    fn hardly_a_question_of_the_knowledge_base_is_about_a_request_made_here() {
        let engine = Engine::carried();
        for entry in &engine.knowledge_base().entries {
            let questions = [&entry.question].into_iter().chain(&entry.variants).chain(&entry.checks.must);
            let taken: Vec<&String> = questions.filter(|question| engine.followed_in(question).is_some()).collect();
            assert!(
                taken.is_empty() || entry.id.as_str() == "zendesk-creer-demande",
                "{}: {taken:?}",
                entry.id.as_str()
            );
        }
    }
}
