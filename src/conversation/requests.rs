//! How far requests to support have got: those of this conversation, and those that the same person made elsewhere while
//! signed in. What the row of a ticket says is told; another desk keeps it up to date.

use guichet_bots::{Choice, Outbound};

use super::{Conversations, TurnError, now};
use crate::model::{
    Asking, CommentAuthor, Conversation, Question, REQUEST_CHOICE, State, Ticket, TicketRef, TicketStatus, Visitor,
};
use crate::reply;
use crate::store::TicketFilter;
use crate::text::{Phrase, request as text};

/// How many open requests of one person are looked at, and how many can be chosen between.
const OPEN: i64 = 20;
const SHOWN: usize = 5;
/// How long a choice between requests can be made in words.
const CHOICE_STAYS_MS: i64 = 15 * 60 * 1000;
/// Begins the line of a history that says when a status began.
const STATUS_LINE: &str = "status: ";

impl Conversations {
    /// Tells in `reply` how far the request `asked` has got, or those that are open.
    pub(super) async fn follow(
        &self,
        conversation: &Conversation,
        asked: Option<&TicketRef>,
        question: &Question,
        state: &mut State,
        reply: &mut Outbound,
    ) -> Result<(), TurnError> {
        let visitor = self.proven(conversation).await?;
        let mut said = Vec::new();
        if let Some(reference) = asked {
            let found = self.store.find_ticket(reference).await?;
            match found.filter(|ticket| is_own(ticket, conversation, visitor.as_ref())) {
                Some(ticket) => said.extend(self.told(&ticket).await?),
                None => said.push(text::unknown(reference)),
            }
            reply::add(reply, &said, Vec::new());
            return Ok(());
        }
        let open = self.open_of(conversation, visitor.as_ref()).await?;
        let mut options = Vec::new();
        match open.as_slice() {
            [] => match self.last_of(conversation).await? {
                Some(last) => {
                    said.push(text::LAST.into());
                    said.extend(self.told(&last).await?);
                }
                None => said.push(text::NONE.into()),
            },
            [one] => said.extend(self.told(one).await?),
            several => {
                let choices: Vec<(String, String)> = several.iter().take(SHOWN).map(choice).collect();
                said.push(text::which(several.len(), choices.len()));
                options = choices.iter().map(|(id, label)| Choice { id: id.clone(), label: label.clone() }).collect();
                let (text, until) = (question.as_str().to_owned(), now() + CHOICE_STAYS_MS);
                state.asking = Some(Asking { entry: None, text, choices, until });
            }
        }
        reply::add(reply, &said, options);
        Ok(())
    }

    /// Whether some request is known to be this person's.
    pub(super) async fn has_requests(&self, conversation: &Conversation) -> Result<bool, TurnError> {
        let visitor = self.proven(conversation).await?;
        Ok(self.last_of(conversation).await?.is_some()
            || !self.open_of(conversation, visitor.as_ref()).await?.is_empty())
    }

    /// The requests that are open, newest first.
    async fn open_of(&self, conversation: &Conversation, visitor: Option<&Visitor>) -> Result<Vec<Ticket>, TurnError> {
        let filter = TicketFilter { is_open: true, limit: OPEN, ..TicketFilter::default() };
        let here = TicketFilter { conversation: Some(conversation.id.clone()), ..filter.clone() };
        let mut open = self.store.list_tickets(&here).await?;
        if let Some(email) = visitor.and_then(|visitor| visitor.contact.email.clone()) {
            let theirs = self.store.list_tickets(&TicketFilter { requester: Some(email), ..filter }).await?;
            let elsewhere = theirs.into_iter().filter(|ticket| ticket.draft.conversation != conversation.id);
            open.extend(elsewhere.filter(|ticket| is_own(ticket, conversation, visitor)));
            open.sort_by_key(|ticket| std::cmp::Reverse(ticket.draft.created_at));
        }
        Ok(open)
    }

    /// The last request of this conversation, which is over.
    async fn last_of(&self, conversation: &Conversation) -> Result<Option<Ticket>, TurnError> {
        let here = TicketFilter { conversation: Some(conversation.id.clone()), limit: 1, ..TicketFilter::default() };
        Ok(self.store.list_tickets(&here).await?.into_iter().next())
    }

    /// Where a request stands, and what was answered last.
    async fn told(&self, ticket: &Ticket) -> Result<Vec<Phrase>, TurnError> {
        let reference = &ticket.draft.reference;
        let history = self.store.list_history(reference).await?;
        let began = history.iter().rev().find(|line| line.what.starts_with(STATUS_LINE)).map(|line| line.at);
        let mut said = vec![text::state(ticket, began.unwrap_or(ticket.draft.created_at))];
        let comments = self.public_comments(ticket).await?;
        let is_answer = |author: &CommentAuthor| matches!(author, CommentAuthor::Agent(_));
        match comments.iter().rev().find(|comment| is_answer(&comment.author)) {
            Some(last) => said.push(text::answer(last)),
            None if matches!(ticket.status, TicketStatus::New | TicketStatus::Open) => {
                said.push(if ticket.due_at > now() { text::promised(ticket.due_at) } else { text::LATE.into() });
            }
            None => {}
        }
        Ok(said)
    }
}

/// Whether the person of this conversation may be told of `ticket`: it was made here, or by the same user of the same
/// partner. An address that was merely typed proves nothing.
fn is_own(ticket: &Ticket, conversation: &Conversation, visitor: Option<&Visitor>) -> bool {
    let asker = ticket.draft.asker.as_ref();
    ticket.draft.conversation == conversation.id
        || visitor.is_some_and(|visitor| asker.is_some_and(|asker| asker.is(visitor)))
}

fn choice(ticket: &Ticket) -> (String, String) {
    (format!("{REQUEST_CHOICE}{}", ticket.draft.reference), text::label(ticket))
}
