//! Prices, invoices, keys and the partner: what needs a right or another question to the portal.

use guichet_kb::composed::Group;
use jiff::Timestamp;

use super::Collector;
use crate::facts::dossier::{Dossier, Why};
use crate::facts::keys::{KeyState, key_state};
use crate::facts::renewal::{self, Reason};
use crate::facts::rules::Rules;
use crate::model::{
    ActivationKey, Collection, Contract, FactValue, Invoice, InvoiceKind, InvoiceStatus, Money, Partner, Read,
};
use crate::text::dates;

impl Collector {
    pub(super) fn prices(&mut self, dossier: &Dossier) {
        let Some(pricing) = &dossier.contract.value.pricing else {
            return self.missing(Group::Prices, why(dossier.may_see_prices));
        };
        self.add("pricing.reference_price", FactValue::Money(pricing.reference_price));
        self.add("pricing.renewal_index", FactValue::Index(pricing.renewal_index));
        self.add("pricing.partner_discount", FactValue::Percent(pricing.partner_discount));
        if let Some(bonus) = pricing.loyalty_bonus.filter(|bonus| *bonus > Money::ZERO) {
            self.add("pricing.loyalty_bonus", FactValue::Money(bonus));
        }
        let price = renewal::renewal_price(pricing);
        self.choice("renewal_price", if price.is_confirmed { "confirmed" } else { "unconfirmed" });
        if price.is_confirmed {
            self.add("renewal_price.amount", FactValue::Money(price.price));
            self.add("renewal_price.after_discount", FactValue::Money(price.after_discount));
        }
    }

    pub(super) fn previous_invoice(&mut self, dossier: &Dossier, rules: &Rules) {
        if !dossier.may_see_invoices {
            return self.missing(Group::Invoices, Why::NotAllowed);
        }
        let contract = &dossier.contract.value;
        let reasons = renewal::why_not_renewed(contract, None, true, rules).reasons;
        let by_invoice = reasons.iter().any(|reason| matches!(reason, Reason::PreviousInvoiceUnpaid(_)));
        self.add("blocked.by_invoice", FactValue::Flag(by_invoice));
        let Some(it) = contract.previous_invoice.as_ref().filter(|it| it.status != InvoiceStatus::Cancelled) else {
            return self.choice("previous_invoice", "none");
        };
        self.text("previous_invoice.number", &it.number);
        self.date("previous_invoice.issued_on", Some(it.issued_on));
        self.date("previous_invoice.due_on", Some(it.due_on));
        self.add("previous_invoice.total", FactValue::Money(it.total));
        let is_unpaid = renewal::is_unpaid(it);
        self.choice("previous_invoice", if is_unpaid { "unpaid" } else { "paid" });
        if is_unpaid {
            self.add("previous_invoice.balance", FactValue::Money(it.balance));
        }
    }

    pub(super) fn partner(&mut self, contract: &Contract, partner: &Read<Partner>, rules: &Rules) {
        self.read_at = partner.read_at;
        let it = &partner.value;
        self.text("partner.name", &it.name);
        self.text("partner.code", &it.code);
        let site = it.establishments.iter().find(|site| site.id == contract.customer.establishment);
        self.text("customer.site_name", site.map_or(it.name.as_str(), |site| &site.name));
        let (state, since) = match it.collection {
            Collection::None { since } => ("none", since),
            Collection::Reminded { since } => ("reminded", since),
            Collection::UnderWay { since } => ("in_collection", since),
        };
        self.choice("collection", state);
        self.date("collection.since", since);
        let reasons = renewal::why_not_renewed(contract, Some(it), false, rules).reasons;
        let by_collection = reasons.iter().any(|reason| matches!(reason, Reason::InCollection { .. }));
        self.add("blocked.by_collection", FactValue::Flag(by_collection));
    }

    pub(super) fn invoices(
        &mut self,
        contract: &Contract,
        invoices: &Read<Vec<Invoice>>,
        named: Option<&Read<Invoice>>,
    ) {
        self.read_at = invoices.read_at;
        let previous = contract.previous_invoice.as_ref().map(|invoice| &invoice.id);
        let is_next = |it: &&Invoice| {
            let is_live = it.kind == InvoiceKind::Renewal && it.status != InvoiceStatus::Cancelled;
            is_live && Some(&it.id) != previous && it.issued_on > contract.start_on
        };
        match invoices.value.iter().find(is_next) {
            Some(it) => {
                self.choice("next_invoice", if renewal::is_unpaid(it) { "unpaid" } else { "paid" });
                self.text("next_invoice.number", &it.number);
                self.date("next_invoice.issued_on", Some(it.issued_on));
                self.date("next_invoice.due_on", Some(it.due_on));
                self.add("next_invoice.total", FactValue::Money(it.total));
            }
            None => self.choice("next_invoice", "none"),
        }
        let Some(Read { value: it, read_at }) = named else { return self.choice("named_invoice", "none") };
        self.read_at = *read_at;
        self.text("named_invoice.number", &it.number);
        self.date("named_invoice.issued_on", Some(it.issued_on));
        self.add("named_invoice.total", FactValue::Money(it.total));
        let state = match it.status {
            InvoiceStatus::Cancelled => "cancelled",
            InvoiceStatus::Overdue if renewal::is_unpaid(it) => "overdue",
            InvoiceStatus::Due if renewal::is_unpaid(it) => "due",
            InvoiceStatus::Paid | InvoiceStatus::Due | InvoiceStatus::Overdue => "paid",
        };
        self.choice("named_invoice", state);
        if matches!(state, "due" | "overdue") {
            self.date("named_invoice.due_on", Some(it.due_on));
            self.add("named_invoice.balance", FactValue::Money(it.balance));
        }
    }

    /// All keys together: one that is late or on its way counts before those that are there.
    pub(super) fn keys(&mut self, keys: &Read<Vec<ActivationKey>>, rules: &Rules, now: Timestamp) {
        self.read_at = keys.read_at;
        let rank = |state: &KeyState| match state {
            KeyState::Available { .. } => 0,
            KeyState::Expected { .. } => 1,
            KeyState::Late { .. } => 2,
        };
        let states = keys.value.iter().map(|key| (key_state(key, now, rules), key));
        let Some((state, key)) = states.max_by_key(|(state, _)| rank(state)) else {
            return self.choice("keys", "none");
        };
        self.text("keys.version", &key.version);
        let (name, since, before) = match state {
            KeyState::Available { since } => ("available", Some(since), None),
            KeyState::Expected { before } => ("expected", None, Some(before)),
            KeyState::Late { since } => ("late", None, Some(since)),
        };
        self.choice("keys", name);
        self.date("keys.since", since.map(dates::day));
        if let Some(before) = before {
            self.text("keys.ordered", &dates::moment(key.ordered_at));
            self.text("keys.before", &dates::moment(before));
        }
    }
}

/// Why something that came with the contract did not.
fn why(is_allowed: bool) -> Why {
    if is_allowed { Why::Silent } else { Why::NotAllowed }
}
