//! Settings of how much one address and one conversation may ask for.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limits {
    pub(crate) requests_per_minute: u32,
    pub(crate) conversations_per_minute: u32,
    pub(crate) messages_per_minute: u32,
    pub(crate) site_requests_per_minute: u32,
    pub(crate) requests_at_once: usize,
    pub(crate) trusted_proxies: usize,
}
