//! A ticket desk in memory, for tests.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;

use super::{DeskAnswer, DeskComment, DeskError, DeskFile, DeskState, DeskTicket, Part, TicketDesk};
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
    /// The desk does not know us.
    NotAllowed,
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
    /// What it is to others.
    pub(crate) part: Part,
    /// What was added, each once.
    pub(crate) comments: Vec<DeskComment>,
    /// What agents said.
    pub(crate) answers: Vec<DeskAnswer>,
    /// Its last change, in milliseconds since 1970.
    pub(crate) changed_at: i64,
    /// It came there by itself, and has no reference of ours.
    pub(crate) is_foreign: bool,
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

    /// Somebody writes to the desk by mail; its id of that.
    pub(crate) fn receive(&self, requester: &EmailAddress, subject: &str) -> String {
        let mut tickets = lock(&self.tickets);
        let mut draft = crate::text::ticket::tests::draft();
        (draft.requester.email, draft.subject) = (requester.clone(), subject.to_owned());
        let id = (tickets.len() + 1).to_string();
        let (status, part) = (TicketStatus::Open, Part::Alone);
        let (comments, answers) = (Vec::new(), Vec::new());
        let ticket =
            Held { id: id.clone(), draft, status, part, comments, answers, changed_at: 1_000, is_foreign: true };
        tickets.push(ticket);
        id
    }

    /// An agent changes where the ticket `id` stands.
    pub(crate) fn set_status(&self, id: &str, status: TicketStatus) {
        self.change(id, |ticket| ticket.status = status);
    }

    /// An agent answers publicly about the ticket `id`.
    pub(crate) fn answer(&self, id: &str, answer: DeskAnswer) {
        self.change(id, |ticket| ticket.answers.push(answer));
    }

    /// Each change is a second after the one before.
    fn change(&self, id: &str, change: impl FnOnce(&mut Held)) {
        if let Some(ticket) = lock(&self.tickets).iter_mut().find(|ticket| ticket.id == id) {
            change(ticket);
            ticket.changed_at += 1_000;
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
            Some(Fault::NotAllowed) => Err(DeskError::NotAllowed { is_unknown: true, reason: "script".to_owned() }),
        }
    }
}

#[async_trait]
impl TicketDesk for MemoryDesk {
    async fn create(&self, draft: &TicketDraft, part: &Part) -> Result<DeskTicket, DeskError> {
        self.call(|tickets| {
            if let Some(ticket) = tickets.iter().find(|ticket| ticket.draft.reference == draft.reference) {
                return Ok(shown(ticket));
            }
            let id = (tickets.len() + 1).to_string();
            let ticket = Held {
                id,
                draft: draft.clone(),
                status: TicketStatus::New,
                part: part.clone(),
                comments: Vec::new(),
                answers: Vec::new(),
                changed_at: 1_000,
                is_foreign: false,
            };
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

    async fn read(&self, ids: &[String]) -> Result<Vec<DeskState>, DeskError> {
        let state = |ticket: &Held| DeskState {
            id: ticket.id.clone(),
            status: ticket.status,
            changed_at: ticket.changed_at,
            is_settled: true,
        };
        self.call(|tickets| Ok(tickets.iter().filter(|ticket| ids.contains(&ticket.id)).map(state).collect()))
    }

    async fn list_answers(&self, id: &str) -> Result<Vec<DeskAnswer>, DeskError> {
        self.call(|tickets| {
            let ticket = tickets.iter().find(|ticket| ticket.id == id).ok_or_else(|| refused(404))?;
            Ok(ticket.answers.clone())
        })
    }

    /// What a file is said to be at is what it holds.
    async fn fetch(&self, file: &DeskFile, most: usize) -> Result<Vec<u8>, DeskError> {
        let content = file.url.clone().unwrap_or_default().into_bytes();
        self.call(|_| if content.len() > most { Err(refused(413)) } else { Ok(content) })
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
        reference: (!ticket.is_foreign).then(|| ticket.draft.reference.clone()),
        subject: ticket.draft.subject.clone(),
        status: ticket.status,
        changed_at: ticket.changed_at,
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
            assert!(matches!(desk.create(&draft(), &Part::Alone).await, Err(DeskError::Unavailable { .. })));
            assert_eq!(desk.tickets().len(), tickets);
        }
        let ticket = desk.create(&draft(), &Part::Alone).await.expect("it is found");
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
