//! What an answer states, sentence by sentence, in a form that can be compared: figures, times, yes or no, closed lists.

use std::collections::BTreeSet;

use guichet_index::{analyzer, plain};
use guichet_kb::Entry;
use guichet_kb::fold::fold;

/// One sentence of an answer, with the list that it announces.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Statement {
    /// As it is read.
    pub(super) text: String,
    /// What it speaks about: stems.
    pub(super) terms: BTreeSet<String>,
    /// Figures with their unit.
    pub(super) quantities: Vec<Quantity>,
    /// Days and seasons.
    pub(super) times: BTreeSet<String>,
    /// Yes, no, or neither.
    pub(super) polarity: Option<bool>,
    /// True when it excludes all else ("uniquement", "les seuls").
    pub(super) is_exclusive: bool,
    /// What it lists, in stems.
    pub(super) items: Vec<BTreeSet<String>>,
}

/// A figure.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Quantity {
    pub(super) value: String,
    pub(super) unit: &'static str,
    pub(super) bound: Option<Bound>,
}

/// How a figure bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    /// Not later than, until.
    Limit,
    /// Inside so long a time.
    Window,
    /// Not before, at least.
    Least,
}

const UNITS: [(&str, &str); 16] = [
    ("jour", "jours"),
    ("jours", "jours"),
    ("j", "jours"),
    ("semaine", "semaines"),
    ("semaines", "semaines"),
    ("mois", "mois"),
    ("an", "ans"),
    ("ans", "ans"),
    ("annees", "ans"),
    ("h", "heures"),
    ("heure", "heures"),
    ("heures", "heures"),
    ("minutes", "minutes"),
    ("%", "%"),
    ("€", "€"),
    ("euros", "€"),
];
const NUMBERS: [(&str, &str); 9] = [
    ("deux", "2"),
    ("trois", "3"),
    ("quatre", "4"),
    ("cinq", "5"),
    ("six", "6"),
    ("huit", "8"),
    ("dix", "10"),
    ("quinze", "15"),
    ("trente", "30"),
];
/// Words before a figure, the longest first where one holds another.
const BOUNDS: [(&str, Bound); 14] = [
    ("delai maximum", Bound::Window),
    ("delai maximal", Bound::Window),
    ("dans un delai", Bound::Window),
    ("dans les", Bound::Window),
    ("pendant", Bound::Window),
    ("durant", Bound::Window),
    ("sous", Bound::Window),
    ("au plus tard", Bound::Limit),
    ("jusqu", Bound::Limit),
    ("avant", Bound::Limit),
    ("au moins", Bound::Least),
    ("minimum", Bound::Least),
    ("a partir de", Bound::Least),
    ("pas avant", Bound::Least),
];
/// How many words before a figure say how it bounds.
const WORDS_OF_BOUND: usize = 5;
const MONTHS: [&str; 12] = [
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
];
const ALL_YEAR: [&str; 2] = ["toute l'annee", "tout au long de l'annee"];
const EXCLUSIVE: [&str; 7] =
    ["uniquement", "seulement", "exclusivement", "le seul", "les seuls", "la seule", "les seules"];
const NO: [&str; 7] = ["non,", "non ", "impossible", "n'est pas", "ne sont pas", "ne porte pas", "ne peut pas"];
const YES: [&str; 5] = ["oui,", "oui ", "est possible", "vous pouvez", "il suffit"];

/// The statements of an answer.
pub(super) fn of(entry: &Entry) -> Vec<Statement> {
    let mut texts: Vec<String> = Vec::new();
    for line in plain(&entry.answer).lines().map(str::trim).filter(|line| !line.is_empty()) {
        let announced = texts.last().is_some_and(|before| before.ends_with(':') || before.contains(":\n"));
        match item(line) {
            Some(item) if announced => {
                let before = texts.last_mut().expect("something announced it");
                before.push('\n');
                before.push_str(item);
            }
            _ => texts.extend(sentences(item(line).unwrap_or(line))),
        }
    }
    // What is asked states nothing.
    texts.into_iter().filter(|text| !text.ends_with('?')).map(statement).collect()
}

/// The text of a line that is part of a list.
fn item(line: &str) -> Option<&str> {
    let bullet = line.strip_prefix(['-', '•', '–']);
    let numbered = || {
        let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
        (rest.len() < line.len()).then(|| rest.strip_prefix(". ")).flatten()
    };
    bullet.or_else(numbered).map(str::trim)
}

/// Cut after a full stop, also where the space after it is missing.
fn sentences(line: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut start = 0;
    let characters: Vec<(usize, char)> = line.char_indices().collect();
    for pair in characters.windows(2) {
        let ((_, stop), (at, next)) = (pair[0], pair[1]);
        if matches!(stop, '.' | '!' | '?') && (next == ' ' || next.is_uppercase()) {
            out.push(line[start..at].trim().to_owned());
            start = at;
        }
    }
    out.push(line[start..].trim().to_owned());
    out.retain(|sentence| !sentence.is_empty());
    out
}

