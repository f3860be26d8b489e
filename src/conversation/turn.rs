//! What a turn decides: from the state, the message and the knowledge to the next state, the reply and what must be done.
//! No IO.

use guichet_bots::Outbound;
use guichet_kb::{Entry, EntryId};

use super::TurnError;
use crate::answer::{Engine, Outcome, language};
use crate::escalation::{self, Action, Context, Effect, Input, NewTicket, Reason, Step};
use crate::model::{Decision, Question, State, TicketRef};
use crate::reply;
use crate::text::Phrase;

/// Something that was chosen instead of typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Chosen {
    /// An entry.
    Entry(EntryId),
    /// A step of the dialogue that leads to a ticket.
    Action(Action),
}

/// What a turn decides.
#[derive(Debug)]
pub(super) struct Decided {
    /// What the next turn finds.
    pub(super) state: State,
    /// What is said.
    pub(super) reply: Outbound,
    /// What must be done in the same transaction.
    pub(super) todo: Todo,
}

/// What must be done in the same transaction.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Todo {
    /// Nothing more.
    Nothing,
    /// Make this ticket; its reference and when it is answered are to be said.
    Create(NewTicket),
    /// Add this text to the ticket.
    AddTo(TicketRef, String),
}

impl Chosen {
    /// What the id of an option stands for.
    pub(super) fn parse(id: &str) -> Result<Self, TurnError> {
        if let Ok(action) = id.parse() {
            return Ok(Self::Action(action));
        }
        id.parse().map(Self::Entry).map_err(|_| TurnError::UnknownOption)
    }
}

/// Decides one turn.
pub(super) fn decide(
    engine: &Engine,
    state: &State,
    question: &Question,
    chosen: Option<&Chosen>,
    context: &Context<'_>,
) -> Result<Decided, TurnError> {
    let text = question.as_str();
    let mut state = state.clone();
    if let Some(Chosen::Entry(entry)) = chosen {
        let is_shown = engine.knowledge_base().entry(entry.as_str()).is_some_and(Entry::is_public);
        return if is_shown {
            Ok(answered(engine, state, text, entry.clone(), context))
        } else {
            Err(TurnError::UnknownOption)
        };
    }
    let action = match chosen {
        Some(Chosen::Action(action)) => Some(action),
        _ => None,
    };
    match (state.form.take(), action) {
        (Some(form), action) => {
            let step = escalation::advance(form, Input { text, action }, context);
            stepped(engine, state, step, context)
        }
        // "Talk to a person" is offered at any time, not only by the dialogue.
        (None, Some(Action::Ticket | Action::Mail)) => {
            let about = state.unanswered.clone().unwrap_or_default();
            stepped(engine, state, escalation::begin(Reason::AskedForPerson, &about, context), context)
        }
        (None, Some(action)) => {
            let step = escalation::too_late(action, state.last_ticket.as_ref());
            stepped(engine, state, step, context)
        }
        (None, None) => match by_number(question, &state) {
            Some(entry) => Ok(answered(engine, state, text, entry, context)),
            None => asked(engine, state, text, context),
        },
    }
}

/// The person said which entry: nothing is left to guess.
fn answered(engine: &Engine, mut state: State, text: &str, entry: EntryId, context: &Context<'_>) -> Decided {
    let outcome = Outcome { decision: Decision::Answer(entry), confidence: 1.0, candidates: Vec::new() };
    let form = state.form.take();
    let reply = note(engine, &mut state, text, &outcome);
    // A dialogue that was under way goes on after the answer.
    match form {
        Some(form) => after(state, reply, escalation::resume(form, context)),
        None => Decided { state, reply, todo: Todo::Nothing },
    }
}

/// A question like any other.
fn asked(engine: &Engine, mut state: State, text: &str, context: &Context<'_>) -> Result<Decided, TurnError> {
    let outcome = engine.ask(text)?;
    let about = state.unanswered.clone();
    let reply = note(engine, &mut state, text, &outcome);
    Ok(match outcome.decision {
        Decision::NoAnswer => after(state, reply, escalation::begin(Reason::NoAnswer, text, context)),
        Decision::Handoff => {
            // The dialogue itself says what happens next.
            let reply = reply::handoff();
            let step = escalation::begin(Reason::AskedForPerson, &about.unwrap_or_default(), context);
            after(state, reply, step)
        }
        _ => Decided { state, reply, todo: Todo::Nothing },
    })
}

/// The dialogue has spoken.
fn stepped(engine: &Engine, mut state: State, step: Step, context: &Context<'_>) -> Result<Decided, TurnError> {
    if let Effect::Question(question) = &step.effect {
        if step.form.is_none() {
            return asked(engine, state, question, context);
        }
        let outcome = engine.ask(question)?;
        let reply = note(engine, &mut state, question, &outcome);
        return Ok(after(state, reply, step));
    }
    Ok(after(state, reply::handoff(), step))
}

/// Puts what the dialogue says after `reply`.
fn after(mut state: State, mut reply: Outbound, step: Step) -> Decided {
    reply::add(&mut reply, &step.say, step.options);
    state.form = step.form;
    let todo = match step.effect {
        Effect::Create(ticket) => Todo::Create(ticket),
        Effect::AddTo { reference, text } => Todo::AddTo(reference, text),
        Effect::None | Effect::Question(_) | Effect::Cancelled => Todo::Nothing,
    };
    Decided { state, reply, todo }
}

/// Composes the reply to `outcome` and notes in the state what the next turn must know.
fn note(engine: &Engine, state: &mut State, text: &str, outcome: &Outcome) -> Outbound {
    match &outcome.decision {
        Decision::Answer(entry) | Decision::Lookup(Some(entry)) => state.last_entry = Some(entry.clone()),
        Decision::NoAnswer | Decision::Lookup(None) => state.unanswered = Some(text.to_owned()),
        Decision::Clarify(_) | Decision::SmallTalk(_) | Decision::Handoff => {}
    }
    state.offered = match &outcome.decision {
        Decision::Clarify(entries) => entries.clone(),
        _ => Vec::new(),
    };
    reply::compose(outcome, language::detect(text), engine.knowledge_base())
}

/// What is said once the ticket has a reference.
pub(super) fn confirm(reply: &mut Outbound, said: &[Phrase]) {
    reply::add(reply, said, Vec::new());
}

/// "2" after three options is the second one.
fn by_number(question: &Question, state: &State) -> Option<EntryId> {
    let number: usize = question.as_str().trim_end_matches(['.', ')']).parse().ok()?;
    state.offered.get(number.checked_sub(1)?).cloned()
}
