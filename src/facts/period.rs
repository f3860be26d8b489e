//! Stretches of time as people name them: « en mars », « le mois prochain », « fin d'année », « au 14 septembre ».

use guichet_kb::fold::fold;
use jiff::civil::{Date, date};
use jiff::{Span, ToSpan};

use super::typing::is_within;

/// From one day to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Period {
    /// First day.
    pub(crate) from: Date,
    /// Last day.
    pub(crate) until: Date,
}

const MONTHS: [(&str, i8); 18] = [
    ("janvier", 1),
    ("janv", 1),
    ("fevrier", 2),
    ("fev", 2),
    ("mars", 3),
    ("avril", 4),
    ("mai", 5),
    ("juin", 6),
    ("juillet", 7),
    ("juil", 7),
    ("aout", 8),
    ("septembre", 9),
    ("sept", 9),
    ("octobre", 10),
    ("oct", 10),
    ("novembre", 11),
    ("nov", 11),
    ("decembre", 12),
];

/// Shorter names of months are too near to other words.
const SHORTEST_WITH_ERROR: usize = 6;

/// A month without a year is the one from four months ago to seven months ahead.
const MONTHS_BACK: i32 = 4;

/// The first stretch of time that `text` names, as seen from `today`.
pub(crate) fn find(text: &str, today: Date) -> Option<Period> {
    let words = words(text);
    (0..words.len()).find_map(|at| period_at(&words, at, today))
}

fn period_at(words: &[String], at: usize, today: Date) -> Option<Period> {
    let word = |offset: usize| words.get(at + offset).map_or("", String::as_str);
    let before = |offset: usize| at.checked_sub(offset).map_or("", |place| words[place].as_str());
    if let Some(day) = numeric_date(word(0), today) {
        return Some(Period { from: day, until: day });
    }
    match word(0) {
        "aujourd'hui" | "aujourdhui" => return Some(days(today, today)),
        "demain" => return Some(days(plus_days(today, 1), plus_days(today, 1))),
        "hier" => return Some(days(plus_days(today, -1), plus_days(today, -1))),
        "semaine" => {
            let monday = plus_days(today, -i64::from(today.weekday().to_monday_zero_offset()));
            let first = plus_days(monday, 7 * i64::from(shift(before(1), word(1))?));
            return Some(days(first, plus_days(first, 6)));
        }
        "mois" => {
            // « fin du mois », « à la fin de ce mois ».
            let edge = [before(1), before(2)].into_iter().find(|word| matches!(*word, "fin" | "debut" | "milieu"));
            return ahead(words, at, today, |count| count.months()).or_else(|| {
                let moved = shift(before(1), word(1)).or(edge.map(|_| 0))?;
                let first = plus_months(today.first_of_month(), moved);
                Some(part(edge.unwrap_or_default(), first, first.last_of_month()))
            });
        }
        "jours" | "jour" => return ahead(words, at, today, |count| count.days()),
        "trimestre" => return quarter(before(1), word(1), word(2), today),
        "annee" | "an" => {
            // « fin d'année », « fin de l'année » is this year's.
            let edge = [before(1), before(2)].into_iter().find(|word| matches!(*word, "fin" | "debut" | "milieu"));
            let moved = shift(before(1), word(1)).or(edge.map(|_| 0))?;
            let year = today.year() + i16::try_from(moved).ok()?;
            let (first, last) = year_of(year)?;
            return Some(match edge {
                Some("fin") => days(date(year, 11, 1), last),
                Some("debut") => days(first, date(year, 2, 28).last_of_month()),
                Some(_) => days(date(year, 5, 1), date(year, 7, 31)),
                None => days(first, last),
            });
        }
        _ => {}
    }
    if let Some(month) = month(word(0)) {
        let year = year(word(1)).or_else(|| year(word(2)).filter(|_| word(1) == "de"));
        let near = |day: i8| match year {
            Some(year) => Date::new(year, month, day).ok(),
            None => nearest(month, day, shift("", word(1)), today),
        };
        if let Some(day) = day_of_month(before(1)) {
            let day = near(day)?;
            return Some(days(day, day));
        }
        let first = near(1)?;
        return Some(part(before(1), first, first.last_of_month()));
    }
    let year = year(word(0)).filter(|_| matches!(before(1), "en" | "annee" | "pour" | "de"))?;
    year_of(year).map(|(first, last)| days(first, last))
}

