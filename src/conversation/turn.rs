//! What a turn decides: from the state, the question and the knowledge to the next state and the reply. No IO.

use guichet_bots::Outbound;
use guichet_kb::EntryId;

use super::TurnError;
use crate::answer::{Engine, Outcome, language};
use crate::model::{Decision, Question, State};
use crate::reply;

/// The state that the next turn finds, and the reply.
pub(super) fn decide(
    engine: &Engine,
    state: &State,
    question: &Question,
    option: Option<&EntryId>,
) -> Result<(State, Outbound), TurnError> {
    let knowledge_base = engine.knowledge_base();
    if let Some(option) = option {
        let is_shown = knowledge_base.entry(option.as_str()).is_some_and(guichet_kb::Entry::is_public);
        if !is_shown {
            return Err(TurnError::UnknownOption);
        }
    }
    let chosen = option.cloned().or_else(|| by_number(question, state));
    let outcome = match chosen {
        // The person said which entry: nothing is left to guess.
        Some(entry) => Outcome { decision: Decision::Answer(entry), confidence: 1.0, candidates: Vec::new() },
        None => engine.ask(question.as_str())?,
    };
    let reply = reply::compose(&outcome, language::detect(question.as_str()), knowledge_base);
    let last_entry = match &outcome.decision {
        Decision::Answer(entry) | Decision::Lookup(Some(entry)) => Some(entry.clone()),
        _ => state.last_entry.clone(),
    };
    let offered = match &outcome.decision {
        Decision::Clarify(entries) => entries.clone(),
        _ => Vec::new(),
    };
    Ok((State { offered, last_entry }, reply))
}

/// "2" after three options is the second one.
fn by_number(question: &Question, state: &State) -> Option<EntryId> {
    let number: usize = question.as_str().trim_end_matches(['.', ')']).parse().ok()?;
    state.offered.get(number.checked_sub(1)?).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(state: &State, text: &str, option: Option<&str>) -> Result<(State, Outbound), TurnError> {
        let knowledge_base = crate::knowledge::load(None).expect("the binary carries one").knowledge_base;
        let engine = Engine::new(knowledge_base).expect("it can be indexed");
        let option = option.map(|id| id.parse().expect("an id"));
        decide(&engine, state, &Question::parse(text).expect("a question"), option.as_ref())
    }

    fn first_ids(count: usize) -> Vec<EntryId> {
        let knowledge_base = crate::knowledge::load(None).expect("the binary carries one").knowledge_base;
        knowledge_base.entries.iter().take(count).map(|entry| entry.id.clone()).collect()
    }

    #[test]
    fn a_chosen_option_is_answered_with_certainty() {
        let ids = first_ids(1);
        let (state, reply) = turn(&State::default(), "peu importe", Some(ids[0].as_str())).expect("a reply");
        assert_eq!((reply.decision.as_str(), reply.confidence), ("answer", 1.0));
        assert_eq!(state, State { offered: Vec::new(), last_entry: Some(ids[0].clone()) });
    }

    #[test]
    fn an_option_can_be_chosen_by_its_number() {
        let ids = first_ids(3);
        let state = State { offered: ids.clone(), last_entry: None };
        let (state, _) = turn(&state, "2", None).expect("a reply");
        assert_eq!(state.last_entry, Some(ids[1].clone()));
        let (state, _) = turn(&State::default(), "2", None).expect("a reply");
        assert_eq!(state.last_entry, None);
    }

    #[test]
    fn an_option_that_is_no_entry_is_refused() {
        assert!(matches!(turn(&State::default(), "x", Some("n-existe-pas")), Err(TurnError::UnknownOption)));
    }
}
