//! What is known of one contract, under the names that composed answers use (`guichet_kb::composed::catalogue`). Pure: what
//! was read, the rules and the moment are arguments.

mod beside;

use std::collections::BTreeMap;

use guichet_kb::composed::{Group, Known, Said, When};
use jiff::Timestamp;
use jiff::civil::Date;

use super::dossier::{Dossier, Part, Why};
use super::renewal::{self, Reason, Renewal};
use super::rules::Rules;
use super::termination::{TerminationAnswer, termination};
use crate::model::{ChangeKind, ChangeStatus, Contract, ContractStatus, Fact, FactValue, Range};

/// What each name says.
#[derive(Debug, Default)]
pub(crate) struct Values {
    facts: BTreeMap<&'static str, Fact>,
    missing: BTreeMap<Group, Why>,
}

impl Values {
    /// What a template is told when it tests `known`.
    pub(crate) fn test(&self, known: &'static Known) -> Said {
        if self.missing.contains_key(&known.group) {
            return Said::Unknown;
        }
        let value = self.facts.get(known.name).map(|fact| &fact.value);
        match value {
            Some(FactValue::Choice(value)) => Said::Is(value),
            Some(FactValue::Flag(is_so)) => Said::Is(if *is_so { "yes" } else { "no" }),
            Some(_) => Said::Is("present"),
            None if known.when == When::Sometimes => Said::Is("absent"),
            None => Said::Unknown,
        }
    }

    /// The fact with this name.
    pub(crate) fn fact(&self, name: &str) -> Option<&Fact> {
        self.facts.get(name)
    }

    /// Why a group is not known.
    pub(crate) fn why(&self, group: Group) -> Why {
        self.missing.get(&group).copied().unwrap_or(Why::Silent)
    }
}

/// What everything in `dossier` says at `now`, on `today`.
pub(crate) fn values(dossier: &Dossier, rules: &Rules, now: Timestamp, today: Date) -> Values {
    let contract = &dossier.contract.value;
    let mut to = Collector { values: Values::default(), read_at: dossier.contract.read_at };
    to.contract(dossier, rules);
    to.termination(contract, rules, today);
    to.renewal(contract, rules, today);
    to.prices(dossier);
    to.previous_invoice(dossier, rules);
    match &dossier.partner {
        Part::Read(partner) => to.partner(contract, partner, rules),
        Part::NotNeeded => to.missing(Group::Partner, Why::Silent),
        Part::Missing(why) => to.missing(Group::Partner, *why),
    }
    match &dossier.invoices {
        Part::Read(invoices) => to.invoices(contract, invoices, dossier.named_invoice.as_ref()),
        Part::NotNeeded => to.missing(Group::LaterInvoices, Why::Silent),
        Part::Missing(why) => to.missing(Group::LaterInvoices, *why),
    }
    match &dossier.keys {
        Part::Read(keys) => to.keys(keys, rules, now),
        Part::NotNeeded => to.missing(Group::Keys, Why::Silent),
        Part::Missing(why) => to.missing(Group::Keys, *why),
    }
    to.values
}

struct Collector {
    values: Values,
    read_at: Timestamp,
}

impl Collector {
    fn add(&mut self, field: &'static str, value: FactValue) {
        self.values.facts.insert(field, Fact { field, value, read_at: self.read_at });
    }

    fn missing(&mut self, group: Group, why: Why) {
        self.values.missing.insert(group, why);
    }

    fn text(&mut self, field: &'static str, value: &str) {
        self.add(field, FactValue::Text(value.to_owned()));
    }

    fn date(&mut self, field: &'static str, value: Option<Date>) {
        if let Some(date) = value {
            self.add(field, FactValue::Date(date));
        }
    }

    fn choice(&mut self, field: &'static str, value: &'static str) {
        self.add(field, FactValue::Choice(value));
    }

