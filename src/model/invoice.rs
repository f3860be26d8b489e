//! Invoices and credit notes.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{ContractId, CustomerId, EstablishmentId, InvoiceId, Money, PartnerId};

/// An invoice or a credit note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Invoice {
    /// Its id.
    pub(crate) id: InvoiceId,
    /// The number that is printed on it.
    pub(crate) number: String,
    /// What it is for.
    pub(crate) kind: InvoiceKind,
    /// Whether it is paid.
    pub(crate) status: InvoiceStatus,
    /// Who has to pay it.
    #[serde(rename = "partner_id")]
    pub(crate) partner: PartnerId,
    /// The site that it concerns.
    #[serde(rename = "establishment_id")]
    pub(crate) establishment: EstablishmentId,
    /// Whose contract it is about.
    #[serde(rename = "customer_id")]
    pub(crate) customer: CustomerId,
    /// The contract.
    #[serde(rename = "contract_id")]
    pub(crate) contract: Option<ContractId>,
    /// Its date.
    pub(crate) issued_on: Date,
    /// Last day to pay it.
    pub(crate) due_on: Date,
    /// Its amount.
    pub(crate) total: Money,
    /// What is left to pay.
    pub(crate) balance: Money,
}

/// What an invoice is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum InvoiceKind {
    /// A first order.
    Order,
    /// A renewal.
    Renewal,
    /// Money back.
    CreditNote,
}

/// Whether an invoice is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum InvoiceStatus {
    /// Not yet, and there is time.
    Due,
    /// Not, and it is late.
    Overdue,
    /// Yes.
    Paid,
    /// It is void.
    Cancelled,
}
