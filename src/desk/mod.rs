//! The built-in desk: what staff and partners do with tickets, and what is heard of those of another desk.

mod change;
mod elsewhere;

use crate::conversation::Support;
use crate::jobs::{self, Outgoing};
use crate::model::{TicketRef, TicketStatus};
use crate::store::{Store, StoreError};

pub(crate) use change::{Heard, TicketChange, plan};
pub(crate) use elsewhere::answered_elsewhere;

/// How often a change begins again because somebody else was faster.
const ATTEMPTS: usize = 5;

/// Why a ticket was not changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DeskError {
    /// There is no such ticket.
    #[error("there is no such ticket")]
    NoTicket,
    /// The ticket is closed: nothing more is said about it.
    #[error("the ticket is closed")]
    Closed,
    /// Nothing was written.
    #[error("the store failed")]
    Store(#[from] StoreError),
}

/// Changes a ticket: its row, its history, what its conversation is told and the work that follows, or nothing. False
/// when the delivery from outside that asks for it was taken before.
///
/// # Errors
/// [`DeskError::Closed`] when something is said about a closed ticket, except by another desk: what it closed may be heard
/// of before what was said there.
pub(crate) async fn change(
    store: &Store,
    outgoing: &Outgoing,
    support: &Support,
    reference: &TicketRef,
    change: &TicketChange,
) -> Result<bool, DeskError> {
    for attempt in 1.. {
        let before = store.find_ticket(reference).await?.ok_or(DeskError::NoTicket)?;
        if before.status == TicketStatus::Closed && change.comment.is_some() && change.heard.is_none() {
            return Err(DeskError::Closed);
        }
        if change.if_unchanged_since.is_some_and(|seen| before.updated_at > seen) {
            return Ok(false);
        }
        let known = match (&change.comment, change.heard) {
            (Some(comment), Some(_)) => store.find_comment(&comment.id).await?,
            (Some(_) | None, _) => None,
        };
        // An answer that was heard of before, another way, is not said again; its status may still be news.
        let rest = known.map(|_| TicketChange { comment: None, ..change.clone() });
        let change = rest.as_ref().unwrap_or(change);
        let mut commit = plan(&before, change, outgoing, support);
        let is_solved_now = !is_done(before.status) && is_done(commit.after.status);
        if change.spreads && is_solved_now && !store.list_incidents_of(reference).await?.is_empty() {
            commit.jobs.push(jobs::propagate(&commit));
        }
        match store.commit_ticket(&commit).await {
            Ok(is_new) => return Ok(is_new),
            Err(StoreError::Conflict) if attempt < ATTEMPTS => {}
            Err(error) => return Err(error.into()),
        }
    }
    unreachable!("the last attempt returns")
}

fn is_done(status: TicketStatus) -> bool {
    matches!(status, TicketStatus::Solved | TicketStatus::Closed)
}
