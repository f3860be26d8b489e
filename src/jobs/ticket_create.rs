//! Creates a ticket in the other desk. While the desk is silent for long, the support box is told instead, once; the
//! ticket is created all the same when the desk is back, under the same reference, and the two are linked.

use std::sync::Arc;

use async_trait::async_trait;

use super::office::Office;
use super::outgoing::CREATE;
use super::{Failure, Kind};
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
        let reference = &ticket.draft.reference;
        match desk.create(&ticket.draft).await {
            Ok(created) => {
                let following = self.0.link(reference, None).await?;
                let id = &created.id;
                self.0.store.complete_ticket_job(claimed, reference, id, &following, super::now()).await?;
                Ok(())
            }
            Err(error) => {
                let failure = Failure::from(error);
                self.0.make_up(reference, None, ticket.draft.created_at, &failure).await?;
                Err(failure)
            }
        }
    }
}
