//! Opening hours as somebody types them: read leniently, and written in one way.

use jiff::civil::Date;
use serde::Deserialize;

use crate::opening::{Opening, Slots, SlotsError};
use crate::text::opening as text;

/// Open minutes within which an answer may be promised.
const DELAY: std::ops::RangeInclusive<u32> = 5..=6_000;
/// Most days of closure.
const MOST_DAYS: usize = 200;

/// What the form holds.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(default)]
pub(in crate::console) struct Typed {
    pub(super) lundi: String,
    pub(super) mardi: String,
    pub(super) mercredi: String,
    pub(super) jeudi: String,
    pub(super) vendredi: String,
    pub(super) samedi: String,
    pub(super) dimanche: String,
    pub(super) fermetures: String,
    pub(super) alsace: String,
    pub(super) delai: String,
    /// The version that the form was opened with.
    pub(super) seen: String,
    /// The moment of the preview.
    pub(super) quand: String,
    /// Which button was pressed.
    pub(super) action: String,
}

impl Typed {
    /// The form that says `opening`.
    pub(super) fn of(opening: &Opening, seen: i64) -> Self {
        let hours = |slots: &Slots| Vec::<String>::from(slots.clone()).join(", ");
        let day = |date: &Date| date.strftime("%d/%m/%Y").to_string();
        Self {
            lundi: hours(&opening.monday),
            mardi: hours(&opening.tuesday),
            mercredi: hours(&opening.wednesday),
            jeudi: hours(&opening.thursday),
            vendredi: hours(&opening.friday),
            samedi: hours(&opening.saturday),
            dimanche: hours(&opening.sunday),
            fermetures: opening.closed.iter().map(day).collect::<Vec<_>>().join("\n"),
            alsace: if opening.alsace_moselle { "oui" } else { "" }.to_owned(),
            delai: opening.answer_minutes.to_string(),
            seen: seen.to_string(),
            ..Self::default()
        }
    }

    /// The name and what is typed for each day of the week, from Monday.
    pub(super) fn week(&self) -> [(&'static str, &str); 7] {
        let Self { lundi, mardi, mercredi, jeudi, vendredi, samedi, dimanche, .. } = self;
        let days = [lundi, mardi, mercredi, jeudi, vendredi, samedi, dimanche];
        std::array::from_fn(|at| (text::WEEK[at], days[at].as_str()))
    }

    /// The hours, or everything that is wrong with them.
    pub(super) fn read(&self) -> Result<Opening, Vec<String>> {
        let mut wrong = Vec::new();
        let mut week = self.week().map(|(day, typed)| {
            slots(typed).unwrap_or_else(|error| {
                wrong.push(text::wrong_hours(day, &error));
                Slots::default()
            })
        });
        if wrong.is_empty() && week.iter().all(|slots| *slots == Slots::default()) {
            wrong.push(text::NO_HOURS.to_owned());
        }
        let closed = self.fermetures.split(|sign: char| sign.is_whitespace() || matches!(sign, ',' | ';'));
        let closed = closed.filter(|text| !text.is_empty()).filter_map(|typed| {
            let date = date(typed);
            if date.is_none() {
                wrong.push(text::wrong_day(typed));
            }
            date
        });
        let mut closed: Vec<Date> = closed.collect();
        closed.sort_unstable();
        closed.dedup();
        if closed.len() > MOST_DAYS {
            wrong.push(text::TOO_MANY_DAYS.to_owned());
        }
        let delay = self.delai.trim().parse::<u32>().ok().filter(|minutes| DELAY.contains(minutes));
        if delay.is_none() {
            wrong.push(text::NO_DELAY.to_owned());
        }
        let Some(answer_minutes) = delay.filter(|_| wrong.is_empty()) else { return Err(wrong) };
        let [monday, tuesday, wednesday, thursday, friday, saturday, sunday] =
            std::array::from_fn(|at| std::mem::take(&mut week[at]));
        let alsace_moselle = !self.alsace.is_empty();
        Ok(Opening {
            monday,
            tuesday,
            wednesday,
            thursday,
            friday,
            saturday,
            sunday,
            alsace_moselle,
            closed,
            answer_minutes,
        })
    }
}

/// `9h-12h30, 14:00 à 18:00`; nothing, or « fermé »: closed.
fn slots(typed: &str) -> Result<Slots, SlotsError> {
    let typed = typed.trim().to_lowercase();
    if matches!(typed.as_str(), "" | "fermé" | "ferme") {
        return Ok(Slots::default());
    }
    let stretches = typed.replace(" et ", ",");
    let stretch = |text: &str| {
        let text = text.replace(['–', '—', 'à'], "-").replace('h', ":");
        let clock = |clock: &str| {
            let clock: String = clock.chars().filter(|sign| !sign.is_whitespace()).collect();
            match clock.split_once(':') {
                Some((_, "")) => format!("{clock}00"),
                None if !clock.is_empty() => format!("{clock}:00"),
                _ => clock,
            }
        };
        text.split('-').map(clock).collect::<Vec<_>>().join("-")
    };
    Slots::try_from(stretches.split([',', ';']).map(stretch).collect::<Vec<_>>())
}

/// `24/12/2026` or `2026-12-24`.
fn date(typed: &str) -> Option<Date> {
    typed.parse().ok().or_else(|| Date::strptime("%d/%m/%Y", typed).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(typed: &str, expected: &[&str]) {
        let read = slots(typed).map(Vec::<String>::from);
        assert_eq!(read, Ok(expected.iter().map(ToString::to_string).collect()), "{typed}");
    }

    #[test]
    fn hours_are_read_as_people_write_them() {
        check("", &[]);
        check(" Fermé ", &[]);
        check("9:00-12:30, 14:00-18:00", &["09:00-12:30", "14:00-18:00"]);
        check("9h-12h30 et 14 h à 18 h", &["09:00-12:30", "14:00-18:00"]);
        check("9 – 12; 14 – 24", &["09:00-12:00", "14:00-24:00"]);
        for wrong in ["9", "midi", "9-", "12h-9h", "9h-12h, 11h-13h", "9h-12h-14h", "9h-25h"] {
            assert!(slots(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_shown_is_read_as_it_was_and_everything_wrong_is_told() {
        let closed = ["2026-12-24", "2026-12-31"].map(|date| date.parse().expect("a date")).into();
        let opening = Opening { closed, alsace_moselle: true, answer_minutes: 90, ..Opening::default() };
        let typed = Typed::of(&opening, 3);
        assert_eq!(typed.read(), Ok(opening));
        assert_eq!((typed.fermetures.as_str(), typed.seen.as_str()), ("24/12/2026\n31/12/2026", "3"));

        let wrong =
            Typed { mardi: "9-8".into(), fermetures: "32/12/2026, 2026-12-24".into(), delai: "0".into(), ..typed };
        let told = wrong.read().expect_err("it is wrong");
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told[0].starts_with("mardi") && told[1].contains("32/12/2026"), "{told:?}");
        let never = Typed { delai: "60".into(), ..Typed::default() };
        assert_eq!(never.read(), Err(vec![text::NO_HOURS.to_owned()]));
    }
}
