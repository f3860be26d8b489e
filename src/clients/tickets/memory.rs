//! A ticket desk in memory, for tests.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;

use super::{DeskComment, DeskError, DeskTicket, TicketDesk};
use crate::model::{EmailAddress, TicketDraft, TicketStatus};

/// How one call goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing is done.
    Unavailable,
    /// It is done and the caller does not hear of it.
    UnavailableAfterDoing,
    /// Nothing is done; the desk asks to wait.
    RateLimited(Option<Duration>),
    /// It will never be done.
    Refused,
}

/// A ticket that the desk holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held {
    /// Its id: `1`, `2`, …
    pub(crate) id: String,
    /// As it was asked for.
    pub(crate) draft: TicketDraft,
    /// Where it stands.
    pub(crate) status: TicketStatus,
    /// What was added, each once.
    pub(crate) comments: Vec<DeskComment>,
}

/// Keeps what it is told. Like the real ones it knows a reference or a key again.
#[derive(Debug, Default)]
pub(crate) struct MemoryDesk {
    tickets: Mutex<Vec<Held>>,
    faults: Mutex<VecDeque<Option<Fault>>>,
}

impl MemoryDesk {
    /// Every ticket, in the order of creation.
    pub(crate) fn tickets(&self) -> Vec<Held> {
        lock(&self.tickets).clone()
    }

    /// What happens to the next calls, one after the other; `None` is no fault. After them all goes well.
    pub(crate) fn fail_next(&self, faults: impl IntoIterator<Item = Option<Fault>>) {
        lock(&self.faults).extend(faults);
    }

    /// An agent changes where the ticket `id` stands.
    pub(crate) fn set_status(&self, id: &str, status: TicketStatus) {
        if let Some(ticket) = lock(&self.tickets).iter_mut().find(|ticket| ticket.id == id) {
            ticket.status = status;
        }
    }

    /// Does `work` as the script says.
    fn call<T>(&self, work: impl FnOnce(&mut Vec<Held>) -> Result<T, DeskError>) -> Result<T, DeskError> {
        let unavailable = || DeskError::Unavailable { reason: "script".to_owned(), retry_after: None };
        match lock(&self.faults).pop_front().flatten() {
            None => work(&mut lock(&self.tickets)),
            Some(Fault::Unavailable) => Err(unavailable()),
            Some(Fault::UnavailableAfterDoing) => work(&mut lock(&self.tickets)).and_then(|_| Err(unavailable())),
            Some(Fault::RateLimited(retry_after)) => Err(DeskError::RateLimited { retry_after }),
            Some(Fault::Refused) => Err(refused(422)),
        }
    }
}

#[async_trait]
impl TicketDesk for MemoryDesk {
    async fn create(&self, draft: &TicketDraft) -> Result<DeskTicket, DeskError> {
        self.call(|tickets| {
            if let Some(ticket) = tickets.iter().find(|ticket| ticket.draft.reference == draft.reference) {
                return Ok(shown(ticket));
            }
            let id = (tickets.len() + 1).to_string();
            let ticket = Held { id, draft: draft.clone(), status: TicketStatus::New, comments: Vec::new() };
            tickets.push(ticket.clone());
            Ok(shown(&ticket))
        })
    }

    async fn comment(&self, id: &str, comment: &DeskComment) -> Result<(), DeskError> {
        self.call(|tickets| {
            let ticket = tickets.iter_mut().find(|ticket| ticket.id == id).ok_or_else(|| refused(404))?;
            if ticket.comments.iter().all(|known| known.key != comment.key) {
                ticket.comments.push(comment.clone());
            }
            Ok(())
        })
    }

    async fn find_own_user(&self) -> Result<String, DeskError> {
        Ok("0".to_owned())
    }

    async fn list_open(&self, requester: &EmailAddress) -> Result<Vec<DeskTicket>, DeskError> {
        let is_open = |ticket: &&Held| !matches!(ticket.status, TicketStatus::Solved | TicketStatus::Closed);
        self.call(|tickets| {
            let theirs = tickets.iter().rev().filter(|ticket| ticket.draft.requester.email == *requester);
            Ok(theirs.filter(is_open).map(shown).collect())
        })
    }
}

fn shown(ticket: &Held) -> DeskTicket {
    DeskTicket {
        id: ticket.id.clone(),
        reference: Some(ticket.draft.reference.clone()),
        subject: ticket.draft.subject.clone(),
        status: ticket.status,
    }
}

fn refused(status: u16) -> DeskError {
    DeskError::Refused { status, reason: "script".to_owned() }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A test that panicked with the lock has failed already.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::ticket::tests::draft;

    #[tokio::test]
    async fn what_was_done_and_not_heard_of_is_not_done_again() {
        let desk = MemoryDesk::default();
        let wait = Duration::from_secs(3);
        desk.fail_next([Some(Fault::Unavailable), Some(Fault::UnavailableAfterDoing)]);
        for tickets in [0, 1] {
            assert!(matches!(desk.create(&draft()).await, Err(DeskError::Unavailable { .. })));
            assert_eq!(desk.tickets().len(), tickets);
        }
        let ticket = desk.create(&draft()).await.expect("it is found");
        assert_eq!(desk.tickets().len(), 1);

        let author = draft().requester.email;
        let comment = DeskComment {
            key: "k".to_owned(),
            author: Some(author.clone()),
            text: "Encore".to_owned(),
            attachments: Vec::new(),
        };
        desk.fail_next([
            Some(Fault::UnavailableAfterDoing),
            Some(Fault::RateLimited(Some(wait))),
            Some(Fault::Refused),
        ]);
        assert!(matches!(desk.comment(&ticket.id, &comment).await, Err(DeskError::Unavailable { .. })));
        let limited = desk.comment(&ticket.id, &comment).await;
        assert!(matches!(limited, Err(DeskError::RateLimited { retry_after: Some(after) }) if after == wait));
        assert!(matches!(desk.comment(&ticket.id, &comment).await, Err(DeskError::Refused { status: 422, .. })));
        desk.comment(&ticket.id, &comment).await.expect("it is there already");
        assert_eq!(desk.tickets()[0].comments, std::slice::from_ref(&comment));
        assert!(matches!(desk.comment("9", &comment).await, Err(DeskError::Refused { status: 404, .. })));

        assert_eq!(desk.list_open(&author).await.expect("they are listed"), [ticket]);
        desk.set_status("1", TicketStatus::Solved);
        assert_eq!(desk.list_open(&author).await.expect("they are listed"), []);
    }
}
