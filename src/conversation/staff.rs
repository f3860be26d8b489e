//! What staff do with the ticket of a conversation, by the API or in the console.

use super::{Conversations, TurnError, new_id};
use crate::attachments;
use crate::desk::{self, TicketChange};
use crate::model::{Comment, CommentAuthor, NewFile, Question, TicketRef, TicketStatus};

/// What somebody of the staff says about a ticket.
#[derive(Debug, Clone)]
pub(crate) struct StaffSaid {
    /// Who, as the partner sees it.
    pub(crate) who: String,
    pub(crate) text: Question,
    /// False: a note for colleagues.
    pub(crate) is_public: bool,
    /// Where the ticket stands afterwards.
    pub(crate) status: Option<TicketStatus>,
    /// Unique in the ticket: said again with it, nothing is said twice.
    pub(crate) key: String,
    /// Files that come with an answer; a note has none.
    pub(crate) files: Vec<StaffFile>,
}

/// A file of somebody of the staff, as it is sent.
#[derive(Clone)]
pub(crate) struct StaffFile {
    pub(crate) name: String,
    /// The kind that it is said to be.
    pub(crate) declared: String,
    pub(crate) content: Vec<u8>,
}

impl std::fmt::Debug for StaffFile {
    /// Without the content.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StaffFile({}, {} bytes)", self.declared, self.content.len())
    }
}

impl Conversations {
    /// Answers the partner, or leaves a note for colleagues.
    pub(crate) async fn answer_ticket(&self, reference: &TicketRef, said: StaffSaid, at: i64) -> Result<(), TurnError> {
        let comment = Comment {
            id: new_id(),
            reference: reference.clone(),
            author: CommentAuthor::Agent(said.who.clone()),
            is_public: said.is_public,
            text: said.text.as_str().to_owned(),
            created_at: at,
        };
        let sent = self.accepted(reference, said.files).await?;
        let change = TicketChange {
            sent,
            who: said.who,
            status: said.status,
            jobs: self.outgoing.said(&comment),
            comment: Some(comment),
            delivery: Some(format!("staff/{reference}/{}", said.key)),
            spreads: true,
            at,
            ..TicketChange::default()
        };
        self.change_ticket(reference, &change).await
    }

    /// `files`, when the ticket may have them as well.
    async fn accepted(&self, reference: &TicketRef, files: Vec<StaffFile>) -> Result<Vec<NewFile>, TurnError> {
        if files.is_empty() {
            return Ok(Vec::new());
        }
        self.check_count(self.store.list_attachments(reference).await?.len() + files.len())?;
        let accept = |StaffFile { name, declared, content }: StaffFile| {
            let file = attachments::accept(&declared, &name, content, &self.files.media_types)?;
            Ok(NewFile { id: new_id(), file })
        };
        files.into_iter().map(accept).collect()
    }

    /// Changes a ticket of the built-in desk; whoever follows its conversation hears of it.
    pub(crate) async fn change_ticket(&self, reference: &TicketRef, change: &TicketChange) -> Result<(), TurnError> {
        let ticket = self.store.find_ticket(reference).await?.ok_or(TurnError::NoTicket)?;
        if self.outgoing.has_desk {
            // The other desk would not hear of it, and would say something else later.
            return Err(TurnError::OtherDesk);
        }
        desk::change(&self.store, &self.outgoing, &self.support, reference, change).await?;
        self.bell.ring(&ticket.draft.conversation);
        self.wake.wake();
        Ok(())
    }
}
