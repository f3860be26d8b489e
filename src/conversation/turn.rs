//! What a turn decides: from the state, the message and the knowledge to the next state, the reply and what must be done.
//! No IO.

use guichet_bots::{Choice, Outbound};
use guichet_kb::{Entry, EntryId};

use super::{TurnError, about, broken, leaning};
use crate::answer::{Engine, Outcome, language};
use crate::escalation::{self, Action, Context, Effect, Form, Input, NewTicket, Reason, Step};
use crate::lookup::Wanted;
use crate::model::{
    CONTRACT_CHOICE, CUSTOMER_CHOICE, ContractId, CustomerId, Decision, Question, REQUEST_CHOICE, State, TicketRef,
};
use crate::text::Phrase;
use crate::{policy, reply, text};

/// How many entries are proposed after a refusal.
const NEXT_OPTIONS: usize = 3;
/// After so many refused entries, a person is proposed.
const MOST_REFUSED: usize = 6;

/// Something that was chosen instead of typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Chosen {
    /// An entry.
    Entry(EntryId),
    /// A step of the dialogue that leads to a ticket.
    Action(Action),
    /// A customer.
    Customer(CustomerId),
    /// A contract.
    Contract(ContractId),
    /// A request to support.
    Request(TicketRef),
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
    /// Empty the replies that show something of the portal, and say that it is done.
    Forget,
    /// Tell how far this request to support has got, or which ones there are; a dialogue that is under way speaks after it.
    Follow(Option<TicketRef>, Then),
    /// Ask the portal before anything is said; a dialogue that is under way speaks after what it says.
    LookUp(Wanted, Then),
}

/// What is said after everything else.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Then {
    /// In these words.
    pub(super) say: Vec<Phrase>,
    /// With these choices.
    pub(super) options: Vec<Choice>,
}

impl Chosen {
    /// What the id of an option stands for.
    pub(super) fn parse(id: &str) -> Result<Self, TurnError> {
        if let Ok(action) = id.parse() {
            return Ok(Self::Action(action));
        }
        if let Some(id) = id.strip_prefix(CUSTOMER_CHOICE) {
            return id.parse().map(Self::Customer).map_err(|_| TurnError::UnknownOption);
        }
        if let Some(id) = id.strip_prefix(CONTRACT_CHOICE) {
            return id.parse().map(Self::Contract).map_err(|_| TurnError::UnknownOption);
        }
        if let Some(reference) = id.strip_prefix(REQUEST_CHOICE) {
            return reference.parse().map(Self::Request).map_err(|_| TurnError::UnknownOption);
        }
        id.parse().map(Self::Entry).map_err(|_| TurnError::UnknownOption)
    }
}

