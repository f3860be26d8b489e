//! Numbers in a question: the contract, customer or invoice that they name.

use super::{Found, Looker, Place};
use crate::clients::portal::{ContractQuery, CustomerQuery, InvoiceQuery, Page, PortalError, View};
use crate::facts::mention::{Mention, MentionKind, mentions};
use crate::model::{Contract, Read, Right};

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
            MentionKind::Partner => partner(looker, mention).await?,
            MentionKind::Invoice => invoice(looker, mention).await?,
            MentionKind::Siret => siret(looker, mention).await?,
            MentionKind::WrongSiret => Some(Err(Found::WrongSiret)),
            MentionKind::Quote | MentionKind::Request => None,
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// The partner's own code says who asks, which is known: it names nothing to look up. Any other is looked up like a code
/// that was called by a wrong name; another partner's is answered like one that nobody has.
async fn partner(looker: &Looker<'_>, mention: &Mention) -> Outcome {
    match looker.in_time(looker.portal.find_partner()).await {
        Ok(own) if own.value.code.replace('-', "").to_uppercase() != mention.number => code(looker, mention).await,
        // Without an answer nothing can be said of it: the question is answered as if it were not there.
        Ok(_) | Err(_) => Ok(None),
    }
}

/// A serial number or the code of a customer, whichever it was called: people mix them up.
async fn code(looker: &Looker<'_>, mention: &Mention) -> Outcome {
    for view in looker.views() {
        if let Some(place) = exactly(looker, mention, *view).await? {
            return Ok(Some(Ok(place)));
        }
    }
    let number = &mention.number;
    // « Ligne 1000 »: not every short number is one of these.
    if number.len() < SHORTEST {
        return Ok(None);
    }
    for view in looker.views() {
        let near = near(looker, number, *view).await?;
        if !near.is_empty() {
            return Ok(Some(Err(Found::Near(number.clone(), near))));
        }
    }
    Ok(Some(Err(Found::Unknown(number.clone()))))
}

/// What has exactly this number in `view`.
async fn exactly(looker: &Looker<'_>, mention: &Mention, view: View) -> Result<Option<Place>, PortalError> {
    let number = &mention.number;
    let by_serial = ContractQuery { serial_number: Some(number.clone()), view, ..ContractQuery::default() };
    let by_code = CustomerQuery { code: Some(number.clone()), view, ..CustomerQuery::default() };
    let (contracts, customers) = tokio::join!(
        looker.in_time(looker.portal.list_contracts(&by_serial)),
        looker.in_time(looker.portal.list_customers(&by_code)),
    );
    // A number that has not the form of a code is none: the portal may refuse it.
    let contract = found(contracts)?.and_then(first);
    let customer = found(customers)?.and_then(first);
    Ok(match (contract, customer) {
        (_, Some(customer)) if mention.kind == MentionKind::Customer => Some(Place::Customer(customer.value)),
        (Some(contract), _) => Some(Place::Contract(Box::new(contract), None)),
        (None, Some(customer)) => Some(Place::Customer(customer.value)),
        (None, None) => None,
    })
}

/// One digit off: proposed, never taken.
async fn near(looker: &Looker<'_>, number: &str, view: View) -> Result<Vec<Contract>, PortalError> {
    let query = ContractQuery { serial_like: Some(number.to_owned()), view, ..ContractQuery::default() };
    let page = found(looker.in_time(looker.portal.list_contracts(&query)).await)?;
    Ok(page.map(|page| page.value.items.into_iter().take(MOST_NEAR).collect()).unwrap_or_default())
}

async fn invoice(looker: &Looker<'_>, mention: &Mention) -> Outcome {
    if !looker.visitor.may(Right::Invoices) {
        return Ok(None);
    }
    let mut invoice = None;
    for view in looker.views() {
        let query = InvoiceQuery { number: Some(mention.number.clone()), view: *view, ..InvoiceQuery::default() };
        invoice = found(looker.in_time(looker.portal.list_invoices(&query)).await)?.and_then(first);
        if invoice.is_some() {
            break;
        }
    }
    let unknown = Ok(Some(Err(Found::Unknown(mention.number.clone()))));
    let Some(invoice) = invoice else { return unknown };
    let Some(contract) = &invoice.value.contract else {
        let customer = found(looker.in_time(looker.portal.find_customer(&invoice.value.customer)).await)?;
        return customer.map_or(unknown, |customer| Ok(Some(Ok(Place::Customer(customer.value)))));
    };
    let contract = found(looker.in_time(looker.portal.find_contract(contract)).await)?;
    // Of another customer's contract: the portal is wrong, and nobody knows in which of the two.
    match contract.filter(|contract| contract.value.customer.id == invoice.value.customer) {
        Some(contract) => Ok(Some(Ok(Place::Contract(Box::new(contract), Some(invoice))))),
        None => unknown,
    }
}

async fn siret(looker: &Looker<'_>, mention: &Mention) -> Outcome {
    for view in looker.views() {
        let query = CustomerQuery { q: Some(mention.number.clone()), view: *view, ..CustomerQuery::default() };
        let page = found(looker.in_time(looker.portal.list_customers(&query)).await)?;
        let mut customers = page.map(|page| page.value.items).unwrap_or_default();
        // The portal searches names and codes too.
        customers.retain(|customer| customer.siret.as_ref().is_some_and(|siret| siret.starts_with(&mention.number)));
        match customers.len() {
            0 => {}
            1 => return Ok(Some(Ok(Place::Customer(customers.remove(0))))),
            _ => return Ok(Some(Err(Found::Customers(customers)))),
        }
    }
    Ok(Some(Err(Found::Unknown(mention.number.clone()))))
}

/// The first thing of a page.
fn first<T>(page: Read<Page<T>>) -> Option<Read<T>> {
    let Read { value, read_at } = page;
    value.items.into_iter().next().map(|value| Read { value, read_at })
}

/// What was answered; nothing when the portal does not take the question or knows nothing.
fn found<T>(answer: Result<Read<T>, PortalError>) -> Result<Option<Read<T>>, PortalError> {
    match answer {
        Ok(read) => Ok(Some(read)),
        Err(PortalError::NotFound | PortalError::Refused { status: 400 }) => Ok(None),
        Err(error) => Err(error),
    }
}
