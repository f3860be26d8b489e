//! What a platform did not take when it was to be said, tried again until it does.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use guichet_bots::{Channel, DeliveryError};
use serde::{Deserialize, Serialize};

use super::{Failure, Kind};
use crate::model::NewJob;
use crate::store::{Claimed, Store};

/// Its name in the queue.
const CATCH_UP: &str = "channel.catch_up";

/// What it needs: nothing personal.
#[derive(Debug, Serialize, Deserialize)]
struct Payload {
    platform: String,
    /// As the connector named it.
    what: String,
}

pub(crate) struct ChannelCatchUp {
    pub(crate) store: Store,
    /// The platforms, by name.
    pub(crate) channels: BTreeMap<&'static str, Arc<dyn Channel>>,
}

/// The work that makes up for `what`.
pub(crate) fn catch_up(platform: &str, what: &str, run_at: i64) -> NewJob {
    let payload = Payload { platform: platform.to_owned(), what: what.to_owned() };
    NewJob {
        kind: CATCH_UP,
        version: 1,
        payload: serde_json::to_string(&payload).expect("a payload is JSON"),
        // The same may have to be made up for again, later.
        key: format!("{CATCH_UP}/{platform}/{what}/{run_at}"),
        run_at,
    }
}

#[async_trait]
impl Kind for ChannelCatchUp {
    fn name(&self) -> &'static str {
        CATCH_UP
    }

    async fn run(&self, claimed: &Claimed) -> Result<(), Failure> {
        let payload: Payload = serde_json::from_str(&claimed.job.payload)
            .map_err(|error| Failure::GiveUp { reason: format!("the payload cannot be read: {error}") })?;
        let channel = self.channels.get(payload.platform.as_str()).ok_or_else(|| Failure::Retry {
            reason: format!("{} is not configured here", payload.platform),
            after: None,
        })?;
        match channel.catch_up(&payload.what).await {
            Ok(()) => Ok(self.store.complete_job(claimed, super::now()).await?),
            Err(DeliveryError::Later { reason, after }) => Err(Failure::Retry { reason, after }),
            Err(DeliveryError::Never { reason }) => Err(Failure::GiveUp { reason }),
        }
    }
}
