//! When people answer: business hours, French public holidays, and what may be promised at a given moment. Pure: the
//! moment is an argument, and its time zone is the one that everything is counted in ([`paris`]).

mod holidays;
mod slots;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, ZonedDateTime};
use serde::{Deserialize, Serialize};

pub(crate) use holidays::is_holiday;
pub(crate) use slots::{Slots, SlotsError};

/// How far ahead an opening is looked for. Nobody closes for longer; without any hours the search must end.
const DAYS_AHEAD: i64 = 370;

/// When advisers are there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Opening {
    pub(crate) monday: Slots,
    pub(crate) tuesday: Slots,
    pub(crate) wednesday: Slots,
    pub(crate) thursday: Slots,
    pub(crate) friday: Slots,
    pub(crate) saturday: Slots,
    pub(crate) sunday: Slots,
    /// Good Friday and 26 December are holidays as well.
    pub(crate) alsace_moselle: bool,
    /// Days when nobody is there although it is no holiday.
    pub(crate) closed: Vec<Date>,
    /// Open minutes within which an adviser answers.
    pub(crate) answer_minutes: u32,
}

impl Default for Opening {
    fn default() -> Self {
        let week = Slots::office_hours();
        Self {
            monday: week.clone(),
            tuesday: week.clone(),
            wednesday: week.clone(),
            thursday: week.clone(),
            friday: week,
            saturday: Slots::default(),
            sunday: Slots::default(),
            alsace_moselle: false,
            closed: Vec::new(),
            answer_minutes: 240,
        }
    }
}

/// When an answer comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expected {
    /// Somebody is there: before this moment.
    Before(ZonedDateTime),
    /// Nobody is there: from this moment on.
    From(ZonedDateTime),
    /// No opening is in sight.
    Someday,
}

/// The time zone of France: one hour before UTC, two from the last Sunday of March to the last one of October. Written
/// out, so that no machine needs a database of time zones; what held before 1996 matters to nobody here.
pub(crate) fn paris() -> TimeZone {
    TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("the rule is well written")
}

impl Opening {
    /// Whether somebody is there.
    pub(crate) fn is_open(&self, now: &ZonedDateTime) -> bool {
        self.spans_of(now, now.date()).iter().any(|(from, to)| from <= now && now < to)
    }

    /// The first moment from `now` on when somebody is there; `now` itself when that is so.
    pub(crate) fn next_opening(&self, now: &ZonedDateTime) -> Option<ZonedDateTime> {
        self.spans_from(now).next().map(|(from, _)| from)
    }

    /// When somebody who writes `now` gets an answer that takes `minutes` of work time. The last minutes of a day do not
    /// promise an answer on that day: what is left is counted on the next one.
    pub(crate) fn answer_expected(&self, now: &ZonedDateTime, minutes: u32) -> Expected {
        if !self.is_open(now) {
            return self.next_opening(now).map_or(Expected::Someday, Expected::From);
        }
        self.after(now, i64::from(minutes) * 60).map_or(Expected::Someday, Expected::Before)
    }

    /// The moment at which somebody has been there for `seconds` since `now`.
    pub(crate) fn after(&self, now: &ZonedDateTime, seconds: i64) -> Option<ZonedDateTime> {
        let mut left = seconds;
        for (from, to) in self.spans_from(now) {
            let open = from.duration_until(&to).as_secs();
            if left <= open {
                return from.checked_add(Span::new().seconds(left)).ok();
            }
            left -= open;
        }
        None
    }

    /// For how many seconds somebody is there between two moments.
    pub(crate) fn open_between(&self, from: &ZonedDateTime, to: &ZonedDateTime) -> i64 {
        let begun = self.spans_from(from).take_while(|(begin, _)| begin < to);
        begun.map(|(begin, end)| begin.duration_until(&end.min(to.clone())).as_secs()).sum()
    }

    /// The next stretches of open time, the one that has begun included.
    pub(crate) fn openings(&self, now: &ZonedDateTime, count: usize) -> Vec<(ZonedDateTime, ZonedDateTime)> {
        self.spans_from(now).take(count).collect()
    }

    /// As the settings have it.
    pub(crate) fn described(&self) -> String {
        toml::to_string(self).expect("hours, days and a number are TOML")
    }

    /// Every stretch of open time that is not over at `now`, in order; the first begins no earlier than `now`.
    fn spans_from<'a>(&'a self, now: &'a ZonedDateTime) -> impl Iterator<Item = (ZonedDateTime, ZonedDateTime)> + 'a {
        let today = now.date();
        let dates = (0..DAYS_AHEAD).map_while(move |days| today.checked_add(Span::new().days(days)).ok());
        let spans = dates.flat_map(move |date| self.spans_of(now, date));
        spans.filter(move |(_, to)| to > now).map(move |(from, to)| (from.max(now.clone()), to))
    }

    /// The open time of `date`, as moments in the time zone of `now`: hours are what clocks on the wall show, also on the
    /// days when they change.
    fn spans_of(&self, now: &ZonedDateTime, date: Date) -> Vec<(ZonedDateTime, ZonedDateTime)> {
        if self.closed.contains(&date) || is_holiday(date, self.alsace_moselle) {
            return Vec::new();
        }
        let zone = now.time_zone();
        let moments = self.slots(date.weekday()).on(date).into_iter();
        let zoned = moments.filter_map(|(from, to)| {
            Some((from.to_zoned_datetime(zone.clone()).ok()?, to.to_zoned_datetime(zone.clone()).ok()?))
        });
        zoned.collect()
    }

    fn slots(&self, weekday: Weekday) -> &Slots {
        match weekday {
            Weekday::Monday => &self.monday,
            Weekday::Tuesday => &self.tuesday,
            Weekday::Wednesday => &self.wednesday,
            Weekday::Thursday => &self.thursday,
            Weekday::Friday => &self.friday,
            Weekday::Saturday => &self.saturday,
            Weekday::Sunday => &self.sunday,
        }
    }
}

#[cfg(test)]
mod tests;
