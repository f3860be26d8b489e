//! What is counted of a turn. No IO.

use std::time::Duration;

use guichet_bots::Outbound;

use super::feedback;
use super::turn::Chosen;
use crate::model::{State, TurnKind, TurnRecord};

/// What is counted of the turn that leaves `state` and says `reply`.
pub(super) fn of(
    channel: &str,
    chosen: Option<&Chosen>,
    state: &State,
    reply: &Outbound,
    took: Duration,
) -> TurnRecord {
    let kind = kind(chosen, state, reply);
    let gives = matches!(reply.decision.as_str(), "answer" | "lookup");
    TurnRecord {
        kind,
        decision: reply.decision.clone(),
        confidence: reply.confidence,
        entry: feedback::entry(reply).filter(|_| gives),
        channel: channel.to_owned(),
        took_ms: i64::try_from(took.as_millis()).unwrap_or(i64::MAX),
    }
}

fn kind(chosen: Option<&Chosen>, state: &State, reply: &Outbound) -> TurnKind {
    match (chosen, reply.decision.as_str()) {
        (Some(Chosen::Entry(_)), _) => TurnKind::Choice,
        (Some(Chosen::Action(_) | Chosen::Customer(_) | Chosen::Contract(_) | Chosen::Request(_)), _) => TurnKind::Step,
        // What was chosen in words, or by its number, was not guessed.
        (None, "answer") if reply.confidence >= 1.0 => TurnKind::Choice,
        // "Non, pas ça": the question before is asked again.
        (None, "clarify") if !state.refused.is_empty() => TurnKind::Step,
        (None, "answer" | "clarify" | "lookup" | "noanswer" | "incident") => TurnKind::Question,
        (None, _) => TurnKind::Step,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Decision;
    use crate::reply;

    #[test]
    fn only_what_was_asked_is_a_question() {
        let (state, entry) = (State::default(), "a".parse().expect("an id"));
        let refused = State { refused: vec!["a".parse().expect("an id")], ..State::default() };
        let clarify = reply::of(&Decision::Clarify(Vec::new()));
        let chosen = Chosen::Entry(entry);
        for (chosen, state, reply, expected) in [
            (None, &state, &reply::of(&Decision::NoAnswer), TurnKind::Question),
            (None, &state, &clarify, TurnKind::Question),
            (None, &refused, &clarify, TurnKind::Step),
            (None, &state, &reply::handoff(), TurnKind::Step),
            (Some(&chosen), &state, &reply::of(&Decision::NoAnswer), TurnKind::Choice),
        ] {
            assert_eq!(kind(chosen, state, reply), expected, "{} {chosen:?}", reply.decision);
        }
    }
}
