//! The rules of the house as tables: contract, day, what follows.

use jiff::Timestamp;
use jiff::civil::{Date, date};

use super::keys::{KeyState, key_state};
use super::renewal::{
    Reason, Renewal, index_year, invoice_month, renewal, renewal_day, renewal_price, why_not_renewed,
};
use super::rules::{ReasonKind, RuleId, Rules};
use super::termination::{TerminationAnswer, termination};
use crate::model::{
    ActivationKey, ChangeKind, ChangeRequest, ChangeStatus, Collection, Contract, ContractStatus, InvoiceStatus,
    KeyKind, Money, Partner, Pricing, Range,
};

fn carried() -> Rules {
    let knowledge_base = crate::knowledge::load(None).expect("the binary carries a knowledge base").knowledge_base;
    knowledge_base.rules.expect("with rules")
}

fn day(text: &str) -> Date {
    text.parse().expect("a date")
}

/// Two years of a product, renewed once: as `docs/portal-openapi.yaml` writes it.
fn contract() -> Contract {
    serde_json::from_value(serde_json::json!({
        "id": "K-1", "serial_number": "48210753", "status": "active",
        "product": { "code": "CPT100", "name": "Sage 100 Comptabilité", "family": "L100", "range": "pme", "version": "9" },
        "customer": { "id": "C-1", "code": "00458712", "name": "Garage Martin", "siret": null, "city": "Lyon",
            "partner_id": "P-1", "establishment_id": "E-11", "is_internal": false },
        "partner_id": "P-1", "establishment_id": "E-11", "start_on": "2026-03-03", "end_on": "2027-03-02",
        "tacit_renewal": true, "renewed_on": "2026-03-03", "options": [], "change_request": null,
        "pricing": { "reference_price": { "cents": 129_900, "currency": "EUR" }, "renewal_index": "1.035",
            "renewal_price": { "cents": 134_447, "currency": "EUR" }, "partner_discount": "32.5", "loyalty_bonus": null },
        "previous_renewal_invoice": { "id": "F-1", "number": "FA2602031", "kind": "renewal", "status": "overdue",
            "partner_id": "P-1", "establishment_id": "E-11", "customer_id": "C-1", "contract_id": "K-1",
            "issued_on": "2026-02-15", "due_on": "2026-04-01", "total": { "cents": 129_900, "currency": "EUR" },
            "balance": { "cents": 129_900, "currency": "EUR" } },
        "as_of": "2026-11-24T05:00:00Z",
    }))
    .expect("a contract as the portal writes it")
}

fn asked(kind: ChangeKind, status: ChangeStatus) -> ChangeRequest {
    ChangeRequest { kind, status, requested_on: day("2026-11-10"), effective_on: None }
}

fn partner(collection: Collection) -> Partner {
    Partner {
        id: "P-1".parse().expect("an id"),
        code: "0071236".to_owned(),
        name: "Alizé Informatique".to_owned(),
        collection,
        establishments: Vec::new(),
    }
}

#[test]
fn a_contract_is_terminated_until_sixty_days_before_its_end() {
    // End of term, today, last day, what can be done.
    for (end, today, last, expected) in [
        ("2027-03-02", "2026-11-24", "2027-01-01", TerminationAnswer::Online { days_left: 38 }),
        ("2027-03-02", "2027-01-01", "2027-01-01", TerminationAnswer::Online { days_left: 0 }),
        ("2027-03-02", "2027-01-02", "2027-01-01", TerminationAnswer::TooLate { will_renew: true }),
        // A leap day, and a change of clocks, are one day.
        ("2028-03-31", "2028-01-31", "2028-01-31", TerminationAnswer::Online { days_left: 0 }),
        ("2028-04-30", "2028-02-29", "2028-03-01", TerminationAnswer::Online { days_left: 1 }),
        ("2026-12-31", "2026-11-01", "2026-11-01", TerminationAnswer::Online { days_left: 0 }),
    ] {
        let outcome = termination(&Contract { end_on: day(end), ..contract() }, day(today), &carried());
        assert_eq!((outcome.answer, outcome.last_day), (expected, day(last)), "{end} {today}");
        assert!(outcome.rules.contains(&RuleId::TerminationNotice));
    }
}

