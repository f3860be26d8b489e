//! Group commit: turns that wait for the only writer of SQLite are written together, in one transaction, and reach the disk by
//! one flush. Nobody waits for others to come: a group is what came while the one before was being written.

use std::sync::Arc;

use sqlx::AnyPool;
use tokio::sync::{Mutex, mpsc, oneshot};

use super::{StoreError, conversations};
use crate::model::Commit;

/// Most turns of one group: what is read meanwhile waits for none of them, but the last one waits for all.
const MOST: usize = 64;

/// Takes turns and writes them. Cheap to clone; the work ends with the last clone.
#[derive(Clone)]
pub(super) struct Group(mpsc::UnboundedSender<Waiting>);

/// A turn, and who waits for it.
struct Waiting {
    commit: Commit,
    done: oneshot::Sender<Result<(), StoreError>>,
}

impl Group {
    /// Writes by `writer`.
    pub(super) fn over(writer: AnyPool) -> Self {
        let (sender, queue) = mpsc::unbounded_channel();
        let queue = Arc::new(Mutex::new(queue));
        // What panics costs the turns of its group, as elsewhere it would cost one request, and none that come later.
        tokio::spawn(async move {
            while tokio::spawn(write_all(writer.clone(), Arc::clone(&queue))).await.is_err_and(|error| error.is_panic())
            {
            }
        });
        Self(sender)
    }

    /// Writes everything that `commit` changes, or nothing.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another turn was faster.
    pub(super) async fn commit(&self, commit: Commit) -> Result<(), StoreError> {
        let (done, told) = oneshot::channel();
        let gone = || StoreError::Database(sqlx::Error::WorkerCrashed);
        self.0.send(Waiting { commit, done }).map_err(|_| gone())?;
        told.await.map_err(|_| gone())?
    }
}

async fn write_all(writer: AnyPool, queue: Arc<Mutex<mpsc::UnboundedReceiver<Waiting>>>) {
    let mut queue = queue.lock().await;
    let mut group = Vec::with_capacity(MOST);
    while queue.recv_many(&mut group, MOST).await > 0 {
        // Who gave up waiting sends the same again, or never: it is as if nothing had come.
        group.retain(|waiting| !waiting.done.is_closed());
        let commits: Vec<&Commit> = group.iter().map(|waiting| &waiting.commit).collect();
        match together(&writer, &commits).await {
            Ok(outcomes) => {
                for (waiting, outcome) in group.drain(..).zip(outcomes) {
                    waiting.tell(outcome);
                }
            }
            // One of them cannot be written, or all meet the same trouble: each is told its own.
            Err(_) if group.len() > 1 => {
                for waiting in group.drain(..) {
                    let outcome = together(&writer, &[&waiting.commit]).await;
                    waiting.tell(outcome.and_then(|mut only| only.pop().unwrap_or(Ok(()))));
                }
            }
            Err(error) => {
                if let Some(waiting) = group.pop() {
                    waiting.tell(Err(error));
                }
            }
        }
    }
}

/// Writes `commits` in one transaction: what became of each, or, after an error, of none.
async fn together(writer: &AnyPool, commits: &[&Commit]) -> Result<Vec<Result<(), StoreError>>, StoreError> {
    let mut transaction = writer.begin().await?;
    let mut outcomes = Vec::with_capacity(commits.len());
    for commit in commits {
        let is_written = conversations::write(&mut transaction, commit).await?;
        outcomes.push(if is_written { Ok(()) } else { Err(StoreError::Conflict) });
    }
    transaction.commit().await?;
    Ok(outcomes)
}

impl Waiting {
    fn tell(self, outcome: Result<(), StoreError>) {
        // Nobody may wait any more; what was written stays, as after a request whose connection breaks.
        let _ = self.done.send(outcome);
    }
}
