//! Settings of the partner portal, and of how visitors prove who they are there.

use anyhow::ensure;
use serde::{Deserialize, Serialize};

use crate::model::Secret;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Portal {
    pub(crate) kind: PortalKind,
    pub(crate) patience_ms: u64,
    pub(crate) facts_stay_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) http: Option<PortalHttp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PortalKind {
    Demo,
    Http,
    None,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PortalHttp {
    pub(crate) base_url: String,
    pub(crate) token_url: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: Secret,
    #[serde(default = "connect_timeout_ms")]
    pub(crate) connect_timeout_ms: u64,
    #[serde(default = "request_timeout_ms")]
    pub(crate) request_timeout_ms: u64,
    #[serde(default = "deadline_ms")]
    pub(crate) deadline_ms: u64,
    #[serde(default = "fresh_ms")]
    pub(crate) fresh_ms: u64,
    #[serde(default = "breaker_failures")]
    pub(crate) breaker_failures: u32,
    #[serde(default = "breaker_pause_ms")]
    pub(crate) breaker_pause_ms: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Identity {
    pub(crate) issuer: String,
    pub(crate) audience: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) jwks_url: Option<String>,
    pub(crate) jwks_refresh_ms: u64,
    pub(crate) link_code_ms: i64,
    #[serde(default)]
    pub(crate) key: Vec<IdentityKey>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IdentityKey {
    pub(crate) id: String,
    pub(crate) secret: Secret,
}

impl Portal {
    pub(super) fn check(&self, identity: &Identity, request_timeout_ms: u64) -> anyhow::Result<()> {
        let is_http = self.kind == PortalKind::Http;
        ensure!(is_http == self.http.is_some(), "portal.kind is \"http\" exactly when [portal.http] is there");
        let has_keys = identity.jwks_url.is_some() || !identity.key.is_empty();
        ensure!(
            is_http == has_keys,
            "[identity] names keys exactly when portal.kind is \"http\": without them nobody could prove who he is, \
             and the demo portal signs for its own users"
        );
        ensure!(self.patience_ms > 0, "portal.patience_ms is 0: no portal could answer");
        ensure!(
            self.patience_ms < request_timeout_ms,
            "portal.patience_ms must be below http.request_timeout_ms: the answer would come too late"
        );
        ensure!(identity.jwks_refresh_ms >= 1_000, "identity.jwks_refresh_ms must be at least 1000");
        Ok(())
    }
}

fn connect_timeout_ms() -> u64 {
    1_000
}

fn request_timeout_ms() -> u64 {
    2_000
}

fn deadline_ms() -> u64 {
    3_000
}

fn fresh_ms() -> u64 {
    30_000
}

fn breaker_failures() -> u32 {
    5
}

fn breaker_pause_ms() -> u64 {
    10_000
}
