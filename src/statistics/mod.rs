//! Figures of a period: sums of the store to what people read. Pure.

pub(crate) mod period;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::model::{TimeSums, TurnSums};
pub(crate) use period::Period;

/// What became of questions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    pub(crate) questions: i64,
    /// Answered at once.
    pub(crate) answered: i64,
    /// A choice was offered.
    pub(crate) clarified: i64,
    /// Nothing was answered.
    pub(crate) unanswered: i64,
    /// They led to a ticket.
    pub(crate) escalated: i64,
    pub(crate) helpful: i64,
    pub(crate) unhelpful: i64,
    /// Given an entry long enough ago, and lasting.
    pub(crate) given: i64,
    pub(crate) lasting: i64,
}

impl Figures {
    fn add(&mut self, of: &TimeSums) {
        let TurnSums { turns, escalated, helpful, unhelpful, given, lasting } = of.sums;
        self.helpful += helpful;
        self.unhelpful += unhelpful;
        if of.kind != "question" {
            return;
        }
        self.questions += turns;
        self.escalated += escalated;
        self.given += given;
        self.lasting += lasting;
        match of.decision.as_str() {
            "clarify" => self.clarified += turns,
            "noanswer" => self.unanswered += turns,
            _ => self.answered += turns,
        }
    }

    /// Adds those of another time.
    pub(crate) fn join(&mut self, other: &Self) {
        self.questions += other.questions;
        self.answered += other.answered;
        self.clarified += other.clarified;
        self.unanswered += other.unanswered;
        self.escalated += other.escalated;
        self.helpful += other.helpful;
        self.unhelpful += other.unhelpful;
        self.given += other.given;
        self.lasting += other.lasting;
    }

    /// Part of the questions, in hundredths; none without questions.
    pub(crate) fn share(&self, part: i64) -> Option<i64> {
        percent(part, self.questions)
    }

    /// Answers that helped, of those that were judged.
    pub(crate) fn helpful_share(&self) -> Option<i64> {
        percent(self.helpful, self.helpful + self.unhelpful)
    }

    /// Answers that lasted, of those that are old enough.
    pub(crate) fn lasting_share(&self) -> Option<i64> {
        percent(self.lasting, self.given)
    }
}

/// Figures, as a whole and apart.
#[derive(Debug, Default)]
pub(crate) struct Apart {
    pub(crate) whole: Figures,
    pub(crate) by_day: BTreeMap<Date, Figures>,
    /// By hour of the day, 0 to 23.
    pub(crate) by_hour: [Figures; 24],
    pub(crate) by_channel: BTreeMap<String, Figures>,
}

/// Sums by hour to figures by day and hour of `zone`.
pub(crate) fn apart(sums: &[TimeSums], zone: &TimeZone) -> Apart {
    let mut apart = Apart::default();
    for one in sums {
        let at = Timestamp::from_millisecond(one.begins_at).unwrap_or_default().to_zoned_datetime(zone.clone());
        apart.whole.add(one);
        apart.by_day.entry(at.date()).or_default().add(one);
        apart.by_channel.entry(one.channel.clone()).or_default().add(one);
        if let Some(hour) = apart.by_hour.get_mut(usize::try_from(at.hour()).unwrap_or_default()) {
            hour.add(one);
        }
    }
    apart
}

/// The time within which this share (in hundredths) of the questions was answered, of counts by time.
pub(crate) fn within(times: &[(i64, i64)], share: i64) -> Option<i64> {
    let all: i64 = times.iter().map(|(_, count)| count).sum();
    let mut left = (all * share + 99) / 100;
    times
        .iter()
        .find(|(_, count)| {
            left -= count;
            left <= 0
        })
        .map(|(time, _)| *time)
}

/// `part` of `of`, in hundredths, rounded.
pub(crate) fn percent(part: i64, of: i64) -> Option<i64> {
    (of > 0).then(|| (part * 200 + of) / (of * 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(begins_at: &str, kind: &str, decision: &str, turns: i64) -> TimeSums {
        TimeSums {
            begins_at: begins_at.parse::<Timestamp>().expect("a time").as_millisecond(),
            channel: "web".into(),
            kind: kind.into(),
            decision: decision.into(),
            sums: TurnSums { turns, helpful: 1, ..TurnSums::default() },
        }
    }

    #[test]
    fn questions_are_counted_by_day_and_hour_of_paris() {
        let all = [
            sums("2026-06-30T22:00:00Z", "question", "answer", 6),
            sums("2026-07-01T08:00:00Z", "question", "noanswer", 2),
            sums("2026-07-01T08:00:00Z", "choice", "answer", 9),
        ];
        let apart = apart(&all, &crate::opening::paris());
        let Figures { questions, answered, unanswered, helpful, .. } = apart.whole;
        assert_eq!((questions, answered, unanswered, helpful), (8, 6, 2, 3));
        assert_eq!(apart.by_day.keys().map(ToString::to_string).collect::<Vec<_>>(), ["2026-07-01"]);
        assert_eq!((apart.by_hour[0].questions, apart.by_hour[10].questions), (6, 2));
        assert_eq!((apart.whole.share(2), Figures::default().share(0)), (Some(25), None));
    }

    #[test]
    fn the_time_of_most_is_found_in_counts() {
        let times = [(2, 50), (3, 45), (90, 5)];
        assert_eq!((within(&times, 50), within(&times, 95), within(&times, 96)), (Some(2), Some(3), Some(90)));
        assert_eq!(within(&[], 50), None);
    }
}
