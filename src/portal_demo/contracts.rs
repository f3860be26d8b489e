//! One contract of the world with its invoices and keys, made from its state.

use jiff::civil::Date;
use jiff::{Span, Timestamp, ToSpan};

use super::numbers;
use super::state::State;
use crate::clients::portal::FamilyIndex;
use crate::model::{
    ActivationKey, ChangeRequest, Contract, ContractOption, Customer, Invoice, InvoiceKind, InvoiceStatus, KeyKind,
    Money, Pricing, Product, Range, Secret,
};

/// What the demo sells: code, name, family, range, version, yearly price in cents.
pub(super) const PRODUCTS: [(&str, &str, &str, Range, &str, i64); 6] = [
    ("CPT100", "Sage 100 Comptabilité", "L100", Range::Pme, "9.02", 129_900),
    ("GES100", "Sage 100 Gestion Commerciale", "L100", Range::Pme, "9.02", 164_500),
    ("C100ON", "Sage 100C Online", "ONLINE", Range::Pme, "10.1", 218_400),
    ("PAIE01", "Sage Paie & RH", "PAIE", Range::Pme, "24.3", 98_750),
    ("L1000F", "Ligne 1000 Finance", "MGE", Range::Mge, "8.4", 1_245_000),
    ("XRTTRE", "XRT Trésorerie", "MGE", Range::Mge, "2026.1", 2_390_050),
];

/// What a contract is made of.
pub(super) struct Plan {
    /// Its place among all contracts: its numbers follow from it.
    pub(super) number: u64,
    pub(super) customer: Customer,
    /// Its place among [`PRODUCTS`].
    pub(super) product: usize,
    pub(super) state: State,
    /// Renewed at least twice: the customer has a loyalty bonus.
    pub(super) is_loyal: bool,
}

/// A contract and what belongs to it.
pub(super) struct Made {
    pub(super) contract: Contract,
    /// Newest first.
    pub(super) invoices: Vec<Invoice>,
    pub(super) keys: Vec<ActivationKey>,
}

impl Plan {
    /// The contract as it is on `today`, which is `now`.
    pub(super) fn make(self, today: Date, now: Timestamp, indices: &[FamilyIndex]) -> Made {
        let Self { number, customer, product, state, is_loyal } = self;
        let (code, name, family, range, version, cents) = PRODUCTS[product];
        let end_on = days(today, state.ends_in());
        let start_on = first_day_of_term(end_on);
        // Prices differ a little from one contract to the next.
        let reference_price = Money::from_cents(cents + i64::try_from(number % 90).unwrap_or_default() * 1_050);
        let renewal_index = index_at(indices, family, after(end_on));
        let pricing = Pricing {
            reference_price,
            renewal_index,
            renewal_price: reference_price.times(renewal_index),
            partner_discount: ["25", "30", "32.5"][number as usize % 3].parse().expect("a percentage"),
            loyalty_bonus: is_loyal.then(|| Money::from_cents(cents / 20 / 100 * 100)),
        };
        let options = (number % 4 == 1).then(|| ContractOption {
            code: "UTIL".to_owned(),
            name: "Utilisateur supplémentaire".to_owned(),
            quantity: 1 + u32::try_from(number % 5).unwrap_or_default(),
        });
        let change_request = state.change().map(|(kind, status, days_ago)| ChangeRequest {
            kind,
            status,
            requested_on: days(today, -days_ago),
            effective_on: (status == crate::model::ChangeStatus::Accepted).then_some(end_on),
        });
        let mut contract = Contract {
            id: format!("K-{}", 10_001 + number).parse().expect("an id"),
            serial_number: numbers::serial(number),
            status: state.status(),
            product: Product {
                code: code.to_owned(),
                name: name.to_owned(),
                family: family.to_owned(),
                range,
                version: version.to_owned(),
            },
            partner: customer.partner.clone(),
            establishment: customer.establishment.clone(),
            customer,
            start_on,
            end_on,
            is_tacit: Some(state != State::NotTacit),
            renewed_on: (state != State::Draft).then_some(start_on),
            options: options.into_iter().collect(),
            change_request,
            pricing: Some(pricing),
            previous_invoice: None,
            as_of: now,
        };
        let mut invoices = Vec::new();
        if state.is_invoiced_ahead() {
            let amount = reference_price.times(renewal_index);
            invoices.push(invoice(&contract, 2 * number, after(end_on), amount, InvoiceStatus::Due));
        }
        if let Some(status) = state.previous_invoice() {
            let previous = invoice(&contract, 2 * number + 1, start_on, reference_price, status);
            contract.previous_invoice = Some(previous.clone());
            invoices.push(previous);
        }
        let keys = keys(number, state, &contract, now);
        Made { contract, invoices, keys }
    }
}

/// The invoice of the term that begins on `start_on`: it goes out in the middle of the month before.
fn invoice(contract: &Contract, number: u64, start_on: Date, total: Money, status: InvoiceStatus) -> Invoice {
    let issued_on = start_on.first_of_month().saturating_sub(1.month()).saturating_add(14.days());
    Invoice {
        id: format!("F-{}", 50_001 + number).parse().expect("an id"),
        number: numbers::invoice(number, issued_on.year()),
        kind: InvoiceKind::Renewal,
        status,
        partner: contract.partner.clone(),
        establishment: contract.establishment.clone(),
        customer: contract.customer.id.clone(),
        contract: Some(contract.id.clone()),
        issued_on,
        due_on: issued_on.saturating_add(45.days()),
        total,
        balance: if status == InvoiceStatus::Paid { Money::ZERO } else { total },
    }
}

/// A draft's keys are on their way; the others have theirs since their term began.
fn keys(number: u64, state: State, contract: &Contract, now: Timestamp) -> Vec<ActivationKey> {
    let is_new = state == State::Draft;
    let begun = contract.start_on.to_zoned_datetime(crate::opening::paris()).map_or(now, |day| day.timestamp());
    let ordered_at = if is_new { now.saturating_sub(3.hours()) } else { begun.saturating_sub(48.hours()) };
    let ordered_at = ordered_at.unwrap_or(now);
    let available_at = ordered_at.saturating_add(20.hours()).ok().filter(|_| !is_new);
    let make = |kind, salt: u64, mark: &str| ActivationKey {
        id: format!("{mark}-{}", 10_001 + number),
        contract: contract.id.clone(),
        kind,
        version: contract.product.version.clone(),
        ordered_at,
        available_at,
        key: available_at.map(|_| Secret::new(numbers::key(number, salt))),
    };
    vec![make(KeyKind::Authenticity, 1, "A"), make(KeyKind::Annual, 2, "C")]
}

/// `count` days from `day`.
pub(super) fn days(day: Date, count: i32) -> Date {
    day.saturating_add(Span::new().days(i64::from(count)))
}

fn after(day: Date) -> Date {
    days(day, 1)
}

/// A term is a year.
fn first_day_of_term(end_on: Date) -> Date {
    after(end_on).saturating_sub(1.year())
}

fn index_at(indices: &[FamilyIndex], family: &str, renewal: Date) -> crate::model::RenewalIndex {
    let of_year = indices.iter().find(|index| index.family == family && index.year == renewal.year());
    of_year.map(|index| index.value).expect("the world has the indices of all years that its contracts renew in")
}
