//! A turn about something that is known to be broken. No IO.

use guichet_bots::Choice;
use guichet_kb::EntryId;

use super::turn::{Decided, after};
use crate::answer::{Engine, Outcome};
use crate::escalation::{self, Context};
use crate::model::{Decision, Incident, Question, State};
use crate::reply;

/// The incident that a question is about. Small talk and the wish for a person are no questions.
pub(super) fn about<'a>(outcome: &Outcome, text: &str, context: &Context<'a>) -> Option<&'a Incident> {
    match outcome.decision {
        Decision::Handoff | Decision::SmallTalk(_) => None,
        Decision::Answer(_) | Decision::Clarify(_) | Decision::Lookup(_) | Decision::NoAnswer => {
            escalation::matching(context.incidents, context.now.timestamp(), text)
        }
    }
}

/// What is broken is told before anything else, with the offer to report it. What the knowledge base says can be chosen:
/// the question may be about something that works.
pub(super) fn told(
    engine: &Engine,
    mut state: State,
    text: &str,
    incident: &Incident,
    outcome: &Outcome,
    context: &Context<'_>,
) -> Decided {
    state.unanswered = Some(text.to_owned());
    state.asked = Some(text.to_owned());
    state.just_given = None;
    state.offered = match &outcome.decision {
        Decision::Answer(entry) | Decision::Lookup(Some(entry)) => vec![entry.clone()],
        Decision::Clarify(entries) => entries.clone(),
        Decision::Lookup(None) | Decision::SmallTalk(_) | Decision::Handoff | Decision::NoAnswer => Vec::new(),
    };
    let step = escalation::offer_to_report(&incident.id, text, context);
    let mut decided = after(state, reply::incident(incident), step);
    decided.reply.options.extend(entries(engine, &decided.state));
    decided
}

/// The entries that can be chosen beside a report.
pub(super) fn entries(engine: &Engine, state: &State) -> Vec<Choice> {
    let entries = state.offered.iter().filter_map(|id| engine.knowledge_base().entry(id.as_str()));
    entries.map(reply::choice).collect()
}

/// "2" after three options is the second one; `before` options are no entries.
pub(super) fn by_number(question: &Question, state: &State, before: usize) -> Option<EntryId> {
    let number: usize = question.as_str().trim_end_matches(['.', ')']).parse().ok()?;
    state.offered.get(number.checked_sub(before + 1)?).cloned()
}
