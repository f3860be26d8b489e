//! The fields of the portal as facts: each with its name, by which a template asks for it, and its time of reading.

use crate::model::{Collection, Contract, Fact, FactValue, Invoice, Partner, Read};

/// What `contract` says. A field that is not there is no fact.
pub(crate) fn of_contract(contract: &Read<Contract>) -> Vec<Fact> {
    let it = &contract.value;
    let mut facts = Fields { read_at: contract.read_at, facts: Vec::new() };
    facts.add("contract.serial_number", Some(text(&it.serial_number)));
    facts.add("contract.product", Some(text(&it.product.name)));
    facts.add("contract.version", Some(text(&it.product.version)));
    facts.add("contract.start_on", Some(FactValue::Date(it.start_on)));
    facts.add("contract.end_on", Some(FactValue::Date(it.end_on)));
    facts.add("contract.tacit_renewal", Some(FactValue::Flag(it.is_tacit)));
    facts.add("contract.renewed_on", it.renewed_on.map(FactValue::Date));
    facts.add("customer.name", Some(text(&it.customer.name)));
    facts.add("customer.code", Some(text(&it.customer.code)));
    facts.add("customer.city", Some(text(&it.customer.city)));
    let request = it.change_request.as_ref();
    facts.add("change_request.requested_on", request.map(|request| FactValue::Date(request.requested_on)));
    facts.add("change_request.effective_on", request.and_then(|it| it.effective_on).map(FactValue::Date));
    let pricing = it.pricing.as_ref();
    facts.add("pricing.reference_price", pricing.map(|it| FactValue::Money(it.reference_price)));
    facts.add("pricing.renewal_index", pricing.map(|it| FactValue::Index(it.renewal_index)));
    facts.add("pricing.renewal_price", pricing.map(|it| FactValue::Money(it.renewal_price)));
    facts.add("pricing.partner_discount", pricing.map(|it| FactValue::Percent(it.partner_discount)));
    facts.add("pricing.loyalty_bonus", pricing.and_then(|it| it.loyalty_bonus).map(FactValue::Money));
    let users: u32 = it.options.iter().map(|option| option.quantity).sum();
    facts.add("contract.options", Some(FactValue::Count(users)));
    if let Some(invoice) = &it.previous_invoice {
        facts.add_invoice(
            [
                "previous_invoice.number",
                "previous_invoice.issued_on",
                "previous_invoice.due_on",
                "previous_invoice.total",
                "previous_invoice.balance",
            ],
            invoice,
        );
    }
    facts.facts
}

/// What `invoice` says.
pub(crate) fn of_invoice(invoice: &Read<Invoice>) -> Vec<Fact> {
    let mut facts = Fields { read_at: invoice.read_at, facts: Vec::new() };
    let names = ["invoice.number", "invoice.issued_on", "invoice.due_on", "invoice.total", "invoice.balance"];
    facts.add_invoice(names, &invoice.value);
    facts.facts
}

/// What `partner` says.
pub(crate) fn of_partner(partner: &Read<Partner>) -> Vec<Fact> {
    let mut facts = Fields { read_at: partner.read_at, facts: Vec::new() };
    facts.add("partner.name", Some(text(&partner.value.name)));
    facts.add("partner.code", Some(text(&partner.value.code)));
    let (is_collected, since) = match partner.value.collection {
        Collection::None { since } | Collection::Reminded { since } => (false, since),
        Collection::UnderWay { since } => (true, since),
    };
    facts.add("partner.in_collection", Some(FactValue::Flag(is_collected)));
    facts.add("partner.collection_since", since.map(FactValue::Date));
    facts.facts
}

struct Fields {
    read_at: jiff::Timestamp,
    facts: Vec<Fact>,
}

impl Fields {
    fn add(&mut self, field: &'static str, value: Option<FactValue>) {
        let read_at = self.read_at;
        self.facts.extend(value.map(|value| Fact { field, value, read_at }));
    }

    fn add_invoice(&mut self, [number, issued_on, due_on, total, balance]: [&'static str; 5], invoice: &Invoice) {
        self.add(number, Some(text(&invoice.number)));
        self.add(issued_on, Some(FactValue::Date(invoice.issued_on)));
        self.add(due_on, Some(FactValue::Date(invoice.due_on)));
        self.add(total, Some(FactValue::Money(invoice.total)));
        self.add(balance, Some(FactValue::Money(invoice.balance)));
    }
}

fn text(value: &str) -> FactValue {
    FactValue::Text(value.to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::civil::date;

    use super::*;
    use crate::clients::portal::{ContractQuery, InvoiceQuery, PageQuery, View};
    use crate::portal_demo::World;
    use crate::text;

    #[test]
    fn every_field_of_the_demo_world_is_a_fact_with_its_name_and_time() {
        let world = World::new(date(2026, 11, 24));
        let seen = world.seen_by(&"U-11".parse().expect("an id")).expect("a user");
        let page = PageQuery { limit: Some(200), cursor: None };
        let query = ContractQuery { view: View::Parent, page, ..ContractQuery::default() };
        let mut names = BTreeSet::new();
        for contract in seen.contracts(&query).expect("contracts").items {
            let facts = of_contract(&Read { value: contract, read_at: world.now() });
            let own: BTreeSet<&str> = facts.iter().map(|fact| fact.field).collect();
            assert_eq!(own.len(), facts.len(), "no field twice");
            assert!(facts.iter().all(|fact| fact.read_at == world.now()));
            names.extend(own);
        }
        assert_eq!(names.len(), 23, "{names:?}");
        let partner = seen.partner(&"P-1".parse().expect("an id")).expect("his own").clone();
        assert_eq!(of_partner(&Read { value: partner, read_at: world.now() }).len(), 3);
        let invoice = seen.invoices(&InvoiceQuery::default()).expect("invoices").items.remove(0);
        assert_eq!(of_invoice(&Read { value: invoice, read_at: world.now() }).len(), 5);
    }

    #[test]
    fn facts_are_said_in_french() {
        for (value, expected) in [
            (FactValue::Date(date(2027, 3, 3)), "3\u{a0}mars\u{a0}2027"),
            (FactValue::Money(crate::model::Money::from_cents(123_456)), "1\u{202f}234,56\u{a0}€"),
            (FactValue::Index("1.035".parse().expect("an index")), "1,035"),
            (FactValue::Percent("32.5".parse().expect("a percentage")), "32,5\u{a0}%"),
            (FactValue::Flag(true), "oui"),
            (FactValue::Count(3), "3"),
            (FactValue::Text("Garage Martin".to_owned()), "Garage Martin"),
        ] {
            assert_eq!(text::fact::said(&value), expected);
        }
    }
}
