//! When a contract renews, what that costs, when it is invoiced, and why it is not renewed.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use super::rules::{IndexChange, ReasonKind, Rules};
use crate::model::{
    ChangeKind, ChangeRequest, ChangeStatus, Collection, Contract, ContractStatus, Invoice, InvoiceStatus, Money,
    Partner, Percent, Pricing, RenewalIndex,
};

/// What the next renewal costs, part by part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RenewalPrice {
    /// The price that the index multiplies.
    pub(crate) reference: Money,
    /// The index.
    pub(crate) index: RenewalIndex,
    /// Reference price × index, to the nearest cent: neither bonus nor discount is in it.
    pub(crate) price: Money,
    /// The partner's share, shown apart.
    pub(crate) discount: Percent,
    /// What the partner pays after it.
    pub(crate) after_discount: Money,
    /// The customer discount, not in the price.
    pub(crate) loyalty_bonus: Option<Money>,
    /// Whether the portal says the same price. When not, none is shown: somebody must look.
    pub(crate) is_confirmed: bool,
}

/// What the next renewal costs by [`super::rules::RuleId::RenewalPrice`].
pub(crate) fn renewal_price(pricing: &Pricing) -> RenewalPrice {
    let price = pricing.reference_price.times(pricing.renewal_index);
    RenewalPrice {
        reference: pricing.reference_price,
        index: pricing.renewal_index,
        price,
        discount: pricing.partner_discount,
        after_discount: price - pricing.partner_discount.of(price),
        loyalty_bonus: pricing.loyalty_bonus,
        is_confirmed: price == pricing.renewal_price,
    }
}

/// The day on which `contract` renews: the first day after the term.
pub(crate) fn renewal_day(contract: &Contract) -> Date {
    contract.end_on.saturating_add(1.day())
}

/// The year whose index holds on `renewal` by [`super::rules::RuleId::IndexChange`]: indices of a year begin on their day of it.
pub(crate) fn index_year(renewal: Date, rules: &Rules) -> i16 {
    let IndexChange { month, day, .. } = rules.index_change;
    let has_changed = (renewal.month(), renewal.day()) >= (month, day);
    if has_changed { renewal.year() } else { renewal.year() - 1 }
}

/// The month, by its first day, in which the renewal on `renewal` is invoiced, by [`super::rules::RuleId::RenewalInvoice`].
pub(crate) fn invoice_month(renewal: Date, rules: &Rules) -> Date {
    let before = Span::new().months(i64::from(rules.renewal_invoice.months_before));
    renewal.first_of_month().saturating_sub(before)
}

/// Why a contract is not renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason<'a> {
    /// Invoice N-1 is not paid.
    PreviousInvoiceUnpaid(&'a Invoice),
    /// The partner is in collection.
    InCollection {
        /// Since when.
        since: Option<Date>,
    },
    /// A termination or a reactivation was asked for.
    ChangeRequested(&'a ChangeRequest),
}

/// What can be said about why a contract is not renewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NotRenewed<'a> {
    /// The reasons that hold, in the order of the rule.
    pub(crate) reasons: Vec<Reason<'a>>,
    /// The reasons that could not be looked at: a right or an answer was missing.
    pub(crate) unchecked: Vec<ReasonKind>,
}

/// Why `contract` is not renewed, by [`super::rules::RuleId::NotRenewed`]. `partner` is absent when it could not be read;
/// `may_see_invoices` tells a missing invoice from one that this visitor may not see.
pub(crate) fn why_not_renewed<'a>(
    contract: &'a Contract,
    partner: Option<&Partner>,
    may_see_invoices: bool,
    rules: &Rules,
) -> NotRenewed<'a> {
    let mut outcome = NotRenewed { reasons: Vec::new(), unchecked: Vec::new() };
    for kind in &rules.not_renewed.reasons {
        let reason = match (kind, partner) {
            (ReasonKind::PreviousInvoiceUnpaid, _) if !may_see_invoices => {
                outcome.unchecked.push(*kind);
                None
            }
            (ReasonKind::PreviousInvoiceUnpaid, _) => {
                contract.previous_invoice.as_ref().filter(|it| is_unpaid(it)).map(Reason::PreviousInvoiceUnpaid)
            }
            (ReasonKind::InCollection, None) => {
                outcome.unchecked.push(*kind);
                None
            }
            (ReasonKind::InCollection, Some(partner)) => match partner.collection {
                Collection::UnderWay { since } => Some(Reason::InCollection { since }),
                Collection::None { .. } | Collection::Reminded { .. } => None,
            },
            (ReasonKind::ChangeRequested, _) => contract
                .change_request
                .as_ref()
                .filter(|it| it.status != ChangeStatus::Refused)
                .map(Reason::ChangeRequested),
        };
        outcome.reasons.extend(reason);
    }
    outcome
}

/// Where the renewal of a contract stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Renewal {
    /// Renewed: the current term follows another one.
    Done {
        /// When.
        on: Date,
    },
    /// It renews by itself on that day.
    Automatic {
        /// The first day of the next term.
        on: Date,
    },
    /// It ends on that day unless somebody renews it.
    Manual {
        /// The last day of the term.
        ends_on: Date,
    },
    /// A termination was asked for or accepted.
    Ending {
        /// The last day of the term.
        ends_on: Date,
    },
    /// The term is over and it is not renewed.
    NotDone {
        /// The last day of the term.
        ended_on: Date,
    },
}

/// Whether `contract` renews by itself, by [`super::rules::RuleId::TacitRenewal`].
pub(crate) fn is_tacit(contract: &Contract, rules: &Rules) -> bool {
    contract.is_tacit.unwrap_or(rules.tacit_renewal.default)
}

/// How long a renewal is news: people who ask whether a contract was renewed mean the last one.
const RECENT_MONTHS: i32 = 3;

/// Where the renewal of `contract` stands on `today`, by [`super::rules::RuleId::TacitRenewal`].
pub(crate) fn renewal(contract: &Contract, today: Date, rules: &Rules) -> Renewal {
    let is_over = matches!(
        contract.status,
        ContractStatus::Terminated | ContractStatus::Expired | ContractStatus::RenewalPending
    );
    let is_ending = contract
        .change_request
        .as_ref()
        .is_some_and(|request| request.kind == ChangeKind::Termination && request.status != ChangeStatus::Refused);
    if is_over || contract.end_on < today {
        return Renewal::NotDone { ended_on: contract.end_on };
    }
    if is_ending {
        return Renewal::Ending { ends_on: contract.end_on };
    }
    let recent = today.saturating_sub(Span::new().months(i64::from(RECENT_MONTHS)));
    match contract.renewed_on {
        Some(on) if on >= recent && on <= today => Renewal::Done { on },
        _ if is_tacit(contract, rules) => Renewal::Automatic { on: renewal_day(contract) },
        _ => Renewal::Manual { ends_on: contract.end_on },
    }
}

/// Whether something is left to pay.
pub(crate) fn is_unpaid(invoice: &Invoice) -> bool {
    match invoice.status {
        InvoiceStatus::Due | InvoiceStatus::Overdue => invoice.balance > Money::ZERO,
        InvoiceStatus::Paid | InvoiceStatus::Cancelled => false,
    }
}
