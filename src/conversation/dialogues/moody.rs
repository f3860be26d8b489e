//! The demo portal in a bad mood: silent, slow, or answering half of what it is asked.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::clients::portal::memory::MemoryPortal;
use crate::clients::portal::{
    ContractQuery, CustomerQuery, FamilyIndex, InformationRequest, InvoiceQuery, NewInformationRequest, Page, Portal,
    PortalError,
};
use crate::model::{
    ActivationKey, Contract, ContractId, Customer, CustomerId, Invoice, Partner, PartnerId, Read, UserId, Visitor,
};
use crate::portal_demo::World;

/// How the portal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    Good,
    /// It fails at once.
    Silent,
    /// It answers after ten seconds.
    Slow,
    /// Partner, invoices and keys fail; prices and invoice N-1 are left out of contracts.
    Half,
    /// Partner, invoices and keys come after ten seconds.
    HalfSlow,
    /// It answers with what belongs to others.
    Leaky,
}

/// The demo portal in a mood.
pub(super) struct Moody {
    portal: MemoryPortal,
    world: Arc<World>,
    mood: Mood,
}

impl Moody {
    pub(super) fn new(world: Arc<World>, mood: Mood) -> Self {
        Self { portal: MemoryPortal::new(Arc::clone(&world)), world, mood }
    }

    async fn main(&self) -> Result<(), PortalError> {
        match self.mood {
            Mood::Silent => Err(PortalError::Unavailable { reason: "a bad mood" }),
            Mood::Slow => {
                tokio::time::sleep(Duration::from_secs(10)).await;
                Ok(())
            }
            Mood::Good | Mood::Half | Mood::HalfSlow | Mood::Leaky => Ok(()),
        }
    }

    async fn beside(&self) -> Result<(), PortalError> {
        match self.mood {
            Mood::Half => Err(PortalError::Unavailable { reason: "a bad mood" }),
            Mood::HalfSlow => {
                tokio::time::sleep(Duration::from_secs(10)).await;
                Ok(())
            }
            Mood::Good | Mood::Silent | Mood::Slow | Mood::Leaky => self.main().await,
        }
    }

    fn half(&self, mut contract: Contract) -> Contract {
        if self.mood == Mood::Half {
            contract.pricing = None;
        }
        contract
    }

    /// Whose answers are given.
    fn whose(&self, user: &UserId) -> UserId {
        let other = self.world.people().find(|person| person.visitor.user != *user && person.visitor.rights.len() > 5);
        match (self.mood, other) {
            (Mood::Leaky, _) if user.as_str() == "U-11" => "U-21".parse().expect("an id"),
            (Mood::Leaky, Some(other)) => other.visitor.user.clone(),
            _ => user.clone(),
        }
    }
}

#[async_trait]
impl Portal for Moody {
    async fn find_me(&self, user: &UserId) -> Result<Read<Visitor>, PortalError> {
        self.main().await?;
        self.portal.find_me(user).await
    }

    async fn find_partner(&self, user: &UserId, id: &PartnerId) -> Result<Read<Partner>, PortalError> {
        self.beside().await?;
        self.portal.find_partner(user, id).await
    }

    async fn list_customers(&self, user: &UserId, query: &CustomerQuery) -> Result<Read<Page<Customer>>, PortalError> {
        self.main().await?;
        self.portal.list_customers(&self.whose(user), query).await
    }

    async fn find_customer(&self, user: &UserId, id: &CustomerId) -> Result<Read<Customer>, PortalError> {
        self.main().await?;
        self.portal.find_customer(&self.whose(user), id).await
    }

    async fn list_contracts(&self, user: &UserId, query: &ContractQuery) -> Result<Read<Page<Contract>>, PortalError> {
        self.main().await?;
        let mut read = self.portal.list_contracts(&self.whose(user), query).await?;
        read.value.items = read.value.items.into_iter().map(|contract| self.half(contract)).collect();
        Ok(read)
    }

    async fn find_contract(&self, user: &UserId, id: &ContractId) -> Result<Read<Contract>, PortalError> {
        self.main().await?;
        Ok(self.portal.find_contract(&self.whose(user), id).await?.map(|contract| self.half(contract)))
    }

    async fn list_keys(&self, user: &UserId, id: &ContractId) -> Result<Read<Vec<ActivationKey>>, PortalError> {
        self.beside().await?;
        self.portal.list_keys(user, id).await
    }

    async fn list_invoices(&self, user: &UserId, query: &InvoiceQuery) -> Result<Read<Page<Invoice>>, PortalError> {
        self.beside().await?;
        self.portal.list_invoices(&self.whose(user), query).await
    }

    async fn list_indices(&self, user: &UserId, year: i16) -> Result<Read<Vec<FamilyIndex>>, PortalError> {
        self.main().await?;
        self.portal.list_indices(user, year).await
    }

    async fn create_request(
        &self,
        user: &UserId,
        id: &ContractId,
        key: &str,
        request: &NewInformationRequest,
    ) -> Result<InformationRequest, PortalError> {
        self.main().await?;
        self.portal.create_request(user, id, key, request).await
    }
}
