//! The partner portal (`docs/portal-openapi.yaml`): what Guichet may read there for one user, and what it may ask for.

mod api;
mod breaker;
mod cache;
pub(crate) mod guarded;
pub(crate) mod http;
pub(crate) mod memory;
mod query;
mod settings;
mod token;

#[cfg(test)]
mod contract;
#[cfg(test)]
mod tests;

use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

pub(crate) use query::{ContractQuery, CustomerQuery, InvoiceQuery, PageQuery, View};

use crate::model::{
    ActivationKey, Contract, ContractId, Customer, CustomerId, Invoice, Partner, PartnerId, Read, RenewalIndex, UserId,
    Visitor,
};

/// Why the portal did not answer, by what the caller can do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PortalError {
    /// It does not exist, or this user may not see it: nobody is told which.
    #[error("the portal knows nothing of it")]
    NotFound,
    /// This user lacks a right: say which menu needs it.
    #[error("the user may not do this in the portal")]
    NotAllowed,
    /// Too many questions: answer without facts, or wait.
    #[error("the portal asks to wait")]
    RateLimited {
        /// How long it asks to wait.
        retry_after: Option<Duration>,
    },
    /// Not reached, too slow, or not understood: answer without facts and say what was not checked.
    #[error("the portal is unavailable: {reason}")]
    Unavailable {
        /// For the operator; holds nothing personal.
        reason: &'static str,
    },
    /// It will never accept this: our settings or our code are wrong, somebody must look.
    #[error("the portal refuses ({status})")]
    Refused {
        /// HTTP status.
        status: u16,
    },
}

impl PortalError {
    /// One word for what is counted.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::NotAllowed => "not_allowed",
            Self::RateLimited { .. } => "rate_limited",
            Self::Unavailable { .. } => "unavailable",
            Self::Refused { .. } => "refused",
        }
    }
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Page<T> {
    /// What is in it.
    pub(crate) items: Vec<T>,
    /// Where the next one begins.
    pub(crate) next_cursor: Option<String>,
}

/// The index of a product family in a year. It holds from 1 January and applies on the renewal date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FamilyIndex {
    /// Code of the family.
    pub(crate) family: String,
    /// The year.
    pub(crate) year: i16,
    /// The multiplier.
    pub(crate) value: RenewalIndex,
}

/// What is asked about a contract; a person works on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewInformationRequest {
    /// About what.
    pub(crate) kind: RequestKind,
    /// In the person's words.
    pub(crate) message: String,
}

/// What an information request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RequestKind {
    /// Anything.
    Question,
    /// An invoice.
    Invoice,
    /// Ending the contract.
    Termination,
    /// Ending options.
    OptionTermination,
    /// Taking a termination back.
    Reactivation,
}

/// An information request that the portal has recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct InformationRequest {
    /// Its id.
    pub(crate) id: String,
    /// About what.
    pub(crate) kind: RequestKind,
    /// Where it stands.
    pub(crate) status: RequestStatus,
    /// When it was recorded.
    pub(crate) created_at: jiff::Timestamp,
}

/// Where an information request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RequestStatus {
    /// Nobody has answered.
    Received,
    /// Somebody has.
    Answered,
}

/// The portal, on behalf of one user per call. What a caller shows goes through [`guarded::Guarded`] first.
#[async_trait]
pub(crate) trait Portal: Send + Sync {
    /// The user himself: partner, establishments, rights.
    #[cfg_attr(not(test), expect(dead_code, reason = "asked for linked accounts by the Discord connector"))]
    async fn find_me(&self, user: &UserId) -> Result<Read<Visitor>, PortalError>;

    /// The user's partner.
    async fn find_partner(&self, user: &UserId, id: &PartnerId) -> Result<Read<Partner>, PortalError>;

    /// Customers, best first.
    async fn list_customers(&self, user: &UserId, query: &CustomerQuery) -> Result<Read<Page<Customer>>, PortalError>;

    /// One customer.
    async fn find_customer(&self, user: &UserId, id: &CustomerId) -> Result<Read<Customer>, PortalError>;

    /// Contracts, by end date.
    async fn list_contracts(&self, user: &UserId, query: &ContractQuery) -> Result<Read<Page<Contract>>, PortalError>;

    /// One contract.
    async fn find_contract(&self, user: &UserId, id: &ContractId) -> Result<Read<Contract>, PortalError>;

    /// The keys of a contract; never from a cache.
    async fn list_keys(&self, user: &UserId, id: &ContractId) -> Result<Read<Vec<ActivationKey>>, PortalError>;

    /// Invoices, newest first.
    async fn list_invoices(&self, user: &UserId, query: &InvoiceQuery) -> Result<Read<Page<Invoice>>, PortalError>;

    /// The indices of a year.
    async fn list_indices(&self, user: &UserId, year: i16) -> Result<Read<Vec<FamilyIndex>>, PortalError>;

    /// Records an information request, once for each key.
    async fn create_request(
        &self,
        user: &UserId,
        id: &ContractId,
        key: &str,
        request: &NewInformationRequest,
    ) -> Result<InformationRequest, PortalError>;
}
