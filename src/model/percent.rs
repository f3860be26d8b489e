//! A share in percent.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Money, decimal};

const PLACES: u32 = 4;
const HUNDRED: i64 = 1_000_000;

/// 0 to 100 %, exact to the ten-thousandth of a percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Percent {
    units: i64,
}

/// The text is no percentage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no percentage")]
pub(crate) struct NoPercent;

impl Percent {
    /// This share of `amount`, to the nearest cent.
    pub(crate) fn of(self, amount: Money) -> Money {
        amount.scaled(self.units, HUNDRED)
    }

    /// As programs write it: `12.5`.
    pub(crate) fn to_plain(self) -> String {
        decimal::format(self.units, PLACES, '.')
    }
}

impl std::str::FromStr for Percent {
    type Err = NoPercent;

    fn from_str(text: &str) -> Result<Self, NoPercent> {
        let units = decimal::parse(text, PLACES).filter(|units| (0..=HUNDRED).contains(units));
        units.map(|units| Self { units }).ok_or(NoPercent)
    }
}

impl TryFrom<String> for Percent {
    type Error = NoPercent;

    fn try_from(text: String) -> Result<Self, NoPercent> {
        text.parse()
    }
}

impl From<Percent> for String {
    fn from(value: Percent) -> Self {
        value.to_plain()
    }
}

/// As people write it: `12,5 %`.
impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\u{a0}%", decimal::format(self.units, PLACES, ','))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_an_amount_is_exact() {
        let percent: Percent = "12.5".parse().expect("a percentage");
        assert_eq!(percent.of(Money::from_cents(134_447)), Money::from_cents(16_806));
        assert_eq!((percent.to_string(), percent.to_plain()), ("12,5\u{a0}%".to_owned(), "12.5".to_owned()));
        for wrong in ["100.1", "-1", "12,5", ""] {
            assert!(wrong.parse::<Percent>().is_err(), "{wrong}");
        }
    }
}
