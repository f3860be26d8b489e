//! What is asked of a list, as it stands in the URL.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::{ContractId, ContractStatus, CustomerId, InvoiceStatus};

/// Which part of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub(crate) struct PageQuery {
    /// How much of it; the portal's default without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) limit: Option<u8>,
    /// Where it begins; at the beginning without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cursor: Option<String>,
}

/// Whose things are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum View {
    /// Those of the user's own establishments.
    #[default]
    Establishment,
    /// Those of the whole parent company; needs a right.
    Parent,
}

/// Which customers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub(crate) struct CustomerQuery {
    /// Name, code, SIREN or SIRET as a person types it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) q: Option<String>,
    /// Code, exactly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<String>,
    /// Whose.
    pub(crate) view: View,
    /// Which part of them.
    #[serde(flatten)]
    pub(crate) page: PageQuery,
}

/// Which contracts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub(crate) struct ContractQuery {
    /// With this serial number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) serial_number: Option<String>,
    /// With a serial number like this one, typing errors included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) serial_like: Option<String>,
    /// Of this customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) customer_id: Option<CustomerId>,
    /// That stand so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<ContractStatus>,
    /// That end on this day or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ends_from: Option<Date>,
    /// That end on this day or before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ends_until: Option<Date>,
    /// Whose.
    pub(crate) view: View,
    /// Which part of them.
    #[serde(flatten)]
    pub(crate) page: PageQuery,
}

/// Which invoices.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub(crate) struct InvoiceQuery {
    /// With this number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) number: Option<String>,
    /// About this contract.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) contract_id: Option<ContractId>,
    /// About this customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) customer_id: Option<CustomerId>,
    /// That stand so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<InvoiceStatus>,
    /// Whose.
    pub(crate) view: View,
    /// Which part of them.
    #[serde(flatten)]
    pub(crate) page: PageQuery,
}
