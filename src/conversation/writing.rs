//! That somebody is writing: told to the other side while a person holds the conversation, and gone a moment later. What is
//! written is nowhere before it is sent.

use super::{Conversations, TurnError, now};
use crate::model::Side;

/// How long somebody is taken to be writing after the last sign of it, in milliseconds. Signs come every few seconds.
const WRITES_MS: i64 = 6_000;

impl Conversations {
    /// The partner is writing. It is told to the person who holds the conversation, and to nobody when nobody does.
    pub(crate) async fn partner_writes(&self, id: &str, token: &str) -> Result<(), TurnError> {
        self.check(id, token).await?;
        self.side_writes(id, Side::Partner).await?;
        Ok(())
    }

    /// `who`, who holds the conversation, is writing to the partner.
    pub(crate) async fn agent_writes(&self, id: &str, who: &str) -> Result<(), TurnError> {
        self.find_for_staff(id).await?;
        if self.side_writes(id, Side::Agent(who)).await? { Ok(()) } else { Err(TurnError::NotHeld) }
    }

    async fn side_writes(&self, id: &str, side: Side<'_>) -> Result<bool, TurnError> {
        let is_noted = self.store.note_writing(id, side, now() + WRITES_MS).await?;
        if is_noted {
            self.bell.ring(id);
        }
        Ok(is_noted)
    }

    /// What was being written has been sent. That is what counts: the sign goes by itself.
    pub(super) async fn has_written(&self, id: &str, side: Side<'_>) {
        if let Err(error) = self.store.note_writing(id, side, 0).await {
            tracing::warn!("that nobody is writing any more cannot be kept: {:#}", anyhow::Error::from(error));
        }
        self.bell.ring(id);
    }
}
