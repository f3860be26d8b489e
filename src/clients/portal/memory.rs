//! The demo portal in this process: for a first start without a portal, and for tests, where it fails as it is told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use async_trait::async_trait;
use jiff::Timestamp;

use super::{
    ContractQuery, CustomerQuery, FamilyIndex, InformationRequest, InvoiceQuery, NewInformationRequest, Page, Portal,
    PortalError,
};
use crate::model::{
    ActivationKey, Contract, ContractId, Customer, CustomerId, Invoice, Partner, PartnerId, Read, UserId, Visitor,
};
use crate::portal_demo::{self, Denied, Seen, World};

/// The demo portal without a network.
pub(crate) struct MemoryPortal {
    world: RwLock<Arc<World>>,
    /// Made anew each day: a demo that runs for weeks stays as it is described.
    follows_the_calendar: bool,
    faults: Mutex<VecDeque<PortalError>>,
}

impl MemoryPortal {
    /// A portal with `world`, on the day of that world for ever.
    #[cfg(test)]
    pub(crate) fn new(world: Arc<World>) -> Self {
        Self { world: RwLock::new(world), follows_the_calendar: false, faults: Mutex::default() }
    }

    /// A portal with the world of each day.
    pub(crate) fn of_today() -> Self {
        let world = Arc::new(World::new(portal_demo::today(Timestamp::now())));
        Self { world: RwLock::new(world), follows_the_calendar: true, faults: Mutex::default() }
    }

    /// The next calls fail so, one after the other; after them all goes well.
    #[cfg(test)]
    pub(crate) fn fail_next(&self, faults: impl IntoIterator<Item = PortalError>) {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).extend(faults);
    }

    /// The world as it is now.
    pub(crate) fn world(&self) -> Arc<World> {
        let world = Arc::clone(&self.world.read().unwrap_or_else(PoisonError::into_inner));
        let today = portal_demo::today(Timestamp::now());
        if !self.follows_the_calendar || portal_demo::today(world.now()) == today {
            return world;
        }
        let world = Arc::new(World::new(today));
        *self.world.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&world);
        world
    }

    fn ask<T>(
        &self,
        user: &UserId,
        answer: impl FnOnce(Seen<'_>) -> Result<T, Denied>,
    ) -> Result<Read<T>, PortalError> {
        if let Some(fault) = self.faults.lock().unwrap_or_else(PoisonError::into_inner).pop_front() {
            return Err(fault);
        }
        let world = self.world();
        let seen = world.seen_by(user).ok_or(PortalError::NotAllowed)?;
        // A world that stands still is read in its own time.
        let read_at = if self.follows_the_calendar { Timestamp::now() } else { world.now() };
        Ok(Read { value: answer(seen)?, read_at })
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
        self.ask(user, |seen| Ok(seen.me().1.clone()))
    }

    async fn find_partner(&self, user: &UserId, id: &PartnerId) -> Result<Read<Partner>, PortalError> {
        self.ask(user, |seen| seen.partner(id).cloned())
    }

    async fn list_customers(&self, user: &UserId, query: &CustomerQuery) -> Result<Read<Page<Customer>>, PortalError> {
        self.ask(user, |seen| seen.customers(query))
    }

    async fn find_customer(&self, user: &UserId, id: &CustomerId) -> Result<Read<Customer>, PortalError> {
        self.ask(user, |seen| seen.customer(id).cloned())
    }

    async fn list_contracts(&self, user: &UserId, query: &ContractQuery) -> Result<Read<Page<Contract>>, PortalError> {
        self.ask(user, |seen| seen.contracts(query))
    }

    async fn find_contract(&self, user: &UserId, id: &ContractId) -> Result<Read<Contract>, PortalError> {
        self.ask(user, |seen| seen.contract(id))
    }

    async fn list_keys(&self, user: &UserId, id: &ContractId) -> Result<Read<Vec<ActivationKey>>, PortalError> {
        self.ask(user, |seen| seen.keys(id).map(<[_]>::to_vec))
    }

    async fn list_invoices(&self, user: &UserId, query: &InvoiceQuery) -> Result<Read<Page<Invoice>>, PortalError> {
        self.ask(user, |seen| seen.invoices(query))
    }

    async fn list_indices(&self, user: &UserId, year: i16) -> Result<Read<Vec<FamilyIndex>>, PortalError> {
        self.ask(user, |seen| seen.indices(year))
    }

    async fn create_request(
        &self,
        user: &UserId,
        id: &ContractId,
        key: &str,
        request: &NewInformationRequest,
    ) -> Result<InformationRequest, PortalError> {
        self.ask(user, |seen| seen.record(id, key, request)).map(|read| read.value)
    }
}
