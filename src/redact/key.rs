//! Activation keys: groups of letters and digits with dashes between, as `7K3M2-PQ9XA-44TZB-0WE5R`.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// How many groups a key has at least.
const GROUPS: usize = 4;
/// Characters of a group.
const GROUP: std::ops::RangeInclusive<usize> = 4..=6;
/// Characters of a pattern at least; fewer would mask ordinary numbers.
const SHORTEST_PATTERN: usize = 8;

/// The shape of a key, in settings: `A` a letter, `9` a digit, `X` either, `-` itself, as `AAA-99999-XXXX`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct KeyPattern(String);

/// The text is no pattern of keys.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no pattern of keys: at least {SHORTEST_PATTERN} of A, 9, X and -")]
pub(crate) struct NoKeyPattern(String);

impl TryFrom<String> for KeyPattern {
    type Error = NoKeyPattern;

    fn try_from(text: String) -> Result<Self, NoKeyPattern> {
        let is_right = text.len() >= SHORTEST_PATTERN && text.bytes().all(|byte| b"A9X-".contains(&byte));
        if is_right { Ok(Self(text)) } else { Err(NoKeyPattern(text)) }
    }
}

impl From<KeyPattern> for String {
    fn from(pattern: KeyPattern) -> Self {
        pattern.0
    }
}

impl KeyPattern {
    fn fits(&self, word: &str) -> bool {
        let fits = |(pattern, c): (u8, u8)| match pattern {
            b'A' => c.is_ascii_alphabetic(),
            b'9' => c.is_ascii_digit(),
            b'X' => c.is_ascii_alphanumeric(),
            _ => c == pattern,
        };
        word.len() == self.0.len() && self.0.bytes().zip(word.bytes()).all(fits)
    }
}

/// Where keys are: of the usual shape, or of one of `patterns`.
pub(super) fn find(text: &str, patterns: &[KeyPattern]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let is_in_word = |c: char| c.is_alphanumeric() || c == '-';
    let mut rest = 0;
    while let Some(start) = text[rest..].find(is_in_word).map(|at| rest + at) {
        let end = text[start..].find(|c| !is_in_word(c)).map_or(text.len(), |at| start + at);
        let word = text[start..end].trim_matches('-');
        let from = start + (text[start..end].len() - text[start..end].trim_start_matches('-').len());
        if is_usual(word) || patterns.iter().any(|pattern| pattern.fits(word)) {
            found.push(from..from + word.len());
        }
        rest = end;
    }
    found
}

/// Letters and digits; capitals only, or digits in several groups: "peut-être-2024" is none, nor are years.
fn is_usual(word: &str) -> bool {
    let groups: Vec<&str> = word.split('-').collect();
    let is_group =
        |group: &&str| GROUP.contains(&group.len()) && group.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let has_digit = |group: &&&str| group.bytes().any(|byte| byte.is_ascii_digit());
    let with_digits = groups.iter().filter(has_digit).count();
    let is_capital = !word.bytes().any(|byte| byte.is_ascii_lowercase());
    groups.len() >= GROUPS
        && groups.iter().all(is_group)
        && word.bytes().any(|byte| byte.is_ascii_alphabetic())
        && with_digits >= if is_capital { 1 } else { 2 }
}
