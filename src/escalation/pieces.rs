//! Cuts a message into pieces that may hold one fact each, and takes away what surrounds a fact.

use guichet_kb::fold::fold;

/// Words around a fact that are no part of it.
const NOISE: [&str; 42] = [
    "bonjour",
    "bonsoir",
    "voici",
    "voila",
    "alors",
    "donc",
    "oui",
    "non",
    "ok",
    "pardon",
    "desole",
    "desolee",
    "merci",
    "svp",
    "et",
    "c",
    "est",
    "ce",
    "plutot",
    "en",
    "fait",
    "mon",
    "ma",
    "mes",
    "mail",
    "mel",
    "e",
    "email",
    "adresse",
    "courriel",
    "coordonnees",
    "nom",
    "moi",
    "pour",
    "aussi",
    "suis",
    "je",
    "m",
    "sera",
    "ici",
    "travaille",
    "son",
];
/// They begin names as well ("Le Goff"): noise only before noise, or at the end.
const ARTICLES: [&str; 7] = ["la", "le", "l", "de", "d", "a", "au"];
/// What may hold one fact each. A dot ends a sentence, unless it follows an initial.
pub(super) fn segments(text: &str) -> Vec<&str> {
    let mut segments = Vec::new();
    let mut start = 0;
    for (at, mark) in text.match_indices([',', ';', '\n', '.', '?', '!']) {
        let end = at + mark.len();
        let ends_a_sentence = text[end..].starts_with(char::is_whitespace) && !is_initial(&text[start..at]);
        if matches!(mark, "," | ";" | "\n") || ends_a_sentence {
            segments.push(&text[start..end]);
            start = end;
        }
    }
    segments.push(&text[start..]);
    let parts = segments.into_iter().flat_map(|segment| segment.split(" - ")).flat_map(|part| part.split(" / "));
    parts.map(|part| part.trim_end_matches([',', ';', '\n']).trim()).collect()
}

fn is_initial(before_dot: &str) -> bool {
    before_dot.chars().rev().take_while(|c| c.is_alphanumeric()).count() == 1
}

/// A word and where it stands.
pub(super) struct Token {
    /// Where it begins, in bytes.
    pub(super) start: usize,
    /// Where it ends.
    pub(super) end: usize,
    /// Without accents and capitals.
    pub(super) folded: String,
}

/// The words of `text`.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                tokens.push(Token { start: from, end: at, folded: fold(&text[from..at]) });
                start = None;
            }
            _ => {}
        }
    }
    tokens
}

/// `text` without noise at its ends; `None` when there is nothing else.
pub(super) fn trimmed(text: &str) -> Option<&str> {
    let tokens = tokens(text);
    let is_in =
        |list: &[&str], at: usize| tokens.get(at).is_some_and(|token: &Token| list.contains(&token.folded.as_str()));
    let mut first = 0;
    while is_in(&NOISE, first) || (is_in(&ARTICLES, first) && is_in(&NOISE, first + 1)) {
        first += 1;
    }
    let mut end = tokens.len();
    while end > first && (is_in(&NOISE, end - 1) || is_in(&ARTICLES, end - 1)) {
        end -= 1;
    }
    let (first, last) = (tokens.get(first)?, tokens[..end].last()?);
    (first.start < last.end).then(|| &text[first.start..last.end])
}
