//! Which contract of a customer is meant.

use guichet_kb::composed::Template;
use guichet_kb::fold::fold;
use jiff::Timestamp;

use super::{Found, Looker, Wanted, pages};
use crate::clients::portal::{ContractQuery, PortalError};
use crate::facts::{period, typing};
use crate::model::{Contract, Customer, Read};

/// Words of product names that tell nothing apart.
const COMMON: [&str; 6] = ["sage", "ligne", "gestion", "et", "rh", "100"];
/// How many may be chosen from.
const MOST: usize = 8;
/// Shortest beginning of a word that stands for it: « compta ».
const SHORTEST: usize = 4;

impl Looker<'_> {
    /// The contract of `customer` that the question is about.
    pub(super) async fn contract_of(
        &self,
        customer: &Customer,
        wanted: &Wanted,
        template: &Template,
    ) -> Result<Result<Read<Contract>, Found>, PortalError> {
        let Read { value: contracts, read_at } = self.contracts(customer).await?;
        let at_that_time = |value| Read { value, read_at };
        let Some(first) = contracts.first() else { return Ok(Err(Found::NoContract(customer.clone()))) };
        if !template.needs_contract() {
            return Ok(Ok(at_that_time(first.clone())));
        }
        let in_period = period::find(&wanted.text, self.today);
        let contracts = only(contracts, |it| in_period.is_some_and(|at| at.from <= it.end_on && it.end_on <= at.until));
        let words: Vec<String> = fold(&wanted.text).split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect();
        let mut contracts = only(contracts, |contract| is_named(contract, &words));
        if let Some(place) = contracts.iter().position(|contract| wanted.kept.as_ref() == Some(&contract.id)) {
            return Ok(Ok(at_that_time(contracts.swap_remove(place))));
        }
        Ok(if contracts.len() == 1 {
            Ok(at_that_time(contracts.remove(0)))
        } else {
            Err(Found::Contracts(latest(contracts)))
        })
    }

    /// The contracts of `customer`: those of the own establishments, or else of the company.
    pub(crate) async fn contracts(&self, customer: &Customer) -> Result<Read<Vec<Contract>>, PortalError> {
        let mut contracts = Read { value: Vec::new(), read_at: Timestamp::now() };
        for view in self.views_of(&customer.establishment) {
            let query =
                ContractQuery { customer_id: Some(customer.id.clone()), view: *view, ..ContractQuery::default() };
            let page = |page| {
                let query = ContractQuery { page, ..query.clone() };
                async move { self.portal.list_contracts(&query).await }
            };
            contracts = self.in_time(pages::all(page)).await?;
            if !contracts.value.is_empty() {
                break;
            }
        }
        Ok(contracts)
    }
}

/// Of too many to choose from, those that end last, in the order in which they came.
fn latest(mut contracts: Vec<Contract>) -> Vec<Contract> {
    let mut ends: Vec<_> = contracts.iter().map(|contract| contract.end_on).collect();
    ends.sort_unstable();
    if let Some(from) = ends.len().checked_sub(MOST).and_then(|first| ends.get(first).copied()) {
        contracts.retain(|contract| contract.end_on >= from);
        contracts.truncate(MOST);
    }
    contracts
}

/// Those that `is_meant` holds for, when it holds for some.
fn only(contracts: Vec<Contract>, is_meant: impl Fn(&Contract) -> bool) -> Vec<Contract> {
    let meant: Vec<Contract> = contracts.iter().filter(|contract| is_meant(contract)).cloned().collect();
    if meant.is_empty() { contracts } else { meant }
}

/// Whether one of `words` tells the product of `contract` from others.
fn is_named(contract: &Contract, words: &[String]) -> bool {
    let product = fold(&contract.product.name);
    let telling = product.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 1 && !COMMON.contains(word));
    telling.into_iter().any(|known| {
        words.iter().any(|word| {
            let begins = word.len() >= SHORTEST && known.starts_with(word.as_str());
            word == known || begins || (known.len() > SHORTEST && typing::is_within(word, known, 1))
        })
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::portal_demo::World;

    #[test]
    fn of_many_contracts_those_that_end_last_may_be_chosen() {
        let contracts = World::new(date(2026, 11, 24)).all_contracts().to_vec();
        assert_eq!(latest(contracts[..MOST].to_vec()), contracts[..MOST]);
        let shown = latest(contracts.clone());
        let earliest = shown.iter().map(|contract| contract.end_on).min().expect("some are shown");
        assert_eq!(shown.len(), MOST);
        assert!(contracts.iter().filter(|it| it.end_on > earliest).count() < MOST, "a later one is left out");
    }
}
