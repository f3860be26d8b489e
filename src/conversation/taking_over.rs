//! Somebody of the staff takes a conversation over: the assistant is silent until it is given back. Everything is said in
//! the conversation itself, so that it reaches the partner, colleagues and other replicas like any message.

use guichet_bots::{Choice, Outbound};

use super::{Conversations, TurnError, commit, now, said};
use crate::escalation::Action;
use crate::model::{
    AgentMessage, Audit, Commit, Conversation, Message, Note, Question, Said, Side, State, TakenOver, first_name,
};
use crate::reply;
use crate::store::StoreError;
use crate::text::{self, Phrase};

/// How many messages are looked at for the first one that waits for an answer.
const LOOKED_AT: i64 = 50;

/// After how long a conversation is given back by itself, in milliseconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Absence {
    /// The person is not there any more.
    pub(crate) away_ms: i64,
    /// The partner waits for an answer.
    pub(crate) answer_ms: i64,
}

/// What staff do with a conversation: what is said, and what the next turn finds.
struct Step {
    state: State,
    said: Said,
    audit: Option<Audit>,
}

impl Conversations {
    /// `who` answers from now on. The partner is told.
    pub(crate) async fn take_over(&self, id: &str, who: &str) -> Result<(), TurnError> {
        self.step(id, None, |conversation, at| {
            let before = conversation.state.taken_over.as_ref().map(|taken| taken.who.as_str());
            if before == Some(who) {
                return Ok(None);
            }
            // What was being asked for is a matter between people now.
            let state = State {
                taken_over: Some(TakenOver { who: who.to_owned(), since: at }),
                form: None,
                asking: None,
                offered: Vec::new(),
                just_given: None,
                ..conversation.state.clone()
            };
            let said = Said::Assistant(reply::joined(text::live::joined(first_name(who))));
            Ok(Some(Step { state, said, audit: Some(audit("conversation.taken", id, who, before, Some(who), at)) }))
        })
        .await?;
        Ok(self.store.mark_agent_seen(id, who, now()).await?)
    }

    /// The assistant answers again, because `who` says so. The partner is told.
    pub(crate) async fn give_back(&self, id: &str, who: &str) -> Result<(), TurnError> {
        self.step(id, None, |conversation, at| {
            let Some(taken) = &conversation.state.taken_over else { return Ok(None) };
            let state = State { taken_over: None, ..conversation.state.clone() };
            let said = Said::Assistant(reply::left(text::live::left(first_name(&taken.who)), Vec::new()));
            let audit = audit("conversation.given_back", id, who, Some(&taken.who), None, at);
            Ok(Some(Step { state, said, audit: Some(audit) }))
        })
        .await
    }

    /// `who`, who holds the conversation, writes to the partner; `key` makes that it is said once.
    pub(crate) async fn write(&self, id: &str, who: &str, text: &Question, key: &str) -> Result<(), TurnError> {
        let message = derived_id(id, key);
        if self.store.has_message(&message).await? {
            return Ok(());
        }
        self.step(id, Some(&message), |conversation, _| {
            if conversation.state.taken_over.as_ref().is_none_or(|taken| taken.who != who) {
                return Err(TurnError::NotHeld);
            }
            let name = first_name(who).to_owned();
            let said =
                Said::Agent(AgentMessage { name, text: text.as_str().to_owned(), ticket: None, files: Vec::new() });
            Ok(Some(Step { state: conversation.state.clone(), said, audit: None }))
        })
        .await?;
        self.has_written(id, Side::Agent(who)).await;
        Ok(self.store.mark_agent_seen(id, who, now()).await?)
    }

    /// `who` leaves a note for colleagues, once for each `key`.
    pub(crate) async fn note(&self, id: &str, who: &str, text: &Question, key: &str) -> Result<(), TurnError> {
        self.find_for_staff(id).await?;
        let text = text.as_str().to_owned();
        let note = Note { id: derived_id(id, key), conversation: id.to_owned(), who: who.to_owned(), text, at: now() };
        self.store.keep_note(&note).await?;
        self.bell.ring(id);
        Ok(())
    }

    /// A conversation, for staff: without its secret. One that was forgotten is none.
    pub(crate) async fn find_for_staff(&self, id: &str) -> Result<Conversation, TurnError> {
        uuid::Uuid::parse_str(id).map_err(|_| TurnError::NoConversation)?;
        let found = self.store.find_conversation(id).await?;
        found.filter(|found| !found.token_hash.is_empty()).ok_or(TurnError::NoConversation)
    }

