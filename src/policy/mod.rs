//! From evidence to a decision: a pure function of values.

use guichet_kb::Intent;
use serde::Serialize;

use crate::model::{Candidate, Decision};

/// Confidence from which the first candidate is given as the answer. Chosen on the checks of our knowledge base, which
/// are not indexed, and on topics that training leaves out: more than 98 % of the checks answered from here on are right,
/// and one question in twenty-seven of a topic that nobody thought of is answered.
const ANSWER: f32 = 0.7;
/// Confidence below which nothing is offered: one held-out formulation in four hundred is less sure, and four questions in
/// nine of a topic that nobody thought of.
const OFFER: f32 = 0.01;
/// Confidence from which a message that resembles small talk may mean an entry: nine in ten phrases of small talk that were
/// held out are less sure, and one formulation in a hundred.
const MAY_BE_MEANT: f32 = 0.05;
/// How many entries are offered.
const OPTIONS: usize = 3;
/// Share of its words that a question must have in common with the knowledge base to be answered.
const KNOWN: f32 = 0.25;
/// Telling words that a question must have to be answered: one word names a subject and asks nothing.
const TELLING_WORDS: usize = 2;
/// Likeness of letters to a formulation from which its curators foresaw the question, however short.
const FORESEEN: f32 = 0.75;

/// The thresholds in force, for whoever explains.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Thresholds {
    /// Confidence from which the first candidate is the answer.
    pub(crate) answer: f32,
    /// Confidence below which nothing is offered.
    pub(crate) offer: f32,
    /// Share of known words that an answer needs.
    pub(crate) known_share: f32,
    /// Telling words that an answer needs.
    pub(crate) telling_words: usize,
    /// Closeness of letters from which a question needs no more words.
    pub(crate) foreseen: f32,
}

/// The thresholds in force.
pub(crate) const THRESHOLDS: Thresholds =
    Thresholds { answer: ANSWER, offer: OFFER, known_share: KNOWN, telling_words: TELLING_WORDS, foreseen: FORESEEN };

/// Which rule decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reason {
    /// A person is asked for.
    Person,
    /// It is small talk.
    SmallTalk,
    /// Nothing is likely, and it is close to some small talk in meaning.
    NearSmallTalk,
    /// It is about one given customer.
    Customer,
    /// The first entry is clear.
    Clear,
    /// The first entry is likely, not sure.
    Unsure,
    /// Too few of its words are known.
    UnknownWords,
    /// It says too little.
    SaysTooLittle,
    /// No entry is likely.
    Unlikely,
    /// No entry has anything in common with it.
    Nothing,
    /// It was not decided by what it says: chosen from a list, or no question at all.
    Given,
}

/// What is known of a question.
pub(crate) struct Evidence<'a> {
    /// The small talk that it is, word for word or nearly.
    pub(crate) intent: Option<&'a Intent>,
    /// The small talk that it is closest to in meaning.
    pub(crate) intent_by_meaning: Option<&'a Intent>,
    /// True when it is about one given customer.
    pub(crate) names_a_customer: bool,
    /// Entries, best first.
    pub(crate) candidates: &'a [Candidate],
    /// Probability that the first is right.
    pub(crate) confidence: f32,
    /// Share of its words that the knowledge base knows.
    pub(crate) known_share: f32,
    /// How many different words say what it is about.
    pub(crate) telling_words: usize,
}

impl Evidence<'_> {
    /// What speaks for answering, or the first thing that speaks against.
    fn clarity(&self) -> Reason {
        let is_foreseen = self.candidates.first().is_some_and(|first| first.features.char_ngrams >= FORESEEN);
        if self.confidence < ANSWER {
            Reason::Unsure
        } else if self.known_share < KNOWN {
            Reason::UnknownWords
        } else if self.telling_words < TELLING_WORDS && !is_foreseen {
            Reason::SaysTooLittle
        } else {
            Reason::Clear
        }
    }
}

