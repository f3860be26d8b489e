//! One turn: load the conversation, decide, compose, commit. Nothing lives in memory between turns.

mod about;
mod bell;
mod broken;
mod customers;
#[cfg(test)]
mod dialogues;
mod dossier;
mod elsewhere;
mod feedback;
mod files;
mod hours;
mod incidents;
mod leaning;
mod lookup;
mod record;
mod requests;
mod staff;
mod support;
mod taking_over;
mod telling;
mod tickets;
#[cfg(test)]
mod transcripts;
mod turn;
mod writing;

use std::sync::Arc;
use std::time::Instant;

use guichet_bots::{Choice, Outbound};
use tracing::Instrument as _;

use crate::answer::Engine;
use crate::attachments::{FileError, Limits};
use crate::desk::DeskError;
use crate::jobs::{Outgoing, Wake};
use crate::live::Live;
use crate::model::{
    Commit, Conversation, KnownRequests, Message, Question, QuestionError, Said, Side, State, TicketCommit,
};
use crate::redact::Redaction;
use crate::store::{Store, StoreError};
use crate::{measure, reply, text, token};

pub(crate) use bell::{Bell, Ear};
pub(crate) use dossier::{Known as PortalKnown, PartnerFile, Trouble};
pub(crate) use elsewhere::Elsewhere;
pub(crate) use feedback::MAX_REASON;
pub(crate) use hours::{Hours, Version as HoursVersion};
pub(crate) use incidents::Incidents;
pub(crate) use lookup::Lookups;
pub(crate) use staff::{StaffFile, StaffSaid};
pub(crate) use support::Support;
use support::Surroundings;
pub(crate) use taking_over::Absence;
pub(crate) use tickets::Request;
use turn::{Chosen, Decided, Todo};

/// How often a turn begins again because another one of the same conversation was faster.
const ATTEMPTS: usize = 5;
/// Longest id that a sender may choose for a message, in characters.
const MAX_CLIENT_ID: usize = 200;
/// How many questions are proposed while somebody types.
const SUGGESTIONS: usize = 6;

/// All conversations.
pub(crate) struct Conversations {
    pub(crate) live: Arc<Live>,
    pub(crate) store: Store,
    /// Which work follows what.
    pub(crate) outgoing: Outgoing,
    /// Who does that work.
    pub(crate) wake: Wake,
    /// Who listens.
    pub(crate) bell: Bell,
    /// When people answer.
    pub(crate) support: Support,
    /// What is broken.
    pub(crate) incidents: Incidents,
    /// Which files are kept.
    pub(crate) files: Limits,
    /// Where facts about customers are looked up.
    pub(crate) lookups: Lookups,
    /// When a person of the staff who holds a conversation is taken for gone.
    pub(crate) absence: Absence,
    /// What is masked before anything is kept.
    pub(crate) redaction: Redaction,
    /// Where open requests are looked for that are not known here.
    pub(crate) elsewhere: Option<Elsewhere>,
    /// Where people reach the service, when it is known.
    pub(crate) public_url: Option<String>,
}

