//! Settings of what people do: when they answer, where requests are worked on, who may work on them.

use std::time::Duration;

use anyhow::ensure;
use serde::{Deserialize, Serialize};

use crate::model::{EmailAddress, Role, Secret};
use crate::opening::Opening;

/// Shortest secret of a webhook; Zendesk makes longer ones.
const MIN_WEBHOOK_SECRET: usize = 16;
/// Shortest secret of a staff token.
const MIN_TOKEN: usize = 32;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Support {
    pub(crate) products: Vec<String>,
    #[serde(rename = "box", skip_serializing_if = "Option::is_none")]
    pub(crate) mailbox: Option<EmailAddress>,
    pub(crate) opening: Opening,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Desk {
    pub(crate) kind: DeskKind,
    pub(crate) mail_after_ms: i64,
    pub(crate) close_after_days: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) zendesk: Option<Zendesk>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum DeskKind {
    Builtin,
    Zendesk,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Zendesk {
    pub(crate) base_url: String,
    pub(crate) user: Secret,
    pub(crate) token: Secret,
    #[serde(default)]
    pub(crate) webhook_secrets: Vec<Secret>,
    #[serde(default = "connect_timeout_ms")]
    pub(crate) connect_timeout_ms: u64,
    #[serde(default = "request_timeout_ms")]
    pub(crate) request_timeout_ms: u64,
    #[serde(default = "deadline_ms")]
    pub(crate) deadline_ms: u64,
    #[serde(default = "read_every_ms")]
    pub(crate) read_every_ms: u64,
    #[serde(default = "look_ms")]
    pub(crate) look_ms: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) product_field: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reference_field: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) brand: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) group: Option<u64>,
    #[serde(default)]
    pub(crate) tags: Vec<String>,
}

fn agent() -> Role {
    Role::Agent
}

fn connect_timeout_ms() -> u64 {
    5_000
}

fn request_timeout_ms() -> u64 {
    20_000
}

fn deadline_ms() -> u64 {
    40_000
}

fn read_every_ms() -> u64 {
    600_000
}

fn look_ms() -> u64 {
    1_500
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Staff {
    #[serde(default)]
    pub(crate) token: Vec<StaffToken>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StaffToken {
    pub(crate) name: String,
    pub(crate) secret: Secret,
    #[serde(default = "agent")]
    pub(crate) role: Role,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Jobs {
    pub(crate) workers: usize,
    pub(crate) poll_ms: u64,
    pub(crate) lease_ms: u64,
    pub(crate) max_age_ms: u64,
    pub(crate) first_wait_ms: u64,
    pub(crate) longest_wait_ms: u64,
}

impl Desk {
    /// How often our tickets are read at the other desk; zero: never.
    pub(crate) fn read_every(&self) -> Duration {
        Duration::from_millis(self.zendesk.as_ref().map_or(0, |zendesk| zendesk.read_every_ms))
    }

    /// How long a partner waits while it is looked for what he has open at the other desk; none when it never is.
    pub(crate) fn look_for(&self) -> Option<Duration> {
        let look_ms = self.zendesk.as_ref().map_or(0, |zendesk| zendesk.look_ms);
        (look_ms > 0).then(|| Duration::from_millis(look_ms))
    }

    /// A turn must be answered within `request_timeout_ms`.
    pub(super) fn check(&self, request_timeout_ms: u64) -> anyhow::Result<()> {
        let is_told = self.kind != DeskKind::Zendesk || self.zendesk.is_some();
        ensure!(is_told, "desk.kind is \"zendesk\" and [desk.zendesk] is missing");
        let secrets = self.zendesk.iter().flat_map(|zendesk| &zendesk.webhook_secrets);
        let is_weak = |secret: &Secret| secret.reveal().chars().count() < MIN_WEBHOOK_SECRET;
        ensure!(
            !secrets.into_iter().any(is_weak),
            "desk.zendesk.webhook_secrets: a secret is shorter than {MIN_WEBHOOK_SECRET} characters"
        );
        if let Some(zendesk) = &self.zendesk {
            let times = [zendesk.connect_timeout_ms, zendesk.request_timeout_ms, zendesk.deadline_ms];
            ensure!(!times.contains(&0), "a time of desk.zendesk is 0: no request could be answered");
            ensure!(
                zendesk.look_ms < request_timeout_ms,
                "desk.zendesk.look_ms ({}) must be shorter than http.request_timeout_ms ({request_timeout_ms})",
                zendesk.look_ms
            );
        }
        Ok(())
    }
}

impl Staff {
    pub(super) fn check(&self) -> anyhow::Result<()> {
        for token in &self.token {
            ensure!(!token.name.trim().is_empty(), "staff.token: a name is empty");
            let length = token.secret.reveal().chars().count();
            ensure!(
                length >= MIN_TOKEN,
                "staff.token of {}: its secret is shorter than {MIN_TOKEN} characters",
                token.name
            );
        }
        Ok(())
    }
}

impl Jobs {
    pub(super) fn check(&self) -> anyhow::Result<()> {
        ensure!(self.workers > 0 && self.poll_ms > 0, "jobs.workers or jobs.poll_ms is 0: nothing would leave");
        Ok(())
    }
}