    fn contract(&mut self, dossier: &Dossier, rules: &Rules) {
        let it = &dossier.contract.value;
        self.text("customer.name", &it.customer.name);
        self.text("customer.code", &it.customer.code);
        self.text("customer.city", &it.customer.city);
        self.add("customer.is_internal", FactValue::Flag(it.customer.is_internal));
        self.choice("customer.site", if dossier.is_own_site { "own" } else { "other" });
        self.text("contract.serial_number", &it.serial_number);
        self.text("contract.product", &it.product.name);
        self.text("contract.version", &it.product.version);
        self.choice("contract.range", if it.product.range == Range::Mge { "mge" } else { "pme" });
        self.choice("contract.status", status(it.status));
        self.date("contract.start_on", Some(it.start_on));
        self.date("contract.end_on", Some(it.end_on));
        self.add("contract.tacit_renewal", FactValue::Flag(renewal::is_tacit(it, rules)));
        let users: u32 = it.options.iter().map(|option| option.quantity).sum();
        if users > 0 {
            self.add("contract.options", FactValue::Count(users));
        }
        let asked = it.change_request.as_ref();
        let change = asked.map_or("none", |request| match (request.kind, request.status) {
            (_, ChangeStatus::Refused) => "none",
            (ChangeKind::Termination, ChangeStatus::Received) => "termination_received",
            (ChangeKind::Termination, ChangeStatus::Accepted) => "termination_accepted",
            (ChangeKind::Reactivation, ChangeStatus::Received) => "reactivation_received",
            (ChangeKind::Reactivation, ChangeStatus::Accepted) => "reactivation_accepted",
        });
        self.choice("change_request", change);
        if change != "none" {
            self.date("change_request.requested_on", asked.map(|request| request.requested_on));
            self.date("change_request.effective_on", asked.and_then(|request| request.effective_on));
        }
    }

    fn termination(&mut self, contract: &Contract, rules: &Rules, today: Date) {
        let outcome = termination(contract, today, rules);
        self.date("termination.last_day", Some(outcome.last_day));
        let (answer, days_left) = match outcome.answer {
            TerminationAnswer::Online { days_left } => ("online", Some(days_left)),
            TerminationAnswer::ByRequest { days_left } => ("by_request", Some(days_left)),
            TerminationAnswer::TooLate { .. } => ("too_late", None),
            TerminationAnswer::Asked { is_accepted: false, .. } => ("asked", None),
            TerminationAnswer::Asked { is_accepted: true, .. } => ("accepted", None),
            TerminationAnswer::Over => ("over", None),
        };
        self.choice("termination", answer);
        if let Some(days) = days_left.and_then(|days| u32::try_from(days).ok()) {
            self.add("termination.days_left", FactValue::Count(days));
        }
    }

    fn renewal(&mut self, contract: &Contract, rules: &Rules, today: Date) {
        let (answer, done_on) = match renewal::renewal(contract, today, rules) {
            Renewal::Done { on } => ("done", Some(on)),
            Renewal::Automatic { .. } => ("automatic", None),
            Renewal::Manual { .. } => ("manual", None),
            Renewal::Ending { .. } => ("ending", None),
            Renewal::NotDone { .. } => ("not_done", None),
        };
        self.choice("renewal", answer);
        self.date("renewal.done_on", done_on);
        let day = renewal::renewal_day(contract);
        self.date("renewal.day", Some(day));
        let month = renewal::invoice_month(day, rules);
        self.add("renewal.invoice_month", FactValue::Month(month));
        self.choice(
            "renewal.invoicing",
            match month.cmp(&today.first_of_month()) {
                std::cmp::Ordering::Greater => "ahead",
                std::cmp::Ordering::Equal => "this_month",
                std::cmp::Ordering::Less => "past",
            },
        );
        self.text("renewal.index_year", &renewal::index_year(day, rules).to_string());
        let why = renewal::why_not_renewed(contract, None, false, rules);
        let by_change = why.reasons.iter().any(|reason| matches!(reason, Reason::ChangeRequested(_)));
        self.add("blocked.by_change", FactValue::Flag(by_change));
    }
}

fn status(status: ContractStatus) -> &'static str {
    match status {
        ContractStatus::Draft => "draft",
        ContractStatus::Active => "active",
        ContractStatus::RenewalPending => "renewal_pending",
        ContractStatus::Suspended => "suspended",
        ContractStatus::Terminated => "terminated",
        ContractStatus::Expired => "expired",
    }
}
