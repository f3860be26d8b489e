//! How days are written in French.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::opening;

/// The months, from January.
pub(crate) const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// « 3 mars », « 1er mars ».
pub(crate) fn day_and_month(date: Date) -> String {
    let number = if date.day() == 1 { "1er".to_owned() } else { date.day().to_string() };
    format!("{number} {}", month(date))
}

/// « 3 mars 2027 », in one piece.
pub(crate) fn long(date: Date) -> String {
    format!("{} {}", day_and_month(date), date.year()).replace(' ', "\u{a0}")
}

/// « mars 2027 », in one piece.
pub(crate) fn month_and_year(date: Date) -> String {
    format!("{}\u{a0}{}", month(date), date.year())
}

/// « 3 mars 2027 à 9 h 05 » by the clocks of Paris, in one piece.
pub(crate) fn moment(at: Timestamp) -> String {
    let at = at.to_zoned_datetime(opening::paris());
    format!("{} à\u{a0}{}\u{a0}h\u{a0}{:02}", long(at.date()), at.hour(), at.minute())
}

/// The day on which something happens, by the clocks of Paris.
pub(crate) fn day(at: Timestamp) -> Date {
    at.to_zoned_datetime(opening::paris()).date()
}

/// « mars ».
pub(crate) fn month(date: Date) -> &'static str {
    MONTHS[usize::from(date.month().unsigned_abs()) - 1]
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_date_is_written_as_in_france() {
        assert_eq!(long(date(2027, 3, 3)), "3\u{a0}mars\u{a0}2027");
        assert_eq!(long(date(2026, 8, 1)), "1er\u{a0}août\u{a0}2026");
        assert_eq!(day_and_month(date(2026, 12, 31)), "31 décembre");
    }
}
