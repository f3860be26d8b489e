//! Amounts of money, exact to the cent.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};

use serde::{Deserialize, Serialize};

use super::RenewalIndex;

/// Between groups of three digits.
const NARROW_NO_BREAK: char = '\u{202f}';
/// Before the sign of the currency.
const NO_BREAK: char = '\u{a0}';

/// An amount in euros without tax. Displayed as French people write it: `1 234,56 €`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub(crate) struct Money {
    cents: i64,
}

/// How programs write an amount.
#[derive(Serialize, Deserialize)]
struct Written {
    cents: i64,
    currency: String,
}

const EURO: &str = "EUR";

impl From<Money> for Written {
    fn from(money: Money) -> Self {
        Self { cents: money.cents, currency: EURO.to_owned() }
    }
}

impl TryFrom<Written> for Money {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        if written.currency == EURO { Ok(Self { cents: written.cents }) } else { Err("the currency is not EUR") }
    }
}

impl Money {
    /// Nothing.
    pub(crate) const ZERO: Self = Self { cents: 0 };

    /// An amount in cents.
    pub(crate) const fn from_cents(cents: i64) -> Self {
        Self { cents }
    }

    /// The amount in cents.
    #[cfg(test)]
    pub(crate) const fn cents(self) -> i64 {
        self.cents
    }

    /// The amount times `index`, to the nearest cent; half a cent goes away from zero, as invoices round.
    pub(crate) fn times(self, index: RenewalIndex) -> Self {
        self.scaled(index.millionths(), RenewalIndex::ONE)
    }

    /// The amount times `numerator` / `denominator`, to the nearest cent.
    pub(super) fn scaled(self, numerator: i64, denominator: i64) -> Self {
        let product = i128::from(self.cents) * i128::from(numerator);
        let denominator = i128::from(denominator);
        let half = if product < 0 { -denominator / 2 } else { denominator / 2 };
        let cents = (product + half) / denominator;
        Self { cents: i64::try_from(cents).unwrap_or(if cents < 0 { i64::MIN } else { i64::MAX }) }
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { cents: self.cents.saturating_add(other.cents) }
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self { cents: self.cents.saturating_sub(other.cents) }
    }
}

impl Neg for Money {
    type Output = Self;
    fn neg(self) -> Self {
        Self { cents: self.cents.saturating_neg() }
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cents = self.cents.unsigned_abs();
        let euros = (cents / 100).to_string();
        if self.cents < 0 {
            // The minus sign, not the hyphen: a line may break after a hyphen.
            f.write_str("\u{2212}")?;
        }
        for (at, digit) in euros.chars().enumerate() {
            if at > 0 && (euros.len() - at).is_multiple_of(3) {
                write!(f, "{NARROW_NO_BREAK}")?;
            }
            write!(f, "{digit}")?;
        }
        write!(f, ",{:02}{NO_BREAK}€", cents % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_in_france() {
        for (cents, expected) in [
            (0, "0,00\u{a0}€"),
            (5, "0,05\u{a0}€"),
            (99_999, "999,99\u{a0}€"),
            (123_456, "1\u{202f}234,56\u{a0}€"),
            (123_456_789, "1\u{202f}234\u{202f}567,89\u{a0}€"),
            (-123_456, "\u{2212}1\u{202f}234,56\u{a0}€"),
            (i64::MIN, "\u{2212}92\u{202f}233\u{202f}720\u{202f}368\u{202f}547\u{202f}758,08\u{a0}€"),
        ] {
            assert_eq!(Money::from_cents(cents).to_string(), expected);
        }
    }

    #[test]
    fn a_product_is_rounded_once_to_the_nearest_cent() {
        for (cents, index, expected) in [
            (129_900, "1.035", 134_447), // 134 446.5: half a cent goes up
            (-129_900, "1.035", -134_447),
            (100_000, "1", 100_000),
            (1, "1.499999", 1),
            (1, "1.5", 2),
            (100_000, "0.98", 98_000),
            (0, "1.2", 0),
            (i64::MAX, "2", i64::MAX),
        ] {
            let index: RenewalIndex = index.parse().expect("an index");
            assert_eq!(Money::from_cents(cents).times(index).cents(), expected, "{cents} × {index}");
        }
    }

    #[test]
    fn sums_are_exact() {
        let sum: Money = [10, 20, -5].into_iter().map(Money::from_cents).sum();
        assert_eq!(sum - Money::from_cents(5), Money::from_cents(20));
        assert_eq!(-sum, Money::from_cents(-25));
    }
}
