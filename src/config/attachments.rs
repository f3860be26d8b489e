//! Settings of the files that people send.

use anyhow::ensure;
use serde::{Deserialize, Serialize};

use crate::attachments::MediaType;

/// Larger files would be held in memory as a whole, several times.
const LARGEST: usize = 50_000_000;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Attachments {
    pub(crate) max_bytes: usize,
    pub(crate) per_ticket: i64,
    pub(crate) max_mail_bytes: usize,
    pub(crate) upload_timeout_ms: u64,
    pub(crate) media_types: Vec<MediaType>,
}

impl Attachments {
    pub(super) fn check(&self) -> anyhow::Result<()> {
        ensure!(self.max_bytes <= LARGEST, "attachments.max_bytes is more than {LARGEST}");
        ensure!(self.per_ticket >= 0, "attachments.per_ticket is negative");
        ensure!(self.upload_timeout_ms > 0, "attachments.upload_timeout_ms is 0: no file could be sent");
        Ok(())
    }
}
