//! Numbers that a message names: serial, customer, partner and invoice numbers, quotes, requests, SIREN and SIRET. The words
//! before a number say what it is; where they do not, its form does; where that does not either, it stays unclear and is
//! looked up as all that it may be.

use guichet_kb::fold::fold;

use super::siret;

/// A number with what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mention {
    /// What it is.
    pub(crate) kind: MentionKind,
    /// In capitals without spaces.
    pub(crate) number: String,
}

/// What a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum MentionKind {
    /// Serial number of a contract.
    Serial,
    /// Code of a customer.
    Customer,
    /// Code of a partner.
    Partner,
    /// Number of an invoice or credit note.
    Invoice,
    /// Number of a quote.
    Quote,
    /// Number of a request or ticket.
    Request,
    /// SIREN or SIRET with right check digits.
    Siret,
    /// Fourteen digits that should be a SIRET and are none.
    WrongSiret,
    /// A serial number or the code of a customer.
    Unclear,
}

/// Digits that a number without a telling word has at least; fewer are years, versions, amounts.
const MIN_DIGITS: usize = 5;

/// With a telling word, fewer will do: F-2031.
const MIN_DIGITS_TOLD: usize = 4;

/// How far back a telling word may stand.
const WORDS_BACK: usize = 4;

/// Beginnings of words that say what the next number is.
const TELLING: [(&str, MentionKind); 19] = [
    ("serie", MentionKind::Serial),
    ("serial", MentionKind::Serial),
    ("ns", MentionKind::Serial),
    ("sn", MentionKind::Serial),
    ("contrat", MentionKind::Serial),
    ("abonnement", MentionKind::Serial),
    ("client", MentionKind::Customer),
    ("cliente", MentionKind::Customer),
    ("partenaire", MentionKind::Partner),
    ("revendeur", MentionKind::Partner),
    ("facture", MentionKind::Invoice),
    ("factures", MentionKind::Invoice),
    ("fac", MentionKind::Invoice),
    ("avoir", MentionKind::Invoice),
    ("devis", MentionKind::Quote),
    ("ticket", MentionKind::Request),
    ("demande", MentionKind::Request),
    ("siret", MentionKind::Siret),
    ("siren", MentionKind::Siret),
];

