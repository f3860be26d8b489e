//! The request in one line, the product that it names, and whether another ticket is about the same.

use std::collections::BTreeSet;

use guichet_index::analyzer;
use guichet_kb::fold::fold;

use super::OpenTicket;

/// Longest subject, in characters.
const LONGEST: usize = 80;
/// Words that a sentence must have to say what it is about; "Urgent !" does not.
const WORDS_OF_A_SUBJECT: usize = 3;
/// Share of terms in common from which two subjects are the same.
const SAME: f64 = 0.5;
/// Terms that a short request must have for its subject to say anything.
const TERMS_OF_A_REQUEST: usize = 2;
/// Beginnings of a message that say nothing of it.
const GREETINGS: [&str; 8] = ["bonjour", "bonsoir", "bjr", "salut", "hello", "madame", "monsieur", "messieurs"];

/// The first sentence of `text` that says something, without greeting, at most 80 characters.
pub(super) fn shorten(text: &str) -> String {
    let sentences: Vec<&str> = sentences(text).into_iter().map(without_greeting).filter(|s| !s.is_empty()).collect();
    let says_something = |sentence: &&&str| sentence.split_whitespace().count() >= WORDS_OF_A_SUBJECT;
    let telling = sentences.iter().find(|sentence| tells(sentence));
    let sentence = telling.or(sentences.iter().find(says_something)).or(sentences.first()).copied().unwrap_or(text);
    let line = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line.trim_end_matches(['.', ',', ';', ':']).trim_end();
    let line = capitalised(line);
    if line.chars().count() <= LONGEST {
        return line;
    }
    let room: String = line.chars().take(LONGEST).collect();
    let cut = match room.rfind(' ').filter(|at| *at > LONGEST / 2) {
        Some(space) => &room[..space],
        // A long word has no better place to be cut.
        None => room.char_indices().last().map_or("", |(last, _)| &room[..last]),
    };
    format!("{}…", cut.trim_end_matches([' ', ',', ';', ':', '\u{a0}']))
}

/// Whether a subject can be made of `text`: "Urgent !" and "à l'aide" say of nothing what it is.
pub(super) fn is_telling(text: &str) -> bool {
    sentences(text).into_iter().map(without_greeting).any(tells)
}

fn tells(sentence: &str) -> bool {
    sentence.split_whitespace().count() > WORDS_OF_A_SUBJECT || terms(sentence).len() >= TERMS_OF_A_REQUEST
}

/// The product of `products` whose name is in `text`; the longest when there are several.
pub(super) fn named(text: &str, products: &[String]) -> Option<String> {
    let padded = |text: &str| format!(" {} ", super::words::words(text).join(" "));
    let text = padded(text);
    let found = products.iter().filter(|product| !fold(product).trim().is_empty() && text.contains(&padded(product)));
    found.max_by_key(|product| product.chars().count()).cloned()
}

/// The open ticket that is about the same as `subject` or `request`, the nearest one.
pub(super) fn same<'a>(subject: &str, request: &str, open: &'a [OpenTicket]) -> Option<&'a OpenTicket> {
    let likeness = |ticket: &OpenTicket| {
        let terms = terms(&ticket.subject);
        share(&terms, &self::terms(subject)).max(share(&terms, &self::terms(request)))
    };
    let near = open.iter().map(|ticket| (likeness(ticket), ticket)).filter(|(likeness, _)| *likeness >= SAME);
    near.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, ticket)| ticket)
}

pub(super) fn terms(text: &str) -> BTreeSet<String> {
    analyzer::terms(text).into_iter().collect()
}

/// The Jaccard index: terms in common, of all terms.
pub(super) fn share(a: &BTreeSet<String>, b: &BTreeSet<String>) -> f64 {
    let common = a.intersection(b).count();
    let all = a.len() + b.len() - common;
    if all == 0 { 0.0 } else { common as f64 / all as f64 }
}

/// A sentence ends at a line break, or at a mark that is followed by a space.
fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let is_followed_by_space = characters.peek().is_none_or(|(_, next)| next.is_whitespace());
        if c == '\n' || (matches!(c, '.' | '?' | '!' | '…') && is_followed_by_space) {
            sentences.push(text[start..at + c.len_utf8()].trim());
            start = at + c.len_utf8();
        }
    }
    sentences.push(text[start..].trim());
    sentences
}

fn without_greeting(sentence: &str) -> &str {
    let mut rest = sentence;
    loop {
        let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        if !GREETINGS.contains(&fold(&rest[..end]).as_str()) {
            return rest;
        }
        rest = rest[end..].trim_start_matches(|c: char| !c.is_alphanumeric());
    }
}

/// `line` with a capital at its beginning.
pub(super) fn capitalised(line: &str) -> String {
    let mut characters = line.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TicketRef;

    #[test]
    fn a_subject_is_the_first_sentence_that_says_something() {
        for (text, expected) in [
            ("où sont les clés ?", "Où sont les clés ?"),
            ("Bonjour, je ne trouve pas la facture FA22. Merci.", "Je ne trouve pas la facture FA22"),
            ("Bonjour !\nUrgent ! La version 12.1 refuse ma clé. Que faire ?", "La version 12.1 refuse ma clé"),
            ("Au secours ! Ma clé est refusée.", "Ma clé est refusée"),
            ("Bonjour", "Bonjour"),
            ("aide", "Aide"),
            ("", ""),
            ("a\tb\n c", "A b"),
        ] {
            assert_eq!(shorten(text), expected);
        }
        let long = shorten(&"une phrase qui ne finit pas ".repeat(9));
        assert_eq!(long, "Une phrase qui ne finit pas une phrase qui ne finit pas une phrase qui ne finit…");
        assert_eq!(shorten(&"é".repeat(200)).chars().count(), 80);
    }

    #[test]
    fn a_word_alone_tells_nothing() {
        for text in
            ["ma clé est refusée", "où sont mes avoirs ?", "Bonjour !\nUrgent ! facture introuvable", "xyzzy plugh ?"]
        {
            assert!(is_telling(text), "{text}");
        }
        for text in ["", "aide", "Bonjour, urgent !", "un problème", "🙂"] {
            assert!(!is_telling(text), "{text}");
        }
    }

    #[test]
    fn the_longest_product_that_is_named_is_meant() {
        let products = ["Compta".to_owned(), "Compta Expert".to_owned(), "Paie".to_owned()];
        for (text, expected) in [
            ("ma clé COMPTA expert est refusée", Some("Compta Expert")),
            ("j'ai payé", None),
            ("la paie, svp", Some("Paie")),
        ] {
            assert_eq!(named(text, &products).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn tickets_on_the_same_are_found_whatever_the_words_around() {
        let ticket = |number, subject: &str| OpenTicket {
            reference: TicketRef::from_random(number),
            subject: subject.into(),
            is_elsewhere: false,
            is_solved: false,
            number: None,
        };
        let open = [ticket(1, "Clé d’activation refusée"), ticket(2, "Facture de mars introuvable")];
        let found = |text| same(text, text, &open).map(|ticket| ticket.subject.as_str());
        assert_eq!(found("Ma clé d'activation est refusée"), Some("Clé d’activation refusée"));
        assert_eq!(found("je ne trouve pas la facture de mars, introuvable"), Some("Facture de mars introuvable"));
        assert_eq!(found("Comment inscrire un collègue à une formation ?"), None);
        assert_eq!(found(""), None);
    }
}
