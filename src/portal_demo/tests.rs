//! The demo world: what is in it, and who sees what.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::{Denied, World};
use crate::clients::portal::{ContractQuery, CustomerQuery, InvoiceQuery, PageQuery, View};
use crate::model::{ChangeKind, ContractStatus, InvoiceStatus, Range, Right, UserId};

/// Nothing here adds to it.
fn world() -> &'static World {
    static WORLD: LazyLock<World> = LazyLock::new(|| World::new(date(2026, 11, 24)));
    &WORLD
}

fn user(id: &str) -> UserId {
    id.parse().expect("an id")
}

fn everything() -> PageQuery {
    PageQuery { limit: Some(u8::MAX), cursor: None }
}

#[test]
fn the_world_holds_every_case_on_every_day_of_a_year() {
    for month in 1..=12 {
        for day in [1, 15, 28] {
            check_cases(&World::new(date(2028, month, day)), date(2028, month, day));
        }
    }
}

fn check_cases(world: &World, today: Date) {
    assert_eq!((world.partners.len(), world.customers.len()), (3, 200));
    let establishments: usize = world.partners.iter().map(|partner| partner.establishments.len()).sum();
    assert_eq!(establishments, 4);
    let statuses: BTreeSet<String> = world.contracts.iter().map(|it| format!("{:?}", it.status)).collect();
    assert_eq!(statuses.len(), 6);
    let some = |what: &str, is: &dyn Fn(&crate::model::Contract) -> bool| {
        assert!(world.contracts.iter().any(is), "{what} on {today}");
    };
    let left = |contract: &crate::model::Contract| today.until(contract.end_on).map_or(0, |span| span.get_days());
    some("MGE", &|it| it.product.range == Range::Mge && it.status == ContractStatus::Active);
    some("inside the sixty days", &|it| left(it) == 74);
    some("the last day", &|it| left(it) == 60);
    some("past the sixty days", &|it| left(it) == 45);
    some("a reactivation", &|it| it.change_request.as_ref().is_some_and(|it| it.kind == ChangeKind::Reactivation));
    some("not tacit", &|it| it.is_tacit == Some(false));
    some("no loyalty bonus", &|it| it.pricing.as_ref().is_some_and(|it| it.loyalty_bonus.is_none()));
    some("unpaid N-1", &|it| it.previous_invoice.as_ref().is_some_and(|it| it.status == InvoiceStatus::Overdue));
    let serials: BTreeSet<&str> = world.contracts.iter().map(|contract| contract.serial_number.as_str()).collect();
    let numbers: BTreeSet<&str> = world.invoices.iter().map(|invoice| invoice.number.as_str()).collect();
    assert_eq!((serials.len(), numbers.len()), (world.contracts.len(), world.invoices.len()));
    for invoice in &world.invoices {
        assert_eq!(invoice.balance.cents() == 0, invoice.status == InvoiceStatus::Paid);
        let is_late = invoice.due_on < today;
        assert!(invoice.status != InvoiceStatus::Overdue || is_late, "{} is not late on {today}", invoice.number);
        assert!(invoice.issued_on <= today, "{} is of the future on {today}", invoice.number);
    }
    for contract in &world.contracts {
        assert!(contract.start_on <= contract.end_on);
        assert_eq!(contract.status == ContractStatus::Draft, contract.start_on > today, "{}", contract.id.as_str());
    }
}

#[test]
fn people_find_customers_as_they_type_them() {
    let world = world();
    let find = |q: &str| {
        let seen = world.seen_by(&user("U-11")).expect("a user");
        let query = CustomerQuery { q: Some(q.to_owned()), view: View::Parent, ..CustomerQuery::default() };
        let page = seen.customers(&query).expect("customers");
        page.items.into_iter().map(|customer| (customer.name, customer.city)).collect::<Vec<_>>()
    };
    let pair = |name: &str, city: &str| (name.to_owned(), city.to_owned());
    assert_eq!(find("garage martin"), [pair("Garage Martin", "Lyon"), pair("Garage Martin & Fils", "Nantes")]);
    assert_eq!(find("beton du midy"), [pair("Béton du Midi", "Lyon")]);
    assert_eq!(find("HOTEL BEAURIVAJE")[0], pair("Hôtel Beaurivage", "Lyon"));
    assert_eq!(find("inconnu au bataillon"), []);
    let dumas = world.customers.iter().find(|customer| customer.name == "SCI Dumas").expect("it is known");
    assert_eq!(find(&dumas.code), [pair("SCI Dumas", "Lyon")]);
    assert_eq!(find(&dumas.siret.as_ref().expect("it has one")[..9]), [pair("SCI Dumas", "Lyon")]);
}

