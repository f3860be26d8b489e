//! Names in a question: the customers that are called so.

use futures_util::future::join_all;
use guichet_kb::fold::fold;

use super::{Found, Looker, Place};
use crate::clients::portal::{CustomerQuery, PageQuery, PortalError};
use crate::facts::company;
use crate::model::Customer;

/// How many customers are offered to choose from.
const MOST: usize = 5;
/// How many customers the portal is asked for.
const LIMIT: u8 = 25;

/// The customer that one of `names` names; where several are called so, all of them. `text` may say in which town.
pub(super) async fn find(
    looker: &Looker<'_>,
    names: &[String],
    text: &str,
) -> Result<Result<Place, Found>, PortalError> {
    let Some(first) = names.first() else { return Ok(Err(Found::Nothing)) };
    let answers = join_all(names.iter().map(|name| called(looker, name))).await;
    let mut best: Option<(usize, Vec<Customer>)> = None;
    for (name, answer) in names.iter().zip(answers) {
        let customers = answer?;
        let words = name.split_whitespace().count();
        if !customers.is_empty() && best.as_ref().is_none_or(|(most, _)| words > *most) {
            best = Some((words, customers));
        }
    }
    let Some((_, customers)) = best else { return Ok(Err(Found::Unknown(first.clone()))) };
    let mut customers = in_named_town(customers, text);
    Ok(match customers.len() {
        1 => Ok(Place::Customer(customers.remove(0))),
        _ => {
            customers.truncate(MOST);
            Err(Found::Customers(customers))
        }
    })
}

/// Customers called `name`, of which only those that are typed best.
async fn called(looker: &Looker<'_>, name: &str) -> Result<Vec<Customer>, PortalError> {
    // The portal wants two characters at least.
    if name.chars().count() < 2 {
        return Ok(Vec::new());
    }
    let page = PageQuery { limit: Some(LIMIT), cursor: None };
    let query = CustomerQuery { q: Some(name.to_owned()), view: looker.view(), page, ..CustomerQuery::default() };
    let customers = looker.in_time(looker.portal.list_customers(&query)).await?.value.items;
    let errors = |customer: &Customer| company::nearness(name, &customer.name).map(company::Nearness::errors);
    let least = customers.iter().filter_map(errors).min();
    Ok(customers.into_iter().filter(|customer| errors(customer) == least).collect())
}

/// Those in the town that `text` names, when it names one of theirs.
fn in_named_town(customers: Vec<Customer>, text: &str) -> Vec<Customer> {
    let text = fold(text);
    let is_named = |customer: &Customer| {
        let town = fold(&customer.city);
        text.split(|c: char| !c.is_alphanumeric()).any(|word| word == town)
    };
    let named: Vec<Customer> = customers.iter().filter(|customer| is_named(customer)).cloned().collect();
    if named.is_empty() { customers } else { named }
}
