//! The public holidays of France (Code du travail, article L3133-1): fixed days, and those counted from Easter.

use jiff::Span;
use jiff::civil::Date;

/// Month and day of those that never move.
const FIXED: [(i8, i8); 8] = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)];
/// Easter Monday, Ascension, Whit Monday: days after Easter.
const AFTER_EASTER: [i64; 3] = [1, 39, 50];
/// Good Friday, in Alsace and Moselle (article L3134-13), as is 26 December.
const GOOD_FRIDAY: i64 = -2;

/// Whether `date` is a public holiday in France; in `alsace_moselle` there are two more.
pub(crate) fn is_holiday(date: Date, alsace_moselle: bool) -> bool {
    let day = (date.month(), date.day());
    if FIXED.contains(&day) || (alsace_moselle && day == (12, 26)) {
        return true;
    }
    let easter = easter(date.year());
    let is_after = |days: i64| easter.checked_add(Span::new().days(days)).is_ok_and(|day| day == date);
    AFTER_EASTER.into_iter().any(is_after) || (alsace_moselle && is_after(GOOD_FRIDAY))
}

/// Easter Sunday of `year`, by the anonymous Gregorian computus (Meeus, *Astronomical Algorithms*, chapter 8).
fn easter(year: i16) -> Date {
    let y = i32::from(year);
    let (a, b, c) = (y.rem_euclid(19), y.div_euclid(100), y.rem_euclid(100));
    let f = (b + 8) / 25;
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - b / 4 - g + 15).rem_euclid(30);
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4).rem_euclid(7);
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    let small = |value: i32| i8::try_from(value).expect("a month and a day are small");
    Date::new(year, small(n / 31), small(n % 31 + 1)).expect("Easter is in March or April")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().expect("a date")
    }

    #[test]
    fn easter_is_where_the_almanac_says() {
        for day in ["2000-04-23", "2008-03-23", "2011-04-24", "2024-03-31", "2025-04-20", "2026-04-05", "2038-04-25"] {
            assert_eq!(easter(date(day).year()), date(day));
        }
    }

    #[test]
    fn eleven_days_of_a_year_are_holidays_and_thirteen_in_alsace_and_moselle() {
        let year = |alsace| -> Vec<String> {
            let days = date("2026-01-01").series(Span::new().days(1)).take(365);
            days.filter(|day| is_holiday(*day, alsace)).map(|day| day.to_string()[5..].to_owned()).collect()
        };
        let everywhere =
            ["01-01", "04-06", "05-01", "05-08", "05-14", "05-25", "07-14", "08-15", "11-01", "11-11", "12-25"];
        assert_eq!(year(false), everywhere);
        let more: Vec<String> = year(true).into_iter().filter(|day| !everywhere.contains(&day.as_str())).collect();
        assert_eq!(more, ["04-03", "12-26"]);
    }
}
