//! Tells curators, once a week, how the week before was.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, ZonedDateTime};

use super::office::{self, Addressed, Office};
use super::{Failure, Kind};
use crate::live::Live;
use crate::model::{EmailAddress, NewJob};
use crate::statistics::{Period, apart};
use crate::store::{Claimed, LASTING_MS, Store};
use crate::text;
use crate::text::mail::digest::Digest;

const NAME: &str = "mail.digest";
/// When it is sent, on Mondays.
const HOUR: i8 = 8;
/// A service that was down at that time makes up for it within these hours.
const LATE_HOURS: i64 = 36;
const PAUSE: Duration = Duration::from_secs(600);
/// Entries that are named.
const ENTRIES: usize = 5;
/// More questions than these are not counted.
const MOST_OPEN: i64 = 5_000;

pub(crate) struct MailDigest {
    pub(crate) office: Arc<Office>,
    pub(crate) live: Arc<Live>,
    pub(crate) recipients: Vec<EmailAddress>,
}

/// Queues the mails of a week when their time has come, again and again: the key makes that each is sent once, whatever
/// number of processes do so.
pub(crate) async fn remind(store: Store, recipients: Vec<EmailAddress>, zone: TimeZone) {
    if recipients.is_empty() {
        return;
    }
    loop {
        let now = Timestamp::now();
        if let Some(week) = due(&now.to_zoned_datetime(zone.clone())) {
            let jobs: Vec<NewJob> = recipients.iter().map(|to| job(week, to, now.as_millisecond())).collect();
            if let Err(error) = store.queue_jobs(&jobs, now.as_millisecond()).await {
                tracing::warn!("the weekly mail is not queued yet: {:#}", anyhow::Error::from(error));
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// The last day of the week that is to be told now.
fn due(now: &ZonedDateTime) -> Option<Date> {
    let monday = now.date().saturating_sub(i64::from(now.date().weekday().to_monday_zero_offset()).days());
    let at = monday.to_datetime(Time::constant(HOUR, 0, 0, 0));
    let is_late = at.saturating_add(LATE_HOURS.hours());
    (now.datetime() >= at && now.datetime() < is_late).then(|| monday.saturating_sub(1.day()))
}

/// The queue keeps no address.
fn job(week: Date, to: &EmailAddress, at: i64) -> NewJob {
    let payload = format!("{week}/{}", hash(to));
    NewJob { kind: NAME, version: 1, key: format!("{NAME}/{payload}"), payload, run_at: at }
}

fn hash(to: &EmailAddress) -> String {
    blake3::hash(to.as_str().as_bytes()).to_hex().chars().take(16).collect()
}

#[async_trait]
impl Kind for MailDigest {
    fn name(&self) -> &'static str {
        NAME
    }

    fn keeps_its_date(&self) -> bool {
        true
    }

    fn goes_to(&self, _claimed: &Claimed) -> Vec<String> {
        office::to_the_mail_server()
    }

    async fn run(&self, claimed: &Claimed) -> Result<(), Failure> {
        let payload = &claimed.job.payload;
        let unreadable = || Failure::GiveUp { reason: format!("the payload `{payload}` cannot be read") };
        let (week, whom) = payload.split_once('/').ok_or_else(unreadable)?;
        let last: Date = week.parse().map_err(|_| unreadable())?;
        let store = &self.office.store;
        let Some(to) = self.recipients.iter().find(|to| hash(to) == whom) else {
            // Who is no longer named in the settings wants no mail.
            return Ok(store.complete_job(claimed, super::now()).await?);
        };
        let period = Period { first: last.saturating_sub(6.days()), last };
        let zone = self.office.zone();
        let (bounds, settled) = (period.bounds(zone), super::now() - LASTING_MS);
        let figures = apart(&store.sum_turns(bounds, settled).await?, zone).whole;
        let earlier = store.sum_turns(period.before().bounds(zone), settled).await?;
        let open = store.list_open_questions(bounds.0, bounds.1, MOST_OPEN).await?.len();
        let engine = self.live.engine();
        let entries: Vec<(String, i64)> = store
            .sum_entries(bounds, settled)
            .await?
            .into_iter()
            .filter_map(|one| Some((engine.knowledge_base().entry(&one.entry)?.question.clone(), one.sums.turns)))
            .take(ENTRIES)
            .collect();
        let before = apart(&earlier, zone).whole;
        let mail =
            text::mail::digest::digest(&Digest { period, figures: &figures, before: &before, open, entries: &entries });
        let key = format!("digest/{payload}");
        self.office
            .send(claimed, Addressed { key, to, reply_to: None, follows: Vec::new(), files: Vec::new() }, mail)
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_told_on_monday_morning_or_soon_after() {
        for (now, expected) in [
            ("2026-11-23T06:59:00Z", None),
            ("2026-11-23T07:00:00Z", Some("2026-11-22")),
            ("2026-11-24T10:00:00Z", Some("2026-11-22")),
            ("2026-11-25T07:00:00Z", None),
        ] {
            let now = now.parse::<Timestamp>().expect("a time").to_zoned_datetime(crate::opening::paris());
            assert_eq!(due(&now).map(|day| day.to_string()).as_deref(), expected, "{now}");
        }
    }

    #[test]
    fn the_queue_keeps_no_address() {
        let job = job("2026-11-22".parse().expect("a day"), &"lea@editeur.example".parse().expect("an address"), 1);
        assert!(!job.payload.contains("lea") && !job.key.contains("lea"), "{job:?}");
    }
}
