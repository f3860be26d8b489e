//! What an answer needs besides the contract, all at once.

use guichet_kb::composed::{Group, Template};
use jiff::Timestamp;

use super::Looker;
use crate::clients::portal::{InvoiceQuery, Page, PortalError};
use crate::facts::dossier::{Dossier, Part, Why};
use crate::model::{Contract, Invoice, Read, Right};

impl Looker<'_> {
    /// `contract` with what `template` needs. A part that cannot be had is missing; the others are there.
    pub(super) async fn dossier(&self, contract: Contract, named: Option<Invoice>, template: &Template) -> Dossier {
        let groups = template.groups();
        let needs = |group| groups.contains(&group);
        let query = InvoiceQuery {
            contract_id: Some(contract.id.clone()),
            customer_id: Some(contract.customer.id.clone()),
            view: self.view(),
            ..InvoiceQuery::default()
        };
        let (partner, invoices, keys) = tokio::join!(
            self.part(needs(Group::Partner), self.portal.find_partner()),
            self.part(needs(Group::LaterInvoices), self.portal.list_invoices(&query)),
            self.part(needs(Group::Keys), self.portal.list_keys(&contract)),
        );
        let read_at: Timestamp = contract.as_of;
        Dossier {
            is_own_site: self.visitor.establishments.contains(&contract.establishment),
            may_see_prices: self.visitor.may(Right::Prices),
            may_see_invoices: self.visitor.may(Right::Invoices),
            partner,
            invoices: map(invoices, |page: Page<Invoice>| {
                page.items.into_iter().filter(|it| it.contract.as_ref() == Some(&contract.id)).collect()
            }),
            named_invoice: named,
            keys,
            contract: Read { value: contract, read_at },
        }
    }

    async fn part<T>(&self, is_needed: bool, call: impl Future<Output = Result<Read<T>, PortalError>>) -> Part<T> {
        if !is_needed {
            return Part::NotNeeded;
        }
        match self.in_time(call).await {
            Ok(read) => Part::Read(read),
            Err(PortalError::NotAllowed) => Part::Missing(Why::NotAllowed),
            Err(_) => Part::Missing(Why::Silent),
        }
    }
}

fn map<T, U>(part: Part<T>, change: impl FnOnce(T) -> U) -> Part<U> {
    match part {
        Part::Read(read) => Part::Read(read.map(change)),
        Part::NotNeeded => Part::NotNeeded,
        Part::Missing(why) => Part::Missing(why),
    }
}
