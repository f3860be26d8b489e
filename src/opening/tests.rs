use jiff::civil::DateTime;

use super::*;
use crate::text;

fn at(moment: &str) -> ZonedDateTime {
    moment.parse::<DateTime>().expect("a moment").to_zoned_datetime(paris()).expect("it exists")
}

fn opening() -> Opening {
    Opening { answer_minutes: 60, ..Opening::default() }
}

/// `now` → what is said, no-break spaces shown as ordinary ones.
fn check(opening: &Opening, now: &str, minutes: u32, expected: &str) {
    let now = at(now);
    let said = text::opening::answer_expected(&opening.answer_expected(&now, minutes), &now).text;
    assert_eq!(said.replace('\u{a0}', " "), format!("Un conseiller vous répond {expected}."), "{now}");
}

#[test]
fn advisers_are_there_in_office_hours_only() {
    for (now, expected) in [
        ("2026-11-02T08:59:59", false),
        ("2026-11-02T09:00", true),
        ("2026-11-02T12:29:59", true),
        ("2026-11-02T12:30", false),
        ("2026-11-02T17:59:59", true),
        ("2026-11-02T18:00", false),
        ("2026-10-31T10:00", false), // a Saturday
        ("2026-11-11T10:00", false), // a holiday, a Wednesday
        ("2026-05-14T10:00", false), // Ascension
        ("2026-04-03T10:00", true),  // Good Friday, outside Alsace and Moselle
    ] {
        assert_eq!(opening().is_open(&at(now)), expected, "{now}");
    }
    assert!(!Opening { alsace_moselle: true, ..opening() }.is_open(&at("2026-04-03T10:00")));
    let closed = vec!["2026-11-02".parse().expect("a date")];
    assert!(!Opening { closed, ..opening() }.is_open(&at("2026-11-02T10:00")));
}

#[test]
fn the_next_opening_steps_over_nights_weekends_and_holidays() {
    for (now, expected) in [
        ("2026-11-02T10:15", "2026-11-02T10:15"),
        ("2026-11-02T12:30", "2026-11-02T14:00"),
        ("2026-11-02T23:59", "2026-11-03T09:00"),
        ("2026-10-30T18:00", "2026-11-02T09:00"), // over a weekend whose Sunday is All Saints' Day
        ("2026-12-24T18:00", "2026-12-28T09:00"), // Christmas is a Friday
        ("2026-05-13T18:00", "2026-05-15T09:00"), // Ascension
    ] {
        assert_eq!(opening().next_opening(&at(now)), Some(at(expected)), "{now}");
    }
}

#[test]
fn what_is_promised_is_what_can_be_held() {
    let opening = opening();
    check(&opening, "2026-11-02T15:27:10", 60, "aujourd’hui avant 16 h 30");
    check(&opening, "2026-11-02T12:00", 60, "aujourd’hui avant 14 h 30");
    check(&opening, "2026-11-02T17:00", 60, "aujourd’hui avant 18 h");
    check(&opening, "2026-11-02T17:50", 60, "demain avant 9 h 50");
    check(&opening, "2026-10-30T17:50", 60, "lundi 2 novembre avant 9 h 50");
    check(&opening, "2026-10-30T18:00", 60, "lundi 2 novembre à partir de 9 h");
    check(&opening, "2026-11-02T08:00", 60, "aujourd’hui à partir de 9 h");
    check(&opening, "2026-11-02T13:00", 60, "aujourd’hui à partir de 14 h");
    check(&opening, "2026-11-10T19:00", 60, "jeudi 12 novembre à partir de 9 h");
    check(&opening, "2026-11-30T18:30", 60, "demain à partir de 9 h");
    check(&opening, "2027-03-28T18:30", 60, "mardi 30 mars à partir de 9 h");
    check(&opening, "2026-11-27T18:30", 60, "lundi 30 novembre à partir de 9 h");
    check(&opening, "2027-01-29T19:00", 60, "lundi 1er février à partir de 9 h");
}

