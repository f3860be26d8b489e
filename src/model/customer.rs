//! A partner's customer.

use serde::{Deserialize, Serialize};

use super::{CustomerId, EstablishmentId, PartnerId};

/// A customer, as the portal lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Customer {
    /// Its id.
    pub(crate) id: CustomerId,
    /// The code that people know it by.
    pub(crate) code: String,
    /// Company name.
    pub(crate) name: String,
    /// Fourteen digits.
    pub(crate) siret: Option<String>,
    /// Where it is.
    pub(crate) city: String,
    /// Whose customer it is.
    #[serde(rename = "partner_id")]
    pub(crate) partner: PartnerId,
    /// The site that looks after it.
    #[serde(rename = "establishment_id")]
    pub(crate) establishment: EstablishmentId,
    /// The partner's own equipment.
    pub(crate) is_internal: bool,
}
