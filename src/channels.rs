//! What connectors ask of the service, answered by its conversations.

mod memory;

use std::sync::Arc;

use async_trait::async_trait;
use guichet_bots::{
    Account, Assistant, AssistantError, Choice, ConversationKey, Inbound, Outbound, Place, Request, RequestState,
    Requested,
};

use crate::conversation::{self, Conversations, Sent, TurnError};
use crate::model::{MAX_CHARS, QuestionError, Requester, Urgency};
use crate::store::Store;
use crate::text::{self, problem};
use crate::visitors::Visitors;

pub(crate) use memory::Notebook;

/// How often a place is looked at again because somebody else was faster.
const ATTEMPTS: usize = 3;
/// What the key of places is made for.
const PURPOSE: &str = "guichet.example 2026 tokens of conversations that are held at places";

/// The service as connectors see it.
pub(crate) struct Channels {
    conversations: Arc<Conversations>,
    visitors: Arc<Visitors>,
    store: Store,
    /// Tokens of conversations at places are made with it, so that none is kept: every process makes the same.
    key: [u8; 32],
}

impl Channels {
    /// `secret` is what all processes of the connector share; when it changes, places begin new conversations.
    pub(crate) fn new(conversations: Arc<Conversations>, visitors: Arc<Visitors>, store: Store, secret: &str) -> Self {
        Self { conversations, visitors, store, key: blake3::derive_key(PURPOSE, secret.as_bytes()) }
    }

    fn token(&self, conversation: &str) -> String {
        blake3::keyed_hash(&self.key, conversation.as_bytes()).to_hex().to_string()
    }

    async fn key_of(&self, conversation: String) -> Result<Option<ConversationKey>, TurnError> {
        let token = self.token(&conversation);
        match self.conversations.check(&conversation, &token).await {
            Ok(()) => Ok(Some(ConversationKey { id: conversation, token })),
            Err(TurnError::NoConversation) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn at(&self, place: &Place) -> Result<ConversationKey, TurnError> {
        for _ in 0..ATTEMPTS {
            let held = self.store.find_place(&place.id).await?.map(|held| held.conversation);
            if let Some(held) = held.clone()
                && let Some(key) = self.key_of(held).await?
            {
                return Ok(key);
            }
            let opened = self.conversations.open_with(&place.owner.platform, |id| self.token(id)).await?;
            self.store.hold_at(place, &opened.id, held.as_deref(), now()).await?;
        }
        Err(TurnError::NoConversation)
    }
}

#[async_trait]
impl Assistant for Channels {
    async fn open(&self, channel: &str) -> Result<ConversationKey, AssistantError> {
        let opened = self.conversations.open(channel).await.map_err(error)?;
        Ok(ConversationKey { id: opened.id, token: opened.token })
    }

    async fn conversation_at(&self, place: &Place) -> Result<ConversationKey, AssistantError> {
        let key = self.at(place).await.map_err(error)?;
        if !place.is_public {
            let known = self.visitors.recognise(&key.id, &place.owner.platform, &place.owner.id).await;
            known.map_err(|failed| error(failed.into()))?;
        }
        Ok(key)
    }

    async fn turn(&self, conversation: &ConversationKey, inbound: Inbound) -> Result<Outbound, AssistantError> {
        let sent = Sent { text: inbound.text, option: inbound.option, client_id: inbound.id };
        let reply = self.conversations.turn(&conversation.id, &conversation.token, sent).await.map_err(error)?;
        Ok(self.conversations.read_elsewhere(reply))
    }

    async fn suggest(&self, typed: &str) -> Result<Vec<Choice>, AssistantError> {
        self.conversations.suggest(typed).await.map_err(error)
    }

    async fn customers(&self, account: &Account, typed: &str) -> Result<Vec<Choice>, AssistantError> {
        let linked = self.store.find_linked(&account.platform, &account.id).await;
        match linked.map_err(|failed| error(failed.into()))? {
            Some(visitor) => Ok(self.conversations.customers_like(&visitor, typed).await),
            None => Ok(Vec::new()),
        }
    }

    async fn rate(&self, conversation: &ConversationKey, message: &str, is_useful: bool) -> Result<(), AssistantError> {
        let given = self.store.find_reply(&conversation.id, message).await.map_err(|failed| error(failed.into()))?;
        // A reply that was not said by a turn, as that a message is too long, cannot be judged.
        let Some(given) = given else { return Ok(()) };
        let (id, token) = (&conversation.id, &conversation.token);
        self.conversations.judge(id, token, &given.id, is_useful, None).await.map_err(error)?;
        Ok(())
    }

    async fn request(&self, conversation: &ConversationKey, request: Request) -> Result<Requested, AssistantError> {
        let email = request.email.parse().map_err(|_| AssistantError::Refused(problem::NO_EMAIL.to_owned()))?;
        let request = conversation::Request {
            key: request.key,
            requester: Requester { name: request.name, email, company: request.company },
            subject: request.subject,
            description: request.description,
            product: None,
            urgency: Urgency::default(),
            attachments: Vec::new(),
        };
        let asked = self.conversations.request_ticket(&conversation.id, &conversation.token, request).await;
        let ticket = asked.map_err(error)?;
        let promise = self.conversations.support.promise(ticket.draft.created_at).text;
        Ok(Requested { reference: ticket.draft.reference.to_string(), promise })
    }

    async fn requests(&self, conversation: &ConversationKey) -> Result<Vec<RequestState>, AssistantError> {
        self.conversations.check(&conversation.id, &conversation.token).await.map_err(error)?;
        let tickets = self.store.list_tickets_of(&conversation.id).await.map_err(|failed| error(failed.into()))?;
        let state = |ticket: crate::model::Ticket| RequestState {
            reference: ticket.draft.reference.to_string(),
            subject: ticket.draft.subject,
            status: text::ticket::status(ticket.status).to_owned(),
        };
        Ok(tickets.into_iter().map(state).collect())
    }

    async fn link(&self, account: &Account, code: &str) -> Result<String, AssistantError> {
        let linked = self.visitors.link_account(&account.platform, &account.id, code).await;
        match linked.map_err(|failed| error(failed.into()))? {
            Some(visitor) => Ok(text::linked_user(&visitor)),
            None => Err(AssistantError::Refused(problem::LINK_CODE.to_owned())),
        }
    }

    async fn unlink(&self, account: &Account) -> Result<bool, AssistantError> {
        let removed = self.store.unlink_account(&account.platform, &account.id).await;
        removed.map_err(|failed| error(failed.into()))
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
        | TurnError::NotHeld
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

fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
