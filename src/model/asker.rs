//! Who was signed in when something was asked for.

use serde::{Deserialize, Serialize};

use super::{ContractId, CustomerId, PartnerId, UserId, Visitor};

/// Whoever had proved who he is, and whom the conversation was about. Ids only: whoever may see the rest looks it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Asker {
    /// The company.
    pub(crate) partner: PartnerId,
    /// The person.
    pub(crate) user: UserId,
    /// The customer whom the conversation was about.
    pub(crate) customer: Option<CustomerId>,
    /// The contract.
    pub(crate) contract: Option<ContractId>,
}

impl Asker {
    /// Whether it is this person.
    pub(crate) fn is(&self, visitor: &Visitor) -> bool {
        (&self.partner, &self.user) == (&visitor.partner, &visitor.user)
    }
}
