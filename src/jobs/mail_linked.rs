//! Tells the support box, in the thread of what it was told while the desk was silent, where that is now.

use std::sync::Arc;

use async_trait::async_trait;

use super::mail_support;
use super::office::{self, Addressed, Office};
use super::outgoing::LINKED;
use super::{Failure, Kind};
use crate::store::Claimed;
use crate::text;

pub(crate) struct MailLinked(pub(crate) Arc<Office>);

#[async_trait]
impl Kind for MailLinked {
    fn name(&self) -> &'static str {
        LINKED
    }

    fn goes_to(&self, _claimed: &Claimed) -> Vec<String> {
        office::to_the_mail_server()
    }

    async fn run(&self, claimed: &Claimed) -> Result<(), Failure> {
        let (ticket, comment) = self.0.subject(claimed).await?;
        let (Some(id), Some(to)) = (&ticket.external_id, &self.0.support_box) else {
            return Err(Failure::GiveUp {
                reason: "the ticket is in no other desk, or there is no support.box".to_owned(),
            });
        };
        let mut follows = match &comment {
            Some(said) => mail_support::thread(&self.0, said).await?,
            None => Vec::new(),
        };
        let (draft, comment) = (&ticket.draft, comment.as_ref().map(|it| it.id.as_str()));
        if self.0.told_at(&draft.reference, comment).await?.is_none() {
            return Ok(self.0.store.complete_job(claimed, super::now()).await?);
        }
        let before = mail_support::key(&draft.reference, comment);
        follows.push(before.clone());
        let addressed = Addressed {
            key: format!("{before}/linked"),
            to,
            reply_to: Some(&draft.requester.email),
            follows,
            files: Vec::new(),
        };
        self.0.send(claimed, addressed, text::mail::linked(draft, id, comment.is_some())).await
    }
}
