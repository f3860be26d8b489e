//! One turn: load the conversation, decide, compose, commit. Nothing lives in memory between turns.

mod token;
mod turn;

use std::sync::Arc;

use guichet_bots::{Choice, Outbound};
use guichet_kb::EntryId;

use crate::live::Live;
use crate::model::{Commit, Conversation, Message, Question, QuestionError, Said, State};
use crate::reply;
use crate::store::{Store, StoreError};

/// How often a turn begins again because another one of the same conversation was faster.
const ATTEMPTS: usize = 5;
/// How many questions are proposed while somebody types.
const SUGGESTIONS: usize = 6;

/// All conversations.
pub(crate) struct Conversations {
    live: Arc<Live>,
    store: Arc<dyn Store>,
}

/// What a person sends.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sent {
    /// The text, or the label of what was chosen.
    pub(crate) text: String,
    /// The id of what was chosen.
    pub(crate) option: Option<String>,
}

/// A conversation and the secret that proves whose it is. The secret is told once.
pub(crate) struct Opened {
    pub(crate) id: String,
    pub(crate) token: String,
}

/// Why there is no reply.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TurnError {
    /// Unknown, or somebody else's.
    #[error("there is no such conversation")]
    NoConversation,
    /// The text is no question.
    #[error(transparent)]
    Question(#[from] QuestionError),
    /// What was chosen is no published entry.
    #[error("the option is unknown")]
    UnknownOption,
    /// Nothing was kept.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// The index failed.
    #[error("the question could not be searched")]
    Search(#[from] guichet_index::IndexError),
    /// A task ended before its work was done.
    #[error("the work was interrupted")]
    Interrupted(#[from] tokio::task::JoinError),
}

impl Conversations {
    /// Conversations kept in `store`, answered from `live`.
    pub(crate) fn new(live: Arc<Live>, store: Arc<dyn Store>) -> Self {
        Self { live, store }
    }

    /// Opens a conversation that came by `channel`.
    pub(crate) async fn open(&self, channel: &str) -> Result<Opened, TurnError> {
        let token = token::new();
        let conversation = Conversation {
            id: new_id(),
            token_hash: token::hash(&token),
            channel: channel.to_owned(),
            state: State::default(),
            last_message: 0,
            created_at: now(),
        };
        self.store.create_conversation(&conversation).await?;
        Ok(Opened { id: conversation.id, token })
    }

    /// Takes one message and gives one reply; both are kept before this returns.
    pub(crate) async fn turn(&self, id: &str, token: &str, sent: Sent) -> Result<Outbound, TurnError> {
        let mut conversation = self.find(id, token).await?;
        let question = Question::parse(&sent.text)?;
        let option = match sent.option {
            Some(option) => Some(option.parse::<EntryId>().map_err(|_| TurnError::UnknownOption)?),
            None => None,
        };
        for attempt in 1.. {
            let (state, reply) = self.decide(&conversation, &question, option.as_ref()).await?;
            let commit = commit(&conversation, &question, state, &reply);
            match self.store.commit_turn(&commit).await {
                Ok(()) => return Ok(reply),
                Err(StoreError::Conflict) if attempt < ATTEMPTS => conversation = self.find(id, token).await?,
                Err(error) => return Err(error.into()),
            }
        }
        unreachable!("the last attempt returns")
    }

    async fn decide(
        &self,
        conversation: &Conversation,
        question: &Question,
        option: Option<&EntryId>,
    ) -> Result<(State, Outbound), TurnError> {
        let engine = self.live.engine();
        let (state, question, option) = (conversation.state.clone(), question.clone(), option.cloned());
        // Understanding and searching take up to some milliseconds of one core: not on the threads that serve.
        tokio::task::spawn_blocking(move || turn::decide(&engine, &state, &question, option.as_ref())).await?
    }

    /// Everything said in a conversation, in order.
    pub(crate) async fn history(&self, id: &str, token: &str) -> Result<Vec<Message>, TurnError> {
        self.find(id, token).await?;
        Ok(self.store.list_messages(id).await?)
    }

    /// Questions of published entries that are near what is being typed, best first.
    pub(crate) async fn suggest(&self, typed: &str) -> Result<Vec<Choice>, TurnError> {
        let Ok(question) = Question::parse(typed) else { return Ok(Vec::new()) };
        let engine = self.live.engine();
        let entries = tokio::task::spawn_blocking(move || engine.suggest(question.as_str(), SUGGESTIONS)).await??;
        Ok(entries.iter().map(reply::choice).collect())
    }

    /// A conversation whose secret is `token`. A wrong secret looks like no conversation: ids cannot be tried out.
    async fn find(&self, id: &str, token: &str) -> Result<Conversation, TurnError> {
        let found = self.store.find_conversation(id).await?;
        found.filter(|found| token::is_of(token, &found.token_hash)).ok_or(TurnError::NoConversation)
    }
}

fn commit(conversation: &Conversation, question: &Question, state: State, reply: &Outbound) -> Commit {
    let (seen, at) = (conversation.last_message, now());
    let message = |number, said| Message { id: new_id(), number, said, sent_at: at };
    let messages = vec![
        message(seen + 1, Said::Visitor(question.as_str().to_owned())),
        message(seen + 2, Said::Assistant(reply.clone())),
    ];
    Commit { conversation: conversation.id.clone(), seen, state, messages, at }
}

fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
