//! What a person says of an answer, and that a conversation be forgotten.

use guichet_bots::{Outbound, SourceKind};

use super::{Conversations, TurnError, now};
use crate::model::{Feedback, Said};
use crate::text::{self, Phrase};

/// Longest reason that is kept, in characters.
pub(crate) const MAX_REASON: usize = 1_000;

impl Conversations {
    /// Keeps what a person says of the answer of `message`. Said again, the last word counts. Besides what is kept, what is
    /// to be said of what was masked in it.
    pub(crate) async fn judge(
        &self,
        id: &str,
        token: &str,
        message: &str,
        is_helpful: bool,
        reason: Option<&str>,
    ) -> Result<(Feedback, Option<Phrase>), TurnError> {
        self.find(id, token).await?;
        let messages = self.store.list_messages(id, 0).await?;
        let judged = messages.into_iter().find(|known| known.id == message);
        let Some(Said::Assistant(reply)) = judged.map(|known| known.said) else { return Err(TurnError::NoMessage) };
        let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
        let reason = reason.map(|reason| self.redaction.redact(&reason.chars().take(MAX_REASON).collect::<String>()));
        let note = reason.as_ref().and_then(|reason| text::redact::note(&reason.kinds));
        let reason = reason.map(|reason| reason.text);
        let feedback = Feedback {
            message: message.to_owned(),
            conversation: id.to_owned(),
            is_helpful,
            reason,
            entry: entry(&reply),
            at: now(),
        };
        self.store.keep_feedback(&feedback).await?;
        Ok((feedback, note))
    }

    /// What was said of the answers of a conversation that was read before.
    pub(crate) async fn judgements(&self, id: &str) -> Result<Vec<Feedback>, TurnError> {
        Ok(self.store.list_feedback(id).await?)
    }

    /// Removes what was said in a conversation; its tickets stay. Afterwards no token opens it.
    pub(crate) async fn forget(&self, id: &str, token: &str) -> Result<(), TurnError> {
        self.find(id, token).await?;
        Ok(self.store.forget_conversation(id, now()).await?)
    }
}

pub(super) fn entry(reply: &Outbound) -> Option<String> {
    reply.sources.iter().find(|source| source.kind == SourceKind::Entry).map(|source| source.id.clone())
}
