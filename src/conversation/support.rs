//! When people answer, who they know, and what they sell: what the dialogue towards a ticket must know besides what is
//! typed.

use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use super::{Conversations, Hours, TurnError, now};
use crate::escalation::{Context, HeldThere, OpenTicket};
use crate::model::{Contact, Conversation, Incident, Requester, Ticket, TicketStatus, Visitor};
use crate::opening::Expected;
use crate::store::TicketFilter;
use crate::text::{self, Phrase};

/// How many open tickets of one person are looked at.
const OPEN_TICKETS: i64 = 20;

/// When people answer, and what they may be asked about.
#[derive(Debug, Clone)]
pub(crate) struct Support {
    pub(crate) hours: Hours,
    pub(crate) products: Vec<String>,
    /// Hours are those of the clocks there.
    pub(crate) zone: TimeZone,
}

impl Support {
    /// When the first answer of a person is promised to who asks `at`, in milliseconds since 1970.
    pub(super) fn due(&self, at: i64) -> i64 {
        let asked = self.zoned(at);
        match self.expected(&asked) {
            Expected::Before(moment) => moment.timestamp().as_millisecond(),
            Expected::From(opening) => match self.expected(&opening) {
                Expected::Before(moment) | Expected::From(moment) => moment.timestamp().as_millisecond(),
                Expected::Someday => opening.timestamp().as_millisecond(),
            },
            // Nobody is ever there: a day is what a person would expect.
            Expected::Someday => at + 24 * 60 * 60 * 1000,
        }
    }

    /// When the answer comes that was promised for `due`, after the clock of the promise stood still from `paused` until
    /// `now`: the partner waits no longer for it than he would have, in open time. What was late stays late.
    pub(crate) fn due_after_pause(&self, due: i64, paused: i64, now: i64) -> i64 {
        if due <= paused {
            return due;
        }
        let opening = &self.hours.now().opening;
        let left = opening.open_between(&self.zoned(paused), &self.zoned(due));
        let resumed = opening.after(&self.zoned(now), left);
        resumed.map_or(due + (now - paused), |moment| moment.timestamp().as_millisecond())
    }

    /// What is said once a ticket has a reference.
    pub(super) fn confirmation(&self, ticket: &Ticket, files: usize) -> Vec<Phrase> {
        let created = text::escalation::created(&ticket.draft.reference);
        let files = text::escalation::with_files(files);
        [Some(created), files, Some(self.promise(ticket.draft.created_at))].into_iter().flatten().collect()
    }

    /// When a person answers who was asked `at`.
    pub(crate) fn promise(&self, at: i64) -> Phrase {
        let asked = self.zoned(at);
        text::opening::answer_expected(&self.expected(&asked), &asked)
    }

    fn expected(&self, now: &ZonedDateTime) -> Expected {
        let opening = &self.hours.now().opening;
        opening.answer_expected(now, opening.answer_minutes)
    }

    fn zoned(&self, at: i64) -> ZonedDateTime {
        Timestamp::from_millisecond(at).unwrap_or_default().to_zoned_datetime(self.zone.clone())
    }
}

/// What the dialogue borrows.
#[derive(Clone)]
pub(super) struct Surroundings {
    now: ZonedDateTime,
    expected: Expected,
    known: Contact,
    open_tickets: Vec<OpenTicket>,
    products: Vec<String>,
    incidents: Arc<[Incident]>,
}

impl Surroundings {
    /// What only the other desk has can be added to as well.
    pub(super) fn add(&mut self, there: &[HeldThere]) {
        let shown = |held: &HeldThere| OpenTicket {
            is_elsewhere: false,
            is_solved: held.status == TicketStatus::Solved,
            reference: held.reference.clone(),
            subject: held.subject.clone(),
            number: Some(held.id.clone()),
        };
        self.open_tickets.extend(there.iter().map(shown));
    }

    pub(super) fn context(&self) -> Context<'_> {
        Context {
            now: &self.now,
            expected: &self.expected,
            known: &self.known,
            open_tickets: &self.open_tickets,
            products: &self.products,
            incidents: &self.incidents,
        }
    }
}

impl Conversations {
    /// What the dialogue of `conversation` must know. The person is known by a proof that holds, or else by the last ticket of
    /// this conversation: an address that was merely typed elsewhere proves nothing.
    pub(super) async fn surroundings(&self, conversation: &Conversation) -> Result<Surroundings, TurnError> {
        let now = self.support.zoned(now());
        let visitor = self.proven(conversation).await?;
        let last = match &conversation.state.last_ticket {
            Some(reference) => self.store.find_ticket(reference).await?.map(|last| last.draft.requester),
            None => None,
        };
        let is_proven = visitor.is_some();
        let mut surroundings = Surroundings {
            expected: self.support.expected(&now),
            now,
            open_tickets: self.open_tickets(conversation, visitor.as_ref(), last.as_ref()).await?,
            known: known(visitor.map(|visitor| visitor.contact).unwrap_or_default(), last),
            products: self.support.products.clone(),
            incidents: self.incidents().await?,
        };
        let there = conversation.state.form.as_ref().and_then(|form| form.elsewhere.as_deref());
        surroundings.add(there.filter(|_| is_proven).unwrap_or_default());
        Ok(surroundings)
    }

    /// Whoever has proved who he is, as long as that holds.
    pub(super) async fn proven(&self, conversation: &Conversation) -> Result<Option<Visitor>, TurnError> {
        let found = self.store.find_visitor(&conversation.id).await?;
        Ok(found.filter(|(_, until)| *until > now()).map(|(visitor, _)| visitor))
    }

    /// What can be added to, which opens it again when it is solved: tickets of this conversation, and those of others that
    /// the same person asked for while signed in. Others with the same address are not the person's: anybody can have typed
    /// it, and would read what is added.
    async fn open_tickets(
        &self,
        conversation: &Conversation,
        visitor: Option<&Visitor>,
        last: Option<&Requester>,
    ) -> Result<Vec<OpenTicket>, TurnError> {
        let mut open = Vec::new();
        let filter = TicketFilter { can_be_answered: true, limit: OPEN_TICKETS, ..TicketFilter::default() };
        if let Some(last) = last {
            let (requester, conversation) = (Some(last.email.clone()), Some(conversation.id.clone()));
            open.extend(self.store.list_tickets(&TicketFilter { requester, conversation, ..filter.clone() }).await?);
        }
        if let Some(visitor) = visitor
            && let Some(email) = &visitor.contact.email
        {
            let mut elsewhere =
                self.store.list_tickets(&TicketFilter { requester: Some(email.clone()), ..filter }).await?;
            let is_own = |ticket: &Ticket| ticket.draft.asker.as_ref().is_some_and(|asker| asker.is(visitor));
            elsewhere.retain(|ticket| ticket.draft.conversation != conversation.id && is_own(ticket));
            open.extend(elsewhere);
        }
        let shown = |ticket: Ticket| OpenTicket {
            is_elsewhere: ticket.draft.conversation != conversation.id,
            is_solved: ticket.status == TicketStatus::Solved,
            reference: ticket.draft.reference,
            subject: ticket.draft.subject,
            number: None,
        };
        Ok(open.into_iter().map(shown).collect())
    }
}

/// Who the person is: one source or the other, so that the name of one person never stands beside the address of another.
fn known(proven: Contact, last: Option<Requester>) -> Contact {
    match last {
        Some(last) if proven.email.is_none() => {
            Contact { name: Some(last.name), email: Some(last.email), company: last.company }
        }
        Some(_) | None => proven,
    }
}
