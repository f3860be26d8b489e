//! How long something stays, as people read it.

/// Days; whole years as years.
pub(crate) fn days(days: u32) -> String {
    match (days / 365, days % 365) {
        (1, 0) => "un an".to_owned(),
        (years, 0) => format!("{years}\u{a0}ans"),
        _ if days == 1 => "un jour".to_owned(),
        _ => format!("{days}\u{a0}jours"),
    }
}

/// Milliseconds, as the hours that have begun.
pub(crate) fn hours(milliseconds: u64) -> String {
    match milliseconds.div_ceil(3_600_000) {
        0 | 1 => "une heure".to_owned(),
        hours => format!("{hours}\u{a0}heures"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_say_them() {
        for (given, expected) in [(1, "un jour"), (30, "30\u{a0}jours"), (365, "un an"), (1095, "3\u{a0}ans")] {
            assert_eq!(days(given), expected);
        }
        assert_eq!((hours(86_400_000), hours(1)), ("24\u{a0}heures".to_owned(), "une heure".to_owned()));
    }
}
