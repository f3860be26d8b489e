//! How days, hours and the time of an answer are said in French.

use jiff::ZonedDateTime;
use jiff::civil::{Date, Time, Weekday};

use super::{Phrase, dates};
use crate::opening::Expected;

/// When an adviser answers, for somebody who reads it `now`.
pub(crate) fn answer_expected(expected: &Expected, now: &ZonedDateTime) -> Phrase {
    let when = |moment: &ZonedDateTime, word: &str| {
        format!("Un conseiller vous répond {} {word} {}.", day(moment.date(), now.date()), hour(moment.time()))
    };
    match expected {
        Expected::Before(moment) => {
            let moment = rounded_up(moment);
            Phrase { id: "opening/before", text: when(&moment, "avant") }
        }
        Expected::From(moment) => Phrase { id: "opening/from", text: when(moment, "à partir de") },
        Expected::Someday => {
            Phrase { id: "opening/someday", text: "Un conseiller vous répond dès que possible.".to_owned() }
        }
    }
}

/// To the next five minutes: nobody promises 16 h 32.
fn rounded_up(moment: &ZonedDateTime) -> ZonedDateTime {
    let five = jiff::ZonedDateTimeRound::new().smallest(jiff::Unit::Minute).increment(5).mode(jiff::RoundMode::Ceil);
    moment.round(five).unwrap_or_else(|_| moment.clone())
}

/// « aujourd’hui », « demain », or « lundi 2 novembre ».
fn day(date: Date, today: Date) -> String {
    if date == today {
        return "aujourd’hui".to_owned();
    }
    if today.tomorrow().is_ok_and(|tomorrow| tomorrow == date) {
        return "demain".to_owned();
    }
    let weekday = match date.weekday() {
        Weekday::Monday => "lundi",
        Weekday::Tuesday => "mardi",
        Weekday::Wednesday => "mercredi",
        Weekday::Thursday => "jeudi",
        Weekday::Friday => "vendredi",
        Weekday::Saturday => "samedi",
        Weekday::Sunday => "dimanche",
    };
    format!("{weekday} {}", dates::day_and_month(date))
}

/// « 9 h », « 16 h 30 ».
fn hour(time: Time) -> String {
    match time.minute() {
        0 => format!("{}\u{a0}h", time.hour()),
        minute => format!("{}\u{a0}h\u{a0}{minute:02}", time.hour()),
    }
}
