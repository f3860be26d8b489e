//! Notes on the ticket of the other desk that the support box was told of it, or of a comment, while the desk was silent:
//! whoever answers there sees that somebody may have answered the mail.

use std::sync::Arc;

use async_trait::async_trait;

use super::mail_support;
use super::office::{self, Office};
use super::outgoing::NOTE;
use super::{Failure, Kind};
use crate::clients::tickets::DeskComment;
use crate::store::Claimed;
use crate::text;

pub(crate) struct TicketNote(pub(crate) Arc<Office>);

#[async_trait]
impl Kind for TicketNote {
    fn name(&self) -> &'static str {
        NOTE
    }

    fn goes_to(&self, _claimed: &Claimed) -> Vec<String> {
        office::to_the_desk()
    }

    async fn run(&self, claimed: &Claimed) -> Result<(), Failure> {
        let (ticket, comment) = self.0.subject(claimed).await?;
        let (Some(desk), Some(id), Some(to)) = (&self.0.desk, &ticket.external_id, &self.0.support_box) else {
            return Err(Failure::GiveUp {
                reason: "the ticket is in no other desk, or there is no support.box".to_owned(),
            });
        };
        let (reference, comment) = (&ticket.draft.reference, comment.as_ref().map(|it| it.id.as_str()));
        if let Some(at) = self.0.told_at(reference, comment).await? {
            let key = mail_support::key(reference, comment);
            let told = text::ticket::Told { to, at, message: &self.0.mailer.message_id(&key) };
            let note = DeskComment {
                text: text::ticket::told_by_mail(&told, comment.is_some(), self.0.zone()),
                key,
                author: None,
                attachments: Vec::new(),
            };
            desk.comment(id, &note).await?;
        }
        self.0.store.complete_job(claimed, super::now()).await?;
        Ok(())
    }
}
