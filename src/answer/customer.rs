//! Whether a question is about one given customer, contract or document.
//!
//! Only codes are recognised here: a serial number, a customer code, an invoice or quote number.

/// Digits that a code has at least; fewer are years, versions, amounts.
const MIN_DIGITS: usize = 5;

/// True when `question` holds such a code. Telephone numbers (ten digits that begin with 0, in pairs or not) and dates
/// are none.
pub(crate) fn is_named(question: &str) -> bool {
    question
        .split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '«' | '»' | '"' | '?' | '!' | ';'))
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .any(is_code)
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
    use super::is_named;

    #[test]
    fn codes_are_told_from_dates_phones_amounts_and_versions() {
        for question in
            ["contrat 48210753 renouvelé ?", "facture FA2203871", "client n° 00458712.", "devis D118204 svp"]
        {
            assert!(is_named(question), "{question}");
        }
        for question in
            ["au 01/02/2020", "0155263489", "01 55 26 34 89", "12345,67 €", "Sage 100", "export 1000 lignes"]
        {
            assert!(!is_named(question), "{question}");
        }
    }
}
