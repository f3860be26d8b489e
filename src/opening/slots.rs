//! The open hours of one weekday, as in `["09:00-12:30", "14:00-18:00"]`.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

const MINUTES_OF_A_DAY: u16 = 24 * 60;

/// Stretches of open time in order, apart from each other; none when the day is closed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub(crate) struct Slots(Vec<Slot>);

/// Minutes since midnight: from the first, up to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Slot(u16, u16);

/// Why texts are no open hours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SlotsError {
    /// The text is not of the form `09:00-12:30`, or ends before it begins.
    #[error("`{0}` is no stretch of a day such as \"09:00-12:30\"")]
    NoSlot(String),
    /// Two of them share some time, or they are not in order.
    #[error("`{0}` begins before the stretch in front of it ends")]
    OutOfOrder(String),
}

impl Slots {
    /// 9:00 to 12:30 and 14:00 to 18:00.
    pub(crate) fn office_hours() -> Self {
        Self(vec![Slot(9 * 60, 12 * 60 + 30), Slot(14 * 60, 18 * 60)])
    }

    /// Beginnings and ends on `date`, as a clock on the wall shows them.
    pub(super) fn on(&self, date: Date) -> Vec<(DateTime, DateTime)> {
        let at = |minutes: u16| {
            let small = |value: u16| i8::try_from(value).expect("hours and minutes are small");
            match minutes {
                MINUTES_OF_A_DAY => date.tomorrow().map(|next| next.at(0, 0, 0, 0)),
                minutes => Ok(date.at(small(minutes / 60), small(minutes % 60), 0, 0)),
            }
        };
        self.0.iter().filter_map(|slot| Some((at(slot.0).ok()?, at(slot.1).ok()?))).collect()
    }
}

impl std::str::FromStr for Slot {
    type Err = SlotsError;

    fn from_str(text: &str) -> Result<Self, SlotsError> {
        let parsed = text.split_once('-').and_then(|(from, to)| Some(Self(minutes(from)?, minutes(to)?)));
        parsed.filter(|slot| slot.0 < slot.1).ok_or_else(|| SlotsError::NoSlot(text.to_owned()))
    }
}

impl TryFrom<Vec<String>> for Slots {
    type Error = SlotsError;

    fn try_from(texts: Vec<String>) -> Result<Self, SlotsError> {
        let mut slots: Vec<Slot> = Vec::new();
        for text in texts {
            let slot: Slot = text.parse()?;
            if slots.last().is_some_and(|before| slot.0 < before.1) {
                return Err(SlotsError::OutOfOrder(text));
            }
            slots.push(slot);
        }
        Ok(Self(slots))
    }
}

impl From<Slots> for Vec<String> {
    fn from(slots: Slots) -> Self {
        let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        slots.0.iter().map(|slot| format!("{}-{}", clock(slot.0), clock(slot.1))).collect()
    }
}

/// `9:05` or `09:05` to minutes; `24:00` is the end of the day.
fn minutes(clock: &str) -> Option<u16> {
    let (hours, minutes) = clock.trim().split_once(':')?;
    let is_short = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_short(hours) || minutes.len() != 2 || !is_short(minutes) {
        return None;
    }
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    let sum = hours * 60 + minutes;
    (minutes < 60 && sum <= MINUTES_OF_A_DAY).then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(texts: &[&str]) -> Result<Vec<String>, SlotsError> {
        let texts: Vec<String> = texts.iter().map(ToString::to_string).collect();
        Slots::try_from(texts).map(Vec::from)
    }

    #[test]
    fn hours_are_written_as_in_the_settings() {
        assert_eq!(parse(&[]), Ok(Vec::new()));
        assert_eq!(parse(&["9:00-12:30", "14:00 - 24:00"]), Ok(vec!["09:00-12:30".into(), "14:00-24:00".into()]));
        for text in ["", "09:00", "09:00-09:00", "12:00-09:00", "9-12", "25:00-26:00", "09:60-10:00", "-1:00-02:00"] {
            assert_eq!(parse(&[text]), Err(SlotsError::NoSlot(text.into())), "{text}");
        }
        assert_eq!(parse(&["09:00-12:00", "11:00-13:00"]), Err(SlotsError::OutOfOrder("11:00-13:00".into())));
    }
}