#[test]
fn the_own_establishment_comes_by_default_and_the_rest_only_with_the_right() {
    let world = world();
    let count = |id: &str, view| {
        let seen = world.seen_by(&user(id)).expect("a user");
        let query = CustomerQuery { view, page: everything(), ..CustomerQuery::default() };
        seen.customers(&query).map(|page| page.items.len())
    };
    let (own, all) = (count("U-11", View::Establishment), count("U-11", View::Parent));
    assert_eq!((own.map(|own| (1..100).contains(&own)), all), (Ok(true), Ok(100)));
    assert_eq!(count("U-12", View::Parent), Err(Denied::Forbidden));
    assert_eq!(count("U-12", View::Establishment), own);
    assert_eq!(count("U-32", View::Establishment), Err(Denied::Forbidden));
}

#[test]
fn a_user_without_the_rights_sees_neither_prices_nor_invoices_nor_keys() {
    let world = world();
    let seen = world.seen_by(&user("U-13")).expect("a user");
    let query = ContractQuery { page: everything(), ..ContractQuery::default() };
    let contracts = seen.contracts(&query).expect("contracts").items;
    assert!(!contracts.is_empty());
    assert!(contracts.iter().all(|it| it.pricing.is_none() && it.previous_invoice.is_none()));
    assert_eq!(seen.invoices(&InvoiceQuery::default()), Err(Denied::Forbidden));
    assert_eq!(seen.keys(&contracts[0].id).map(<[_]>::len), Err(Denied::Forbidden));
    assert_eq!(seen.indices(2026), Err(Denied::Forbidden));
}

#[test]
fn pages_follow_each_other_without_a_gap_and_a_cursor_belongs_to_its_list() {
    let world = world();
    let seen = world.seen_by(&user("U-21")).expect("a user");
    let mut query = ContractQuery { page: PageQuery { limit: Some(7), cursor: None }, ..ContractQuery::default() };
    let mut ids = Vec::new();
    loop {
        let page = seen.contracts(&query).expect("contracts");
        ids.extend(page.items.iter().map(|contract| contract.id.clone()));
        match page.next_cursor {
            Some(cursor) => query.page.cursor = Some(cursor),
            None => break,
        }
    }
    let whole = seen.contracts(&ContractQuery { page: everything(), ..ContractQuery::default() }).expect("contracts");
    assert_eq!(ids, whole.items.into_iter().map(|contract| contract.id).collect::<Vec<_>>());
    let other = ContractQuery { status: Some(ContractStatus::Active), ..query.clone() };
    assert_eq!(seen.contracts(&other), Err(Denied::Cursor));
    query.page.cursor = Some("x".to_owned());
    assert_eq!(seen.contracts(&query), Err(Denied::Cursor));
}

proptest! {
    /// In whatever world, whoever asks whatever in whatever way: what comes back is his own partner's, and what is not his
    /// is answered like what does not exist.
    #[test]
    fn a_partner_never_sees_another_partners_data(
        seed in any::<u64>(),
        who in 0..100_usize,
        contract in 0..1_000_usize,
        customer in 0..1_000_usize,
        parent in any::<bool>(),
        by_serial in any::<bool>(),
        typed in "[a-zéA-Z]{0,3} ?(garage|menuiserie|hotel|vernay|[0-9]{4,8})",
    ) {
        let world = World::generated(date(2026, 11, 24), seed);
        let me = &world.users[who % world.users.len()].visitor;
        let seen = world.seen_by(&me.user).expect("a user");
        let view = if parent { View::Parent } else { View::Establishment };
        let contract = &world.contracts[contract % world.contracts.len()];
        let customer = &world.customers[customer % world.customers.len()];
        let is_mine = me.may(Right::Contracts) && me.may_see(&contract.partner, &contract.establishment);

        let unknown = seen.contract(&"K-0".parse().expect("an id"));
        let found = seen.contract(&contract.id);
        prop_assert_eq!(found.is_ok(), is_mine);
        if !is_mine {
            prop_assert_eq!(found, unknown);
            prop_assert!(seen.keys(&contract.id).is_err());
        }
        let query = ContractQuery {
            serial_number: by_serial.then(|| contract.serial_number.clone()),
            customer_id: (!by_serial).then(|| customer.id.clone()),
            view,
            page: everything(),
            ..ContractQuery::default()
        };
        for found in seen.contracts(&query).map(|page| page.items).unwrap_or_default() {
            prop_assert!(me.may_see(&found.partner, &found.establishment) && found.customer.partner == me.partner);
            prop_assert!(found.previous_invoice.is_none_or(|invoice| invoice.partner == me.partner));
        }
        let query = CustomerQuery { q: Some(typed), view, page: everything(), ..CustomerQuery::default() };
        for found in seen.customers(&query).map(|page| page.items).unwrap_or_default() {
            prop_assert!(me.may_see(&found.partner, &found.establishment));
        }
        let query = InvoiceQuery { customer_id: Some(customer.id.clone()), view, ..InvoiceQuery::default() };
        for found in seen.invoices(&query).map(|page| page.items).unwrap_or_default() {
            prop_assert!(me.may_see(&found.partner, &found.establishment));
        }
        prop_assert_eq!(seen.partner(&contract.partner).is_ok(), contract.partner == me.partner);
    }
}