#[test]
fn what_has_no_button_is_asked_for_and_what_was_asked_for_is_not_asked_again() {
    let check = |change: fn(&mut Contract), today: &str, expected: TerminationAnswer| {
        let mut contract = contract();
        change(&mut contract);
        assert_eq!(termination(&contract, day(today), &carried()).answer, expected);
    };
    let (early, late, on) = ("2026-12-31", "2027-02-01", day("2026-11-10"));
    check(|it| it.product.range = Range::Mge, early, TerminationAnswer::ByRequest { days_left: 1 });
    check(|it| it.product.range = Range::Mge, late, TerminationAnswer::TooLate { will_renew: true });
    check(|it| it.is_tacit = Some(false), late, TerminationAnswer::TooLate { will_renew: false });
    check(|it| it.is_tacit = None, late, TerminationAnswer::TooLate { will_renew: true });
    check(|it| it.status = ContractStatus::Terminated, early, TerminationAnswer::Over);
    let received = |it: &mut Contract| it.change_request = Some(asked(ChangeKind::Termination, ChangeStatus::Received));
    check(received, late, TerminationAnswer::Asked { on, is_accepted: false });
    let accepted = |it: &mut Contract| it.change_request = Some(asked(ChangeKind::Termination, ChangeStatus::Accepted));
    check(accepted, early, TerminationAnswer::Asked { on, is_accepted: true });
    let refused = |it: &mut Contract| it.change_request = Some(asked(ChangeKind::Termination, ChangeStatus::Refused));
    check(refused, early, TerminationAnswer::Online { days_left: 1 });
    let back = |it: &mut Contract| it.change_request = Some(asked(ChangeKind::Reactivation, ChangeStatus::Accepted));
    check(back, early, TerminationAnswer::Online { days_left: 1 });
}

#[test]
fn the_renewal_price_is_the_reference_price_times_the_index() {
    let check = |reference: i64, index: &str, said: i64, discount: &str, expected: (i64, i64, bool)| {
        let price = renewal_price(&Pricing {
            reference_price: Money::from_cents(reference),
            renewal_index: index.parse().expect("an index"),
            renewal_price: Money::from_cents(said),
            partner_discount: discount.parse().expect("a percentage"),
            loyalty_bonus: Some(Money::from_cents(6_400)),
        });
        let found = (price.price.cents(), price.after_discount.cents(), price.is_confirmed);
        assert_eq!(found, expected, "{reference} × {index}");
        assert_eq!(price.loyalty_bonus, Some(Money::from_cents(6_400)), "shown apart, never in the price");
    };
    check(129_900, "1.035", 134_447, "32.5", (134_447, 90_752, true));
    check(100_000, "1", 100_000, "0", (100_000, 100_000, true));
    check(100_000, "0.985", 98_500, "25", (98_500, 73_875, true));
    check(129_900, "1.035", 134_446, "0", (134_447, 134_447, false));
}

#[test]
fn the_invoice_goes_out_in_the_month_before_the_one_in_which_the_term_begins() {
    // The entry's own examples, then the turn of a year.
    for (renewal, expected) in [
        ("2020-02-01", "2020-01-01"),
        ("2020-02-29", "2020-01-01"),
        ("2020-03-01", "2020-02-01"),
        ("2020-03-31", "2020-02-01"),
        ("2027-01-01", "2026-12-01"),
        ("2027-01-31", "2026-12-01"),
    ] {
        assert_eq!(invoice_month(day(renewal), &carried()), day(expected), "{renewal}");
    }
    assert_eq!(renewal_day(&contract()), day("2027-03-03"));
    assert_eq!(renewal_day(&Contract { end_on: date(2028, 2, 28), ..contract() }), day("2028-02-29"));
}

#[test]
fn the_index_of_the_year_in_which_a_contract_renews_holds() {
    for (renewal, expected) in [("2026-12-31", 2026), ("2027-01-01", 2027), ("2027-06-15", 2027)] {
        assert_eq!(index_year(day(renewal), &carried()), expected);
    }
    let mut rules = carried();
    rules.index_change.month = 4;
    assert_eq!(index_year(day("2027-03-31"), &rules), 2026);
    assert_eq!(index_year(day("2027-04-01"), &rules), 2027);
}

