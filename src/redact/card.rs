//! Card numbers: the beginning and the length of a known scheme, grouped as on a card or not at all, and the check digit
//! of Luhn (ISO/IEC 7812-1).
//!
//! A SIRET (14 digits) has the same check digit. It is told apart by its groups (3-3-3-5); without groups, 14 digits are a
//! card only when the words before say so.

use std::ops::Range;

use guichet_kb::fold::fold;

use super::numbers::{self, Group};

/// Lengths of groups on cards.
const GROUPINGS: [&[usize]; 7] =
    [&[4, 4, 4, 4, 3], &[4, 4, 4, 4, 2], &[4, 4, 4, 4, 1], &[4, 4, 4, 4], &[4, 6, 5], &[4, 6, 4], &[4, 4, 4, 1]];
/// How far before a number the words about it are, in characters.
const NEAR: usize = 30;

/// Where card numbers are.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for run in numbers::runs(text) {
        let mut first = 0;
        while first < run.len() {
            match card_from(text, &run[first..]) {
                Some(groups) => {
                    found.push(run[first].place.start..run[first + groups - 1].place.end);
                    first += groups;
                }
                None => first += 1,
            }
        }
    }
    found
}

/// How many of the first groups are a card number.
fn card_from(text: &str, run: &[Group]) -> Option<usize> {
    let first = &run[0];
    if is_card(&first.digits) && (first.digits.len() != 14 || is_called_card(&text[..first.place.start])) {
        return Some(1);
    }
    let is_grouped = |lengths: &&&[usize]| {
        let groups = run.get(..lengths.len())?;
        let has_lengths = groups.iter().zip(lengths.iter()).all(|(group, length)| group.digits.len() == *length);
        let digits: String = groups.iter().map(|group| group.digits.as_str()).collect();
        (has_lengths && is_card(&digits)).then_some(groups.len())
    };
    GROUPINGS.iter().find_map(|lengths| is_grouped(&lengths))
}

/// Whether the digits are the number of a known scheme: Visa, Mastercard, Maestro, American Express, Diners Club,
/// Discover, JCB, UnionPay.
fn is_card(digits: &str) -> bool {
    let begins = |from: u32, to: u32| {
        let length = from.to_string().len();
        digits.get(..length).and_then(|start| start.parse().ok()).is_some_and(|start: u32| (from..=to).contains(&start))
    };
    let is_known = match digits.len() {
        13 => begins(4, 4),
        14 => begins(300, 305) || begins(36, 36) || begins(38, 39),
        15 => begins(34, 34) || begins(37, 37),
        16 => begins(4, 6) || begins(2221, 2720) || begins(3528, 3589),
        17..=19 => begins(4, 4) || begins(50, 50) || begins(56, 69),
        _ => false,
    };
    is_known && passes_luhn(digits)
}

fn passes_luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0');
            match (place % 2, digit * 2) {
                (0, _) => digit,
                (_, double @ 10..) => double - 9,
                (_, double) => double,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The words before a number say that it is one of a card.
fn is_called_card(before: &str) -> bool {
    let start = before.char_indices().rev().nth(NEAR).map_or(0, |(at, _)| at);
    let words = fold(&before[start..]);
    let mut words = words.split(|c: char| !c.is_alphanumeric()).rev();
    words.find_map(|word| match word {
        "carte" | "cb" | "card" => Some(true),
        "siret" | "siren" => Some(false),
        _ => None,
    }) == Some(true)
}
