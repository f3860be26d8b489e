//! Durable work that leaves the house.

use serde::{Deserialize, Serialize};

/// Work to be queued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewJob {
    /// What kind of work.
    pub(crate) kind: &'static str,
    /// Version of the payload's form.
    pub(crate) version: i64,
    /// What it needs, as JSON.
    pub(crate) payload: String,
    /// The same work is queued once.
    pub(crate) key: String,
    /// Not before this, in milliseconds since 1970.
    pub(crate) run_at: i64,
}

/// Work in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Job {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) version: i64,
    pub(crate) payload: String,
    pub(crate) state: JobState,
    /// How often it was begun.
    pub(crate) attempts: i64,
    pub(crate) run_at: i64,
    pub(crate) last_error: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

/// Where work stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum JobState {
    /// It waits for its time.
    Queued,
    /// Somebody does it, until the lease ends.
    Running,
    /// It is done.
    Done,
    /// It was given up: somebody must look.
    Dead,
}