#[test]
fn without_hours_nothing_is_promised() {
    let none = Slots::default();
    let never = Opening {
        monday: none.clone(),
        tuesday: none.clone(),
        wednesday: none.clone(),
        thursday: none.clone(),
        friday: none,
        ..opening()
    };
    assert_eq!(never.next_opening(&at("2026-11-02T10:00")), None);
    check(&never, "2026-11-02T10:00", 60, "dès que possible");
    // A week of work: more than the year of open time that is looked at would be "someday" as well.
    check(&opening(), "2026-11-02T09:00", u32::MAX, "dès que possible");
}

#[test]
fn days_when_clocks_change_are_as_long_as_they_are() {
    let night: Slots = vec!["00:00-06:00".to_owned()].try_into().expect("hours");
    let opening = Opening { sunday: night, ..opening() };
    // 2027-03-28 has no 2:30; 2026-10-25 has two. Six hours on the wall are five, and seven.
    check(&opening, "2027-03-28T00:00", 300, "aujourd’hui avant 6 h");
    check(&opening, "2027-03-28T01:30", 60, "aujourd’hui avant 3 h 30");
    check(&opening, "2026-10-25T00:00", 420, "aujourd’hui avant 6 h");
    check(&opening, "2026-10-25T00:00", 421, "demain avant 9 h 05");
    // The Monday after keeps its hours, whatever the offset.
    check(&opening, "2026-10-24T12:00", 60, "demain à partir de 0 h");
    assert_eq!(opening.next_opening(&at("2026-10-25T06:00")), Some(at("2026-10-26T09:00")));
}

#[test]
fn settings_are_read_and_refused_with_a_reason() {
    let read: Opening =
        toml::from_str("friday = [\"09:00-12:00\"]\nclosed = [\"2026-12-24\"]\nanswer_minutes = 30").expect("settings");
    assert_eq!((read.answer_minutes, read.closed.len()), (30, 1));
    assert_eq!(read.monday, Slots::office_hours());
    assert!(!read.is_open(&at("2026-11-06T14:30")));
    let error = toml::from_str::<Opening>("friday = [\"12:00-09:00\"]").expect_err("the wrong way round");
    assert!(error.to_string().contains("12:00-09:00"), "{error}");
    assert!(toml::from_str::<Opening>("freitag = []").is_err());
}

#[test]
fn paris_is_one_hour_before_utc_and_two_in_summer() {
    for (moment, hours) in [
        ("2026-03-29T00:59:59Z", 1),
        ("2026-03-29T01:00:00Z", 2),
        ("2026-10-25T00:59:59Z", 2),
        ("2026-10-25T01:00:00Z", 1),
        ("2031-07-14T12:00:00Z", 2),
    ] {
        let moment: jiff::Timestamp = moment.parse().expect("a moment");
        assert_eq!(moment.to_zoned_datetime(paris()).offset(), jiff::tz::offset(hours), "{moment}");
    }
}

#[test]
fn open_time_is_counted_over_nights_weekends_and_holidays() {
    for (from, to, minutes) in [
        ("2026-11-02T10:00", "2026-11-02T11:30", 90),
        ("2026-11-02T12:00", "2026-11-02T14:30", 60),  // over noon
        ("2026-11-02T17:00", "2026-11-03T10:00", 120), // over a night
        ("2026-11-10T17:00", "2026-11-12T10:00", 120), // over a holiday
        ("2026-10-31T10:00", "2026-11-01T10:00", 0),
        ("2026-11-02T11:30", "2026-11-02T10:00", 0),
    ] {
        let opening = opening();
        assert_eq!(opening.open_between(&at(from), &at(to)), minutes * 60, "{from} {to}");
        if minutes > 0 {
            assert_eq!(opening.after(&at(from), minutes * 60), Some(at(to)), "{from} {to}");
        }
    }
    let never = Opening { monday: Slots::default(), ..opening() };
    assert_eq!(never.after(&at("2026-11-02T10:00"), 60), Some(at("2026-11-03T09:01")));
}
