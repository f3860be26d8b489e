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

pub(crate) const HOURS: &str = "Horaires de l’équipe";
pub(crate) const HOLIDAY: &str = "C’est un jour férié.";
pub(crate) const OPEN: &str = "L’équipe est là.";
pub(crate) const SHUT: &str = "L’équipe n’est pas là.";
pub(crate) const WEEK: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

/// The open hours of a day, as « 09:00-12:30 » in the settings.
pub(crate) fn hours(slots: &[String]) -> String {
    if slots.is_empty() {
        return "fermé".to_owned();
    }
    let slots: Vec<String> = slots.iter().map(|slot| slot.replace('-', " à ").replace(':', "\u{a0}h\u{a0}")).collect();
    slots.join(", ")
}

/// How much open time there is for an answer.
pub(crate) fn open_time(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes}\u{a0}minutes"),
        (hours, 0) => format!("{hours}\u{a0}h"),
        (hours, minutes) => format!("{hours}\u{a0}h\u{a0}{minutes:02}"),
    }
}
