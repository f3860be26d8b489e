//! Settings of the staff console.

use anyhow::ensure;
use serde::{Deserialize, Serialize};

use crate::model::EmailAddress;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Console {
    pub(crate) idle_ms: i64,
    pub(crate) session_ms: i64,
    pub(crate) confirmed_ms: i64,
    pub(crate) secure_cookies: bool,
    pub(crate) away_ms: i64,
    pub(crate) answer_ms: i64,
    pub(crate) digest: Vec<EmailAddress>,
}

impl Console {
    pub(super) fn check(&self) -> anyhow::Result<()> {
        let times = [self.idle_ms, self.session_ms, self.confirmed_ms];
        ensure!(times.iter().all(|time| *time > 0), "a time of [console] is 0: nobody would stay signed in");
        let patience = [self.away_ms, self.answer_ms];
        ensure!(
            patience.iter().all(|time| *time > 0),
            "a time of [console] is 0: nobody could take a conversation over"
        );
        ensure!(self.idle_ms <= self.session_ms, "console.idle_ms is longer than console.session_ms");
        Ok(())
    }
}
