//! Masks what nobody should have sent: passwords, card numbers, IBAN, activation keys. For every text of a person before
//! it is kept or goes anywhere. What support needs stays: telephone numbers, SIREN and SIRET, serial numbers of
//! contracts, invoices, amounts, dates.

mod card;
mod iban;
mod key;
mod numbers;
mod password;

use std::ops::Range;

use serde::{Deserialize, Serialize};

pub(crate) use key::KeyPattern;

use crate::text;

/// What is masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Redaction {
    pub(crate) passwords: bool,
    pub(crate) cards: bool,
    pub(crate) ibans: bool,
    pub(crate) keys: bool,
    /// Shapes of activation keys besides the usual one.
    pub(crate) key_patterns: Vec<KeyPattern>,
}

impl Default for Redaction {
    fn default() -> Self {
        Self { passwords: true, cards: true, ibans: true, keys: true, key_patterns: Vec::new() }
    }
}

/// Something that is masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Password,
    Card,
    Iban,
    Key,
}

impl Kind {
    /// All of them.
    pub(crate) const ALL: [Self; 4] = [Self::Password, Self::Card, Self::Iban, Self::Key];

    /// The name in machine-readable places.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Card => "card",
            Self::Iban => "iban",
            Self::Key => "key",
        }
    }
}

/// A text that may be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Redacted {
    /// The text with masks.
    pub(crate) text: String,
    /// What was masked, each kind once; [`text::redact::note`] says it.
    pub(crate) kinds: Vec<Kind>,
}

impl Redaction {
    /// Masks what is to be masked in `text`. Masking the result again changes nothing.
    pub(crate) fn redact(&self, text: &str) -> Redacted {
        let mut redacted = Redacted { text: text.to_owned(), kinds: Vec::new() };
        // A mask may part what was read as one number, and so uncover another. Each round hides more; it ends.
        loop {
            let found = self.find(&redacted.text);
            if found.is_empty() {
                redacted.kinds.sort_unstable();
                redacted.kinds.dedup();
                return redacted;
            }
            redacted.kinds.extend(found.iter().map(|(_, kind)| *kind));
            redacted.text = masked(&redacted.text, &found);
        }
    }

    /// The name of a file as it may be kept. Words of names are joined by marks, where those of sentences have spaces; the
    /// ending stays.
    pub(crate) fn redact_name(&self, name: &str) -> Redacted {
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        let mut redacted = self.redact(stem);
        if redacted.kinds.is_empty() {
            let in_words = self.redact(&stem.replace(['_', '+'], " "));
            if in_words.kinds.is_empty() {
                return Redacted { text: name.to_owned(), kinds: Vec::new() };
            }
            redacted = in_words;
        }
        if !ending.is_empty() {
            redacted.text = format!("{}.{ending}", redacted.text);
        }
        redacted
    }

    /// What is to be masked, in order, no two overlapping.
    fn find(&self, text: &str) -> Vec<(Range<usize>, Kind)> {
        let of = |is_on: bool, kind, find: &dyn Fn(&str) -> Vec<Range<usize>>| {
            let found = if is_on { find(text) } else { Vec::new() };
            found.into_iter().map(move |range| (range, kind))
        };
        let mut found: Vec<(Range<usize>, Kind)> = of(self.passwords, Kind::Password, &password::find)
            .chain(of(self.ibans, Kind::Iban, &iban::find))
            .chain(of(self.cards, Kind::Card, &card::find))
            .chain(of(self.keys, Kind::Key, &|text| key::find(text, &self.key_patterns)))
            .collect();
        found.sort_by_key(|(range, _)| range.start);
        let mut apart: Vec<(Range<usize>, Kind)> = Vec::new();
        for (range, kind) in found {
            match apart.last_mut() {
                Some((last, _)) if range.start < last.end => last.end = last.end.max(range.end),
                _ => apart.push((range, kind)),
            }
        }
        apart
    }
}

fn masked(text: &str, found: &[(Range<usize>, Kind)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut end = 0;
    for (range, kind) in found {
        out.push_str(&text[end..range.start]);
        out.push_str(text::redact::mask(*kind));
        end = range.end;
    }
    out.push_str(&text[end..]);
    out
}

#[cfg(test)]
mod tests;
