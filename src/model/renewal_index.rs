//! The index by which a price changes at a renewal.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::decimal;

const PLACES: u32 = 6;

/// A multiplier such as 1.035, exact to the millionth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct RenewalIndex {
    millionths: i64,
}

/// The text is no multiplier above 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no multiplier")]
pub(crate) struct NoMultiplier;

impl RenewalIndex {
    /// 1 in millionths.
    pub(super) const ONE: i64 = 1_000_000;

    /// The multiplier in millionths.
    pub(super) const fn millionths(self) -> i64 {
        self.millionths
    }

    /// As programs write it: `1.035`.
    pub(crate) fn to_plain(self) -> String {
        decimal::format(self.millionths, PLACES, '.')
    }
}

impl std::str::FromStr for RenewalIndex {
    type Err = NoMultiplier;

    fn from_str(text: &str) -> Result<Self, NoMultiplier> {
        let millionths = decimal::parse(text, PLACES).filter(|millionths| (1..100 * Self::ONE).contains(millionths));
        millionths.map(|millionths| Self { millionths }).ok_or(NoMultiplier)
    }
}

impl TryFrom<String> for RenewalIndex {
    type Error = NoMultiplier;

    fn try_from(text: String) -> Result<Self, NoMultiplier> {
        text.parse()
    }
}

impl From<RenewalIndex> for String {
    fn from(value: RenewalIndex) -> Self {
        value.to_plain()
    }
}

/// As people write it: `1,035`.
impl fmt::Display for RenewalIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal::format(self.millionths, PLACES, ','))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_is_a_multiplier_above_zero() {
        let index: RenewalIndex = "1.0350".parse().expect("an index");
        assert_eq!((index.to_plain(), index.to_string()), ("1.035".to_owned(), "1,035".to_owned()));
        for wrong in ["0", "0.0", "100", "1,035", "", "x"] {
            assert!(wrong.parse::<RenewalIndex>().is_err(), "{wrong}");
        }
    }
}