/// What is done, and why.
pub(crate) fn decide(evidence: &Evidence<'_>) -> (Decision, Reason) {
    let offers = evidence.confidence >= OFFER;
    // A word or two ("les clés") is always close to some greeting: entries that may be meant go first, and words that nobody
    // knows are close to nothing.
    let is_talk = evidence.confidence < MAY_BE_MEANT && evidence.known_share >= KNOWN;
    let intent = evidence.intent.or(evidence.intent_by_meaning.filter(|_| is_talk));
    match (intent, evidence.candidates.first()) {
        (Some(intent), _) if intent.handoff => (Decision::Handoff, Reason::Person),
        (Some(intent), _) => {
            let reason = if evidence.intent.is_some() { Reason::SmallTalk } else { Reason::NearSmallTalk };
            (Decision::SmallTalk(intent.id.clone()), reason)
        }
        (None, first) if evidence.names_a_customer => {
            let entry = first.filter(|_| offers).map(|candidate| candidate.entry.clone());
            (Decision::Lookup(entry), Reason::Customer)
        }
        (None, Some(first)) => match evidence.clarity() {
            Reason::Clear => (Decision::Answer(first.entry.clone()), Reason::Clear),
            reason if offers => {
                let offered = evidence.candidates.iter().take(OPTIONS);
                (Decision::Clarify(offered.map(|candidate| candidate.entry.clone()).collect()), reason)
            }
            _ => (Decision::NoAnswer, Reason::Unlikely),
        },
        (None, None) => (Decision::NoAnswer, Reason::Nothing),
    }
}

#[cfg(test)]
mod tests {
    use guichet_index::Features;

    use super::*;

    fn candidate(id: &str) -> Candidate {
        Candidate { entry: id.parse().expect("a valid id"), score: 0.5, features: Features::default() }
    }

    fn evidence(confidence: f32) -> Evidence<'static> {
        let candidates = vec![candidate("a"), candidate("b"), candidate("c"), candidate("d")];
        let candidates = candidates.leak();
        Evidence {
            intent: None,
            intent_by_meaning: None,
            names_a_customer: false,
            candidates,
            confidence,
            known_share: 1.0,
            telling_words: 3,
        }
    }

    fn check(evidence: &Evidence<'_>, expected: &str) {
        assert_eq!(decide(evidence).0.name(), expected);
    }

    #[test]
    fn a_sure_first_is_answered_an_unsure_one_is_asked_a_poor_one_is_not_known() {
        check(&evidence(0.9), "answer");
        check(&evidence(0.3), "clarify");
        check(&evidence(0.005), "noanswer");
        check(&Evidence { candidates: &[], ..evidence(0.0) }, "noanswer");
    }

    #[test]
    fn three_entries_are_offered() {
        let (Decision::Clarify(offered), Reason::Unsure) = decide(&evidence(0.3)) else {
            panic!("a choice is offered")
        };
        assert_eq!(offered.len(), 3);
    }

    #[test]
    fn a_question_of_unknown_words_or_of_one_word_is_not_answered() {
        check(&Evidence { telling_words: 1, ..evidence(0.9) }, "clarify");
        check(&Evidence { known_share: 0.1, ..evidence(0.9) }, "clarify");
    }

    #[test]
    fn one_word_is_answered_when_a_formulation_foresaw_it() {
        let mut first = candidate("a");
        first.features.char_ngrams = 0.9;
        check(&Evidence { telling_words: 1, candidates: &[first], ..evidence(0.9) }, "answer");
    }

    #[test]
    fn a_question_about_a_customer_is_looked_up() {
        check(&Evidence { names_a_customer: true, ..evidence(0.9) }, "lookup");
        let unlikely = Evidence { names_a_customer: true, ..evidence(0.0) };
        assert_eq!(decide(&unlikely), (Decision::Lookup(None), Reason::Customer));
    }

    #[test]
    fn small_talk_and_the_wish_for_a_person_come_first() {
        let intent = |handoff| Intent { id: "x".into(), reply: String::new(), handoff, phrases: Vec::new() };
        let (talk, person) = (intent(false), intent(true));
        check(&Evidence { intent: Some(&talk), names_a_customer: true, ..evidence(0.9) }, "smalltalk");
        check(&Evidence { intent: Some(&person), ..evidence(0.9) }, "handoff");
        check(&Evidence { intent_by_meaning: Some(&talk), ..evidence(0.01) }, "smalltalk");
        check(&Evidence { intent_by_meaning: Some(&talk), ..evidence(0.3) }, "clarify");
        check(&Evidence { intent_by_meaning: Some(&talk), known_share: 0.0, ..evidence(0.001) }, "noanswer");
    }
}
