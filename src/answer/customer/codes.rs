//! Codes: a serial number, a customer code, an invoice or quote number.

use guichet_kb::fold::fold;

/// Digits that a code has at least; fewer are years, versions, amounts.
const MIN_DIGITS: usize = 5;
/// The same after a word that announces a number (`n° 4512`).
const MIN_DIGITS_ANNOUNCED: usize = 3;
/// Digits of a number written in groups of three or more (`512 345 678`).
const MIN_DIGITS_IN_GROUPS: usize = 9;
const ANNOUNCING: [&str; 6] = ["n°", "n", "no", "num", "numero", "numéro"];
/// What is told apart by references (`facture FA-2031`, `code client DUPO12`). Folded.
#[rustfmt::skip]
const REFERRED_TO: [&str; 14] = [
    "code", "client", "contrat", "facture", "devis", "serie", "commande", "ref", "reference", "dossier", "abonnement",
    "avoir", "siren", "siret",
];
/// Digits of a reference made of nothing else; fewer may count something.
const MIN_DIGITS_OF_A_NUMBER: usize = 4;
/// Digits of a reference that also has letters, all of them capitals.
const MIN_DIGITS_BESIDE_LETTERS: usize = 2;
/// What follows a number that counts or costs. Folded.
const UNITS: [&str; 8] = ["euros", "euro", "eur", "€", "lignes", "clients", "jours", "fois"];

/// True when `question` holds such a code. Telephone numbers (ten digits that begin with 0, in pairs or not), dates, years
/// and words that the knowledge base uses (`Sage 1000`) are none.
pub(super) fn is_named(question: &str, is_known: &dyn Fn(&str) -> bool) -> bool {
    let words: Vec<&str> = question
        .split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '«' | '»' | '"' | '?' | '!' | ';' | ':'))
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '°'))
        .filter(|word| !word.is_empty())
        .collect();
    words.iter().any(|word| is_code(word))
        || is_announced(&words)
        || is_in_groups(&words)
        || is_referred_to(&words, is_known)
}

fn is_referred_to(words: &[&str], is_known: &dyn Fn(&str) -> bool) -> bool {
    let folded: Vec<String> = words.iter().map(|word| fold(word)).collect();
    (1..words.len()).any(|at| {
        let counts = folded.get(at + 1).is_some_and(|next| UNITS.contains(&next.as_str()));
        REFERRED_TO.contains(&folded[at - 1].as_str()) && is_reference(words[at]) && !counts && !is_known(&folded[at])
    })
}

fn is_reference(word: &str) -> bool {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let is_year = digits == 4 && word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
    let is_one_word = word.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    let has_enough = match letters.as_slice() {
        [] => digits >= MIN_DIGITS_OF_A_NUMBER,
        letters => digits >= MIN_DIGITS_BESIDE_LETTERS && letters.iter().all(|c| c.is_uppercase()),
    };
    is_one_word && has_enough && !is_year
}

fn is_announced(words: &[&str]) -> bool {
    words.windows(2).any(|pair| {
        let announces = ANNOUNCING.contains(&pair[0].to_lowercase().as_str());
        announces && pair[1].len() >= MIN_DIGITS_ANNOUNCED && pair[1].bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn is_in_groups(words: &[&str]) -> bool {
    let is_group = |word: &str| word.len() >= 3 && word.bytes().all(|byte| byte.is_ascii_digit());
    words.chunk_by(|one, next| is_group(one) && is_group(next)).filter(|groups| groups.len() > 1).any(|groups| {
        groups.iter().filter(|word| is_group(word)).map(|word| word.len()).sum::<usize>() >= MIN_DIGITS_IN_GROUPS
    })
}

fn is_code(word: &str) -> bool {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let is_date = word.contains('/');
    let is_phone = word.starts_with('0') && digits == 10 && letters == 0;
    let is_amount = word.contains([',', '.']);
    digits >= MIN_DIGITS && letters <= 4 && !is_date && !is_phone && !is_amount
}

#[cfg(test)]
mod tests {
    fn is_named(question: &str) -> bool {
        super::is_named(question, &|word| matches!(word, "1000" | "100c"))
    }

    #[test]
    fn codes_are_told_from_dates_phones_amounts_and_versions() {
        for question in [
            "contrat 48210753 renouvelé ?",
            "facture FA2203871",
            "client n° 00458712.",
            "devis D118204 svp",
            "le client n° 4512",
            "siret 512 345 678 00012",
            "le client 4512 est-il réabonné ?",
            "facture FA-2031 svp",
            "code client DUPO12",
        ] {
            assert!(is_named(question), "{question}");
        }
        for question in [
            "au 01/02/2020",
            "0155263489",
            "01 55 26 34 89",
            "12345,67 €",
            "Sage 100",
            "export 1000 lignes",
            "le n° de série",
            "un contrat 100C Online",
            "un client 1000",
            "la facture 2024",
            "une facture 1250 euros",
            "client v12 à migrer",
        ] {
            assert!(!is_named(question), "{question}");
        }
    }
}
