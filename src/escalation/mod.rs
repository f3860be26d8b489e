//! The dialogue that leads to a ticket: asks only for what is missing, can be corrected or left at any step, and ends in
//! an [`Effect`] that the caller carries out in the same transaction as the turn. Values in, values out: the [`Form`] is
//! all that it remembers.

mod action;
mod dialogue;
mod facts;
mod form;
mod incident;
mod pieces;
mod prompt;
mod shape;
mod subject;
#[cfg(test)]
mod transcripts;
mod typed;
mod urgency;
mod words;

use guichet_bots::Choice;
use jiff::ZonedDateTime;
use serde::{Deserialize, Serialize};

use crate::model::{Contact, Incident, IncidentId, Requester, TicketRef, Urgency};
use crate::text::Phrase;

pub(crate) use action::Action;
pub(crate) use dialogue::{advance, begin, offer_to_report, resume, too_late};
pub(crate) use form::{Form, HeldThere, Reason};
pub(crate) use incident::{active, matching};

/// What the dialogue may know besides what is typed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context<'a> {
    /// Now, in Europe/Paris.
    pub(crate) now: &'a ZonedDateTime,
    /// When an answer is to be expected, told with the offer.
    pub(crate) expected: &'a crate::opening::Expected,
    /// Who the person is, from a signed identity or an earlier ticket of this conversation.
    pub(crate) known: &'a Contact,
    /// Tickets of the same person that are not closed. Only those that he may see: an address that was merely typed proves nothing.
    pub(crate) open_tickets: &'a [OpenTicket],
    /// Names of products to choose from; when empty the product is not asked for.
    pub(crate) products: &'a [String],
    /// What is known to be broken; some of it may be over, or not have begun.
    pub(crate) incidents: &'a [Incident],
}

/// A ticket that can be added to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OpenTicket {
    /// What it is called by.
    pub(crate) reference: TicketRef,
    /// In one line.
    pub(crate) subject: String,
    /// It was asked for in another conversation.
    pub(crate) is_elsewhere: bool,
    /// It is thought done: what is added opens it again.
    pub(crate) is_solved: bool,
    /// Its number at the other desk, when only that has it so far: the reference is what it will be called here.
    pub(crate) number: Option<String>,
}

impl OpenTicket {
    /// What it is called, as far as the person can know.
    pub(crate) fn shown(&self) -> String {
        match &self.number {
            Some(number) => crate::text::escalation::number(number),
            None => self.reference.to_string(),
        }
    }
}

/// One message of the person.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Input<'a> {
    /// What was typed, redacted; the label of the button when one was used.
    pub(crate) text: &'a str,
    /// The button that was used.
    pub(crate) action: Option<&'a Action>,
}

/// What comes of a message.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Step {
    /// What the next turn must find; `None` when the dialogue is over.
    pub(crate) form: Option<Form>,
    /// What is said. With [`Effect::Question`], after the answer.
    pub(crate) say: Vec<Phrase>,
    /// What may be chosen next.
    pub(crate) options: Vec<Choice>,
    /// What the caller must do.
    pub(crate) effect: Effect,
}

/// What the caller must do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Nothing more.
    None,
    /// Create this ticket, and say its reference and when an answer comes.
    Create(NewTicket),
    /// Add this text to the open ticket.
    AddTo { reference: TicketRef, text: String },
    /// Answer this question as any other; the dialogue goes on when there is a form.
    Question(String),
    /// Nothing: the person wants no ticket.
    Cancelled,
}

/// How the person wants to be answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Way {
    /// In the chat, and by mail.
    #[default]
    Ticket,
    /// By mail only.
    Mail,
}

/// A ticket as the dialogue knows it; the caller adds reference, transcript, conversation and time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewTicket {
    /// Who asks.
    pub(crate) requester: Requester,
    /// In one line, at most 80 characters when it was made from the request.
    pub(crate) subject: String,
    /// In the person's own words.
    pub(crate) description: String,
    /// The product it is about.
    pub(crate) product: Option<String>,
    /// How much it presses.
    pub(crate) urgency: Urgency,
    /// How to answer.
    pub(crate) way: Way,
    /// The incident that it reports.
    pub(crate) incident: Option<IncidentId>,
}
