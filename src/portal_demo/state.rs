//! Every state that a contract can be in, told in days from today.

use crate::model::{ChangeKind, ChangeStatus, ContractStatus, InvoiceStatus};

/// A state with a name that says what it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Renewed a month ago, all paid.
    Renewed,
    /// In the middle of its term.
    Running,
    /// Two weeks are left to terminate it.
    Terminable,
    /// Today is the last day to terminate it.
    LastDay,
    /// Past the sixty days.
    TooLate,
    /// A termination was asked for and nobody has decided.
    TerminationAsked,
    /// A termination was accepted; the term goes on until its end.
    TerminationAccepted,
    /// A termination, then a reactivation were asked for; the renewal is held back.
    ReactivationAsked,
    /// The renewal is due, invoice N-1 is not paid.
    UnpaidBefore,
    /// It ended without renewal: invoice N-1 was never paid.
    Expired,
    /// A termination took effect.
    Terminated,
    /// Held back.
    Suspended,
    /// It begins in three weeks; its keys were ordered three hours ago.
    Draft,
    /// It does not renew by itself.
    NotTacit,
    /// Its next renewal invoice is out and not yet paid.
    Invoiced,
}

/// All of them, in the order in which the customers get them.
pub(super) const ALL: [State; 15] = [
    State::Running,
    State::Renewed,
    State::Terminable,
    State::UnpaidBefore,
    State::TooLate,
    State::NotTacit,
    State::TerminationAsked,
    State::Invoiced,
    State::Expired,
    State::LastDay,
    State::Draft,
    State::TerminationAccepted,
    State::Suspended,
    State::ReactivationAsked,
    State::Terminated,
];

impl State {
    /// Days from today to the last day of the term.
    pub(super) fn ends_in(self) -> i32 {
        match self {
            Self::Renewed => 335,
            Self::Running => 165,
            Self::Terminable => 74,
            Self::LastDay => 60,
            Self::TooLate => 45,
            Self::TerminationAsked => 100,
            Self::TerminationAccepted => 130,
            Self::ReactivationAsked => 12,
            Self::UnpaidBefore => -5,
            Self::Expired => -120,
            Self::Terminated => -62,
            Self::Suspended => 210,
            Self::Draft => 385,
            Self::NotTacit => 90,
            Self::Invoiced => 8,
        }
    }

    pub(super) fn status(self) -> ContractStatus {
        match self {
            Self::UnpaidBefore => ContractStatus::RenewalPending,
            Self::Expired => ContractStatus::Expired,
            Self::Terminated => ContractStatus::Terminated,
            Self::Suspended => ContractStatus::Suspended,
            Self::Draft => ContractStatus::Draft,
            _ => ContractStatus::Active,
        }
    }

    /// The change that was asked for, and how many days ago.
    pub(super) fn change(self) -> Option<(ChangeKind, ChangeStatus, i32)> {
        match self {
            Self::TerminationAsked => Some((ChangeKind::Termination, ChangeStatus::Received, 6)),
            Self::TerminationAccepted => Some((ChangeKind::Termination, ChangeStatus::Accepted, 40)),
            Self::Terminated => Some((ChangeKind::Termination, ChangeStatus::Accepted, 140)),
            Self::ReactivationAsked => Some((ChangeKind::Reactivation, ChangeStatus::Received, 9)),
            _ => None,
        }
    }

    /// Whether the invoice of the current term, N-1, is paid; none before the first term.
    pub(super) fn previous_invoice(self) -> Option<InvoiceStatus> {
        match self {
            Self::Draft => None,
            Self::UnpaidBefore | Self::Expired | Self::Suspended => Some(InvoiceStatus::Overdue),
            _ => Some(InvoiceStatus::Paid),
        }
    }

    /// Whether the invoice of the next term is out already.
    pub(super) fn is_invoiced_ahead(self) -> bool {
        self == Self::Invoiced
    }
}
