//! Numbers in a question: the contract, customer or invoice that they name.

use super::{Found, Looker, Place};
use crate::clients::portal::{ContractQuery, CustomerQuery, InvoiceQuery, PortalError};
use crate::facts::mention::{Mention, MentionKind, mentions};
use crate::model::{Contract, Right};

/// How many near numbers are proposed.
const MOST_NEAR: usize = 3;

/// A shorter number that nothing has is no mistyped one.
const SHORTEST: usize = 5;

type Outcome = Result<Option<Result<Place, Found>>, PortalError>;

/// What the first number of `text` that can be looked up names; none when it names none.
pub(super) async fn find(looker: &Looker<'_>, text: &str) -> Outcome {
    let mentions = mentions(text);
    for mention in &mentions {
        let found = match mention.kind {
            MentionKind::Serial | MentionKind::Unclear | MentionKind::Customer => code(looker, mention).await?,
            MentionKind::Invoice => invoice(looker, mention).await?,
            MentionKind::Siret => siret(looker, mention).await?,
            MentionKind::WrongSiret => Some(Err(Found::WrongSiret)),
            MentionKind::Partner | MentionKind::Quote | MentionKind::Request => None,
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// A serial number or the code of a customer, whichever it was called: people mix them up.
async fn code(looker: &Looker<'_>, mention: &Mention) -> Outcome {
    let number = &mention.number;
    let by_serial = ContractQuery { serial_number: Some(number.clone()), ..contracts(looker) };
    let by_code = CustomerQuery { code: Some(number.clone()), view: looker.view(), ..CustomerQuery::default() };
    let (contracts_found, customers) = tokio::join!(
        looker.in_time(looker.portal.list_contracts(&by_serial)),
        looker.in_time(looker.portal.list_customers(&by_code)),
    );
    // A number that has not the form of a code is none: the portal may refuse it.
    let contract = found(contracts_found)?.and_then(|page| page.items.into_iter().next());
    let customer = found(customers)?.and_then(|page| page.items.into_iter().next());
    match (contract, customer) {
        (_, Some(customer)) if mention.kind == MentionKind::Customer => Ok(Some(Ok(Place::Customer(customer)))),
        (Some(contract), _) => Ok(Some(Ok(Place::Contract(Box::new(contract), None)))),
        (None, Some(customer)) => Ok(Some(Ok(Place::Customer(customer)))),
        // « Ligne 1000 »: not every short number is one of these.
        (None, None) if number.len() < SHORTEST => Ok(None),
        (None, None) => near(looker, number).await,
    }
}

/// One digit off: proposed, never taken.
async fn near(looker: &Looker<'_>, number: &str) -> Outcome {
    let query = ContractQuery { serial_like: Some(number.to_owned()), ..contracts(looker) };
    let near: Vec<Contract> = found(looker.in_time(looker.portal.list_contracts(&query)).await)?
        .map(|page| page.items.into_iter().take(MOST_NEAR).collect())
        .unwrap_or_default();
    let is_none = near.is_empty();
    Ok(Some(Err(if is_none { Found::Unknown(number.to_owned()) } else { Found::Near(number.to_owned(), near) })))
}

async fn invoice(looker: &Looker<'_>, mention: &Mention) -> Outcome {
    if !looker.visitor.may(Right::Invoices) {
        return Ok(None);
    }
    let query = InvoiceQuery { number: Some(mention.number.clone()), view: looker.view(), ..InvoiceQuery::default() };
    let page = found(looker.in_time(looker.portal.list_invoices(&query)).await)?;
    let Some(invoice) = page.and_then(|page| page.items.into_iter().next()) else {
        return Ok(Some(Err(Found::Unknown(mention.number.clone()))));
    };
    let Some(contract) = &invoice.contract else {
        let customer = looker.in_time(looker.portal.find_customer(&invoice.customer)).await?.value;
        return Ok(Some(Ok(Place::Customer(customer))));
    };
    let contract = looker.in_time(looker.portal.find_contract(contract)).await?.value;
    Ok(Some(Ok(Place::Contract(Box::new(contract), Some(invoice)))))
}

async fn siret(looker: &Looker<'_>, mention: &Mention) -> Outcome {
    let query = CustomerQuery { q: Some(mention.number.clone()), view: looker.view(), ..CustomerQuery::default() };
    let page = found(looker.in_time(looker.portal.list_customers(&query)).await)?;
    let mut customers = page.map(|page| page.items).unwrap_or_default();
    Ok(Some(match customers.len() {
        0 => Err(Found::Unknown(mention.number.clone())),
        1 => Ok(Place::Customer(customers.remove(0))),
        _ => Err(Found::Customers(customers)),
    }))
}

fn contracts(looker: &Looker<'_>) -> ContractQuery {
    ContractQuery { view: looker.view(), ..ContractQuery::default() }
}

/// What an answer holds; nothing when the portal does not take the question or knows nothing.
fn found<T>(answer: Result<crate::model::Read<T>, PortalError>) -> Result<Option<T>, PortalError> {
    match answer {
        Ok(read) => Ok(Some(read.value)),
        Err(PortalError::NotFound | PortalError::Refused { status: 400 }) => Ok(None),
        Err(error) => Err(error),
    }
}
