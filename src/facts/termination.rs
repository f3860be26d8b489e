//! Whether and until when a contract can be terminated.

use jiff::Span;
use jiff::civil::Date;

use super::renewal::is_tacit;
use super::rules::{RuleId, Rules};
use crate::model::{ChangeKind, ChangeStatus, Contract, ContractStatus};

/// What can be done about ending a contract, on a given day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Termination {
    /// What can be done.
    pub(crate) answer: TerminationAnswer,
    /// The last day on which a termination is taken for this term.
    pub(crate) last_day: Date,
    /// The rules that say so.
    pub(crate) rules: Vec<RuleId>,
}

/// What can be done about ending a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TerminationAnswer {
    /// Online, today and until the last day.
    Online {
        /// Days that are left after today.
        days_left: i32,
    },
    /// In time, but not online: through the form.
    ByRequest {
        /// Days that are left after today.
        days_left: i32,
    },
    /// The last day is over; a contract that renews by itself will.
    TooLate {
        /// Whether it renews by itself at the end of the term.
        will_renew: bool,
    },
    /// It was asked for already.
    Asked {
        /// When.
        on: Date,
        /// Whether it is accepted.
        is_accepted: bool,
    },
    /// There is nothing left to end.
    Over,
}

/// What can be done about ending `contract` on `today`.
pub(crate) fn termination(contract: &Contract, today: Date, rules: &Rules) -> Termination {
    let notice = &rules.termination_notice;
    let last_day = contract.end_on.saturating_sub(Span::new().days(i64::from(notice.days)));
    let asked = contract
        .change_request
        .as_ref()
        .filter(|request| request.kind == ChangeKind::Termination && request.status != ChangeStatus::Refused);
    let is_over = matches!(contract.status, ContractStatus::Terminated | ContractStatus::Expired);
    let (answer, rules) = if is_over {
        (TerminationAnswer::Over, Vec::new())
    } else if let Some(request) = asked {
        let is_accepted = request.status == ChangeStatus::Accepted;
        (TerminationAnswer::Asked { on: request.requested_on, is_accepted }, Vec::new())
    } else if today > last_day {
        let answer = TerminationAnswer::TooLate { will_renew: is_tacit(contract, rules) };
        (answer, vec![RuleId::TerminationNotice, RuleId::TacitRenewal])
    } else {
        let days_left = today.until(last_day).map_or(0, |span| span.get_days());
        if rules.termination_online.ranges_offline.contains(&contract.product.range) {
            let answer = TerminationAnswer::ByRequest { days_left };
            (answer, vec![RuleId::TerminationOnline, RuleId::TerminationNotice])
        } else {
            (TerminationAnswer::Online { days_left }, vec![RuleId::TerminationNotice])
        }
    };
    Termination { answer, last_day, rules }
}