/// « dans 3 mois », « d'ici 15 jours », « sous 30 jours », « les 2 prochains mois »: from today until then.
fn ahead(words: &[String], at: usize, today: Date, span: fn(i64) -> Span) -> Option<Period> {
    let place = at.checked_sub(1)?;
    let is_next = |word: &str| word.starts_with("prochain");
    let place = if is_next(&words[place]) { place.checked_sub(1)? } else { place };
    let count: i64 = number(&words[place])?;
    let lead = words[..place].last().map_or("", String::as_str);
    // « Sage 100 le mois prochain » counts nothing.
    let are_next = words.get(at + 1).is_some_and(|word| matches!(word.as_str(), "prochains" | "suivants"));
    let is_ahead = matches!(lead, "dans" | "ici" | "sous" | "les") || are_next;
    (is_ahead && (1..=120).contains(&count)).then(|| days(today, today.saturating_add(span(count))))
}

/// « ce trimestre », « le trimestre prochain », « 1er trimestre 2027 ».
fn quarter(before: &str, after: &str, later: &str, today: Date) -> Option<Period> {
    let this = (today.month() - 1) / 3;
    let first = match day_of_month(before).filter(|number| (1..=4).contains(number)) {
        Some(number) => {
            let year = year(after).or_else(|| year(later));
            let month = 3 * (number - 1) + 1;
            match year {
                Some(year) => date(year, month, 1),
                None => nearest(month, 1, None, today)?,
            }
        }
        None => plus_months(date(today.year(), 3 * this + 1, 1), 3 * shift(before, after)?),
    };
    Some(days(first, plus_months(first, 2).last_of_month()))
}

/// Which one is meant: this one 0, the next 1, the last −1.
fn shift(before: &str, after: &str) -> Option<i32> {
    match (before, after) {
        (_, next) if next.starts_with("prochain") || next.starts_with("suivant") => Some(1),
        (_, "dernier" | "derniere" | "passe" | "passee" | "precedent") => Some(-1),
        ("prochain" | "prochaine", _) => Some(1),
        ("dernier" | "derniere", _) => Some(-1),
        ("ce" | "cette" | "cet", _) | (_, "courant" | "ci") => Some(0),
        _ => None,
    }
}

/// The first ten days, the middle or the last ten days, when that is said.
fn part(said: &str, first: Date, last: Date) -> Period {
    match said {
        "debut" => days(first, plus_days(first, 9)),
        "mi" | "milieu" | "mi-" => days(plus_days(first, 9), plus_days(first, 19)),
        "fin" => days(plus_days(last, -9), last),
        _ => days(first, last),
    }
}

/// The day of that month that is nearest, or the one before or after today when that is said.
fn nearest(month: i8, day: i8, said: Option<i32>, today: Date) -> Option<Date> {
    let earliest = match said {
        Some(1) => today.first_of_month(),
        Some(-1) => plus_months(today.first_of_month(), -11),
        _ => plus_months(today.first_of_month(), -MONTHS_BACK),
    };
    (0..=4).find_map(|more| Date::new(earliest.year() + more, month, day).ok().filter(|found| *found >= earliest))
}

/// `14/09/2026`, `14/09/26`, `14.09.2026`, `14/09`.
fn numeric_date(word: &str, today: Date) -> Option<Date> {
    let parts: Vec<&str> = word.split(['/', '.']).collect();
    let read = |text: &str| text.parse::<i8>().ok().filter(|_| text.len() <= 2);
    match parts.as_slice() {
        [day, month, year] => Date::new(self::year(year)?, read(month)?, read(day)?).ok(),
        [day, month] if word.contains('/') => nearest(read(month)?, read(day)?, None, today),
        _ => None,
    }
}

