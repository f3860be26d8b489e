//! A period of whole days.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{ToSpan, ZonedDateTime};

/// The longest period, in days.
const LONGEST: i64 = 731;

/// Whole days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) first: Date,
    pub(crate) last: Date,
}

impl Period {
    /// The `days` that end today.
    pub(crate) fn last_days(days: i64, now: &ZonedDateTime) -> Self {
        let last = now.date();
        Self { first: last.saturating_sub((days - 1).days()), last }
    }

    /// The days from one to another, if that is a period.
    pub(crate) fn between(first: Date, last: Date) -> Option<Self> {
        let period = Self { first, last };
        (first <= last && period.days() <= LONGEST).then_some(period)
    }

    /// How many days.
    pub(crate) fn days(self) -> i64 {
        i64::from((self.last - self.first).get_days()) + 1
    }

    /// As many days before it.
    pub(crate) fn before(self) -> Self {
        let days = self.days();
        Self { first: self.first.saturating_sub(days.days()), last: self.last.saturating_sub(days.days()) }
    }

    /// From when on and before when, in milliseconds since 1970.
    pub(crate) fn bounds(self, zone: &TimeZone) -> (i64, i64) {
        let begin = |day: Date| day.to_zoned_datetime(zone.clone()).map_or(0, |at| at.timestamp().as_millisecond());
        (begin(self.first), begin(self.last.saturating_add(1.day())))
    }

    /// Its days.
    pub(crate) fn each(self) -> impl Iterator<Item = Date> {
        self.first.series(1.day()).take_while(move |day| *day <= self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_have_whole_days_of_their_zone() {
        let day = |text: &str| text.parse::<Date>().expect("a day");
        let period = Period::between(day("2026-10-20"), day("2026-10-26")).expect("a period");
        assert_eq!((period.days(), period.before().first), (7, day("2026-10-13")));
        let (from, until) = period.bounds(&crate::opening::paris());
        assert_eq!((until - from) / 3_600_000, 7 * 24 + 1, "an hour more when summer ends");
        assert_eq!(period.each().count(), 7);
        assert_eq!(Period::between(day("2026-10-26"), day("2026-10-20")), None);
        assert_eq!(Period::between(day("2016-10-26"), day("2026-10-20")), None);
    }
}
