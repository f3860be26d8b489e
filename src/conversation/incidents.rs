//! What is known to be broken, read again after two seconds: each turn asks for it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::{Conversations, TurnError, now};
use crate::model::{HistoryLine, Incident, IncidentId};
use crate::store::StoreError;
use crate::text;

/// How long a list is good: another replica may have changed it.
const AGE: Duration = Duration::from_secs(2);

/// The list that was read last, and when.
#[derive(Default)]
pub(crate) struct Incidents(Mutex<Option<(Instant, Arc<[Incident]>)>>);

impl Incidents {
    fn last(&self) -> MutexGuard<'_, Option<(Instant, Arc<[Incident]>)>> {
        // The list is replaced as a whole: whoever panicked has left a whole one.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn young(&self) -> Option<Arc<[Incident]>> {
        self.last().as_ref().filter(|(read, _)| read.elapsed() < AGE).map(|(_, known)| Arc::clone(known))
    }
}

impl Conversations {
    /// The incidents that are not over; some may not have begun.
    pub(crate) async fn incidents(&self) -> Result<Arc<[Incident]>, StoreError> {
        if let Some(known) = self.incidents.young() {
            return Ok(known);
        }
        let read = Instant::now();
        let known: Arc<[Incident]> = self.store.list_current_incidents(jiff::Timestamp::now()).await?.into();
        *self.incidents.last() = Some((read, Arc::clone(&known)));
        Ok(known)
    }

    /// Somebody changed them here: the next turn reads them again.
    pub(crate) fn forget_incidents(&self) {
        *self.incidents.last() = None;
    }

    /// What the history of a report says of the problem that it is attached to.
    pub(super) async fn attached(&self, incident: Option<&IncidentId>) -> Result<Vec<HistoryLine>, TurnError> {
        let Some(id) = incident else { return Ok(Vec::new()) };
        let problem = self.store.find_incident(id.as_str()).await?.and_then(|incident| incident.problem);
        let line = |problem| HistoryLine {
            who: text::GUICHET.to_owned(),
            what: format!("attached to problem {problem}"),
            at: now(),
        };
        Ok(problem.map(line).into_iter().collect())
    }
}
