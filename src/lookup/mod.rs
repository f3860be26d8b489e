//! What a question is about in the portal: which customer, which contract, and what is known of it. Everything goes through
//! [`Guarded`]: the visitor's rights before, what came back after. One time limit for all of it; what did not come in time is
//! missing, the rest is there.

mod contracts;
mod dossier;
mod names;
mod numbers;
mod pages;

#[cfg(test)]
mod tests;

use guichet_kb::EntryId;
use guichet_kb::composed::Template;
use jiff::civil::Date;
use tokio::time::Instant;

use crate::clients::portal::guarded::Guarded;
use crate::clients::portal::{PortalError, View};
use crate::facts::dossier::Dossier;
use crate::model::{Contract, ContractId, Customer, CustomerId, EstablishmentId, Invoice, Read, Right, Visitor};

/// What is to be looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// The entry whose answer is composed, when the question leads to one.
    pub(crate) entry: Option<EntryId>,
    /// The question, as it was typed.
    pub(crate) text: String,
    /// Stretches of it that may be names of companies.
    pub(crate) names: Vec<String>,
    /// Whom it is about.
    pub(crate) about: Subject,
    /// The contract of the answer before: it is meant when nothing says which one.
    pub(crate) kept: Option<ContractId>,
    /// Whether it surely is about somebody. When not, the answer without a portal stays unless one is found.
    pub(crate) is_certain: bool,
}

/// Whom a question is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Subject {
    /// Whoever is named in it.
    Named,
    /// This customer.
    Customer(CustomerId),
    /// This contract.
    Contract(ContractId),
}

/// What was found.
#[derive(Debug)]
pub(crate) enum Found {
    /// One contract, with what the answer needs.
    Contract(Box<Dossier>),
    /// One customer, and nothing more is asked.
    Customer(Customer),
    /// One customer who has no contract.
    NoContract(Customer),
    /// Several customers: which one?
    Customers(Vec<Customer>),
    /// Several contracts of one customer: which one?
    Contracts(Vec<Contract>),
    /// A number that does not exist, and contracts whose numbers are near it.
    Near(String, Vec<Contract>),
    /// Nothing of this visitor's is called so.
    Unknown(String),
    /// A SIRET with wrong check digits.
    WrongSiret,
    /// The question names nothing that can be looked up.
    Nothing,
    /// The visitor lacks the right to see contracts.
    NotAllowed,
    /// The portal did not answer.
    Silent,
}

/// Who looks something up, with which limit.
#[derive(Clone, Copy)]
pub(crate) struct Looker<'a> {
    pub(crate) portal: Guarded<'a>,
    pub(crate) visitor: &'a Visitor,
    /// When there must be an answer.
    pub(crate) deadline: Instant,
    /// The day, in France.
    pub(crate) today: Date,
}

/// What the question is about, as far as it was found.
enum Place {
    Customer(Customer),
    /// With the invoice by whose number it was found.
    Contract(Box<Read<Contract>>, Option<Read<Invoice>>),
}

/// Looks up what `wanted` asks for; `template` is that of its entry.
pub(crate) async fn look_up(looker: &Looker<'_>, wanted: &Wanted, template: Option<&Template>) -> Found {
    match looker.find(wanted, template).await {
        Ok(found) => found,
        Err(PortalError::NotAllowed) => Found::NotAllowed,
        Err(PortalError::NotFound) => Found::Unknown(wanted.text.clone()),
        Err(PortalError::RateLimited { .. } | PortalError::Unavailable { .. } | PortalError::Refused { .. }) => {
            Found::Silent
        }
    }
}

impl Looker<'_> {
    async fn find(&self, wanted: &Wanted, template: Option<&Template>) -> Result<Found, PortalError> {
        if !self.visitor.may(Right::Contracts) {
            return Ok(Found::NotAllowed);
        }
        let place = match &wanted.about {
            Subject::Customer(id) => Ok(Place::Customer(self.in_time(self.portal.find_customer(id)).await?.value)),
            Subject::Contract(id) => {
                Ok(Place::Contract(Box::new(self.in_time(self.portal.find_contract(id)).await?), None))
            }
            Subject::Named => match numbers::find(self, &wanted.text).await? {
                Some(found) => found,
                None => names::find(self, &wanted.names, &wanted.text).await?,
            },
        };
        let (contract, invoice) = match place {
            Err(found) => return Ok(found),
            Ok(Place::Contract(contract, invoice)) => (*contract, invoice),
            Ok(Place::Customer(customer)) => match template {
                None => return Ok(Found::Customer(customer)),
                Some(template) => match self.contract_of(&customer, wanted, template).await? {
                    Ok(contract) => (contract, None),
                    Err(found) => return Ok(found),
                },
            },
        };
        Ok(match template {
            Some(template) => Found::Contract(Box::new(self.dossier(contract, invoice, template).await)),
            None => Found::Customer(contract.value.customer),
        })
    }

    /// Where something is looked for, one after the other: in the visitor's own establishments; only when nothing is found
    /// there, and only with the right, in the whole parent company.
    fn views(&self) -> &'static [View] {
        if self.visitor.may(Right::ParentView) { &[View::Establishment, View::Parent] } else { &[View::Establishment] }
    }

    /// The views, from the narrowest that shows what belongs to `establishment`.
    fn views_of(&self, establishment: &EstablishmentId) -> &'static [View] {
        if self.visitor.establishments.contains(establishment) { self.views() } else { &[View::Parent] }
    }

    /// What `call` says, unless time runs out.
    async fn in_time<T>(&self, call: impl Future<Output = Result<T, PortalError>>) -> Result<T, PortalError> {
        let late = PortalError::Unavailable { reason: "no answer in the time of a turn" };
        tokio::time::timeout_at(self.deadline, call).await.unwrap_or(Err(late))
    }
}
