//! Closes requests of the built-in desk that have been solved for long: until then their authors open them again by
//! answering.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;

use super::office::Office;
use super::{Failure, Kind, reminder};
use crate::desk::{self, DeskError, TicketChange};
use crate::model::{NewJob, TicketStatus};
use crate::steady::{PROBATION, Watched};
use crate::store::{Claimed, Store};
use crate::text;

const CLOSE: &str = "desk.close";
/// How often it is looked for them.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// How many are closed by one piece of work.
const BATCH: i64 = 100;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Queues the work again and again.
pub(crate) async fn remind_to_close(store: Store) {
    reminder::remind(store, CLOSE, EVERY).await;
}

pub(crate) struct DeskClose {
    office: Arc<Office>,
    after_days: u32,
    /// A request is closed for its age: not by a clock that has just jumped.
    clock: Watched,
}

impl DeskClose {
    /// Closes what nothing has happened to for `after_days` since it was solved.
    pub(crate) fn new(office: Arc<Office>, after_days: u32) -> Self {
        Self { office, after_days, clock: Watched::new(super::now(), Instant::now()) }
    }
}

#[async_trait]
impl Kind for DeskClose {
    fn name(&self) -> &'static str {
        CLOSE
    }

    /// Being begun again is harmless: what is closed is not found any more.
    async fn run(&self, claimed: &Claimed) -> Result<(), Failure> {
        let now = super::now();
        if !self.clock.is_believed(now, Instant::now()) {
            return Err(Failure::Retry { reason: "the clock has jumped".to_owned(), after: Some(PROBATION) });
        }
        let Office { store, outgoing, support, .. } = self.office.as_ref();
        let before = now - i64::from(self.after_days) * DAY_MS;
        let solved = store.list_solved_before(before, BATCH).await?;
        for reference in &solved {
            let change = TicketChange {
                who: text::GUICHET.to_owned(),
                status: Some(TicketStatus::Closed),
                notes: vec![format!("closed, days without news: {}", self.after_days)],
                // Whoever answers at this moment opens it again.
                if_unchanged_since: Some(before),
                at: now,
                ..TicketChange::default()
            };
            match desk::change(store, outgoing, support, reference, &change).await {
                Ok(_) | Err(DeskError::NoTicket | DeskError::Closed) => {}
                Err(DeskError::Store(error)) => return Err(error.into()),
            }
        }
        let is_full = i64::try_from(solved.len()).is_ok_and(|count| count == BATCH);
        let key = format!("{CLOSE}/{}", claimed.job.id);
        let rest = NewJob { kind: CLOSE, version: 1, payload: "{}".to_owned(), key, run_at: now };
        let following = if is_full { vec![rest] } else { Vec::new() };
        Ok(store.complete_job_with(claimed, &following, now).await?)
    }
}
