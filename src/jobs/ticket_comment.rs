//! Adds what the partner says to the ticket of the other desk.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::office::Office;
use super::outgoing::COMMENT;
use super::{Failure, Kind};
use crate::clients::tickets::DeskComment;
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

    async fn run(&self, claimed: &Claimed) -> Result<(), Failure> {
        let (ticket, comment) = self.0.subject(claimed).await?;
        let (Some(desk), Some(comment)) = (&self.0.desk, comment) else {
            return Err(Failure::GiveUp { reason: "no other desk is set, or no comment is named".to_owned() });
        };
        let Some(id) = &ticket.external_id else {
            let reason = "the ticket is not yet in the other desk".to_owned();
            return Err(Failure::Retry { reason, after: Some(UNTIL_CREATED) });
        };
        if self.0.store.has_earlier_job(claimed, &format!("{COMMENT}/{}/", ticket.draft.reference)).await? {
            let reason = "what was said before is not yet in the other desk".to_owned();
            return Err(Failure::Retry { reason, after: Some(UNTIL_TURN) });
        }
        let author = ticket.draft.requester.email.clone();
        let attachments = self.0.store.list_files(&ticket.draft.reference, Some(&comment.id)).await?;
        desk.comment(id, &DeskComment { key: comment.id, author, text: comment.text, attachments }).await?;
        self.0.store.complete_job(claimed, super::now()).await?;
        Ok(())
    }
}
