//! Puts documents in force when their time has come, through the gate.

use std::sync::Arc;

use async_trait::async_trait;

use super::{Failure, Kind};
use crate::model::NewJob;
use crate::publishing::publish::{PublishError, Publisher};
use crate::store::Claimed;

const NAME: &str = "knowledge.publish";

pub(crate) struct KnowledgePublish(pub(crate) Arc<Publisher>);

/// The work that does the publication `id`, not before `run_at`.
pub(crate) fn publish(id: &str, run_at: i64) -> NewJob {
    NewJob { kind: NAME, version: 1, payload: id.to_owned(), key: format!("{NAME}/{id}"), run_at }
}

#[async_trait]
impl Kind for KnowledgePublish {
    fn name(&self) -> &'static str {
        NAME
    }

    fn keeps_its_date(&self) -> bool {
        true
    }

    async fn run(&self, claimed: &Claimed) -> Result<(), Failure> {
        Ok(self.0.run(&claimed.job.payload, claimed).await?)
    }
}

impl From<PublishError> for Failure {
    fn from(error: PublishError) -> Self {
        match error {
            PublishError::NotFound => Self::GiveUp { reason: error.to_string() },
            error => Self::Retry { reason: format!("{:#}", anyhow::Error::from(error)), after: None },
        }
    }
}
