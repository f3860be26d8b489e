//! Reads at the other desk where our tickets stand and what agents said, for what it did not tell: its events are lost when
//! this service is away for longer than the desk tries, or when somebody switches them off.
//!
//! A piece of work reads some tickets and queues the next one, with a pause, so that the requests that partners wait for
//! are not held up by the limit of the desk. What an event tells as well is known again by the desk's own ids.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::office::{self, Office};
use super::outgoing::COMMENT;
use super::{Failure, Kind, reminder};
use crate::attachments;
use crate::clients::tickets::{DeskAnswer, DeskError as TicketError, DeskFile, DeskState, TicketDesk};
use crate::desk::{self, DeskError, Heard, TicketChange};
use crate::model::{File, NewFile, NewJob, TicketCommit, TicketRef};
use crate::store::{Claimed, HeldElsewhere, Store};
use crate::text;

const RECONCILE: &str = "desk.reconcile";
/// How many tickets are read by one piece of work: as many requests, when something was said about each.
const BATCH: i64 = 50;
/// How long the next one waits.
const PAUSE_MS: i64 = 10_000;
/// After so many tickets that could not be read, it is not the tickets.
const MOST_FAILURES: usize = 3;
/// How long to wait before a ticket is read of which two events of one second were heard.
const SOON_MS: i64 = 2_000;
/// Zendesk's times have whole seconds.
const SECOND_MS: i64 = 1_000;

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Payload {
    /// Only those that come after this one.
    after: Option<TicketRef>,
    /// Only this one.
    only: Option<TicketRef>,
}

/// Queues the work again and again.
pub(crate) async fn remind_to_reconcile(store: Store, every: Duration) {
    reminder::remind(store, RECONCILE, every).await;
}

/// The work that follows when nobody can say which of two events about a ticket came last: it is read.
pub(crate) fn read_again(commit: &TicketCommit) -> NewJob {
    let reference = &commit.after.draft.reference;
    let key = format!("{RECONCILE}/{reference}/{}", commit.after.updated_at);
    job(&Payload { after: None, only: Some(reference.clone()) }, key, commit.at + SOON_MS)
}

fn job(payload: &Payload, key: String, run_at: i64) -> NewJob {
    let payload = serde_json::to_string(payload).expect("a payload is JSON");
    NewJob { kind: RECONCILE, version: 1, payload, key, run_at }
}

pub(crate) struct DeskReconcile {
    office: Arc<Office>,
    every: Duration,
}

impl DeskReconcile {
    /// Reads what `office` has at its desk; all of it is read again after `every`.
    pub(crate) fn new(office: Arc<Office>, every: Duration) -> Self {
        Self { office, every }
    }
}

#[async_trait]
impl Kind for DeskReconcile {
    fn name(&self) -> &'static str {
        RECONCILE
    }

    fn goes_to(&self, _claimed: &Claimed) -> Vec<String> {
        office::to_the_desk()
    }

    /// Being begun again is harmless: what is known already is not said again.
    async fn run(&self, claimed: &Claimed) -> Result<(), Failure> {
        let payload: Payload = serde_json::from_str(&claimed.job.payload)
            .map_err(|error| Failure::GiveUp { reason: format!("the payload cannot be read: {error}") })?;
        let Some(desk) = &self.office.desk else {
            return Err(Failure::GiveUp { reason: "no other desk is set: see desk.kind".to_owned() });
        };
        let now = super::now();
        let is_old = u128::try_from(now - claimed.job.created_at).is_ok_and(|age| age >= self.every.as_millis());
        let next = |after| {
            let key = format!("{RECONCILE}/{}/{after}", claimed.job.id);
            job(&Payload { after: Some(after), only: None }, key, now + PAUSE_MS)
        };
        let following = match self.read(desk.as_ref(), &payload).await {
            Ok(Read { last, failure: None }) => last.map(next),
            // What is wrong with one ticket keeps nobody from reading the others: those that come after it have their turn now
            // or when this was tried for long enough.
            Ok(Read { last, failure: Some(failure) }) if payload.only.is_none() && (is_old || is_final(&failure)) => {
                tracing::warn!("a ticket is not read at the desk this time: {}", failure.into_reason());
                last.map(next)
            }
            Ok(Read { failure: Some(failure), .. }) => return Err(failure),
            // The next round begins anyway: while a desk is away for days, no work piles up.
            Err(Failure::GiveUp { reason }) if payload.only.is_none() => {
                tracing::warn!("tickets cannot be read at the desk: {reason}");
                None
            }
            // All work for the desk must wait, which the queue sees to; this one is over all the same.
            Err(failure @ (Failure::Busy { .. } | Failure::ToBeMended { is_all: true, .. }))
                if payload.only.is_none() && is_old =>
            {
                self.office.store.complete_job(claimed, super::now()).await?;
                return Err(failure);
            }
            Err(failure) if payload.only.is_none() && is_old => {
                tracing::warn!("tickets are not read at the desk this time: {}", failure.into_reason());
                None
            }
            Err(failure) => return Err(failure),
        };
        let following: Vec<NewJob> = following.into_iter().collect();
        Ok(self.office.store.complete_job_with(claimed, &following, super::now()).await?)
    }
}

/// What became of some tickets.
#[derive(Default)]
struct Read {
    /// The last one, when there are more.
    last: Option<TicketRef>,
    /// Why one of them could not be read; the others were.
    failure: Option<Failure>,
}

fn is_final(failure: &Failure) -> bool {
    matches!(failure, Failure::GiveUp { .. })
}

/// Whether it says something of the desk and not of one ticket.
fn concerns_all(failure: &Failure) -> bool {
    matches!(failure, Failure::Busy { .. } | Failure::ToBeMended { is_all: true, .. })
}

