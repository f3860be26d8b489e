//! What was read of one contract, part by part.

use crate::model::{ActivationKey, Contract, Invoice, Partner, Read};

/// What was read of one contract.
#[derive(Debug, Clone)]
pub(crate) struct Dossier {
    /// The contract with its customer.
    pub(crate) contract: Read<Contract>,
    /// Whether the customer belongs to an establishment of the visitor.
    pub(crate) is_own_site: bool,
    /// Whether the visitor may see prices.
    pub(crate) may_see_prices: bool,
    /// Whether the visitor may see invoices.
    pub(crate) may_see_invoices: bool,
    /// The partner.
    pub(crate) partner: Part<Partner>,
    /// All invoices of the contract.
    pub(crate) invoices: Part<Vec<Invoice>>,
    /// The invoice that the question names.
    pub(crate) named_invoice: Option<Read<Invoice>>,
    /// The keys of the contract.
    pub(crate) keys: Part<Vec<ActivationKey>>,
}

impl Dossier {
    /// Whether the portal left out nothing that was needed.
    pub(crate) fn is_whole(&self) -> bool {
        let Self { partner, invoices, keys, .. } = self;
        !(partner.is_silent() || invoices.is_silent() || keys.is_silent())
    }
}

/// Something that is read beside the contract.
#[derive(Debug, Clone)]
pub(crate) enum Part<T> {
    /// It was read.
    Read(Read<T>),
    /// Nobody asked for it.
    NotNeeded,
    /// It could not be had.
    Missing(Why),
}

impl<T> Part<T> {
    fn is_silent(&self) -> bool {
        matches!(self, Self::Missing(Why::Silent))
    }
}

/// Why something could not be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Why {
    /// The visitor lacks a right.
    NotAllowed,
    /// The portal did not answer.
    Silent,
}
