//! Creates a ticket in the other desk. While the desk is silent for long, the support box is told instead, once; the
//! ticket is created all the same when the desk is back, under the same reference.

use std::sync::Arc;

use async_trait::async_trait;

use super::office::Office;
use super::outgoing::{self, CREATE};
use super::{Failure, Kind};
use crate::model::Ticket;
use crate::store::Claimed;

pub(crate) struct TicketCreate(pub(crate) Arc<Office>);

#[async_trait]
impl Kind for TicketCreate {
    fn name(&self) -> &'static str {
        CREATE
    }

    async fn run(&self, claimed: &Claimed) -> Result<(), Failure> {
        let (mut ticket, _) = self.0.subject(claimed).await?;
        let Some(desk) = &self.0.desk else {
            return Err(Failure::GiveUp { reason: "no other desk is set: see desk.kind".to_owned() });
        };
        ticket.draft.attachments = self.0.store.list_files(&ticket.draft.reference, None).await?;
        match desk.create(&ticket.draft).await {
            Ok(created) => {
                let reference = &ticket.draft.reference;
                self.0.store.complete_ticket_job(claimed, reference, &created.id, super::now()).await?;
                Ok(())
            }
            Err(error) => {
                let failure = Failure::from(error);
                self.tell_support_box(&ticket, &failure).await?;
                Err(failure)
            }
        }
    }
}

impl TicketCreate {
    async fn tell_support_box(&self, ticket: &Ticket, failure: &Failure) -> Result<(), Failure> {
        let is_late = super::now() - ticket.draft.created_at >= self.0.mail_after_ms;
        let is_lost = matches!(failure, Failure::GiveUp { .. });
        if self.0.support_box.is_some() && (is_late || is_lost) {
            let now = super::now();
            let mail = outgoing::job(outgoing::SUPPORT, &ticket.draft.reference, None, now);
            self.0.store.queue_jobs(&[mail], now).await?;
        }
        Ok(())
    }
}
