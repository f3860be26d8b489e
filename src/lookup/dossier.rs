//! What an answer needs besides the contract, all at once.

use guichet_kb::composed::{Group, Template};

use super::{Looker, pages};
use crate::clients::portal::{InvoiceQuery, PortalError, View};
use crate::facts::dossier::{Dossier, Part, Why};
use crate::model::{Contract, Invoice, Read, Right};

impl Looker<'_> {
    /// `contract` with what `template` needs. A part that cannot be had is missing; the others are there.
    pub(super) async fn dossier(
        &self,
        contract: Read<Contract>,
        named_invoice: Option<Read<Invoice>>,
        template: &Template,
    ) -> Dossier {
        let groups = template.groups();
        let needs = |group| groups.contains(&group);
        let (partner, invoices, keys) = tokio::join!(
            self.part(needs(Group::Partner), self.portal.find_partner()),
            self.part(needs(Group::LaterInvoices), self.invoices(&contract.value)),
            self.part(needs(Group::Keys), self.portal.list_keys(&contract.value)),
        );
        Dossier {
            is_own_site: self.visitor.establishments.contains(&contract.value.customer.establishment),
            may_see_prices: self.visitor.may(Right::Prices),
            may_see_invoices: self.visitor.may(Right::Invoices),
            partner,
            invoices,
            named_invoice,
            keys,
            contract,
        }
    }

    /// All invoices of `contract`.
    async fn invoices(&self, contract: &Contract) -> Result<Read<Vec<Invoice>>, PortalError> {
        let is_own = self.visitor.establishments.contains(&contract.establishment);
        let query = InvoiceQuery {
            contract_id: Some(contract.id.clone()),
            customer_id: Some(contract.customer.id.clone()),
            view: if is_own { View::Establishment } else { View::Parent },
            ..InvoiceQuery::default()
        };
        pages::all(|page| {
            let query = InvoiceQuery { page, ..query.clone() };
            async move { self.portal.list_invoices(&query).await }
        })
        .await
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
