//! Settings of the Discord connector.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, ensure};
use serde::{Deserialize, Serialize};

use crate::model::Secret;

/// The shortest lease: it is renewed four times in its length.
const MIN_LEASE_MS: u64 = 1_000;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Discord {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) token: Option<Secret>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) token_file: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) public_key: Option<String>,
    pub(crate) gateway: bool,
    pub(crate) guilds: Vec<String>,
    pub(crate) support_channels: Vec<String>,
    pub(crate) forums: Vec<String>,
    pub(crate) staff_roles: Vec<String>,
    pub(crate) lease_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) api_url: Option<String>,
}

impl Discord {
    pub(super) fn check(&self) -> anyhow::Result<()> {
        ensure!(
            self.token.is_none() || self.token_file.is_none(),
            "discord.token and discord.token_file exclude each other"
        );
        ensure!(self.lease_ms >= MIN_LEASE_MS, "discord.lease_ms is shorter than {MIN_LEASE_MS}");
        self.lists()?;
        self.key()?;
        Ok(())
    }

    /// Whether there is a token.
    pub(crate) fn is_on(&self) -> bool {
        self.token.is_some() || self.token_file.is_some()
    }

    /// What the connector is told; none when there is no token: it is off.
    ///
    /// # Errors
    /// When the file with the token cannot be read.
    pub(crate) fn settings(&self) -> anyhow::Result<Option<guichet_bots::discord::Settings>> {
        let token = match (&self.token, &self.token_file) {
            (Some(token), _) => token.reveal().to_owned(),
            (None, Some(file)) => std::fs::read_to_string(file)
                .with_context(|| format!("discord.token_file: cannot read {}", file.display()))?,
            (None, None) => return Ok(None),
        };
        let token = token.trim().to_owned();
        ensure!(!token.is_empty(), "the token of Discord is empty: see discord.token");
        let [guilds, support_channels, forums, staff_roles] = self.lists()?;
        Ok(Some(guichet_bots::discord::Settings {
            token,
            api_url: self.api_url.clone(),
            guilds: guilds.into_iter().collect(),
            support_channels: support_channels.into_iter().collect(),
            forums: forums.into_iter().collect(),
            staff_roles: staff_roles.into_iter().collect(),
            gateway: self.gateway,
            lease: Duration::from_millis(self.lease_ms),
            public_key: self.key()?,
        }))
    }

    fn lists(&self) -> anyhow::Result<[Vec<u64>; 4]> {
        Ok([
            ids("guilds", &self.guilds)?,
            ids("support_channels", &self.support_channels)?,
            ids("forums", &self.forums)?,
            ids("staff_roles", &self.staff_roles)?,
        ])
    }

    fn key(&self) -> anyhow::Result<Option<[u8; 32]>> {
        let Some(text) = &self.public_key else { return Ok(None) };
        let hash = blake3::Hash::from_hex(text.trim()).ok();
        let hash =
            hash.context("discord.public_key is not 64 hexadecimal digits: copy it from the developer portal")?;
        Ok(Some(*hash.as_bytes()))
    }
}

/// Discord's ids are numbers too long for some programs, so they are written as text.
fn ids(name: &str, texts: &[String]) -> anyhow::Result<Vec<u64>> {
    let id = |text: &String| {
        let id = text.parse().ok().filter(|id: &u64| *id != 0);
        id.with_context(|| format!("discord.{name}: \"{text}\" is no id of Discord (copy it with \"Copy ID\")"))
    };
    texts.iter().map(id).collect()
}
