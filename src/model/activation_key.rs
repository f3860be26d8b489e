//! Keys that activate a product.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ContractId, Secret};

/// A key of the version in use.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct ActivationKey {
    /// Its id.
    pub(crate) id: String,
    /// The contract that it activates.
    #[serde(rename = "contract_id")]
    pub(crate) contract: ContractId,
    /// Which one.
    pub(crate) kind: KeyKind,
    /// The version that it is for.
    pub(crate) version: String,
    /// When the quote was validated.
    pub(crate) ordered_at: Timestamp,
    /// Since when it can be used.
    pub(crate) available_at: Option<Timestamp>,
    /// The key, once there is one; never cached, never logged.
    pub(crate) key: Option<Secret>,
}

/// Which key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KeyKind {
    /// Proves that the product is genuine.
    Authenticity,
    /// Activates it for a year.
    Annual,
}
