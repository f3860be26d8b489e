//! Requests of whoever is signed in that only the other desk has: made there by mail, or by telephone. They are looked for
//! once in each dialogue, within a short time; what is added to one makes it known here.
//!
//! Only an address that was proved is looked for: whoever merely types one would be told what its owner has asked for.

use std::sync::Arc;
use std::time::Duration;

use super::tickets::Request;
use super::{Conversations, TurnError, now};
use crate::clients::tickets::{DeskTicket, TicketDesk};
use crate::desk;
use crate::escalation::{Form, HeldThere};
use crate::jobs;
use crate::model::{Conversation, EmailAddress, Question, Requester, Ticket, TicketCommit, TranscriptLine, Urgency};
use crate::text;

/// How many are compared with what is asked for.
const MOST: usize = 20;
/// Longest subject that is kept, in characters.
const LONGEST_SUBJECT: usize = 150;
/// The desk's clock counts seconds, and differs from ours: what it changed so long ago is not changed in that second again.
const SETTLED_MS: i64 = 5_000;
const SECOND_MS: i64 = 1_000;

/// Where they are looked for.
#[derive(Clone)]
pub(crate) struct Elsewhere {
    pub(crate) desk: Arc<dyn TicketDesk>,
    /// Nobody waits longer for it.
    pub(crate) patience: Duration,
}

impl Conversations {
    /// What whoever is signed in has open at the other desk only, when the dialogue with this `form` must know it and has
    /// not looked yet.
    pub(super) async fn looked_for(
        &self,
        conversation: &Conversation,
        form: Option<&Form>,
    ) -> Result<Option<Vec<HeldThere>>, TurnError> {
        let Some(elsewhere) = self.elsewhere.as_ref().filter(|_| form.is_some_and(Form::wants_what_is_elsewhere))
        else {
            return Ok(None);
        };
        let Some(email) = self.proven(conversation).await?.and_then(|visitor| visitor.contact.email) else {
            return Ok(None);
        };
        Ok(Some(self.open_there(elsewhere, &email).await?))
    }

    /// A desk that is slow, away, or asked to be left alone has nothing: the request is worth more than what it is like.
    async fn open_there(&self, elsewhere: &Elsewhere, email: &EmailAddress) -> Result<Vec<HeldThere>, TurnError> {
        let at = now();
        let held = self.store.list_holds().await?;
        if held.iter().any(|hold| hold.prefix == jobs::TO_THE_DESK && hold.until > at) {
            return Ok(Vec::new());
        }
        let found = match tokio::time::timeout(elsewhere.patience, elsewhere.desk.list_open(email)).await {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => {
                tracing::warn!("open requests are not looked for at the desk: {error}");
                return Ok(Vec::new());
            }
            Err(_) => {
                tracing::warn!("open requests are not looked for at the desk: it takes too long");
                return Ok(Vec::new());
            }
        };
        let mut there = Vec::new();
        for ticket in found.into_iter().filter(|ticket| ticket.reference.is_none()).take(MOST) {
            // What is known here is offered, or not, as all that is known here.
            if self.store.find_by_external_id(&ticket.id).await?.is_none() {
                there.push(self.held_there(ticket, at));
            }
        }
        Ok(there)
    }

    fn held_there(&self, ticket: DeskTicket, at: i64) -> HeldThere {
        let subject: String = self.redaction.redact(&ticket.subject).text.chars().take(LONGEST_SUBJECT).collect();
        let is_settled = at - ticket.changed_at >= SETTLED_MS;
        HeldThere {
            id: ticket.id,
            reference: super::tickets::new_reference(),
            subject,
            status: ticket.status,
            read_to: if is_settled { ticket.changed_at } else { ticket.changed_at - SECOND_MS },
        }
    }

    /// The request that only the other desk had, as it is known here from now on, and what the partner adds to it: the words,
    /// and what was said before them, which nobody there has seen.
    pub(super) async fn known_from_there(
        &self,
        conversation: &Conversation,
        question: &Question,
        there: &HeldThere,
        text: String,
        at: i64,
    ) -> Result<(Ticket, TicketCommit), TurnError> {
        let contact = self.proven(conversation).await?.ok_or(TurnError::NoTicket)?.contact;
        let email = contact.email.ok_or(TurnError::NoTicket)?;
        let name = contact.name.unwrap_or_else(|| email.as_str().to_owned());
        let messages = self.said_so_far(conversation, question).await?;
        let lines: Vec<TranscriptLine> = messages.iter().filter_map(|message| self.transcript_line(message)).collect();
        let request = Request {
            key: format!("elsewhere/{}", there.id),
            requester: Requester { name, email, company: contact.company },
            subject: there.subject.clone(),
            description: text.clone(),
            product: None,
            urgency: Urgency::Normal,
            attachments: Vec::new(),
        };
        let asker = self.asker(conversation).await?;
        let mut ticket = self.new_ticket(conversation, asker, &messages, request);
        ticket.draft.reference = there.reference.clone();
        ticket.external_id = Some(there.id.clone());
        ticket.status = there.status;
        // What was said and changed there before is not told as news.
        ticket.external_at = there.read_to;
        let said = text::ticket::addition(&text, &lines, &self.support.zone);
        let change = self.said_by_partner(&ticket, said, at);
        let commit = desk::plan(&ticket, &change, &self.outgoing, &self.support);
        Ok((ticket, commit))
    }
}
