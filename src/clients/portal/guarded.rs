//! The portal for one visitor: rights are checked before it is asked, and what comes back is checked again. The portal
//! filters too; this holds even when it is wrong.

use std::time::Instant;

use super::{
    ContractQuery, CustomerQuery, FamilyIndex, InformationRequest, InvoiceQuery, NewInformationRequest, Page, Portal,
    PortalError, View,
};
use crate::facts::typing;
use crate::measure;
use crate::model::{
    ActivationKey, Contract, ContractId, Customer, CustomerId, EstablishmentId, Invoice, Partner, PartnerId, Read,
    Right, Visitor,
};

/// The portal as `visitor` may see it.
#[derive(Clone, Copy)]
pub(crate) struct Guarded<'a> {
    portal: &'a dyn Portal,
    visitor: &'a Visitor,
}

type Answer<T> = Result<Read<T>, PortalError>;

/// Waits for `answer` and counts how long that took.
async fn timed<T>(call: &'static str, answer: impl Future<Output = Result<T, PortalError>>) -> Result<T, PortalError> {
    let begun = Instant::now();
    let answer = answer.await;
    measure::portal(call, answer.as_ref().map_or_else(PortalError::kind, |_| "ok"), begun.elapsed());
    answer
}

impl<'a> Guarded<'a> {
    /// The portal as `visitor` may see it.
    pub(crate) fn new(portal: &'a dyn Portal, visitor: &'a Visitor) -> Self {
        Self { portal, visitor }
    }

    /// The visitor's own company.
    pub(crate) async fn find_partner(&self) -> Answer<Partner> {
        let partner =
            timed("find_partner", self.portal.find_partner(&self.visitor.user, &self.visitor.partner)).await?;
        self.only_if(partner.value.id == self.visitor.partner, partner)
    }

    /// Customers, best first.
    pub(crate) async fn list_customers(&self, query: &CustomerQuery) -> Answer<Page<Customer>> {
        self.require(Right::Contracts, query.view)?;
        let page = timed("list_customers", self.portal.list_customers(&self.visitor.user, query)).await?;
        Ok(only(page, |customer| {
            self.sees_in(query.view, &customer.partner, &customer.establishment) && is_same(&query.code, &customer.code)
        }))
    }

    /// One customer.
    pub(crate) async fn find_customer(&self, id: &CustomerId) -> Answer<Customer> {
        self.require(Right::Contracts, View::Establishment)?;
        let customer = timed("find_customer", self.portal.find_customer(&self.visitor.user, id)).await?;
        let is_right = customer.value.id == *id && self.sees(&customer.value.partner, &customer.value.establishment);
        self.only_if(is_right, customer)
    }

    /// Contracts, by end date.
    pub(crate) async fn list_contracts(&self, query: &ContractQuery) -> Answer<Page<Contract>> {
        self.require(Right::Contracts, query.view)?;
        let page = timed("list_contracts", self.portal.list_contracts(&self.visitor.user, query)).await?;
        let mut page = only(page, |it| {
            self.sees_contract(it)
                && self.sees_in(query.view, &it.partner, &it.establishment)
                && is_same(&query.serial_number, &it.serial_number)
                && query.serial_like.as_ref().is_none_or(|like| typing::is_within(like, &it.serial_number, 1))
                && is_same(&query.customer_id, &it.customer.id)
                && is_same(&query.status, &it.status)
                && query.ends_from.is_none_or(|first| it.end_on >= first)
                && query.ends_until.is_none_or(|last| it.end_on <= last)
        });
        page.value.items.iter_mut().for_each(|contract| self.hide_parts(contract));
        Ok(page)
    }

    /// One contract.
    pub(crate) async fn find_contract(&self, id: &ContractId) -> Answer<Contract> {
        self.require(Right::Contracts, View::Establishment)?;
        let contract = timed("find_contract", self.portal.find_contract(&self.visitor.user, id)).await?;
        let is_right = contract.value.id == *id && self.sees_contract(&contract.value);
        let mut contract = self.only_if(is_right, contract)?;
        self.hide_parts(&mut contract.value);
        Ok(contract)
    }

    /// The keys of a contract that this visitor may see.
    pub(crate) async fn list_keys(&self, contract: &Contract) -> Answer<Vec<ActivationKey>> {
        self.require(Right::Keys, View::Establishment)?;
        if !self.sees_contract(contract) {
            return Err(PortalError::NotFound);
        }
        let keys = timed("list_keys", self.portal.list_keys(&self.visitor.user, &contract.id)).await?;
        // What is left of a wrong list would say that there are no keys.
        let is_right = keys.value.iter().all(|key| key.contract == contract.id);
        self.only_if(is_right, keys)
    }

