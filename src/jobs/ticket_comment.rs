//! Adds what the partner says to the ticket of the other desk. While the desk is silent for long, the support box is told
//! instead, once; the comment is added all the same when the desk is back, and the two are linked.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::office::{self, Office};
use super::outgoing::COMMENT;
use super::{Failure, Kind};
use crate::clients::tickets::{DeskComment, TicketDesk};
use crate::model::{Comment, Ticket};
use crate::store::Claimed;

/// How long to wait for the ticket to be created.
const UNTIL_CREATED: Duration = Duration::from_secs(5);
/// How long to wait for what was said before.
const UNTIL_TURN: Duration = Duration::from_secs(2);

pub(crate) struct TicketComment(pub(crate) Arc<Office>);

#[async_trait]
impl Kind for TicketComment {
    fn name(&self) -> &'static str {
        COMMENT
    }

    fn goes_to(&self, _claimed: &Claimed) -> Vec<String> {
        office::to_the_desk()
    }

    async fn run(&self, claimed: &Claimed) -> Result<(), Failure> {
        let (ticket, comment) = self.0.subject(claimed).await?;
        let (Some(desk), Some(comment)) = (&self.0.desk, comment) else {
            return Err(Failure::GiveUp { reason: "no other desk is set, or no comment is named".to_owned() });
        };
        let reference = &ticket.draft.reference;
        if let Err(failure) = self.bring(claimed, desk.as_ref(), &ticket, &comment).await {
            self.0.make_up(claimed, reference, Some(&comment), comment.created_at, &failure).await?;
            return Err(failure);
        }
        let following = self.0.link(reference, Some(&comment.id)).await?;
        self.0.store.complete_job_with(claimed, &following, super::now()).await?;
        Ok(())
    }
}

impl TicketComment {
    async fn bring(
        &self,
        claimed: &Claimed,
        desk: &dyn TicketDesk,
        ticket: &Ticket,
        comment: &Comment,
    ) -> Result<(), Failure> {
        let Some(id) = &ticket.external_id else {
            let reason = "the ticket is not yet in the other desk".to_owned();
            return Err(Failure::Retry { reason, after: Some(UNTIL_CREATED) });
        };
        if self.0.store.has_earlier_job(claimed, &format!("{COMMENT}/{}/", ticket.draft.reference)).await? {
            let reason = "what was said before is not yet in the other desk".to_owned();
            return Err(Failure::Retry { reason, after: Some(UNTIL_TURN) });
        }
        let attachments = self.0.store.list_files(&ticket.draft.reference, Some(&comment.id)).await?;
        let comment = DeskComment {
            key: comment.id.clone(),
            author: Some(ticket.draft.requester.email.clone()),
            text: comment.text.clone(),
            attachments,
        };
        Ok(desk.comment(id, &comment).await?)
    }
}