impl DeskReconcile {
    /// Reads some tickets.
    ///
    /// # Errors
    /// When none could be read, or the desk is what fails.
    async fn read(&self, desk: &dyn TicketDesk, payload: &Payload) -> Result<Read, Failure> {
        let store = &self.office.store;
        let tickets = match &payload.only {
            Some(reference) => store.find_elsewhere(reference).await?.into_iter().collect(),
            None => store.list_elsewhere(payload.after.as_ref(), BATCH).await?,
        };
        if tickets.is_empty() {
            return Ok(Read::default());
        }
        let own_user = desk.find_own_user().await?;
        let ids: Vec<String> = tickets.iter().map(|ticket| ticket.id.clone()).collect();
        let (mut failure, mut failures) = (None, 0);
        for state in desk.read(&ids).await? {
            let Some(ticket) = tickets.iter().find(|ticket| ticket.id == state.id) else { continue };
            let Err(why) = self.take(desk, ticket, &state, &own_user).await else { continue };
            failures += 1;
            if concerns_all(&why) || failures == MOST_FAILURES {
                return Err(why);
            }
            // What may pass is tried again; what never will is told when nothing else is.
            failure = Some(failure.filter(|earlier| !is_final(earlier)).unwrap_or(why));
        }
        let is_full = i64::try_from(tickets.len()).is_ok_and(|count| count == BATCH);
        let last = tickets.into_iter().next_back().filter(|_| is_full).map(|ticket| ticket.reference);
        Ok(Read { last, failure })
    }

    /// Takes what the desk says of one ticket: what was said first, since the status is the later one.
    async fn take(
        &self,
        desk: &dyn TicketDesk,
        ticket: &HeldElsewhere,
        state: &DeskState,
        own_user: &str,
    ) -> Result<(), Failure> {
        let (store, reference, now) = (&self.office.store, &ticket.reference, super::now());
        if state.changed_at > ticket.read_to {
            // A request that was there before it was known here has answers that are no news.
            let is_news = |it: &DeskAnswer| it.author != own_user && (it.said_at > ticket.read_to || it.said_at == 0);
            for answer in desk.list_answers(&state.id).await?.into_iter().filter(is_news) {
                let (said_at, files) = (answer.said_at, answer.files);
                let said = desk::answered_elsewhere(reference, &answer.id, answer.text, said_at, now);
                self.change(reference, &said).await?;
                // Its event tells of no files: they are brought once, whichever way the answer came.
                if !files.is_empty() {
                    self.bring_files(desk, reference, &format!("{}/files", answer.id), files, said_at).await?;
                }
            }
            // Something may still be said in the same second.
            let read_to = if state.is_settled { state.changed_at } else { state.changed_at - SECOND_MS };
            store.mark_read(reference, read_to).await?;
        }
        let Some(known) = store.find_ticket(reference).await? else { return Ok(()) };
        let is_news = known.status != state.status || state.changed_at > known.external_at;
        // What the partner said opens the ticket there, too, as soon as the desk has it.
        if is_news && !store.has_work(&format!("{COMMENT}/{reference}/")).await? {
            let change = TicketChange {
                who: text::DESK.to_owned(),
                status: Some(state.status),
                heard: Some(Heard::Reading(state.changed_at)),
                at: now,
                ..TicketChange::default()
            };
            self.change(reference, &change).await?;
        }
        Ok(())
    }

    /// Brings the files of an answer, which is said under `id`: those that may be kept here, and the names of the others, which
    /// the desk mails.
    async fn bring_files(
        &self,
        desk: &dyn TicketDesk,
        reference: &TicketRef,
        id: &str,
        files: Vec<DeskFile>,
        said_at: i64,
    ) -> Result<(), Failure> {
        let said = |text| desk::answered_elsewhere(reference, id, text, said_at, super::now());
        let is_known = match said(String::new()).comment {
            Some(comment) => self.office.store.find_comment(&comment.id).await?.is_some(),
            None => false,
        };
        if is_known {
            return Ok(());
        }
        let there = self.office.store.list_attachments(reference).await?.len();
        let (mut kept, mut named): (Vec<NewFile>, Vec<String>) = (Vec::new(), Vec::new());
        for file in files {
            let has_room = i64::try_from(there + kept.len()).is_ok_and(|count| count < self.office.files.per_ticket);
            let fetched = if has_room { self.fetch(desk, &file).await? } else { None };
            match fetched {
                Some(file) => kept.push(NewFile { id: uuid::Uuid::now_v7().to_string(), file }),
                None => named.push(file.name),
            }
        }
        let names: Vec<String> = kept.iter().map(|kept| kept.file.name.clone()).collect();
        let change = TicketChange { sent: kept, ..said(text::ticket::sent_at_the_desk(&names, &named)) };
        self.change(reference, &change).await
    }

    /// A file of an agent, when it may be kept here.
    async fn fetch(&self, desk: &dyn TicketDesk, file: &DeskFile) -> Result<Option<File>, Failure> {
        let most = self.office.max_file_bytes;
        if file.size > most as u64 {
            return Ok(None);
        }
        match desk.fetch(file, most).await {
            Ok(content) => {
                let accepted =
                    attachments::accept(&file.media_type, &file.name, content, &self.office.files.media_types);
                Ok(accepted.ok())
            }
            Err(TicketError::Refused { .. } | TicketError::NotAllowed { is_unknown: false, .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn change(&self, reference: &TicketRef, change: &TicketChange) -> Result<(), Failure> {
        let Office { store, outgoing, support, .. } = self.office.as_ref();
        match desk::change(store, outgoing, support, reference, change).await {
            Ok(_) | Err(DeskError::NoTicket | DeskError::Closed) => Ok(()),
            Err(DeskError::Store(error)) => Err(error.into()),
        }
    }
}
