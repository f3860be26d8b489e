//! Settings of how long what is kept of people stays, in days.

use anyhow::ensure;
use serde::{Deserialize, Serialize};

use crate::store::Ends;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// A hundred years: more is a typing error.
const LONGEST: u32 = 36_500;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Retention {
    pub(crate) conversations_days: u32,
    pub(crate) tickets_days: u32,
    pub(crate) lookups_days: u32,
    pub(crate) account_links_days: u32,
    pub(crate) posts_days: u32,
    pub(crate) audit_days: u32,
    pub(crate) done_jobs_days: u32,
    pub(crate) dead_jobs_days: u32,
    pub(crate) unused_files_days: u32,
    pub(crate) unused_images_days: u32,
    pub(crate) mail_files_days: u32,
}

impl Retention {
    pub(super) fn check(&self, longest_work_ms: u64) -> anyhow::Result<()> {
        let all = [
            ("conversations_days", self.conversations_days),
            ("tickets_days", self.tickets_days),
            ("lookups_days", self.lookups_days),
            ("account_links_days", self.account_links_days),
            ("posts_days", self.posts_days),
            ("audit_days", self.audit_days),
            ("done_jobs_days", self.done_jobs_days),
            ("dead_jobs_days", self.dead_jobs_days),
            ("unused_files_days", self.unused_files_days),
            ("unused_images_days", self.unused_images_days),
            ("mail_files_days", self.mail_files_days),
        ];
        for (name, days) in all {
            ensure!((1..=LONGEST).contains(&days), "retention.{name} is {days}: between 1 and {LONGEST} days");
        }
        ensure!(
            i64::from(self.done_jobs_days) * DAY_MS >= i64::try_from(longest_work_ms).unwrap_or(i64::MAX),
            "retention.done_jobs_days is shorter than jobs.max_age_ms: work that is tried again could be done twice"
        );
        Ok(())
    }

    /// What was there before these times goes, at the time `now`.
    pub(crate) fn ends(&self, now: i64) -> Ends {
        let before = |days: u32| now - i64::from(days) * DAY_MS;
        Ends {
            conversations: before(self.conversations_days),
            tickets: before(self.tickets_days),
            lookups: before(self.lookups_days),
            account_links: before(self.account_links_days),
            posts: before(self.posts_days),
            audit: before(self.audit_days),
            done_jobs: before(self.done_jobs_days),
            dead_jobs: before(self.dead_jobs_days),
            unused_images: before(self.unused_images_days),
        }
    }

    /// Files before this time that no ticket took go.
    pub(crate) fn unused_files_end(&self, now: i64) -> i64 {
        now - i64::from(self.unused_files_days) * DAY_MS
    }

    /// Mails that were written as files before this time go.
    pub(crate) fn mail_files_end(&self, now: i64) -> i64 {
        now - i64::from(self.mail_files_days) * DAY_MS
    }
}
