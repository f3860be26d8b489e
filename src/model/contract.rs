//! A contract of a customer, and what it costs.

use guichet_kb::rules::Range;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{ContractId, Customer, EstablishmentId, Invoice, Money, PartnerId, Percent, RenewalIndex};

/// A contract as the portal knows it at `as_of`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Contract {
    /// Its id.
    pub(crate) id: ContractId,
    /// Number of the product in the field, in capitals without spaces.
    pub(crate) serial_number: String,
    /// Where it stands.
    pub(crate) status: ContractStatus,
    /// What it is for.
    pub(crate) product: Product,
    /// Who uses the product.
    pub(crate) customer: Customer,
    /// Whose contract it is.
    #[serde(rename = "partner_id")]
    pub(crate) partner: PartnerId,
    /// The site that looks after it.
    #[serde(rename = "establishment_id")]
    pub(crate) establishment: EstablishmentId,
    /// First day of the term.
    pub(crate) start_on: Date,
    /// Last day of the term.
    pub(crate) end_on: Date,
    /// Renews by itself; a portal that does not say leaves it to the rule of the house.
    #[serde(rename = "tacit_renewal")]
    pub(crate) is_tacit: Option<bool>,
    /// When the term was renewed from the one before.
    pub(crate) renewed_on: Option<Date>,
    /// What was added to the product.
    pub(crate) options: Vec<ContractOption>,
    /// A termination or a reactivation that was asked for.
    pub(crate) change_request: Option<ChangeRequest>,
    /// Prices, for who may see them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pricing: Option<Pricing>,
    /// Invoice N-1, for who may see invoices.
    #[serde(default, rename = "previous_renewal_invoice", skip_serializing_if = "Option::is_none")]
    pub(crate) previous_invoice: Option<Invoice>,
    /// When all this was true.
    pub(crate) as_of: Timestamp,
}

/// Where a contract stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ContractStatus {
    /// Not begun.
    Draft,
    /// In force.
    Active,
    /// The renewal is due and not done.
    RenewalPending,
    /// Held back.
    Suspended,
    /// A termination took effect.
    Terminated,
    /// It ended without renewal.
    Expired,
}

/// What a contract is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Product {
    /// Its code.
    pub(crate) code: String,
    /// Its name.
    pub(crate) name: String,
    /// The family that an index is set for.
    pub(crate) family: String,
    /// Which customers it is made for.
    pub(crate) range: Range,
    /// The version in use.
    pub(crate) version: String,
}

/// Something added to a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ContractOption {
    /// Its code.
    pub(crate) code: String,
    /// Its name.
    pub(crate) name: String,
    /// How many.
    pub(crate) quantity: u32,
}

/// A change that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ChangeRequest {
    /// Which.
    pub(crate) kind: ChangeKind,
    /// What became of it.
    pub(crate) status: ChangeStatus,
    /// When it was asked for.
    pub(crate) requested_on: Date,
    /// When it takes effect.
    pub(crate) effective_on: Option<Date>,
}

/// What a change does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ChangeKind {
    /// Ends the contract.
    Termination,
    /// Takes a termination back.
    Reactivation,
}

/// What became of a change that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ChangeStatus {
    /// Nobody has decided.
    Received,
    /// It is done or will be.
    Accepted,
    /// It will not be done.
    Refused,
}

/// What a contract costs for a term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pricing {
    /// The price that the index multiplies.
    pub(crate) reference_price: Money,
    /// Of the year in which the contract renews.
    pub(crate) renewal_index: RenewalIndex,
    /// What the portal says the renewal costs, without loyalty bonus and partner discount.
    pub(crate) renewal_price: Money,
    /// What the partner is granted.
    pub(crate) partner_discount: Percent,
    /// The customer discount.
    pub(crate) loyalty_bonus: Option<Money>,
}
