//! Tells the partner that the request has arrived, and when it is answered.

use std::sync::Arc;

use async_trait::async_trait;

use super::office::{self, Addressed, Office};
use super::outgoing::ACKNOWLEDGE;
use super::{Failure, Kind};
use crate::store::Claimed;
use crate::text;

const A_DAY_MS: i64 = 24 * 60 * 60 * 1000;

pub(crate) struct MailAcknowledge(pub(crate) Arc<Office>);

#[async_trait]
impl Kind for MailAcknowledge {
    fn name(&self) -> &'static str {
        ACKNOWLEDGE
    }

    fn goes_to(&self, _claimed: &Claimed) -> Vec<String> {
        office::to_the_mail_server()
    }

    async fn run(&self, claimed: &Claimed) -> Result<(), Failure> {
        let (ticket, _) = self.0.subject(claimed).await?;
        // Anybody can type anybody's address: nobody gets so many mails that he did not ask for.
        let asked = self.0.store.count_requested(&ticket, ticket.draft.created_at - A_DAY_MS).await?;
        if asked > self.0.max_acknowledgements {
            tracing::warn!("an address is told of no more requests today: mail.acknowledgements_per_day");
            return Ok(self.0.store.complete_job(claimed, super::now()).await?);
        }
        let draft = &ticket.draft;
        let mail = text::mail::acknowledged(
            draft,
            &self.0.support.promise(draft.created_at).text,
            self.0.support_box.is_some(),
        );
        let addressed = Addressed {
            key: thread_key(&ticket),
            to: &draft.requester.email,
            reply_to: self.0.support_box.as_ref(),
            follows: Vec::new(),
            files: Vec::new(),
        };
        self.0.send(claimed, addressed, mail).await
    }
}

/// The mail that begins the thread of a ticket.
pub(super) fn thread_key(ticket: &crate::model::Ticket) -> String {
    format!("{}/acknowledge", ticket.draft.reference)
}
