//! Passwords: what follows "mot de passe :", "mdp", "password=" and the like. A word that only speaks of a password
//! ("mon mot de passe est expiré") is none.

use std::ops::Range;

use guichet_kb::fold::fold;

use crate::text;

/// What announces a password, as folded words.
const LABELS: [&[&str]; 9] = [
    &["mot", "de", "passe"],
    &["mots", "de", "passe"],
    &["code", "secret"],
    &["motdepasse"],
    &["mdp"],
    &["password"],
    &["passwd"],
    &["passphrase"],
    &["pwd"],
];
/// Words between the label and its colon: "mot de passe du portail :".
const WORDS_BETWEEN: usize = 3;
/// A password after a colon has at least so many characters; "mot de passe perdu : 3 fois" has none.
const SHORTEST: usize = 4;
/// What a plain word says of a password, or asks about it.
const REMARKS: [&str; 66] = [
    "comment",
    "ou",
    "pourquoi",
    "quand",
    "quel",
    "quelle",
    "quoi",
    "que",
    "qui",
    "est",
    "je",
    "j",
    "il",
    "elle",
    "on",
    "nous",
    "vous",
    "le",
    "la",
    "les",
    "un",
    "une",
    "mon",
    "ma",
    "mes",
    "votre",
    "pas",
    "plus",
    "trop",
    "tres",
    "bien",
    "toujours",
    "encore",
    "bon",
    "bonne",
    "mauvais",
    "faux",
    "correct",
    "incorrect",
    "invalide",
    "valide",
    "errone",
    "expire",
    "perime",
    "perdu",
    "oublie",
    "refuse",
    "rejete",
    "bloque",
    "inconnu",
    "requis",
    "obligatoire",
    "necessaire",
    "different",
    "identique",
    "celui",
    "dans",
    "pour",
    "avec",
    "impossible",
    "probleme",
    "erreur",
    "changement",
    "reinitialisation",
    "reinitialise",
    "demande",
];

struct Word {
    place: Range<usize>,
    folded: String,
}

/// Where passwords are, without what announces them.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let words = words(text);
    let mut found: Vec<Range<usize>> = Vec::new();
    for first in 0..words.len() {
        let label = LABELS.iter().find(|label| {
            let here = words.get(first..first + label.len());
            here.is_some_and(|here| here.iter().zip(label.iter()).all(|(word, label)| word.folded == *label))
        });
        let Some(label) = label else { continue };
        let after = first + label.len();
        let is_hidden = found.last().is_some_and(|last| last.end > words[first].place.start);
        if !is_hidden {
            found.extend(value(text, &words, after));
        }
    }
    found
}

/// The password after the label whose last word is before `after`.
fn value(text: &str, words: &[Word], after: usize) -> Option<Range<usize>> {
    for between in 0..=WORDS_BETWEEN {
        let end = words[after + between - 1].place.end;
        let mark = text[end..].trim_start_matches(|c: char| is_space(c) || c == '"');
        if let Some(rest) = mark.strip_prefix([':', '=']) {
            let has_equals = mark.starts_with('=');
            return token(text, rest).filter(|place| has_equals || is_told(&text[place.clone()]));
        }
        let next = words.get(after + between)?;
        // Only spaces and apostrophes part the words of one phrase.
        if !text[end..next.place.start].chars().all(|c| is_space(c) || matches!(c, '\'' | '’')) {
            return None;
        }
        if next.folded == "est" {
            let rest = &text[next.place.end..];
            return token(text, rest).filter(|place| is_secret(&text[place.clone()]) || is_last_word(text, place));
        }
        if between == 0 {
            let place = token(text, &text[end..]).filter(|place| is_secret(&text[place.clone()]));
            if place.is_some() {
                return place;
            }
        }
    }
    None
}

/// The next word of any characters in `rest`, which is an end of `text`: up to a space, or between quotation marks.
fn token(text: &str, rest: &str) -> Option<Range<usize>> {
    let rest = rest.trim_start_matches(|c: char| is_space(c) || c == '\n' || c == '=' || c == ':');
    if text::redact::MASKS.iter().any(|mask| rest.starts_with(mask)) {
        return None;
    }
    let start = text.len() - rest.len();
    let quoted = [('"', '"'), ('«', '»'), ('“', '”'), ('\'', '\'')].into_iter().find_map(|(open, close)| {
        let inside = rest.strip_prefix(open)?;
        let length = inside.find(close)?;
        let trimmed = inside[..length].trim();
        let from = text.len() - inside.len() + (inside.len() - inside.trim_start().len());
        (!trimmed.is_empty() && !trimmed.contains('\n')).then(|| from..from + trimmed.len())
    });
    let word = rest.split(|c: char| c.is_whitespace() || c == '\u{a0}').next().unwrap_or_default();
    let word = word.trim_end_matches([',', ';', ')', '"']);
    let word = word.strip_suffix('.').unwrap_or(word);
    let is_masked = |place: &Range<usize>| text::redact::MASKS.iter().any(|mask| text[place.clone()].contains(mask));
    quoted.or_else(|| (!word.is_empty()).then(|| start..start + word.len())).filter(|place| !is_masked(place))
}

/// After a colon anything is a password that is no remark.
fn is_told(word: &str) -> bool {
    word.chars().count() >= SHORTEST && !is_remark(word)
}

/// Looks like a password whatever stands before: a digit or a mark among letters, or capitals inside.
fn is_secret(word: &str) -> bool {
    let has = |is: fn(char) -> bool| word.chars().any(is);
    let inner_capital = word.chars().skip(1).any(char::is_uppercase) && has(char::is_lowercase);
    let inner_mark =
        word.trim_end_matches(|c: char| !c.is_alphanumeric()).chars().any(|c| "!@#$%&*+=?/\\_.".contains(c));
    let mixes = has(char::is_alphabetic) && (has(|c| c.is_ascii_digit()) || inner_capital || inner_mark);
    word.chars().count() >= SHORTEST && mixes && !word.contains(['’', '\''])
}

/// "mon mot de passe est soleil": nothing follows, and it says nothing of the password.
fn is_last_word(text: &str, place: &Range<usize>) -> bool {
    let rest = &text[place.end..];
    let ends = rest.lines().next().unwrap_or_default().chars().all(|c| !c.is_alphanumeric());
    let word = &text[place.clone()];
    // Participles are no passwords: "expiré", "refusée".
    let is_plain = word.chars().all(|c| c.is_ascii_alphabetic()) && !fold(word).ends_with("ee");
    ends && is_plain && is_told(word)
}

fn is_remark(word: &str) -> bool {
    let folded = fold(word);
    let bare = folded.trim_matches(|c: char| !c.is_alphanumeric());
    let stem = bare.split('\'').next().unwrap_or(bare);
    bare.is_empty()
        || [bare, stem, bare.trim_end_matches('s'), bare.trim_end_matches('e')]
            .iter()
            .any(|word| REMARKS.contains(word))
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{a0}' | '\u{202f}')
}

fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push(Word { place: from..at, folded: fold(&text[from..at]) });
                start = None;
            }
            _ => {}
        }
    }
    words
}
