//! What is asked to be put in force, and what became of it.

use guichet_kb::DocumentKey;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Something to be put in force, or tried.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Publication {
    pub(crate) id: String,
    pub(crate) items: Vec<PublicationItem>,
    pub(crate) author: String,
    pub(crate) reason: String,
    /// Tried, and not put in force.
    pub(crate) is_preview: bool,
    /// How many real questions are asked again.
    pub(crate) replay: i64,
    /// Not before this, in milliseconds since 1970.
    pub(crate) run_at: i64,
    pub(crate) state: PublicationState,
    pub(crate) progress: Progress,
    /// What the gate said, as JSON.
    pub(crate) report: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

/// One document of a publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PublicationItem {
    pub(crate) document: DocumentKey,
    /// Its last revision as whoever asked saw it.
    pub(crate) revision: i64,
    pub(crate) action: PublicationAction,
}

/// What is done with a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PublicationAction {
    /// It answers partners.
    Publish,
    /// It is kept and no longer used.
    Archive,
}

/// Where a publication stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PublicationState {
    /// Its time has not come.
    Waiting,
    /// The gate looks at it.
    Running,
    /// It is in force.
    Published,
    /// It was tried.
    Previewed,
    /// It may not be put in force: the report says why.
    Refused,
    /// Somebody took it back.
    Cancelled,
}

impl PublicationState {
    /// Whether nothing more will become of it.
    pub(crate) fn is_final(self) -> bool {
        !matches!(self, Self::Waiting | Self::Running)
    }
}

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub(crate) struct Progress {
    pub(crate) step: ProgressStep,
    pub(crate) done: usize,
    pub(crate) of: usize,
}

/// The steps of the gate, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ProgressStep {
    #[default]
    Waiting,
    /// The index is built and the ranking trained.
    Index,
    /// Check questions are asked.
    Checks,
    /// Real questions are asked again.
    Replay,
    Done,
}
