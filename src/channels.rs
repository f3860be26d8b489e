//! What connectors ask of the service, answered by its conversations.

use std::sync::Arc;

use async_trait::async_trait;
use guichet_bots::{Assistant, AssistantError, Choice, ConversationKey, Inbound, Outbound};

use crate::conversation::{Conversations, Sent, TurnError};
use crate::model::{MAX_CHARS, QuestionError};
use crate::text::problem;

/// The service as connectors see it.
pub(crate) struct Channels(pub(crate) Arc<Conversations>);

#[async_trait]
impl Assistant for Channels {
    async fn open(&self, channel: &str) -> Result<ConversationKey, AssistantError> {
        let opened = self.0.open(channel).await.map_err(error)?;
        Ok(ConversationKey { id: opened.id, token: opened.token })
    }

    async fn turn(&self, conversation: &ConversationKey, inbound: Inbound) -> Result<Outbound, AssistantError> {
        let sent = Sent { text: inbound.text, option: inbound.option, client_id: None };
        self.0.turn(&conversation.id, &conversation.token, sent).await.map_err(error)
    }

    async fn suggest(&self, typed: &str) -> Result<Vec<Choice>, AssistantError> {
        self.0.suggest(typed).await.map_err(error)
    }
}

fn error(error: TurnError) -> AssistantError {
    match error {
        TurnError::NoConversation => AssistantError::NoConversation,
        TurnError::Question(QuestionError::Empty) => AssistantError::Refused(problem::EMPTY.to_owned()),
        TurnError::Question(QuestionError::TooLong) => AssistantError::Refused(problem::too_long(MAX_CHARS)),
        TurnError::UnknownOption => AssistantError::Refused(problem::UNKNOWN_OPTION.to_owned()),
        TurnError::NoTicket
        | TurnError::NoMessage
        | TurnError::ClientId
        | TurnError::OtherDesk
        | TurnError::KeyUsed
        | TurnError::NoFile
        | TurnError::UnknownFile
        | TurnError::TooManyFiles
        | TurnError::File(_)
        | TurnError::Desk(_)
        | TurnError::Store(_)
        | TurnError::Search(_)
        | TurnError::Interrupted(_) => {
            tracing::error!("a turn failed: {:#}", anyhow::Error::from(error));
            AssistantError::Unavailable
        }
    }
}