fn statement(text: String) -> Statement {
    let folded = fold(&text);
    let holds = |words: &[&str]| words.iter().any(|word| folded.contains(word));
    let polarity = match (folded.starts_with("oui"), holds(&NO), holds(&YES)) {
        (true, _, _) => Some(true),
        (false, true, _) => Some(false),
        (false, false, true) => Some(true),
        (false, false, false) => None,
    };
    Statement {
        terms: terms(&text),
        quantities: quantities(&folded),
        times: times(&folded),
        polarity,
        is_exclusive: holds(&EXCLUSIVE),
        items: items(&text),
        text,
    }
}

pub(super) fn terms(text: &str) -> BTreeSet<String> {
    analyzer::terms(text).into_iter().collect()
}

fn words(folded: &str) -> Vec<&str> {
    let is_end = |c: char| c.is_whitespace() || matches!(c, '\'' | ',' | ';' | ':' | '(' | ')' | '.' | '!' | '?');
    folded.split(is_end).filter(|word| !word.is_empty()).collect()
}

fn quantities(folded: &str) -> Vec<Quantity> {
    let words = words(folded);
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let digits = word.trim_end_matches(|c: char| !c.is_ascii_digit());
        let glued = &word[digits.len()..];
        let number = match NUMBERS.iter().find(|(name, _)| name == word) {
            Some((_, value)) => *value,
            None if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => digits,
            None => continue,
        };
        let unit = if glued.is_empty() || glued == *word { words.get(at + 1).copied() } else { Some(glued) };
        let Some((_, unit)) = unit.and_then(|unit| UNITS.iter().find(|(name, _)| *name == unit)) else { continue };
        let before = words[at.saturating_sub(WORDS_OF_BOUND)..at].join(" ");
        let bound = BOUNDS.iter().find(|(said, _)| before.contains(said)).map(|(_, bound)| *bound);
        found.push(Quantity { value: number.to_owned(), unit, bound });
    }
    found
}

fn times(folded: &str) -> BTreeSet<String> {
    let words = words(folded);
    let days =
        words.windows(2).filter(|pair| MONTHS.contains(&pair[1]) && pair[0].starts_with(|c: char| c.is_ascii_digit()));
    let mut times: BTreeSet<String> = days.map(|pair| pair.join(" ")).collect();
    times.extend(ALL_YEAR.iter().filter(|said| folded.contains(**said)).map(|_| "toute l'année".to_owned()));
    times
}

/// What follows a colon or stands in brackets, cut at its commas; the lines of a list.
fn items(text: &str) -> Vec<BTreeSet<String>> {
    let listed = match (text.split_once(":\n"), text.split_once(':'), text.split_once('(')) {
        (Some((_, lines)), _, _) => lines.split('\n').collect::<Vec<_>>(),
        (None, Some((_, rest)), _) => rest.split([',', ';']).collect(),
        (None, None, Some((_, rest))) => rest.split(')').next().unwrap_or_default().split([',', ';']).collect(),
        (None, None, None) => Vec::new(),
    };
    let items: Vec<BTreeSet<String>> = listed.into_iter().map(terms).filter(|terms| !terms.is_empty()).collect();
    if items.len() > 1 { items } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(answer: &str) -> Entry {
        Entry::new("a".parse().expect("a valid id"), "Q ?", "X", answer)
    }

    #[test]
    fn a_list_belongs_to_the_sentence_that_announces_it() {
        let found = of(&entry("Non, pas le nom. Les seuls critères sont :\n\n- le code ;\n- le numéro.\n\nFin.Suite"));
        let texts: Vec<&str> = found.iter().map(|statement| statement.text.as_str()).collect();
        assert_eq!(texts, ["Non, pas le nom.", "Les seuls critères sont :\nle code ;\nle numéro.", "Fin.", "Suite"]);
        assert_eq!((found[0].polarity, found[1].is_exclusive, found[1].items.len()), (Some(false), true, 2));
    }

    #[test]
    fn figures_are_read_with_their_unit_and_their_bound() {
        let check = |text: &str, value: &str, unit: &str, bound: Option<Bound>| {
            let found = of(&entry(text)).remove(0).quantities;
            let found: Vec<_> = found.iter().map(|one| (one.value.as_str(), one.unit, one.bound)).collect();
            assert_eq!(found, [(value, unit, bound)], "{text}");
        };
        check("jusqu'à 60 jours avant sa date", "60", "jours", Some(Bound::Limit));
        check("dans un délai maximum de 60 jours précédant l'échéance", "60", "jours", Some(Bound::Window));
        check("visible sous 24h", "24", "heures", Some(Bound::Window));
        check("datant de moins de trois mois", "3", "mois", None);
        check("une remise de 15 %", "15", "%", None);
        assert!(of(&entry("Sage 100 et page 12")).remove(0).quantities.is_empty());
    }

    #[test]
    fn times_are_days_and_the_whole_year() {
        let found = of(&entry("Toute l'année, sauf le 1er octobre.")).remove(0).times;
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["1er octobre", "toute l'année"]);
    }
}