/// Decides one turn. `has_requests`: some request to support is known to be this person's.
pub(super) fn decide(
    engine: &Engine,
    state: &State,
    question: &Question,
    chosen: Option<&Chosen>,
    has_requests: bool,
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
    let in_words = if chosen.is_none() { about::chosen(&state, text) } else { None };
    if let Some(picked) = in_words.as_ref().or(chosen).and_then(about::picked) {
        return Ok(about::decide(engine, state, text, picked, context));
    }
    if let Some(Chosen::Request(reference)) = in_words.as_ref().or(chosen) {
        return Ok(followed(state, Some(reference.clone()), context));
    }
    if chosen.is_none()
        && let Some(reference) = engine.followed_in(text)
        && (reference.is_some() || has_requests)
    {
        return Ok(followed(state, reference, context));
    }
    if chosen.is_none() && state.form.is_none() && about::is_wish_to_forget(text) {
        return Ok(about::forget(state));
    }
    state.asking = None;
    // The choices of the dialogue come before the entries.
    let before = state.form.as_ref().filter(|form| form.only_tells_an_incident()).map(|form| form.offered.len());
    if let (None, Some(before)) = (chosen, before)
        && let Some(entry) = broken::by_number(question, &state, before)
    {
        return Ok(answered(engine, state, text, entry, context));
    }
    let action = match chosen {
        Some(Chosen::Action(action)) => Some(action),
        _ => None,
    };
    match (state.form.take(), action) {
        (Some(form), action) => {
            let mut step = escalation::advance(form, Input { text, action }, context);
            if step.effect == Effect::None && step.form.as_ref().is_some_and(Form::only_tells_an_incident) {
                step.options.extend(broken::entries(engine, &state));
            }
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
        (None, None) => match offered(engine, &state, text) {
            Some(entry) => Ok(answered(engine, state, text, entry, context)),
            None if leaning::is_refusal(text) && refuses_something(&state) => refused(engine, state, context),
            None => asked(engine, state, text, context),
        },
    }
}

/// How far a request has got is told; a dialogue that was under way goes on after it.
fn followed(mut state: State, reference: Option<TicketRef>, context: &Context<'_>) -> Decided {
    state.asking = None;
    let form = state.form.take().filter(|form| !form.only_tells_an_incident());
    let (form, then) = spoken(form.map(|form| escalation::resume(form, context)));
    state.form = form;
    Decided { state, reply: reply::request(), todo: Todo::Follow(reference, then) }
}

/// The option of the last reply that `text` chooses in words.
fn offered(engine: &Engine, state: &State, text: &str) -> Option<EntryId> {
    let entry = |id: &EntryId| engine.knowledge_base().entry(id.as_str());
    let entries: Vec<&Entry> = state.offered.iter().filter_map(entry).collect();
    let labels: Vec<&str> = entries.iter().map(|entry| entry.question.as_str()).collect();
    leaning::chosen(text, &labels).map(|place| entries[place].id.clone())
}

fn refuses_something(state: &State) -> bool {
    state.asked.is_some() && (!state.offered.is_empty() || state.just_given.is_some())
}

/// What was offered or given is not it: the next ones are proposed, then a person.
fn refused(engine: &Engine, mut state: State, context: &Context<'_>) -> Result<Decided, TurnError> {
    let question = state.asked.clone().unwrap_or_default();
    let offered = std::mem::take(&mut state.offered);
    state.refused.extend(offered.into_iter().chain(state.just_given.take()));
    let mut outcome = engine.ask(&question)?;
    outcome.candidates.retain(|candidate| !state.refused.contains(&candidate.entry));
    let next: Vec<EntryId> =
        outcome.candidates.iter().take(NEXT_OPTIONS).map(|candidate| candidate.entry.clone()).collect();
    if next.is_empty() || state.refused.len() > MOST_REFUSED {
        state.unanswered = Some(question.clone());
        return Ok(after(state, reply::handoff(), escalation::begin(Reason::Refused, &question, context)));
    }
    outcome.decision = Decision::Clarify(next.clone());
    let reply = reply::compose(&outcome, language::detect(&question), engine.knowledge_base());
    state.offered = next;
    Ok(Decided { state, reply, todo: Todo::Nothing })
}

/// The person said which entry: nothing is left to guess.
fn answered(engine: &Engine, mut state: State, text: &str, entry: EntryId, context: &Context<'_>) -> Decided {
    let outcome = Outcome::certain(Decision::Answer(entry), 1.0);
    let form = state.form.take().filter(|form| !form.only_tells_an_incident());
    let reply = note(engine, &mut state, text, &outcome);
    // A dialogue that was under way goes on after the answer.
    match form {
        Some(form) => after(state, reply, escalation::resume(form, context)),
        None => Decided { state, reply, todo: Todo::Nothing },
    }
}

/// A question like any other.
fn asked(engine: &Engine, mut state: State, text: &str, context: &Context<'_>) -> Result<Decided, TurnError> {
    let (outcome, is_kept) = read(engine, &state, text)?;
    if let Some(incident) = broken::about(&outcome, text, context) {
        return Ok(broken::told(engine, state, text, incident, &outcome, context));
    }
    // Who has no request is told so, unless an entry says where requests are seen.
    let is_answered = !matches!(outcome.decision, Decision::NoAnswer | Decision::Clarify(_));
    if !is_answered && engine.followed_in(text).is_some() {
        return Ok(followed(state, None, context));
    }
    if let Some(decided) = both(engine, &state, text, &outcome)? {
        return Ok(decided);
    }
    let about = state.unanswered.clone();
    let is_repeated = matches!(&outcome.decision, Decision::Answer(entry) if state.just_given.as_ref() == Some(entry));
    let wanted = about::wanted_for(engine, &state, text, &outcome, is_kept);
    let reply = note(engine, &mut state, text, &outcome);
    if let Some(wanted) = wanted {
        return Ok(looked_up(state, reply, wanted, None));
    }
    Ok(match outcome.decision {
        Decision::Answer(entry) if is_repeated => repeated(engine, state, &entry),
        Decision::NoAnswer => after(state, reply, escalation::begin(Reason::NoAnswer, text, context)),
        Decision::Handoff => {
            // The dialogue itself says what happens next.
            let step = escalation::begin(Reason::AskedForPerson, &about.unwrap_or_default(), context);
            after(state, reply::handoff(), step)
        }
        _ => Decided { state, reply, todo: Todo::Nothing },
    })
}

/// What `text` says, and whether it is about the customer of the conversation.
fn read(engine: &Engine, state: &State, text: &str) -> Result<(Outcome, bool), TurnError> {
    let pointing = about::alone(engine, state, text)?;
    let mut is_kept = pointing.is_some();
    let mut outcome = match pointing {
        Some(outcome) => outcome,
        None => understood(engine, state, text)?,
    };
    if let Some(entry) = about::same_for(state, text) {
        outcome.decision = Decision::Lookup(Some(entry));
    } else if !is_kept && !about::is_named(engine, text) {
        is_kept = about::about_kept(engine, state, text, &mut outcome);
    }
    Ok((outcome, is_kept))
}

/// What a question without a subject still names: "et pour la gamme MGE ?" says of what, not what is asked.
const FEW_TELLING_WORDS: usize = 2;

/// Whether some formulation of the first candidate is nearly the question: its curators knew that people ask so shortly.
fn is_foreseen(outcome: &Outcome) -> bool {
    let likeness = |candidate: &crate::model::Candidate| candidate.features.char_ngrams;
    outcome.candidates.first().is_some_and(|first| likeness(first) >= policy::THRESHOLDS.foreseen)
}

/// The outcome for `text`, read with the question before when it leaves out its subject and says too little alone.
fn understood(engine: &Engine, state: &State, text: &str) -> Result<Outcome, TurnError> {
    let alone = engine.ask(text)?;
    // Small talk by meaning alone is a guess: after a question, a message without a subject is about that question.
    let says_little = matches!(alone.decision, Decision::Clarify(_) | Decision::NoAnswer)
        || (alone.telling_words <= FEW_TELLING_WORDS && !is_foreseen(&alone));
    let is_talk = matches!(alone.decision, Decision::SmallTalk(_) | Decision::Handoff);
    let is_enough = if is_talk { alone.reason != policy::Reason::NearSmallTalk } else { !says_little };
    let Some(before) = state.asked.as_deref().filter(|_| !is_enough && leaning::leans(text)) else { return Ok(alone) };
    let together = engine.ask(&format!("{before} {text}"))?;
    let is_better = matches!(together.decision, Decision::Answer(_) | Decision::Clarify(_) | Decision::Lookup(Some(_)));
    Ok(if is_better { together } else { alone })
}

/// Both answers, when the message holds two questions with an answer each.
fn both(engine: &Engine, state: &State, text: &str, whole: &Outcome) -> Result<Option<Decided>, TurnError> {
    let Some([one, two]) = leaning::two_questions(text) else { return Ok(None) };
    if matches!(whole.decision, Decision::SmallTalk(_) | Decision::Handoff | Decision::Lookup(_)) {
        return Ok(None);
    }
    let (first, second) = (engine.ask(one)?, engine.ask(two)?);
    let (Decision::Answer(entry), Decision::Answer(other)) = (&first.decision, &second.decision) else {
        return Ok(None);
    };
    if entry == other {
        return Ok(None);
    }
    let mut state = state.clone();
    let mut reply = note(engine, &mut state, one, &first);
    reply::join(&mut reply, note(engine, &mut state, two, &second));
    Ok(Some(Decided { state, reply, todo: Todo::Nothing }))
}

/// The answer was just given: saying it again would not help, what comes next may.
fn repeated(engine: &Engine, mut state: State, entry: &EntryId) -> Decided {
    let knowledge_base = engine.knowledge_base();
    let follow_ups = knowledge_base.entry(entry.as_str()).map(|entry| entry.follow_ups.clone()).unwrap_or_default();
    let shown = |id: &EntryId| knowledge_base.entry(id.as_str()).filter(|entry| entry.is_public());
    let mut options: Vec<Choice> = follow_ups.iter().filter_map(shown).map(reply::choice).collect();
    options.push(Choice { id: Action::Ticket.to_string(), label: text::TALK_TO_A_PERSON.to_owned() });
    let mut reply = reply::of(&Decision::Answer(entry.clone()));
    reply::add(&mut reply, &[text::SAID_ALREADY.into()], options);
    state.offered = follow_ups;
    state.unanswered.clone_from(&state.asked);
    Decided { state, reply, todo: Todo::Nothing }
}

/// The dialogue has spoken.
fn stepped(engine: &Engine, mut state: State, step: Step, context: &Context<'_>) -> Result<Decided, TurnError> {
    if let Effect::Question(question) = &step.effect {
        if step.form.is_none() {
            return asked(engine, state, question, context);
        }
        let (outcome, is_kept) = read(engine, &state, question)?;
        if let Some(incident) = broken::about(&outcome, question, context) {
            state.offered.clear();
            return Ok(after(state, reply::incident(incident), step));
        }
        let wanted = about::wanted_for(engine, &state, question, &outcome, is_kept);
        let reply = note(engine, &mut state, question, &outcome);
        return Ok(match wanted {
            Some(wanted) => looked_up(state, reply, wanted, Some(step)),
            None => after(state, reply, step),
        });
    }
    Ok(after(state, reply::handoff(), step))
}

/// The portal is asked; then the dialogue, when one is under way, says again what it waits for. `reply` is what is said
/// without the portal.
pub(super) fn looked_up(mut state: State, reply: Outbound, wanted: Wanted, step: Option<Step>) -> Decided {
    let (form, then) = spoken(step);
    state.form = form;
    Decided { state, reply, todo: Todo::LookUp(wanted, then) }
}

/// What the dialogue keeps, and what it says after everything else.
fn spoken(step: Option<Step>) -> (Option<Form>, Then) {
    step.map_or_else(Default::default, |step| (step.form, Then { say: step.say, options: step.options }))
}

/// Puts what the dialogue says after `reply`.
pub(super) fn after(mut state: State, mut reply: Outbound, step: Step) -> Decided {
    reply::add(&mut reply, &step.say, step.options);
    state.form = step.form;
    if step.effect == Effect::Cancelled {
        state.unanswered = None;
    }
    let todo = match step.effect {
        Effect::Create(ticket) => Todo::Create(ticket),
        Effect::AddTo { reference, text } => Todo::AddTo(reference, text),
        Effect::None | Effect::Question(_) | Effect::Cancelled => Todo::Nothing,
    };
    Decided { state, reply, todo }
}

/// Composes the reply to `outcome` and notes in the state what the next turn must know.
pub(super) fn note(engine: &Engine, state: &mut State, text: &str, outcome: &Outcome) -> Outbound {
    match &outcome.decision {
        // What a person would be asked about is no longer open.
        Decision::Answer(_) | Decision::Lookup(Some(_)) => state.unanswered = None,
        Decision::NoAnswer | Decision::Lookup(None) => state.unanswered = Some(text.to_owned()),
        Decision::Clarify(_) | Decision::SmallTalk(_) | Decision::Handoff => {}
    }
    state.offered = match &outcome.decision {
        Decision::Clarify(entries) => entries.clone(),
        // After "merci" or "ok", the choice is still on the screen.
        Decision::SmallTalk(_) => std::mem::take(&mut state.offered),
        _ => Vec::new(),
    };
    state.just_given = match &outcome.decision {
        Decision::Answer(entry) | Decision::Lookup(Some(entry)) => Some(entry.clone()),
        _ => None,
    };
    if !matches!(outcome.decision, Decision::SmallTalk(_) | Decision::Handoff) {
        state.asked = Some(text.to_owned());
        state.refused.clear();
    }
    reply::compose(outcome, language::detect(text), engine.knowledge_base())
}

/// What is said once the ticket has a reference.
pub(super) fn confirm(reply: &mut Outbound, said: &[Phrase]) {
    reply::add(reply, said, Vec::new());
}
