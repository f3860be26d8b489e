//! Company names as people type them, against names that are known: capitals, accents, legal forms and small typing errors
//! do not matter.

use guichet_kb::fold::fold;

use super::typing::is_within;

/// Words that a name may have or not: legal forms, titles, articles.
const SILENT: [&str; 37] = [
    "a",
    "agence",
    "au",
    "aux",
    "chez",
    "cie",
    "client",
    "cliente",
    "compagnie",
    "d",
    "de",
    "des",
    "du",
    "entreprise",
    "et",
    "etablissement",
    "etablissements",
    "ets",
    "eurl",
    "groupe",
    "l",
    "la",
    "le",
    "les",
    "monsieur",
    "sa",
    "sarl",
    "sas",
    "sasu",
    "ste",
    "snc",
    "scop",
    "selarl",
    "societe",
    "son",
    "sci",
    "ste",
];

/// How well a name was hit; less is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Nearness {
    errors: usize,
    /// Words of the name that were not typed.
    missing: usize,
}

impl Nearness {
    /// Every word was typed as it is.
    pub(crate) const EXACT: Self = Self { errors: 0, missing: 0 };

    /// How many typing errors there are.
    pub(crate) fn errors(self) -> usize {
        self.errors
    }
}

/// How near `typed`, which is nothing but a name, is to `name`; `None` when a word of it is not in the name.
pub(crate) fn nearness(typed: &str, name: &str) -> Option<Nearness> {
    let (typed, name) = (words(typed), words(name));
    if typed.is_empty() {
        return None;
    }
    let mut left: Vec<&String> = name.iter().collect();
    let mut errors = 0;
    for word in &typed {
        let best = left.iter().enumerate().filter_map(|(at, known)| Some((errors_between(word, known)?, at))).min();
        let (found, at) = best?;
        errors += found;
        left.remove(at);
    }
    Some(Nearness { errors, missing: left.len() })
}

/// Long words forgive more; digits forgive nothing.
fn errors_between(typed: &str, known: &str) -> Option<usize> {
    let allowed = match known.chars().count() {
        _ if known.bytes().any(|byte| byte.is_ascii_digit()) => 0,
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    };
    (0..=allowed).find(|errors| is_within(typed, known, *errors))
}

/// The words that count. A name of silent words only keeps them.
fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let all: Vec<String> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    let telling: Vec<String> = all.iter().filter(|word| !SILENT.contains(&word.as_str())).cloned().collect();
    if telling.is_empty() { all } else { telling }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_name_may_be_a_part_and_may_have_errors() {
        assert_eq!(nearness("garage martin", "Garage Martin"), Some(Nearness::EXACT));
        assert!(nearness("martin", "Garage Martin") > nearness("Garage Martin", "Garage Martin"));
        assert!(nearness("garage martn", "Garage Martin").is_some());
        assert!(nearness("garage dubois", "Garage Martin").is_none());
        assert!(nearness("  ", "Garage Martin").is_none());
    }
}
