//! Every name that a composed answer may use: fields of the portal and what the rules make of them. The service gives each
//! its value; a test there holds the two together.

use Group::{Contract, Invoices, Keys, LaterInvoices, Partner, Prices};
use Kind::{Choice, Count, Date, Flag, Index, Money, Month, Percent, Text};
use When::{Always, Only, Sometimes};

use crate::rules::RuleId;

/// A name that a template may use.
#[derive(Debug, PartialEq, Eq)]
pub struct Known {
    /// As it is written in a template and in `facts`.
    pub name: &'static str,
    /// What people call it, in French.
    pub label: &'static str,
    /// What it says.
    pub kind: Kind,
    /// What it is read with: all of a group is known, or none.
    pub group: Group,
    /// When it says something.
    pub when: When,
    /// The rules that it follows from.
    pub rules: &'static [RuleId],
}

/// What a name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A name, a number, a code.
    Text,
    /// A day.
    Date,
    /// A month of a year.
    Month,
    /// An amount.
    Money,
    /// A share.
    Percent,
    /// A multiplier.
    Index,
    /// How many.
    Count,
    /// `yes` or `no`.
    Flag,
    /// One of these. It is tested, never shown.
    Choice(&'static [&'static str]),
}

/// What is read together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// The customer and the contract: always known when an answer is composed.
    Contract,
    /// Prices; needs a right.
    Prices,
    /// Invoice N-1, which comes with the contract; needs a right.
    Invoices,
    /// Other invoices; needs a right.
    LaterInvoices,
    /// Activation keys; needs a right.
    Keys,
    /// The partner.
    Partner,
}

/// When a name says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Whenever its group is known.
    Always,
    /// Sometimes: a template asks with `{% if … %}`.
    Sometimes,
    /// When that other name says one of these.
    Only(&'static str, &'static [&'static str]),
}

impl Known {
    /// What it can say when a template tests it; empty when there is nothing to test.
    pub fn domain(&self) -> &'static [&'static str] {
        match (self.kind, self.when) {
            (Choice(values), _) => values,
            (Flag, _) => &["yes", "no"],
            (_, Sometimes) => &["present", "absent"],
            _ => &[],
        }
    }
}

/// The name in the catalogue.
pub fn find(name: &str) -> Option<&'static Known> {
    ALL.iter().find(|known| known.name == name)
}

const fn known(name: &'static str, label: &'static str, kind: Kind, group: Group, when: When) -> Known {
    Known { name, label, kind, group, when, rules: &[] }
}

const fn ruled(
    name: &'static str,
    label: &'static str,
    kind: Kind,
    group: Group,
    when: When,
    rules: &'static [RuleId],
) -> Known {
    Known { name, label, kind, group, when, rules }
}

const INVOICE: &[&str] = &["paid", "unpaid"];
const ASKED: &[&str] =
    &["termination_received", "termination_accepted", "reactivation_received", "reactivation_accepted"];
const OPEN: &[&str] = &["online", "by_request"];
const NOTICE: &[RuleId] = &[RuleId::TerminationNotice];
const PRICE: &[RuleId] = &[RuleId::RenewalPrice];

