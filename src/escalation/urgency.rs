//! How much a request presses, as far as its words say so.

use super::words::words;
use crate::model::Urgency;

/// Work is stopped.
const URGENT: [&str; 8] = [
    "urgent",
    "urgente",
    "urgence",
    "tout est bloque",
    "a l arret",
    "plus travailler",
    "pas travailler",
    "impossible de travailler",
];
/// Work is hindered.
const HIGH: [&str; 10] =
    ["bloque", "bloquee", "bloques", "bloquees", "bloquant", "bloquante", "au plus vite", "asap", "en panne", "presse"];
/// It can wait, said so.
const LOW: [&str; 5] =
    ["peut attendre", "quand vous pourrez", "quand vous pouvez", "prenez votre temps", "rien ne presse"];
/// Before a word of the others, they turn it round.
const NOT: [&str; 4] = ["pas", "rien", "aucune", "non"];

/// What `text` says of its urgency, if anything.
pub(super) fn said(text: &str) -> Option<Urgency> {
    let words = words(text);
    let find = |phrases: &[&str]| phrases.iter().find_map(|phrase| position(&words, phrase));
    if find(&LOW).is_some() {
        return Some(Urgency::Low);
    }
    let (urgency, at) = match (find(&URGENT), find(&HIGH)) {
        (Some(at), _) => (Urgency::Urgent, at),
        (None, Some(at)) => (Urgency::High, at),
        (None, None) => return None,
    };
    let is_denied = words[at.saturating_sub(2)..at].iter().any(|word| NOT.contains(&word.as_str()));
    Some(if is_denied { Urgency::Low } else { urgency })
}

fn position(words: &[String], phrase: &str) -> Option<usize> {
    let phrase: Vec<&str> = phrase.split(' ').collect();
    words.windows(phrase.len()).position(|window| window == phrase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urgency_is_heard_and_so_is_its_contrary() {
        for (text, expected) in [
            ("C'est URGENT, rien ne marche", Some(Urgency::Urgent)),
            ("mon client est bloqué", Some(Urgency::High)),
            ("tout est bloqué depuis ce matin", Some(Urgency::Urgent)),
            ("on ne peut plus travailler", Some(Urgency::Urgent)),
            ("ce n'est pas urgent", Some(Urgency::Low)),
            ("rien d'urgent", Some(Urgency::Low)),
            ("ça peut attendre", Some(Urgency::Low)),
            ("comment débloquer un compte ?", None),
            ("où sont les clés ?", None),
            ("", None),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }
}
