//! Creates a ticket in the other desk. While the desk is silent for long, the support box is told instead, once; the
//! ticket is created all the same when the desk is back, under the same reference, and the two are linked.
//!
//! All reports of an incident are linked to one problem there: the ticket that staff name, or else the first report.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::office::{self, Office};
use super::outgoing::{self, CREATE};
use super::{Failure, Kind};
use crate::clients::tickets::{DeskTicket, Part, TicketDesk};
use crate::model::{Audit, IncidentId, JobState, Ticket, TicketRef};
use crate::store::Claimed;
use crate::text;

/// How long to wait for the problem to be created.
const UNTIL_PROBLEM: Duration = Duration::from_secs(5);

pub(crate) struct TicketCreate(pub(crate) Arc<Office>);

#[async_trait]
impl Kind for TicketCreate {
    fn name(&self) -> &'static str {
        CREATE
    }

    fn goes_to(&self, _claimed: &Claimed) -> Vec<String> {
        office::to_the_desk()
    }

    async fn run(&self, claimed: &Claimed) -> Result<(), Failure> {
        let (mut ticket, _) = self.0.subject(claimed).await?;
        let Some(desk) = &self.0.desk else {
            return Err(Failure::GiveUp { reason: "no other desk is set: see desk.kind".to_owned() });
        };
        ticket.draft.attachments = self.0.store.list_files(&ticket.draft.reference, None).await?;
        let reference = &ticket.draft.reference;
        match self.create(desk.as_ref(), &ticket).await {
            Ok(created) => {
                let following = self.0.link(reference, None).await?;
                let id = &created.id;
                self.0.store.complete_ticket_job(claimed, reference, id, &following, super::now()).await?;
                Ok(())
            }
            Err(failure) => {
                self.0.make_up(claimed, reference, None, ticket.draft.created_at, &failure).await?;
                Err(failure)
            }
        }
    }
}

impl TicketCreate {
    async fn create(&self, desk: &dyn TicketDesk, ticket: &Ticket) -> Result<DeskTicket, Failure> {
        let part = self.part(ticket).await?;
        Ok(desk.create(&ticket.draft, &part).await?)
    }

    /// What the ticket is to others. A report waits until the problem is there, unless that will never be.
    async fn part(&self, ticket: &Ticket) -> Result<Part, Failure> {
        let (store, reference) = (&self.0.store, &ticket.draft.reference);
        if !store.list_incidents_of(reference).await?.is_empty() {
            return Ok(Part::Problem);
        }
        // The tags as they were asked for: staff may change those of the ticket.
        let Some(incident) = ticket.draft.tags.iter().find_map(|tag| IncidentId::of_tag(tag)) else {
            return Ok(Part::Alone);
        };
        let line = Audit {
            at: super::now(),
            who: text::GUICHET.to_owned(),
            what: "incident.changed".to_owned(),
            object: incident.as_str().to_owned(),
            after: reference.to_string(),
            ..Audit::default()
        };
        let problem = match store.problem_of(&incident, reference, &line).await? {
            None => return Ok(Part::Alone),
            Some(problem) if problem == *reference => return Ok(Part::Problem),
            Some(problem) => problem,
        };
        let id = store.find_ticket(&problem).await?.and_then(|problem| problem.external_id);
        if id.is_none() && self.is_on_its_way(&problem).await? {
            let reason = "the problem that it reports is not yet in the other desk".to_owned();
            return Err(Failure::Retry { reason, after: Some(UNTIL_PROBLEM) });
        }
        Ok(Part::Report(id))
    }

    async fn is_on_its_way(&self, problem: &TicketRef) -> Result<bool, Failure> {
        let job = self.0.store.find_job(&outgoing::job(CREATE, problem, None, 0).key).await?;
        Ok(job.is_some_and(|job| matches!(job.state, JobState::Queued | JobState::Running)))
    }
}
