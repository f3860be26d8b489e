//! One look into the portal, for the audit: who, which customer, when, why. Nothing that was read.

use guichet_kb::EntryId;

use super::{ContractId, CustomerId, PartnerId, UserId};

/// One look into the portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lookup {
    /// Its id.
    pub(crate) id: String,
    /// The conversation in which it was asked for.
    pub(crate) conversation: String,
    /// For which company.
    pub(crate) partner: PartnerId,
    /// For whom.
    pub(crate) user: UserId,
    /// About which customer, when one was found.
    pub(crate) customer: Option<CustomerId>,
    /// About which contract, when one was found.
    pub(crate) contract: Option<ContractId>,
    /// The entry whose answer needed it.
    pub(crate) entry: Option<EntryId>,
    /// What came of it: `found`, `partial`, `choice`, `near`, `unknown`, `not_allowed` or `silent`.
    pub(crate) outcome: String,
    /// When, in milliseconds since 1970.
    pub(crate) at: i64,
}
