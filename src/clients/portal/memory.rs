//! The demo portal in this process: for a first start without a portal, and for tests, where it fails as it is told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;

use super::{
    ContractQuery, CustomerQuery, FamilyIndex, InformationRequest, InvoiceQuery, NewInformationRequest, Page, Portal,
    PortalError,
};
use crate::model::{
    ActivationKey, Contract, ContractId, Customer, CustomerId, Invoice, Partner, PartnerId, Read, UserId, Visitor,
};
use crate::portal_demo::{Denied, Seen, World};

/// The demo portal without a network.
pub(crate) struct MemoryPortal {
    world: Arc<World>,
    faults: Mutex<VecDeque<PortalError>>,
}

impl MemoryPortal {
    /// A portal with `world`.
    pub(crate) fn new(world: Arc<World>) -> Self {
        Self { world, faults: Mutex::default() }
    }

    /// The next calls fail so, one after the other; after them all goes well.
    pub(crate) fn fail_next(&self, faults: impl IntoIterator<Item = PortalError>) {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).extend(faults);
    }

    fn seen(&self, user: &UserId) -> Result<Seen<'_>, PortalError> {
        if let Some(fault) = self.faults.lock().unwrap_or_else(PoisonError::into_inner).pop_front() {
            return Err(fault);
        }
        self.world.seen_by(user).ok_or(PortalError::NotAllowed)
    }

    fn read<T>(&self, value: T) -> Read<T> {
        Read { value, read_at: self.world.now() }
    }
}

impl From<Denied> for PortalError {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::NotFound => Self::NotFound,
            Denied::Forbidden => Self::NotAllowed,
            Denied::Cursor => Self::Refused { status: 400 },
            Denied::Conflict => Self::Refused { status: 409 },
        }
    }
}

#[async_trait]
impl Portal for MemoryPortal {
    async fn find_me(&self, user: &UserId) -> Result<Read<Visitor>, PortalError> {
        Ok(self.read(self.seen(user)?.me().1.clone()))
    }

    async fn find_partner(&self, user: &UserId, id: &PartnerId) -> Result<Read<Partner>, PortalError> {
        Ok(self.read(self.seen(user)?.partner(id)?.clone()))
    }

    async fn list_customers(&self, user: &UserId, query: &CustomerQuery) -> Result<Read<Page<Customer>>, PortalError> {
        Ok(self.read(self.seen(user)?.customers(query)?))
    }

    async fn find_customer(&self, user: &UserId, id: &CustomerId) -> Result<Read<Customer>, PortalError> {
        Ok(self.read(self.seen(user)?.customer(id)?.clone()))
    }

    async fn list_contracts(&self, user: &UserId, query: &ContractQuery) -> Result<Read<Page<Contract>>, PortalError> {
        Ok(self.read(self.seen(user)?.contracts(query)?))
    }

    async fn find_contract(&self, user: &UserId, id: &ContractId) -> Result<Read<Contract>, PortalError> {
        Ok(self.read(self.seen(user)?.contract(id)?))
    }

    async fn list_keys(&self, user: &UserId, id: &ContractId) -> Result<Read<Vec<ActivationKey>>, PortalError> {
        Ok(self.read(self.seen(user)?.keys(id)?.to_vec()))
    }

    async fn list_invoices(&self, user: &UserId, query: &InvoiceQuery) -> Result<Read<Page<Invoice>>, PortalError> {
        Ok(self.read(self.seen(user)?.invoices(query)?))
    }

    async fn list_indices(&self, user: &UserId, year: i16) -> Result<Read<Vec<FamilyIndex>>, PortalError> {
        Ok(self.read(self.seen(user)?.indices(year)?))
    }

    async fn create_request(
        &self,
        user: &UserId,
        id: &ContractId,
        key: &str,
        request: &NewInformationRequest,
    ) -> Result<InformationRequest, PortalError> {
        Ok(self.seen(user)?.record(id, key, request)?)
    }
}
