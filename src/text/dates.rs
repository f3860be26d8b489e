//! How days are written in French.

use jiff::civil::Date;

const MONTHS: [&str; 12] = [
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