    /// Gives back what nobody answers any more; how many conversations.
    pub(crate) async fn give_back_abandoned(&self) -> Result<usize, TurnError> {
        let mut given_back = 0;
        for conversation in self.store.list_taken_over().await? {
            let Some(taken) = conversation.state.taken_over.clone() else { continue };
            let last = self.store.list_messages_before(&conversation.id, i64::MAX, LOOKED_AT).await?;
            let waits_since = waits_since(&last);
            let is_unanswered = waits_since.is_some_and(|at| at + self.absence.answer_ms < now());
            if !is_unanswered && !self.is_away(&conversation, &taken) {
                continue;
            }
            let waiting = last.into_iter().rev().find_map(|message| match message.said {
                Said::Visitor(text) => Some(text),
                Said::Assistant(_) | Said::Agent(_) | Said::Ticket(_) => None,
            });
            let unanswered = waiting.filter(|_| waits_since.is_some()).or(conversation.state.unanswered.clone());
            let state = State { taken_over: None, unanswered, ..conversation.state.clone() };
            let person = Choice { id: Action::Ticket.to_string(), label: text::TALK_TO_A_PERSON.to_owned() };
            let said = Said::Assistant(reply::left(text::live::away(first_name(&taken.who)), vec![person]));
            let at = now();
            let audit = audit("conversation.given_back", &conversation.id, text::GUICHET, Some(&taken.who), None, at);
            // Somebody was faster: it is looked at again the next time.
            match self.keep(&conversation, None, Step { state, said, audit: Some(audit) }, at).await {
                Ok(()) => given_back += 1,
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(given_back)
    }

    /// When the person who holds `conversation` is gone, it is held no longer: what is said of it.
    pub(super) fn released(&self, conversation: &mut Conversation) -> Option<Phrase> {
        let taken = conversation.state.taken_over.clone()?;
        if !self.is_away(conversation, &taken) {
            return None;
        }
        conversation.state.taken_over = None;
        Some(text::live::away(first_name(&taken.who)))
    }

    fn is_away(&self, conversation: &Conversation, taken: &TakenOver) -> bool {
        conversation.agent_seen_at.max(taken.since) + self.absence.away_ms < now()
    }

    /// Does what `plan` makes of the conversation, again when somebody was faster.
    async fn step(
        &self,
        id: &str,
        message: Option<&str>,
        plan: impl Fn(&Conversation, i64) -> Result<Option<Step>, TurnError>,
    ) -> Result<(), TurnError> {
        for attempt in 1.. {
            let (conversation, at) = (self.find_for_staff(id).await?, now());
            let Some(step) = plan(&conversation, at)? else { return Ok(()) };
            match self.keep(&conversation, message, step, at).await {
                Ok(()) => return Ok(()),
                Err(StoreError::Conflict) if attempt < super::ATTEMPTS => {
                    // The same message may have been sent twice at once.
                    if let Some(message) = message
                        && self.store.has_message(message).await?
                    {
                        return Ok(());
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
        unreachable!("the last attempt returns")
    }

    async fn keep(
        &self,
        conversation: &Conversation,
        message: Option<&str>,
        step: Step,
        at: i64,
    ) -> Result<(), StoreError> {
        let mut messages = said(conversation, vec![step.said], at);
        for said in &mut messages {
            said.id = message.map_or_else(|| said.id.clone(), str::to_owned);
        }
        let last = conversation.last_message + 1;
        let commit = Commit {
            audit: step.audit,
            jobs: self.outgoing.told_in(conversation, last, at),
            ..commit(conversation, step.state, messages)
        };
        self.store.commit_turn(&commit).await?;
        self.bell.ring(&conversation.id);
        self.wake.wake();
        Ok(())
    }
}

/// A turn while somebody of the staff answers: what was said is kept, and nothing is replied.
pub(super) fn silent_turn(conversation: &Conversation) -> (Commit, Outbound) {
    (commit(conversation, conversation.state.clone(), Vec::new()), reply::person())
}

/// Since when the partner waits for an answer, when the last word is theirs.
fn waits_since(messages: &[Message]) -> Option<i64> {
    let waiting = messages.iter().rev().take_while(|message| matches!(message.said, Said::Visitor(_)));
    waiting.last().map(|message| message.sent_at)
}

fn audit(what: &str, id: &str, who: &str, before: Option<&str>, after: Option<&str>, at: i64) -> Audit {
    Audit {
        at,
        who: who.to_owned(),
        what: what.to_owned(),
        object: id.to_owned(),
        before: before.unwrap_or_default().to_owned(),
        after: after.unwrap_or_default().to_owned(),
        ..Audit::default()
    }
}

/// The id of what is said with `key`: sent again, it is the same.
fn derived_id(conversation: &str, key: &str) -> String {
    blake3::hash(format!("{conversation}/{key}").as_bytes()).to_hex().to_string()
}
