//! How days, hours and the time of an answer are said in French.

use jiff::ZonedDateTime;
use jiff::civil::{Date, Time, Weekday};

use super::{Phrase, dates};
use crate::opening::{Expected, Opening, SlotsError, is_holiday};

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
pub(crate) const NO_HOURS: &str = "Aucun jour n’a d’heures\u{a0}: plus rien ne serait promis aux partenaires.";
pub(crate) const NO_DELAY: &str = "Le délai de réponse est un nombre de minutes d’ouverture, de 5 à 6\u{202f}000.";
pub(crate) const TOO_MANY_DAYS: &str = "Il y a plus de 200 jours de fermeture\u{a0}: retirez ceux qui sont passés.";
pub(crate) const WEEK: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

/// The open hours of a day, as « 09:00-12:30 » in the settings.
pub(crate) fn hours(slots: &[String]) -> String {
    if slots.is_empty() {
        return "fermé".to_owned();
    }
    let slots: Vec<String> = slots.iter().map(|slot| slot.replace('-', " à ").replace(':', "\u{a0}h\u{a0}")).collect();
    slots.join(", ")
}

/// Whether the team is there `now`, and until or from when.
pub(crate) fn standing(opening: &Opening, now: &ZonedDateTime) -> String {
    let next = opening.openings(now, 1).into_iter().next();
    match next {
        Some((from, to)) if from <= *now => format!("Aujourd’hui\u{a0}: ouvert jusqu’à {}.", hour(to.time())),
        Some((from, _)) => {
            let shut = if is_holiday(now.date(), opening.alsace_moselle) { "jour férié" } else { "fermé" };
            let (day, hour) = (day(from.date(), now.date()), hour(from.time()));
            format!("À ce moment\u{a0}: {shut}. Prochaine ouverture\u{a0}: {day} à {hour}.")
        }
        None => "Aucune ouverture n’est en vue.".to_owned(),
    }
}

/// « lundi 2 novembre, de 9 h à 12 h 30 ».
pub(crate) fn stretch(from: &ZonedDateTime, to: &ZonedDateTime, now: &ZonedDateTime) -> String {
    // What ends at midnight ends on the day that it began.
    let end = if to.date() == from.date() { hour(to.time()) } else { "24\u{a0}h".to_owned() };
    format!("{}, de {} à {end}", day(from.date(), now.date()), hour(from.time()))
}

/// Why hours cannot be read.
pub(crate) fn wrong_hours(day: &str, error: &SlotsError) -> String {
    match error {
        SlotsError::NoSlot(text) => {
            format!("{day}\u{a0}: «\u{a0}{text}\u{a0}» n’est pas une plage comme 9:00-12:30.")
        }
        SlotsError::OutOfOrder(text) => {
            format!("{day}\u{a0}: «\u{a0}{text}\u{a0}» commence avant la fin de la plage précédente.")
        }
    }
}

/// A day that is none.
pub(crate) fn wrong_day(text: &str) -> String {
    format!("Jours de fermeture\u{a0}: «\u{a0}{text}\u{a0}» n’est pas une date comme 24/12/2026.")
}

/// How much open time there is for an answer.
pub(crate) fn open_time(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes}\u{a0}minutes"),
        (hours, 0) => format!("{hours}\u{a0}h"),
        (hours, minutes) => format!("{hours}\u{a0}h\u{a0}{minutes:02}"),
    }
}
