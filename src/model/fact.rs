//! One field of the portal with its time of reading: what may be shown to the person it belongs to.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Money, Percent, RenewalIndex};

/// A field as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    /// Which field: `contract.end_on`.
    pub(crate) field: &'static str,
    /// What it said.
    pub(crate) value: FactValue,
    /// When it was read.
    pub(crate) read_at: Timestamp,
}

/// What a field says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FactValue {
    /// A name, a number, a code.
    Text(String),
    /// One of several, by its name in `guichet_kb::composed::catalogue`; never shown.
    Choice(&'static str),
    /// A day.
    Date(Date),
    /// A month, by its first day.
    Month(Date),
    /// An amount.
    Money(Money),
    /// A share.
    Percent(Percent),
    /// A multiplier.
    Index(RenewalIndex),
    /// Yes or no.
    Flag(bool),
    /// How many.
    Count(u32),
}

/// Something read from the portal, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Read<T> {
    /// What was read.
    pub(crate) value: T,
    /// When the portal said so.
    pub(crate) read_at: Timestamp,
}

impl<T> Read<T> {
    /// The same reading, of a part or in another form.
    pub(crate) fn map<U>(self, change: impl FnOnce(T) -> U) -> Read<U> {
        Read { value: change(self.value), read_at: self.read_at }
    }
}
