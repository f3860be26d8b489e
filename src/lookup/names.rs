//! Names in a question: the customers that are called so.

use std::cmp::Reverse;

use futures_util::future::join_all;
use guichet_kb::fold::fold;

use super::{Found, Looker, Place};
use crate::clients::portal::{CustomerQuery, PageQuery, PortalError, View};
use crate::facts::company;
use crate::model::Customer;

/// How many customers are offered to choose from.
const MOST: usize = 5;
/// How many customers the portal is asked for.
const LIMIT: u8 = 25;
/// Words that ask for the whole company.
const WHOLE_COMPANY: [&str; 8] = [
    "tous etablissements",
    "tous les etablissements",
    "tous nos etablissements",
    "toutes agences",
    "toutes les agences",
    "toutes nos agences",
    "societe mere",
    "maison mere",
];

/// Customers that a name was found for.
struct Called {
    /// Where it was looked for.
    view: View,
    customers: Vec<Customer>,
    /// How many words the name has.
    words: usize,
    /// How many typing errors it has.
    errors: usize,
}

/// The customer that one of `names` names; where several are called so, all of them. `text` may say in which town. The own
/// establishments come first; those of the company count when the text asks for them, names a town of theirs, or when its
/// name is typed better there.
pub(super) async fn find(
    looker: &Looker<'_>,
    names: &[String],
    text: &str,
) -> Result<Result<Place, Found>, PortalError> {
    let Some(first) = names.first() else { return Ok(Err(Found::Nothing)) };
    let (mut own, mut beyond) = (None, None);
    // Asked for together: who sees the whole company waits no longer.
    let mut asked = Vec::new();
    for view in looker.views() {
        for name in names {
            asked.push(called(looker, name, *view));
        }
    }
    let is_whole_company = is_said(text, &WHOLE_COMPANY);
    for answer in join_all(asked).await {
        let Some(mut answer) = answer? else { continue };
        let best = if answer.view == View::Establishment { &mut own } else { &mut beyond };
        if answer.view == View::Parent && !is_whole_company {
            answer.customers.retain(|it| !looker.visitor.establishments.contains(&it.establishment));
        }
        let is_better = |known: &Called| answer.rank() < known.rank();
        if !answer.customers.is_empty() && best.as_ref().is_none_or(is_better) {
            *best = Some(answer);
        }
    }
    let Some(customers) = meant(own, beyond, text) else { return Ok(Err(Found::Unknown(first.clone()))) };
    let mut customers = in_named_town(customers, text);
    Ok(match customers.len() {
        1 => Ok(Place::Customer(customers.remove(0))),
        _ => {
            customers.truncate(MOST);
            Err(Found::Customers(customers))
        }
    })
}

impl Called {
    /// More words first, then fewer errors.
    fn rank(&self) -> (Reverse<usize>, usize) {
        (Reverse(self.words), self.errors)
    }
}

/// Those of the own establishments, or those `beyond`.
fn meant(own: Option<Called>, beyond: Option<Called>, text: &str) -> Option<Vec<Customer>> {
    let (own, beyond) = match (own, beyond) {
        (Some(own), Some(beyond)) => (own, beyond),
        (one, other) => return one.or(other).map(|called| called.customers),
    };
    let is_beyond = is_said(text, &WHOLE_COMPANY)
        || beyond.rank() < own.rank()
        || (town_named(&own.customers, text).is_empty() && !town_named(&beyond.customers, text).is_empty());
    Some(if is_beyond { beyond.customers } else { own.customers })
}

/// Customers called `name`, of which only those that are typed best; none when nobody is.
async fn called(looker: &Looker<'_>, name: &str, view: View) -> Result<Option<Called>, PortalError> {
    // The portal wants two characters at least.
    if name.chars().count() < 2 {
        return Ok(None);
    }
    let page = PageQuery { limit: Some(LIMIT), cursor: None };
    let query = CustomerQuery { q: Some(name.to_owned()), view, page, ..CustomerQuery::default() };
    let mut customers = looker.in_time(looker.portal.list_customers(&query)).await?.value.items;
    let errors = |customer: &Customer| company::nearness(name, &customer.name).map(company::Nearness::errors);
    // Who is not called so was not asked for, whatever the portal says.
    let Some(least) = customers.iter().filter_map(errors).min() else { return Ok(None) };
    customers.retain(|customer| errors(customer) == Some(least));
    Ok(Some(Called { view, customers, words: name.split_whitespace().count(), errors: least }))
}

/// Those in the town that `text` names, when it names one of theirs.
fn in_named_town(customers: Vec<Customer>, text: &str) -> Vec<Customer> {
    let named = town_named(&customers, text);
    if named.is_empty() { customers } else { named }
}

fn town_named(customers: &[Customer], text: &str) -> Vec<Customer> {
    let is_named = |customer: &&Customer| is_said(text, &[&customer.city]);
    customers.iter().filter(is_named).cloned().collect()
}

/// Whether `text` holds one of `phrases`, word by word.
fn is_said(text: &str, phrases: &[&str]) -> bool {
    let words = |text: &str| {
        let folded = fold(text);
        let words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        format!(" {} ", words.join(" "))
    };
    let text = words(text);
    phrases.iter().any(|phrase| text.contains(&words(phrase)))
}