/// All of them.
#[rustfmt::skip]
pub const ALL: &[Known] = &[
    known("customer.name", "raison sociale du client", Text, Contract, Always),
    known("customer.code", "code client", Text, Contract, Always),
    known("customer.city", "ville du client", Text, Contract, Always),
    known("customer.is_internal", "équipement interne du partenaire", Flag, Contract, Always),
    known("customer.site", "établissement de rattachement du client", Choice(&["own", "other"]), Contract, Always),
    known("customer.site_name", "nom de l’établissement de rattachement", Text, Partner, Always),
    known("contract.serial_number", "numéro de série", Text, Contract, Always),
    known("contract.product", "produit", Text, Contract, Always),
    known("contract.version", "version en service", Text, Contract, Always),
    known("contract.range", "gamme du produit", Choice(&["pme", "mge"]), Contract, Always),
    known("contract.status", "état du contrat", Choice(&["draft", "active", "renewal_pending", "suspended", "terminated", "expired"]), Contract, Always),
    known("contract.start_on", "début de la période", Date, Contract, Always),
    known("contract.end_on", "fin de la période", Date, Contract, Always),
    known("contract.tacit_renewal", "tacite reconduction", Flag, Contract, Always),
    known("contract.options", "utilisateurs supplémentaires", Count, Contract, Sometimes),
    known("change_request", "demande de résiliation ou de réactivation", Choice(&["none", "termination_received", "termination_accepted", "reactivation_received", "reactivation_accepted"]), Contract, Always),
    known("change_request.requested_on", "date de cette demande", Date, Contract, Only("change_request", ASKED)),
    known("change_request.effective_on", "date d’effet de cette demande", Date, Contract, Sometimes),
    ruled("termination", "ce que l’on peut faire pour résilier", Choice(&["online", "by_request", "too_late", "asked", "accepted", "over"]), Contract, Always, &[RuleId::TerminationNotice, RuleId::TerminationOnline]),
    ruled("termination.last_day", "dernier jour pour résilier", Date, Contract, Always, NOTICE),
    ruled("termination.days_left", "jours qui restent pour résilier", Count, Contract, Only("termination", OPEN), NOTICE),
    ruled("renewal", "où en est le réabonnement", Choice(&["done", "automatic", "manual", "ending", "not_done"]), Contract, Always, &[RuleId::TacitRenewal]),
    known("renewal.done_on", "date du dernier réabonnement", Date, Contract, Only("renewal", &["done"])),
    known("renewal.day", "premier jour de la période suivante", Date, Contract, Always),
    ruled("renewal.invoice_month", "mois de facturation du réabonnement", Month, Contract, Always, &[RuleId::RenewalInvoice]),
    ruled("renewal.invoicing", "mois de facturation par rapport à aujourd’hui", Choice(&["ahead", "this_month", "past"]), Contract, Always, &[RuleId::RenewalInvoice]),
    ruled("renewal.index_year", "année de l’indice appliqué", Text, Contract, Always, &[RuleId::IndexChange]),
    known("pricing.reference_price", "prix de référence", Money, Prices, Always),
    known("pricing.renewal_index", "indice de réabonnement", Index, Prices, Always),
    known("pricing.partner_discount", "remise partenaire", Percent, Prices, Always),
    known("pricing.loyalty_bonus", "prime de fidélité (remise client)", Money, Prices, Sometimes),
    ruled("renewal_price", "tarif N+1 selon le calcul et selon le portail", Choice(&["confirmed", "unconfirmed"]), Prices, Always, PRICE),
    ruled("renewal_price.amount", "tarif N+1", Money, Prices, Only("renewal_price", &["confirmed"]), PRICE),
    ruled("renewal_price.after_discount", "tarif N+1, remise partenaire déduite", Money, Prices, Only("renewal_price", &["confirmed"]), PRICE),
    ruled("blocked.by_invoice", "facture N-1 qui empêche le réabonnement", Flag, Invoices, Always, &[RuleId::NotRenewed]),
    ruled("blocked.by_collection", "recouvrement qui empêche le réabonnement", Flag, Partner, Always, &[RuleId::NotRenewed]),
    ruled("blocked.by_change", "demande qui empêche le réabonnement", Flag, Contract, Always, &[RuleId::NotRenewed]),
    known("previous_invoice", "facture N-1", Choice(&["none", "paid", "unpaid"]), Invoices, Always),
    known("previous_invoice.number", "numéro de la facture N-1", Text, Invoices, Only("previous_invoice", INVOICE)),
    known("previous_invoice.issued_on", "date de la facture N-1", Date, Invoices, Only("previous_invoice", INVOICE)),
    known("previous_invoice.due_on", "échéance de la facture N-1", Date, Invoices, Only("previous_invoice", INVOICE)),
    known("previous_invoice.total", "montant de la facture N-1", Money, Invoices, Only("previous_invoice", INVOICE)),
    known("previous_invoice.balance", "reste à payer de la facture N-1", Money, Invoices, Only("previous_invoice", &["unpaid"])),
    known("next_invoice", "facture du prochain réabonnement", Choice(&["none", "paid", "unpaid"]), LaterInvoices, Always),
    known("next_invoice.number", "numéro de cette facture", Text, LaterInvoices, Only("next_invoice", INVOICE)),
    known("next_invoice.issued_on", "date de cette facture", Date, LaterInvoices, Only("next_invoice", INVOICE)),
    known("next_invoice.due_on", "échéance de cette facture", Date, LaterInvoices, Only("next_invoice", INVOICE)),
    known("next_invoice.total", "montant de cette facture", Money, LaterInvoices, Only("next_invoice", INVOICE)),
    known("named_invoice", "facture dont la question donne le numéro", Choice(&["none", "paid", "due", "overdue", "cancelled"]), LaterInvoices, Always),
    known("named_invoice.number", "numéro de la facture demandée", Text, LaterInvoices, Only("named_invoice", &["paid", "due", "overdue", "cancelled"])),
    known("named_invoice.issued_on", "date de la facture demandée", Date, LaterInvoices, Only("named_invoice", &["paid", "due", "overdue", "cancelled"])),
    known("named_invoice.due_on", "échéance de la facture demandée", Date, LaterInvoices, Only("named_invoice", &["due", "overdue"])),
    known("named_invoice.total", "montant de la facture demandée", Money, LaterInvoices, Only("named_invoice", &["paid", "due", "overdue", "cancelled"])),
    known("named_invoice.balance", "reste à payer de la facture demandée", Money, LaterInvoices, Only("named_invoice", &["due", "overdue"])),
    ruled("keys", "clés et codes du contrat", Choice(&["none", "available", "expected", "late"]), Keys, Always, &[RuleId::KeysDelay]),
    known("keys.version", "version des clés", Text, Keys, Only("keys", &["available", "expected", "late"])),
    known("keys.ordered", "validation du devis", Text, Keys, Only("keys", &["expected", "late"])),
    known("keys.since", "mise à disposition des clés", Date, Keys, Only("keys", &["available"])),
    ruled("keys.before", "fin du délai", Text, Keys, Only("keys", &["expected", "late"]), &[RuleId::KeysDelay]),
    known("collection", "recouvrement", Choice(&["none", "reminded", "in_collection"]), Partner, Always),
    known("collection.since", "date de la relance ou du recouvrement", Date, Partner, Sometimes),
    known("partner.name", "raison sociale du partenaire", Text, Partner, Always),
    known("partner.code", "code partenaire", Text, Partner, Always),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_distinct_and_lean_on_names_that_exist() {
        let names: BTreeSet<&str> = ALL.iter().map(|known| known.name).collect();
        assert_eq!(names.len(), ALL.len());
        for known in ALL {
            if let Only(other, values) = known.when {
                let other = find(other).expect(other);
                assert_eq!(other.group, known.group, "{}", known.name);
                assert!(values.iter().all(|value| other.domain().contains(value)), "{}", known.name);
            }
        }
    }

    #[test]
    fn the_manual_of_curators_lists_every_name() {
        let manual = include_str!("../../README.md");
        for known in ALL {
            assert!(manual.contains(&format!("| `{}` | {} |", known.name, known.label)), "{}", known.name);
        }
    }
}
