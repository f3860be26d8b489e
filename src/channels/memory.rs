//! What connectors remember, in the store.

use std::time::Duration;

use async_trait::async_trait;
use guichet_bots::{Memory, MemoryError, Place, Post};

use super::now;
use crate::jobs;
use crate::store::{Store, StoreError};

/// The notebook of connectors.
pub(crate) struct Notebook(pub(crate) Store);

#[async_trait]
impl Memory for Notebook {
    async fn find_place(&self, id: &str) -> Result<Option<Place>, MemoryError> {
        let held = self.0.find_place(id).await.map_err(failed)?;
        Ok(held.map(|held| held.place))
    }

    async fn keep_post(&self, post: &Post) -> Result<(), MemoryError> {
        self.0.keep_post(post, now()).await.map_err(failed)
    }

    async fn find_post(&self, id: &str) -> Result<Option<Post>, MemoryError> {
        self.0.find_post(id).await.map_err(failed)
    }

    async fn find_answer(&self, asked: &str) -> Result<Option<Post>, MemoryError> {
        self.0.find_post_to(asked).await.map_err(failed)
    }

    async fn put_off(&self, platform: &str, what: &str, after: Duration) -> Result<(), MemoryError> {
        let now = now();
        let run_at = now.saturating_add(i64::try_from(after.as_millis()).unwrap_or(i64::MAX));
        self.0.queue_jobs(&[jobs::catch_up(platform, what, run_at)], now).await.map_err(failed)
    }

    async fn hold(&self, name: &str, holder: &str, time: Duration) -> Result<bool, MemoryError> {
        let now = now();
        let time = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        self.0.take_lease(name, holder, now, now.saturating_add(time)).await.map_err(failed)
    }

    async fn release(&self, name: &str, holder: &str) -> Result<(), MemoryError> {
        self.0.give_lease_up(name, holder).await.map_err(failed)
    }
}

fn failed(error: StoreError) -> MemoryError {
    tracing::error!("what a connector remembers failed: {:#}", anyhow::Error::from(error));
    MemoryError
}
