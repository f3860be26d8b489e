//! Settings of outgoing mail.

use std::path::PathBuf;

use anyhow::ensure;
use serde::{Deserialize, Serialize};

use crate::clients::mail::smtp::Encryption;
use crate::model::{EmailAddress, Secret};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mail {
    pub(crate) transport: MailTransport,
    pub(crate) from_name: String,
    pub(crate) from: EmailAddress,
    pub(crate) domain: String,
    pub(crate) acknowledgements_per_day: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) smtp: Option<Smtp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum MailTransport {
    File,
    Smtp,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Smtp {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) encryption: Encryption,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) user: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) password: Option<Secret>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ca_file: Option<PathBuf>,
    #[serde(default = "timeout_ms")]
    pub(crate) timeout_ms: u64,
}

fn timeout_ms() -> u64 {
    20_000
}

impl Mail {
    pub(super) fn check(&self) -> anyhow::Result<()> {
        let is_told = self.transport != MailTransport::Smtp || self.smtp.is_some();
        ensure!(is_told, "mail.transport is \"smtp\" and [mail.smtp] is missing");
        if let Some(smtp) = &self.smtp {
            ensure!(smtp.user.is_some() == smtp.password.is_some(), "mail.smtp needs both user and password, or none");
        }
        Ok(())
    }
}