#[test]
fn why_a_contract_is_not_renewed_names_what_holds_and_what_was_not_looked_at() {
    let mut contract = contract();
    let in_collection = partner(Collection::UnderWay { since: Some(day("2026-10-21")) });
    let reminded = partner(Collection::Reminded { since: None });
    contract.change_request = Some(asked(ChangeKind::Reactivation, ChangeStatus::Received));
    let outcome = why_not_renewed(&contract, Some(&in_collection), true, &carried());
    let [Reason::PreviousInvoiceUnpaid(invoice), Reason::InCollection { since }, Reason::ChangeRequested(request)] =
        outcome.reasons.as_slice()
    else {
        panic!("{outcome:?}")
    };
    assert_eq!((invoice.number.as_str(), *since), ("FA2602031", Some(day("2026-10-21"))));
    assert_eq!((request.kind, outcome.unchecked), (ChangeKind::Reactivation, Vec::new()));

    let outcome = why_not_renewed(&contract, None, false, &carried());
    assert_eq!(outcome.reasons.len(), 1);
    assert_eq!(outcome.unchecked, [ReasonKind::PreviousInvoiceUnpaid, ReasonKind::InCollection]);

    contract.change_request = Some(asked(ChangeKind::Termination, ChangeStatus::Refused));
    for (status, balance, reasons) in [
        (InvoiceStatus::Paid, 0, 0),
        (InvoiceStatus::Due, 129_900, 1),
        (InvoiceStatus::Overdue, 1, 1),
        (InvoiceStatus::Overdue, 0, 0),
        (InvoiceStatus::Cancelled, 129_900, 0),
    ] {
        let invoice = contract.previous_invoice.as_mut().expect("it has one");
        (invoice.status, invoice.balance) = (status, Money::from_cents(balance));
        let outcome = why_not_renewed(&contract, Some(&reminded), true, &carried());
        assert_eq!(outcome.reasons.len(), reasons, "{status:?} {balance}");
    }
}

#[test]
fn where_a_renewal_stands_follows_from_the_contract_and_the_day() {
    let check = |change: fn(&mut Contract), today: &str, expected: Renewal| {
        let mut contract = contract();
        change(&mut contract);
        assert_eq!(renewal(&contract, day(today), &carried()), expected, "{today}");
    };
    let ends_on = day("2027-03-02");
    check(|_| (), "2026-03-03", Renewal::Done { on: day("2026-03-03") });
    check(|_| (), "2026-06-03", Renewal::Done { on: day("2026-03-03") });
    check(|_| (), "2026-06-04", Renewal::Automatic { on: day("2027-03-03") });
    check(|_| (), "2027-03-02", Renewal::Automatic { on: day("2027-03-03") });
    check(|_| (), "2027-03-03", Renewal::NotDone { ended_on: ends_on });
    check(|it| it.is_tacit = Some(false), "2026-11-24", Renewal::Manual { ends_on });
    check(|it| it.is_tacit = None, "2026-11-24", Renewal::Automatic { on: day("2027-03-03") });
    let asks = |it: &mut Contract| it.change_request = Some(asked(ChangeKind::Termination, ChangeStatus::Received));
    check(asks, "2026-11-24", Renewal::Ending { ends_on });
    check(|it| it.status = ContractStatus::Expired, "2027-05-01", Renewal::NotDone { ended_on: ends_on });
}

/// What a portal does not say follows from the rule, whatever the rule says.
#[test]
fn a_contract_of_which_nothing_is_said_renews_by_the_rule() {
    let mut rules = carried();
    let silent = Contract { is_tacit: None, ..contract() };
    let late = day("2027-02-01");
    for default in [true, false] {
        rules.tacit_renewal.default = default;
        let renews = matches!(renewal(&silent, late, &rules), Renewal::Automatic { .. });
        let answer = termination(&silent, late, &rules).answer;
        assert_eq!((renews, answer), (default, TerminationAnswer::TooLate { will_renew: default }));
        let said = Contract { is_tacit: Some(!default), ..contract() };
        assert_eq!(
            matches!(renewal(&said, late, &rules), Renewal::Automatic { .. }),
            !default,
            "the portal knows better"
        );
    }
}

#[test]
fn keys_come_within_a_day() {
    let at = |text: &str| text.parse::<Timestamp>().expect("a time");
    let ordered_at = at("2026-11-23T10:00:00Z");
    let key = |available: Option<&str>| ActivationKey {
        id: "A-1".to_owned(),
        contract: "K-1".parse().expect("an id"),
        kind: KeyKind::Annual,
        version: "9".to_owned(),
        ordered_at,
        available_at: available.map(at),
        key: None,
    };
    let before = at("2026-11-24T10:00:00Z");
    for (available, now, expected) in [
        (
            Some("2026-11-23T20:00:00Z"),
            "2026-11-24T08:00:00Z",
            KeyState::Available { since: at("2026-11-23T20:00:00Z") },
        ),
        (None, "2026-11-24T10:00:00Z", KeyState::Expected { before }),
        (None, "2026-11-24T10:00:01Z", KeyState::Late { since: before }),
        (Some("2026-11-24T09:00:00Z"), "2026-11-24T08:00:00Z", KeyState::Expected { before }),
    ] {
        assert_eq!(key_state(&key(available), at(now), &carried()), expected, "{available:?} {now}");
    }
}