/// The numbers that `text` names, in its order, each once.
pub(crate) fn mentions(text: &str) -> Vec<Mention> {
    let words = words(text);
    let mut found: Vec<Mention> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match mention_at(&words, at) {
            Some((mention, length)) => {
                if !found.contains(&mention) {
                    found.push(mention);
                }
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

/// The mention that begins with the word `at`, and of how many words it is made.
fn mention_at(words: &[String], at: usize) -> Option<(Mention, usize)> {
    let digits_ahead = words[at..].iter().take_while(|word| is_digits(word)).count().min(6);
    // The longest run of groups of digits that is a SIRET or a SIREN.
    for length in (1..=digits_ahead).rev() {
        let joined: String = words[at..at + length].concat();
        if let Some(number) =
            siret::parse(&joined).filter(|_| length == 1 || has_groups_of_siret(&words[at..at + length]))
        {
            return Some((Mention { kind: MentionKind::Siret, number }, length));
        }
        if joined.len() == 14 {
            return Some((Mention { kind: MentionKind::WrongSiret, number: joined }, length));
        }
    }
    if is_phone(&words[at..at + digits_ahead]) {
        return None;
    }
    let told = told_by(&words[at.saturating_sub(WORDS_BACK)..at]);
    let length = if told.is_some() && is_digits(&words[at]) { grouped(&words[at..at + digits_ahead]) } else { 1 };
    let number: String = words[at..at + length].concat().to_uppercase();
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let letters = number.chars().filter(|c| c.is_alphabetic()).count();
    let least = if told.is_some() { MIN_DIGITS_TOLD } else { MIN_DIGITS };
    let is_year = number.len() == 4 && (number.starts_with("20") || number.starts_with("19"));
    let is_unit = words
        .get(at + length)
        .is_some_and(|next| matches!(next.as_str(), "€" | "euros" | "euro" | "lignes" | "%" | "ht"));
    if digits < least || letters > 4 || digits > 13 || is_year || is_unit || !is_code(&number) {
        return None;
    }
    let kind = match (by_form(&number), told) {
        (Some(MentionKind::Invoice), _) => MentionKind::Invoice,
        (_, Some(kind)) => kind,
        (Some(kind), None) => kind,
        (None, None) => MentionKind::Unclear,
    };
    Some((Mention { kind, number: normalised(kind, number) }, length))
}

/// What the nearest telling word before a number says. Another number in between ends the search.
fn told_by(before: &[String]) -> Option<MentionKind> {
    for word in before.iter().rev() {
        if word.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let telling = TELLING.iter().find(|(known, _)| known == word);
        if let Some((_, kind)) = telling {
            return Some(*kind);
        }
    }
    None
}

/// `FA2203871`, `F-2031`: an invoice; `D118204`: a quote.
fn by_form(number: &str) -> Option<MentionKind> {
    let digits = number.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '-');
    let letters = number[..number.len() - digits.len()].trim_end_matches('-');
    match letters {
        "FA" | "F" | "FC" | "AV" if is_digits(digits) => Some(MentionKind::Invoice),
        "D" | "DE" | "DV" if is_digits(digits) => Some(MentionKind::Quote),
        _ => None,
    }
}

/// Only invoices keep their dash.
fn normalised(kind: MentionKind, number: String) -> String {
    if kind == MentionKind::Invoice { number } else { number.replace('-', "") }
}

/// How many groups of digits make one number: groups of two to four, as people copy serial numbers.
fn grouped(groups: &[String]) -> usize {
    let is_group = |word: &&String| (2..=4).contains(&word.len());
    if groups.first().is_some_and(|first| first.len() > 4) {
        return 1;
    }
    groups.iter().take_while(is_group).count().clamp(1, 4)
}

/// `732 829 320 00074`: threes, then the rest.
fn has_groups_of_siret(groups: &[String]) -> bool {
    let lengths: Vec<usize> = groups.iter().map(String::len).collect();
    matches!(lengths.as_slice(), [3, 3, 3] | [3, 3, 3, 5] | [9, 5] | [3, 3, 3, 2, 3])
}

/// Ten digits that begin with 0, in one or in pairs.
fn is_phone(groups: &[String]) -> bool {
    let joined: String = groups.concat();
    joined.len() == 10 && joined.starts_with('0') && groups.iter().all(|group| group.len() == 2 || group.len() == 10)
}

fn is_digits(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_code(number: &str) -> bool {
    number.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && number.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// Words, folded. What is inside a number stays: dashes, and what makes it a date or an amount, by which it is told.
fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let is_gap = |c: char| {
        c.is_whitespace() || matches!(c, '(' | ')' | '«' | '»' | '"' | '\'' | '?' | '!' | ';' | ':' | '#' | '=')
    };
    let trimmed =
        folded.split(is_gap).map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '€' && c != '%'));
    let words = trimmed.filter(|word| !word.is_empty());
    // "n°48210753" and "serie:48210753" are two words; "n" and "no" say nothing.
    let parts = words.flat_map(|word| word.split('°'));
    parts.filter(|word| !matches!(*word, "" | "n" | "no" | "num" | "numero")).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_apart_in_messy_text() {
        use MentionKind::{Customer, Invoice, Partner, Quote, Request, Serial, Siret, Unclear, WrongSiret};
        let check = |text: &str, expected: &[(MentionKind, &str)]| {
            let found = mentions(text);
            let found: Vec<(MentionKind, &str)> = found.iter().map(|it| (it.kind, it.number.as_str())).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("Quand expire le contrat de Dubreuil Menuiserie, n° de série 48210753 ?", &[(Serial, "48210753")]);
        check("Est-ce que le contrat C0418862 est réabonné ?", &[(Serial, "C0418862")]);
        check("La facture FA2203871 de Meunier est-elle réglée ?", &[(Invoice, "FA2203871")]);
        check("code annuel, client 00458712", &[(Customer, "00458712")]);
        check("J'ai validé hier le devis D118204 pour Bati Concept", &[(Quote, "D118204")]);
        check("notre code revendeur est 0098745.", &[(Partner, "0098745")]);
        check("ou en est mon ticket 00874512 ouvert lundi", &[(Request, "00874512")]);
        check("la fac du réab garage fontaine n° série 30981177 elle est sortie ?", &[(Serial, "30981177")]);
        check("n°série:3098 1177", &[(Serial, "30981177")]);
        check("48210753 ??", &[(Unclear, "48210753")]);
        check("facture f-2031", &[(Invoice, "F-2031")]);
        check("48210753 et client 00458712", &[(Unclear, "48210753"), (Customer, "00458712")]);
        check("série 48210753, oui 48210753 série 48210753", &[(Serial, "48210753"), (Unclear, "48210753")]);
        check("siret 732 829 320 00074", &[(Siret, "73282932000074")]);
        check("SIREN 732829320", &[(Siret, "732829320")]);
        check("siret 73282932000075", &[(WrongSiret, "73282932000075")]);
    }

    #[test]
    fn dates_telephones_amounts_and_versions_are_no_numbers_of_ours() {
        for text in [
            "échéance au 01/02/2020",
            "au 14.09.2026",
            "rappelez le 0155263489",
            "01 55 26 34 89",
            "12345,67 €",
            "12 345 euros",
            "Sage 100 v9.02",
            "export 10000 lignes",
            "contrat de 2026",
            "Ligne 1000",
            "38 %",
            "",
            "client au 01 55 26 34 89",
        ] {
            assert_eq!(mentions(text), [], "{text}");
        }
    }
}
