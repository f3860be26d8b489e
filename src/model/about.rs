//! The customer that a conversation is about, and the choice that was asked for.

use guichet_kb::EntryId;
use serde::{Deserialize, Serialize};

use super::{ContractId, CustomerId};

/// The customer whom the last answers were about; kept no longer than facts are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct About {
    /// The customer.
    pub(crate) customer: CustomerId,
    /// The contract, when the answer was about one.
    pub(crate) contract: Option<ContractId>,
    /// The entry that was composed.
    pub(crate) entry: Option<EntryId>,
    /// Until when it is kept, in milliseconds since 1970.
    pub(crate) until: i64,
}

/// Begins the id of a choice of a customer.
pub(crate) const CUSTOMER_CHOICE: &str = "client:";
/// Begins the id of a choice of a contract.
pub(crate) const CONTRACT_CHOICE: &str = "contrat:";

/// Begins the id of a choice of a request to support.
pub(crate) const REQUEST_CHOICE: &str = "demande:";

/// A choice between customers, contracts or requests, and the question that waits for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Asking {
    /// The entry that the question leads to.
    pub(crate) entry: Option<EntryId>,
    /// The question.
    pub(crate) text: String,
    /// What may be chosen: id and label, in order.
    pub(crate) choices: Vec<(String, String)>,
    /// Until when it is kept, in milliseconds since 1970.
    pub(crate) until: i64,
}
