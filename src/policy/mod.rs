//! From candidates to a decision: a pure function of values.

use guichet_kb::Intent;

use crate::model::{Candidate, Decision};

/// Confidence from which the first candidate is given as the answer.
const ANSWER: f32 = 0.75;
/// Confidence below which nothing is offered.
const OFFER: f32 = 0.25;
/// How many entries are offered.
const OPTIONS: usize = 3;
/// Letters in common (cosine) at which the first candidate is as likely right as wrong, when no other is near.
const HALFWAY: f32 = 0.35;
/// How fast the confidence rises with the letters in common, and with the lead over the next candidate. Set by hand;
/// to be replaced by a calibration on the checks of the knowledge base.
const SLOPE: f32 = 9.0;
const LEAD: f32 = 5.0;

/// The decision, and the confidence that the first candidate is right (0 to 1).
pub(crate) fn decide(intent: Option<&Intent>, names_a_customer: bool, candidates: &[Candidate]) -> (Decision, f32) {
    let confidence = confidence(candidates);
    let decision = match (intent, candidates.first()) {
        (Some(intent), _) if intent.handoff => Decision::Handoff,
        (Some(intent), _) => Decision::SmallTalk(intent.id.clone()),
        (None, first) if names_a_customer => {
            let first = first.filter(|_| confidence >= OFFER);
            Decision::Lookup(first.map(|candidate| candidate.entry.clone()))
        }
        (None, Some(first)) if confidence >= ANSWER => Decision::Answer(first.entry.clone()),
        (None, Some(_)) if confidence >= OFFER => {
            Decision::Clarify(candidates.iter().take(OPTIONS).map(|candidate| candidate.entry.clone()).collect())
        }
        (None, _) => Decision::NoAnswer,
    };
    (decision, confidence)
}

fn confidence(candidates: &[Candidate]) -> f32 {
    let Some(first) = candidates.first() else { return 0.0 };
    let next = candidates.get(1).map_or(0.0, |candidate| candidate.features.char_ngrams);
    let letters = first.features.char_ngrams;
    let evidence = SLOPE * (letters - HALFWAY) + LEAD * (letters - next);
    // Of two that look alike, at most one is right.
    let tie = 0.5 + LEAD * (letters - next);
    (1.0 / (1.0 + (-evidence).exp())).min(tie).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use guichet_index::Features;

    use super::*;

    fn candidate(id: &str, char_ngrams: f32) -> Candidate {
        let features = Features { char_ngrams, ..Features::default() };
        Candidate { entry: id.parse().expect("a valid id"), score: char_ngrams, features }
    }

    fn check(candidates: &[Candidate], names_a_customer: bool, expected: &str) {
        assert_eq!(decide(None, names_a_customer, candidates).0.name(), expected);
    }

    #[test]
    fn a_clear_first_is_answered_a_close_race_is_asked_a_poor_one_is_not_known() {
        check(&[candidate("a", 0.9), candidate("b", 0.3)], false, "answer");
        check(&[candidate("a", 0.4), candidate("b", 0.39)], false, "clarify");
        check(&[candidate("a", 0.8), candidate("b", 0.8)], false, "clarify");
        check(&[candidate("a", 0.1), candidate("b", 0.1)], false, "noanswer");
        check(&[], false, "noanswer");
    }

    #[test]
    fn a_question_about_a_customer_is_looked_up() {
        check(&[candidate("a", 0.9)], true, "lookup");
        check(&[], true, "lookup");
    }

    #[test]
    fn small_talk_and_the_wish_for_a_person_come_first() {
        let intent = |handoff| Intent { id: "x".into(), reply: String::new(), handoff, phrases: Vec::new() };
        assert_eq!(decide(Some(&intent(false)), true, &[candidate("a", 0.9)]).0.name(), "smalltalk");
        assert_eq!(decide(Some(&intent(true)), false, &[]).0.name(), "handoff");
    }
}
