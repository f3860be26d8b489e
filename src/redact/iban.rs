//! IBAN (ISO 13616): a country with its length, and the remainder of 97.

use std::ops::Range;

use super::numbers::is_separator;

/// Countries of the single euro payments area and neighbours, with the length of their IBAN.
const LENGTHS: [(&str, usize); 44] = [
    ("AD", 24),
    ("AL", 28),
    ("AT", 20),
    ("BE", 16),
    ("BG", 22),
    ("CH", 21),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DK", 18),
    ("DZ", 26),
    ("EE", 20),
    ("ES", 24),
    ("FI", 18),
    ("FR", 27),
    ("GB", 22),
    ("GI", 23),
    ("GR", 27),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IS", 26),
    ("IT", 27),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("MA", 28),
    ("MC", 27),
    ("MD", 24),
    ("ME", 22),
    ("MK", 19),
    ("MT", 31),
    ("NL", 18),
    ("NO", 15),
    ("PL", 28),
    ("PT", 25),
    ("RO", 24),
    ("RS", 22),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("SM", 27),
    ("TN", 24),
];

/// Where IBAN are, in one piece or in groups.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut before = None;
    for (at, c) in text.char_indices() {
        let is_start = c.is_ascii_alphabetic() && !before.is_some_and(char::is_alphanumeric);
        if is_start && found.last().is_none_or(|last| last.end <= at) {
            found.extend(length_of_iban(&text[at..]).map(|length| at..at + length));
        }
        before = Some(c);
    }
    found
}

/// The number of bytes of the IBAN that `text` begins with.
fn length_of_iban(text: &str) -> Option<usize> {
    let country = text.get(..2)?.to_ascii_uppercase();
    let (_, length) = LENGTHS.iter().find(|(known, _)| *known == country)?;
    let mut characters = String::with_capacity(*length);
    let mut separators = 0;
    for (at, c) in text.char_indices() {
        if c.is_ascii_alphanumeric() {
            characters.push(c.to_ascii_uppercase());
            separators = 0;
        } else if is_separator(c) && separators < 2 {
            separators += 1;
        } else {
            return None;
        }
        if characters.len() == *length {
            let is_cut = text[at + 1..].starts_with(char::is_alphanumeric);
            return (!is_cut && is_iban(&characters)).then_some(at + 1);
        }
    }
    None
}

/// The check digits are right: the number, its first four characters moved to the end, letters as 10 to 35, is 1 mod 97.
fn is_iban(characters: &str) -> bool {
    let (head, rest) = characters.split_at(4);
    if !head[2..].bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let remainder = rest.chars().chain(head.chars()).filter_map(|c| c.to_digit(36)).fold(0, |remainder, value| {
        let shifted = if value < 10 { remainder * 10 } else { remainder * 100 };
        (shifted + value) % 97
    });
    remainder == 1
}
