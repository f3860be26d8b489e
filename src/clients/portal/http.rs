//! The portal over HTTP. A reading is tried again within its time limit, shared by those who ask the same at once, kept for
//! a short while and then asked for again by its ETag. Writing is never tried again here: its key makes that safe for the
//! caller. A portal that fails is left alone for a while.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::{Client, Method};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::api::{ACTING_USER, Api, IDEMPOTENCY_KEY, read_body, understood};
use super::cache::{Cache, Key};
use super::{
    ContractQuery, CustomerQuery, FamilyIndex, InformationRequest, InvoiceQuery, NewInformationRequest, Page, Portal,
    PortalError,
};
use crate::model::{
    ActivationKey, Contact, Contract, ContractId, Customer, CustomerId, EstablishmentId, Invoice, Partner, PartnerId,
    Read, Right, UserId, Visitor,
};

pub(crate) use super::settings::{Settings, SettingsError};

/// How many answers are kept.
const MOST_KEPT: usize = 2_000;

/// The portal that the settings name.
pub(crate) struct HttpPortal {
    api: Arc<Api>,
    cache: Arc<Cache>,
}

impl HttpPortal {
    /// The portal that `settings` name.
    ///
    /// # Errors
    /// When the settings cannot work.
    pub(crate) fn new(settings: Settings) -> Result<Self, SettingsError> {
        let cache = Cache::new(settings.fresh, MOST_KEPT);
        Ok(Self { api: Arc::new(Api::new(settings)?), cache })
    }

    /// Forgets what was read for `user`.
    pub(crate) fn forget(&self, user: &UserId) {
        self.cache.forget(user);
    }

    /// `path` with `query`, from the cache when it is fresh.
    async fn read<T: DeserializeOwned>(
        &self,
        user: &UserId,
        path: &str,
        query: &(impl Serialize + Sync),
    ) -> Result<Read<T>, PortalError> {
        let target = self.api.target(path, query)?;
        let (api, key) = (Arc::clone(&self.api), Key { user: user.clone(), target });
        let (acting, address) = (key.user.clone(), key.target.clone());
        let kept = self.cache.get(key, move |old| async move { api.get(&acting, &address, old).await }).await?;
        understood(&kept.body, kept.read_at)
    }
}

/// `{"items": […]}` that is all there is.
#[derive(Deserialize)]
struct ItemsIn<T> {
    items: Vec<T>,
}

#[derive(Deserialize)]
struct MeIn {
    user_id: UserId,
    partner_id: PartnerId,
    establishment_ids: Vec<EstablishmentId>,
    rights: Vec<String>,
}

#[async_trait]
impl Portal for HttpPortal {
    async fn find_me(&self, user: &UserId) -> Result<Read<Visitor>, PortalError> {
        let me: Read<MeIn> = self.read(user, "/me", &()).await?;
        Ok(me.map(|me| Visitor {
            partner: me.partner_id,
            user: me.user_id,
            establishments: me.establishment_ids.into_iter().collect(),
            // A right that we do not know gives nothing here.
            rights: me.rights.iter().filter_map(|name| Right::from_name(name)).collect(),
            // The portal says what may be seen; who is asking says the token.
            contact: Contact::default(),
        }))
    }

    async fn find_partner(&self, user: &UserId, id: &PartnerId) -> Result<Read<Partner>, PortalError> {
        self.read(user, &format!("/partners/{}", id.as_str()), &()).await
    }

    async fn list_customers(&self, user: &UserId, query: &CustomerQuery) -> Result<Read<Page<Customer>>, PortalError> {
        self.read(user, "/customers", query).await
    }

    async fn find_customer(&self, user: &UserId, id: &CustomerId) -> Result<Read<Customer>, PortalError> {
        self.read(user, &format!("/customers/{}", id.as_str()), &()).await
    }

    async fn list_contracts(&self, user: &UserId, query: &ContractQuery) -> Result<Read<Page<Contract>>, PortalError> {
        self.read(user, "/contracts", query).await
    }

    async fn find_contract(&self, user: &UserId, id: &ContractId) -> Result<Read<Contract>, PortalError> {
        self.read(user, &format!("/contracts/{}", id.as_str()), &()).await
    }

    async fn list_keys(&self, user: &UserId, id: &ContractId) -> Result<Read<Vec<ActivationKey>>, PortalError> {
        let address = self.api.target(&format!("/contracts/{}/activation-keys", id.as_str()), &())?;
        let kept = self.api.get(user, &address, None).await?;
        Ok(understood::<ItemsIn<_>>(&kept.body, kept.read_at)?.map(|list| list.items))
    }

    async fn list_invoices(&self, user: &UserId, query: &InvoiceQuery) -> Result<Read<Page<Invoice>>, PortalError> {
        self.read(user, "/invoices", query).await
    }

    async fn list_indices(&self, user: &UserId, year: i16) -> Result<Read<Vec<FamilyIndex>>, PortalError> {
        let list: Read<ItemsIn<FamilyIndex>> = self.read(user, "/renewal-indices", &[("year", year)]).await?;
        Ok(list.map(|list| list.items))
    }

    async fn create_request(
        &self,
        user: &UserId,
        id: &ContractId,
        key: &str,
        request: &NewInformationRequest,
    ) -> Result<InformationRequest, PortalError> {
        let address = self.api.target(&format!("/contracts/{}/information-requests", id.as_str()), &())?;
        let work = async {
            let build = |client: &Client| {
                let post = client.request(Method::POST, &address).header(ACTING_USER, user.as_str());
                post.header(IDEMPOTENCY_KEY, key).json(request)
            };
            let mut response = self.api.send(build).await?;
            let body = read_body(&mut response).await?;
            Ok(understood(&body, Timestamp::now())?.value)
        };
        let outcome = self.api.within_deadline(work).await;
        self.forget(user);
        outcome
    }
}