fn month(word: &str) -> Option<i8> {
    let exact = MONTHS.iter().find(|(name, _)| *name == word);
    let near = || {
        let is_near = |name: &str| {
            name.len() >= SHORTEST_WITH_ERROR && word.len() >= SHORTEST_WITH_ERROR && is_within(word, name, 1)
        };
        MONTHS.iter().find(|(name, _)| is_near(name))
    };
    exact.or_else(near).map(|(_, month)| *month)
}

/// 2000 to 2099, also as two digits after a day and a month.
fn year(word: &str) -> Option<i16> {
    let year: i16 = word.parse().ok()?;
    match word.len() {
        4 => (2000..2100).contains(&year).then_some(year),
        2 => Some(2000 + year),
        _ => None,
    }
}

fn day_of_month(word: &str) -> Option<i8> {
    let word = word.trim_end_matches("er").trim_end_matches("eme").trim_end_matches('e');
    word.parse().ok().filter(|day| (1..=31).contains(day))
}

fn number(word: &str) -> Option<i64> {
    const SPELLED: [&str; 13] =
        ["zero", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"];
    let spelled = || SPELLED.iter().position(|known| *known == word).and_then(|at| i64::try_from(at).ok());
    word.parse().ok().or_else(spelled)
}

fn year_of(year: i16) -> Option<(Date, Date)> {
    Some((Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?))
}

fn days(from: Date, until: Date) -> Period {
    Period { from, until }
}

fn plus_days(day: Date, count: i64) -> Date {
    day.saturating_add(Span::new().days(count))
}

fn plus_months(day: Date, count: i32) -> Date {
    day.saturating_add(Span::new().months(i64::from(count)))
}

/// Words, folded; elided articles are words of their own, dates stay whole.
fn words(text: &str) -> Vec<String> {
    let folded = fold(text).replace("aujourd'hui", "aujourdhui");
    let is_gap = |c: char| !(c.is_alphanumeric() || matches!(c, '/' | '.'));
    let words = folded.split(is_gap).map(|word| word.trim_matches(['/', '.']));
    words.filter(|word| !matches!(*word, "" | "d" | "l" | "du" | "le" | "la" | "au")).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_of_time_are_understood_from_today() {
        let today = date(2026, 11, 24);
        let check = |text: &str, expected: Option<(&str, &str)>| {
            let read = |text: &str| text.parse::<Date>().expect("a date");
            let expected = expected.map(|(from, until)| Period { from: read(from), until: read(until) });
            assert_eq!(find(text, today), expected, "{text}");
        };
        let month = |from, until| Some((from, until));
        check("quel contrat arrive à échéance en mars ?", month("2027-03-01", "2027-03-31"));
        check("mes échéances de juin", month("2027-06-01", "2027-06-30"));
        check("la facture de septembre", month("2026-09-01", "2026-09-30"));
        check("et en mars 2026", month("2026-03-01", "2026-03-31"));
        check("en setpembre", month("2026-09-01", "2026-09-30"));
        check("mars prochain", month("2027-03-01", "2027-03-31"));
        check("en septembre prochain", month("2027-09-01", "2027-09-30"));
        check("mars dernier", month("2026-03-01", "2026-03-31"));
        check("fin mars", month("2027-03-22", "2027-03-31"));
        check("début février", month("2027-02-01", "2027-02-10"));
        check("mi-février", month("2027-02-10", "2027-02-20"));
        check("pas renouvelé au 1er mars", month("2027-03-01", "2027-03-01"));
        check("échéance au 14 septembre 2026", month("2026-09-14", "2026-09-14"));
        check("le 14/09/2026.", month("2026-09-14", "2026-09-14"));
        check("le 14/09", month("2026-09-14", "2026-09-14"));
        check("le 31/02/2026", None);
        check("en version 9.02", None);
        check("Sage 100 le mois prochain", month("2026-12-01", "2026-12-31"));
        check("les 3 mois prochains", month("2026-11-24", "2027-02-24"));
        check("ce mois-ci", month("2026-11-01", "2026-11-30"));
        check("le mois prochain", month("2026-12-01", "2026-12-31"));
        check("à la fin du mois prochain", month("2026-12-22", "2026-12-31"));
        check("fin du mois", month("2026-11-21", "2026-11-30"));
        check("le mois dernier", month("2026-10-01", "2026-10-31"));
        check("fin d'année", month("2026-11-01", "2026-12-31"));
        check("à la fin de l’année", month("2026-11-01", "2026-12-31"));
        check("l'année prochaine", month("2027-01-01", "2027-12-31"));
        check("début d'année prochaine", month("2027-01-01", "2027-02-28"));
        check("cette année", month("2026-01-01", "2026-12-31"));
        check("en 2027", month("2027-01-01", "2027-12-31"));
        check("cette semaine", month("2026-11-23", "2026-11-29"));
        check("la semaine prochaine", month("2026-11-30", "2026-12-06"));
        check("ce trimestre", month("2026-10-01", "2026-12-31"));
        check("le 1er trimestre 2027", month("2027-01-01", "2027-03-31"));
        check("le trimestre prochain", month("2027-01-01", "2027-03-31"));
        check("d'ici 2 mois", month("2026-11-24", "2027-01-24"));
        check("dans les trois prochains mois", month("2026-11-24", "2027-02-24"));
        check("sous 30 jours", month("2026-11-24", "2026-12-24"));
        check("demain", month("2026-11-25", "2026-11-25"));
        check("aujourd’hui", month("2026-11-24", "2026-11-24"));
        check("j'ai 3 mois de retard", None);
        check("mes contrats", None);
        check("c'est de mal en pis mais bon", None);
        check("", None);
    }

    use proptest::prelude::*;
    use proptest::sample::select;

    /// What stands around a period in messages, and says nothing of time.
    const AROUND: [&str; 15] = [
        "bonjour",
        "svp",
        "le contrat de la clinique saint-jean",
        "qui se termine",
        "n°48210753",
        "v9.02",
        "9.02",
        "???",
        "réabonné ou pas",
        "URGENT !!",
        "client 00458712",
        "(garage martin)",
        "FA2203871",
        "sage 100",
        "…",
    ];
    const PERIODS: [&str; 14] = [
        "en mars",
        "fin mars",
        "début février",
        "au 1er mars",
        "le mois prochain",
        "fin du mois",
        "fin d'année",
        "l'année prochaine",
        "en 2027",
        "la semaine prochaine",
        "ce trimestre",
        "d'ici 2 mois",
        "le 14/09/2026",
        "demain",
    ];

    proptest! {
        /// Whatever stands around it, in capitals or without accents: the same stretch of time.
        #[test]
        fn a_period_is_found_in_messy_text(
            before in proptest::collection::vec(select(&AROUND[..]), 0..4),
            period in select(&PERIODS[..]),
            after in proptest::collection::vec(select(&AROUND[..]), 0..4),
            is_loud in any::<bool>(),
            is_bare in any::<bool>(),
        ) {
            let today = date(2026, 11, 24);
            let mut text = format!("{} {period} {}", before.join(" "), after.join(" "));
            if is_loud {
                text = text.to_uppercase();
            }
            if is_bare {
                text = fold(&text);
            }
            let alone = find(period, today);
            prop_assert!(alone.is_some());
            prop_assert_eq!(find(&text, today), alone, "{}", text);
        }

        /// Whatever the text and the day: no panic, and a stretch that begins before it ends.
        #[test]
        fn any_text_is_read(text in "\\PC{0,60}", year in 2000..2099_i16, day in 1..=365_i16) {
            let today = date(year, 1, 1).saturating_add(Span::new().days(i64::from(day)));
            let found = find(&text, today);
            prop_assert!(found.is_none_or(|period| period.from <= period.until));
        }
    }
}