/// What a person sends.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sent {
    /// The text, or the label of what was chosen.
    pub(crate) text: String,
    /// The id of what was chosen.
    pub(crate) option: Option<String>,
    /// Chosen by whoever sends: sent again, it gets the same reply.
    pub(crate) client_id: Option<String>,
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
    /// There is no such ticket in this conversation.
    #[error("there is no such ticket")]
    NoTicket,
    /// There is no such answer in this conversation.
    #[error("there is no such answer")]
    NoMessage,
    /// The id that the sender chose for the message cannot be one.
    #[error("a client_id has 1 to {MAX_CLIENT_ID} characters, none of them a control character")]
    ClientId,
    /// The ticket is worked on elsewhere.
    #[error("another desk has the ticket")]
    OtherDesk,
    /// Somebody else answers in the conversation, or the assistant.
    #[error("the conversation was not taken over")]
    NotHeld,
    /// The key of a request was used for another one.
    #[error("the key was used for another request")]
    KeyUsed,
    /// There is no such file in this conversation.
    #[error("there is no such file")]
    NoFile,
    /// A file that is named is not there, or belongs to a ticket.
    #[error("a file is unknown or belongs to a ticket")]
    UnknownFile,
    /// A ticket may have no more files.
    #[error("there are too many files")]
    TooManyFiles,
    /// The file is not kept.
    #[error(transparent)]
    File(FileError),
    /// The text is no question.
    #[error(transparent)]
    Question(#[from] QuestionError),
    /// What was chosen is no published entry.
    #[error("the option is unknown")]
    UnknownOption,
    /// Nothing was kept.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// The ticket was not changed.
    #[error("the ticket could not be changed")]
    Desk(#[from] DeskError),
    /// The index failed.
    #[error("the question could not be searched")]
    Search(#[from] guichet_index::IndexError),
    /// A task ended before its work was done.
    #[error("the work was interrupted")]
    Interrupted(#[from] tokio::task::JoinError),
}

impl Conversations {
    /// Opens a conversation that came by `channel`.
    pub(crate) async fn open(&self, channel: &str) -> Result<Opened, TurnError> {
        self.open_with(channel, |_| token::new()).await
    }

    /// The same with a secret that is made of its id.
    pub(crate) async fn open_with(
        &self,
        channel: &str,
        token: impl FnOnce(&str) -> String,
    ) -> Result<Opened, TurnError> {
        let id = new_id();
        let token = token(&id);
        let conversation = Conversation {
            id,
            token_hash: token::hash(&token),
            channel: channel.to_owned(),
            state: State::default(),
            last_message: 0,
            created_at: now(),
            agent_seen_at: 0,
        };
        self.store.create_conversation(&conversation).await?;
        Ok(Opened { id: conversation.id, token })
    }

    /// Takes one message and gives one reply; both are kept before this returns, with the ticket that was confirmed and the
    /// work that follows. A message that was taken before gets the reply it got.
    #[tracing::instrument(level = "debug", skip_all, fields(decision = tracing::field::Empty))]
    pub(crate) async fn turn(&self, id: &str, token: &str, sent: Sent) -> Result<Outbound, TurnError> {
        let masked = self.redaction.redact(Question::parse(&sent.text)?.as_str());
        let question = Question::masked(masked.text);
        check_client_id(sent.client_id.as_deref())?;
        let chosen = sent.option.as_deref().map(Chosen::parse).transpose()?;
        let begun = Instant::now();
        for attempt in 1.. {
            let mut conversation = self.find(id, token).await?;
            if let Some(reply) = self.earlier_reply(id, sent.client_id.as_deref()).await? {
                return Ok(reply);
            }
            let released = self.released(&mut conversation);
            let is_held = conversation.state.taken_over.is_some();
            let (mut commit, mut reply) = match is_held {
                true => taking_over::silent_turn(&conversation),
                false => self.decide(&conversation, &question, chosen.as_ref()).await?,
            };
            for note in [text::redact::note(&masked.kinds), released].into_iter().flatten() {
                reply::begin_with(&mut reply, &note);
            }
            commit.client_id.clone_from(&sent.client_id);
            // Who asks a person asks nothing of what is counted.
            commit.turn = (!is_held)
                .then(|| record::of(&conversation.channel, chosen.as_ref(), &commit.state, &reply, begun.elapsed()));
            let replied = (!reply.is_silent()).then(|| Said::Assistant(reply.clone()));
            let both = [Said::Visitor(kept(&question, chosen.as_ref()))].into_iter().chain(replied);
            commit.messages = said(&conversation, both.collect(), commit.at);
            match self.store.commit_turn(&commit).instrument(tracing::debug_span!("keep")).await {
                Ok(()) => {
                    tracing::Span::current().record("decision", &reply.decision);
                    if is_held {
                        self.has_written(id, Side::Partner).await;
                    }
                    self.bell.ring(id);
                    if let Some(change) = &commit.ticket_change {
                        self.bell.ring(&change.after.draft.conversation);
                    }
                    self.wake.wake();
                    if !is_held {
                        measure::turn(&conversation.channel, &reply.decision, reply.confidence, begun.elapsed());
                    }
                    if commit.ticket.is_some() {
                        measure::ticket(&conversation.channel);
                    }
                    return Ok(reply);
                }
                Err(StoreError::Conflict) if attempt < ATTEMPTS => {}
                Err(error) => return Err(error.into()),
            }
        }
        unreachable!("the last attempt returns")
    }

    /// The commit of a turn without its messages, and the reply.
    async fn decide(
        &self,
        conversation: &Conversation,
        question: &Question,
        chosen: Option<&Chosen>,
    ) -> Result<(Commit, Outbound), TurnError> {
        // Before anything is looked at: what is made meanwhile is noticed.
        let known = self.known_requests(conversation).await?;
        let mut surroundings = self.surroundings(conversation).await?;
        let (engine, mut state) = (self.live.engine(), conversation.state.clone());
        about::drop_old(&mut state, now());
        let has_requests = engine.followed_in(question.as_str()).is_some() && self.has_requests(conversation).await?;
        let asked = Asked { state, question: question.clone(), chosen: chosen.cloned(), has_requests };
        let mut decided = asked.decide(&engine, surroundings.clone()).await?;
        if let Some(there) = self.looked_for(conversation, decided.state.form.as_ref()).await? {
            if !there.is_empty() {
                surroundings.add(&there);
                decided = asked.decide(&engine, surroundings).await?;
            }
            if let Some(form) = &mut decided.state.form {
                form.elsewhere = Some(there);
            }
        }
        let Decided { mut state, mut reply, todo } = decided;
        let mut commit = commit(conversation, State::default(), Vec::new());
        match todo {
            Todo::Nothing => {}
            Todo::Forget => {
                let shown = self.store.list_replies_with_facts(&conversation.id).await?;
                about::forgotten(&mut reply, !shown.is_empty());
                commit.emptied = shown.into_iter().map(|(id, shown)| (id, reply::erased(shown))).collect();
            }
            Todo::LookUp(wanted, then) => {
                let span = tracing::debug_span!("look up", otel.kind = "client");
                let looked_up = self.looked_up(&engine, conversation, wanted, &mut state, &mut reply, &mut commit);
                looked_up.instrument(span).await?;
                reply::add(&mut reply, &then.say, then.options);
            }
            Todo::Follow(reference, then) => {
                self.follow(conversation, reference.as_ref(), question, &mut state, &mut reply).await?;
                reply::add(&mut reply, &then.say, then.options);
            }
            Todo::Create(new) => {
                commit.ticket_history = self.attached(new.incident.as_ref()).await?;
                let ticket = self.ticket_of_dialogue(conversation, question, new).await?;
                state.last_ticket = Some(ticket.draft.reference.clone());
                state.unanswered = None;
                commit.ticket_files = self.waiting_files(&conversation.id).await?;
                turn::confirm(&mut reply, &self.support.confirmation(&ticket, commit.ticket_files.len()));
                commit.jobs = self.outgoing.created(&ticket);
                commit.known = known.filter(|known| known.email == ticket.draft.requester.email);
                commit.ticket = Some(ticket);
            }
            Todo::AddTo(reference, text) => {
                let change = match conversation.state.form.as_ref().and_then(|form| form.held_there(&reference)) {
                    Some(there) => {
                        let known = self.known_from_there(conversation, question, there, text, commit.at).await?;
                        commit.jobs = self.outgoing.known(&known.0);
                        commit.ticket = Some(known.0);
                        known.1
                    }
                    None => self.addition(conversation, question, &reference, text, commit.at).await?,
                };
                let files = self.waiting_files(&conversation.id).await?;
                commit.ticket_change = Some(TicketCommit { files, ..change });
                state.last_ticket = Some(reference);
                state.unanswered = None;
            }
        }
        self.live.date(&mut reply.sources);
        commit.state = state;
        Ok((commit, reply))
    }

    /// What is known of the requests of the address in the form of `conversation`.
    async fn known_requests(&self, conversation: &Conversation) -> Result<Option<KnownRequests>, TurnError> {
        let Some(email) = conversation.state.form.as_ref().and_then(|form| form.email.clone()) else { return Ok(None) };
        let count = self.store.count_requests_of(&email).await?;
        Ok(Some(KnownRequests { email, count }))
    }

    /// The reply that the message with this `client_id` got, if it was taken before.
    async fn earlier_reply(&self, id: &str, client_id: Option<&str>) -> Result<Option<Outbound>, TurnError> {
        let Some(client_id) = client_id else { return Ok(None) };
        // First whether it was taken: a message and its reply come in one transaction, which another replica may end
        // between two looks.
        if !self.store.was_said(id, client_id).await? {
            return Ok(None);
        }
        Ok(Some(match self.store.find_reply(id, client_id).await?.map(|message| message.said) {
            Some(Said::Assistant(reply)) if !reply::is_unasked(&reply) => reply,
            // A person was told: what follows is no reply to it.
            _ => reply::person(),
        }))
    }

    /// Whether the conversation is there and `token` opens it.
    pub(crate) async fn check(&self, id: &str, token: &str) -> Result<(), TurnError> {
        self.find(id, token).await.map(|_| ())
    }

    /// Hears when something is said.
    pub(crate) fn listen(&self) -> Ear {
        self.bell.listen()
    }

    /// Something was said in `conversation` by somebody else.
    pub(crate) fn ring(&self, conversation: &str) {
        self.bell.ring(conversation);
    }

    /// The last messages of a conversation that come before number `before`, at most `limit`, in order.
    pub(crate) async fn history(
        &self,
        id: &str,
        token: &str,
        before: i64,
        limit: i64,
    ) -> Result<Vec<Message>, TurnError> {
        self.find(id, token).await?;
        Ok(self.store.list_messages_before(id, before, limit).await?)
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
        // Other texts are never sent to the database: some of them it refuses.
        uuid::Uuid::parse_str(id).map_err(|_| TurnError::NoConversation)?;
        let found = self.store.find_conversation(id).await?;
        found.filter(|found| token::is_of(token, &found.token_hash)).ok_or(TurnError::NoConversation)
    }
}

/// What is decided on.
struct Asked {
    state: State,
    question: Question,
    chosen: Option<Chosen>,
    has_requests: bool,
}

impl Asked {
    async fn decide(&self, engine: &Arc<Engine>, surroundings: Surroundings) -> Result<Decided, TurnError> {
        let (engine, span) = (Arc::clone(engine), tracing::debug_span!("understand"));
        let (state, question, chosen) = (self.state.clone(), self.question.clone(), self.chosen.clone());
        let has_requests = self.has_requests;
        let is_remembered = engine.remembers(question.as_str());
        let decide = move || {
            let _entered = span.enter();
            turn::decide(&engine, &state, &question, chosen.as_ref(), has_requests, &surroundings.context())
        };
        // Understanding and searching take up to some milliseconds of one core: not on the threads that serve.
        if is_remembered { decide() } else { tokio::task::spawn_blocking(decide).await? }
    }
}

/// A commit at the end of `conversation` with nothing in it but `messages`.
fn commit(conversation: &Conversation, state: State, messages: Vec<Message>) -> Commit {
    Commit {
        conversation: conversation.id.clone(),
        seen: conversation.last_message,
        state,
        messages,
        at: now(),
        ..Commit::default()
    }
}

/// Messages at the end of `conversation`.
fn said(conversation: &Conversation, said: Vec<Said>, at: i64) -> Vec<Message> {
    let message = |(number, said)| Message { id: new_id(), number, said, sent_at: at };
    (conversation.last_message + 1..).zip(said).map(message).collect()
}

/// What is kept of a message. The label of a customer or contract is the portal's: it stays as long as the reply that showed
/// it, not as long as what people write.
fn kept(question: &Question, chosen: Option<&Chosen>) -> String {
    match chosen {
        Some(Chosen::Customer(_) | Chosen::Contract(_)) => text::lookup::CHOSEN.to_owned(),
        Some(Chosen::Entry(_) | Chosen::Action(_) | Chosen::Request(_)) | None => question.as_str().to_owned(),
    }
}

fn check_client_id(id: Option<&str>) -> Result<(), TurnError> {
    let is_right = |id: &str| (1..=MAX_CLIENT_ID).contains(&id.chars().count()) && !id.chars().any(char::is_control);
    if id.is_none_or(is_right) { Ok(()) } else { Err(TurnError::ClientId) }
}

fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