    /// Invoices, newest first.
    pub(crate) async fn list_invoices(&self, query: &InvoiceQuery) -> Answer<Page<Invoice>> {
        self.require(Right::Invoices, query.view)?;
        let page = timed("list_invoices", self.portal.list_invoices(&self.visitor.user, query)).await?;
        let is_right = |invoice: &Invoice| {
            self.sees_in(query.view, &invoice.partner, &invoice.establishment)
                && is_same(&query.number, &invoice.number)
                && query.contract_id.as_ref().is_none_or(|id| invoice.contract.as_ref() == Some(id))
                && is_same(&query.customer_id, &invoice.customer)
                && is_same(&query.status, &invoice.status)
        };
        if query.contract_id.is_some() {
            // What is left of a wrong list would say that an invoice is not out.
            let is_right = page.value.items.iter().all(is_right);
            return self.only_if(is_right, page);
        }
        Ok(only(page, is_right))
    }

    /// The indices of a year.
    #[cfg_attr(not(test), expect(dead_code, reason = "part of the contract; a contract carries its own index"))]
    pub(crate) async fn list_indices(&self, year: i16) -> Answer<Vec<FamilyIndex>> {
        self.require(Right::Prices, View::Establishment)?;
        timed("list_indices", self.portal.list_indices(&self.visitor.user, year)).await
    }

    /// Records an information request about a contract that this visitor may see, once for each key.
    #[cfg_attr(not(test), expect(dead_code, reason = "part of the contract; nothing is written there yet"))]
    pub(crate) async fn create_request(
        &self,
        contract: &Contract,
        key: &str,
        request: &NewInformationRequest,
    ) -> Result<InformationRequest, PortalError> {
        self.require(Right::Requests, View::Establishment)?;
        if !self.sees_contract(contract) {
            return Err(PortalError::NotFound);
        }
        timed("create_request", self.portal.create_request(&self.visitor.user, &contract.id, key, request)).await
    }

    fn require(&self, right: Right, view: View) -> Result<(), PortalError> {
        let may_view = view == View::Establishment || self.visitor.may(Right::ParentView);
        if self.visitor.may(right) && may_view { Ok(()) } else { Err(PortalError::NotAllowed) }
    }

    fn sees(&self, partner: &PartnerId, establishment: &EstablishmentId) -> bool {
        self.visitor.may_see(partner, establishment)
    }

    /// The same, for a list in `view`.
    fn sees_in(&self, view: View, partner: &PartnerId, establishment: &EstablishmentId) -> bool {
        let is_in_view = view == View::Parent || self.visitor.establishments.contains(establishment);
        is_in_view && self.sees(partner, establishment)
    }

    /// The contract with its customer; one that carries an invoice of something else is wrong in one or the other.
    fn sees_contract(&self, contract: &Contract) -> bool {
        let customer = &contract.customer;
        let is_its_own = |invoice: &Invoice| {
            invoice.partner == contract.partner
                && invoice.customer == customer.id
                && invoice.contract.as_ref().is_none_or(|id| *id == contract.id)
        };
        self.sees(&contract.partner, &contract.establishment)
            && self.sees(&customer.partner, &customer.establishment)
            && contract.previous_invoice.as_ref().is_none_or(is_its_own)
    }

    fn hide_parts(&self, contract: &mut Contract) {
        if !self.visitor.may(Right::Prices) {
            contract.pricing = None;
        }
        let may = self.visitor.may(Right::Invoices);
        let is_shown = |it: &Invoice| may && self.sees(&it.partner, &it.establishment);
        contract.previous_invoice = contract.previous_invoice.take().filter(is_shown);
    }

    fn only_if<T>(&self, is_right: bool, answer: Read<T>) -> Answer<T> {
        if is_right {
            return Ok(answer);
        }
        report_leak(1);
        Err(PortalError::NotFound)
    }
}

/// What of a page may be shown and was asked for.
fn only<T>(mut page: Read<Page<T>>, is_right: impl Fn(&T) -> bool) -> Read<Page<T>> {
    keep(&mut page.value.items, is_right);
    page
}

fn keep<T>(items: &mut Vec<T>, is_right: impl Fn(&T) -> bool) {
    let before = items.len();
    items.retain(is_right);
    if items.len() < before {
        report_leak(before - items.len());
    }
}

/// Whether `found` is what was asked for, if anything was.
fn is_same<T: PartialEq>(asked: &Option<T>, found: &T) -> bool {
    asked.as_ref().is_none_or(|asked| asked == found)
}

fn report_leak(count: usize) {
    tracing::error!(
        portal.leaked = count,
        "the portal answered with what the visitor may not see or did not ask for; it is not shown"
    );
}
