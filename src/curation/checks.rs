//! The check questions of all entries, put to the engine that answers partners.
//!
//! What misleads a partner is an error: another entry is given as the answer, the right one is not among what is offered,
//! or an entry answers a question that it must not. What only costs a partner one more turn is a warning.

use guichet_index::IndexError;
use guichet_kb::{Entry, EntryId};
use serde::Serialize;

use crate::answer::{Engine, Outcome};
use crate::model::{Candidate, Decision};

/// An entry that stands this far down, or before, would be offered.
const OFFERED: usize = 3;

/// A check question that fails.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct FailedCheck {
    /// The entry that has the check.
    pub(crate) entry: EntryId,
    /// The question.
    pub(crate) question: String,
    /// What is wrong.
    pub(crate) failure: Failure,
    /// Confidence of the decision.
    pub(crate) confidence: f32,
    /// Who stands before the entry.
    pub(crate) thief: Option<Thief>,
}

/// How a check fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Failure {
    /// `must`: another entry is given as the answer.
    AnsweredByAnother,
    /// `must`: the entry is neither offered nor among the first.
    NotOffered,
    /// `must`: the entry is offered, or would be, after another.
    NotFirst,
    /// `must`: the entry is first, and the question is taken for small talk or the wish for a person.
    TakenForTalk,
    /// `must_not`: the entry answers.
    Answers,
}

/// What stands before the entry that should come first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Thief {
    /// An entry, or an orientation.
    pub(crate) id: EntryId,
    /// Its formulation that is nearest to the question; none of an orientation.
    pub(crate) nearest: Option<String>,
}

impl Failure {
    /// True when a partner would be misled.
    pub(crate) fn is_error(self) -> bool {
        match self {
            Self::AnsweredByAnother | Self::NotOffered | Self::Answers => true,
            Self::NotFirst | Self::TakenForTalk => false,
        }
    }
}

/// The checks that fail, in the order of the entries.
///
/// # Errors
/// When the index fails.
pub(crate) fn failed(engine: &Engine) -> Result<Vec<FailedCheck>, IndexError> {
    let mut found = Vec::new();
    let entries = engine.knowledge_base().entries.iter().filter(|entry| entry.is_public());
    for entry in entries {
        for question in &entry.checks.must {
            let outcome = engine.ask(question)?;
            let failure = must(engine, entry, &outcome);
            found.extend(failure.map(|failure| fails(engine, entry, question, failure, &outcome)));
        }
        for question in &entry.checks.must_not {
            let outcome = engine.ask(question)?;
            let answers = outcome.decision == Decision::Answer(entry.id.clone());
            found.extend(answers.then(|| fails(engine, entry, question, Failure::Answers, &outcome)));
        }
    }
    Ok(found)
}

/// What is wrong with `outcome` for a question that must lead to `entry`. An entry with the same answer is as good.
fn must(engine: &Engine, entry: &Entry, outcome: &Outcome) -> Option<Failure> {
    let is_right = |id: &EntryId| says_the_same(engine, entry, id);
    let place = outcome.candidates.iter().position(|candidate| is_right(&candidate.entry));
    let by_place = match place {
        Some(0) => None,
        Some(place) if place < OFFERED => Some(Failure::NotFirst),
        _ => Some(Failure::NotOffered),
    };
    match &outcome.decision {
        Decision::Answer(id) | Decision::Lookup(Some(id)) if !is_right(id) => Some(Failure::AnsweredByAnother),
        Decision::Answer(_) | Decision::Lookup(Some(_)) => None,
        // An account question without an entry, or silence, misleads nobody.
        Decision::Clarify(_) | Decision::NoAnswer | Decision::Lookup(None) => by_place,
        Decision::SmallTalk(_) | Decision::Handoff => by_place.or(Some(Failure::TakenForTalk)),
    }
}

fn says_the_same(engine: &Engine, entry: &Entry, id: &EntryId) -> bool {
    *id == entry.id || engine.knowledge_base().entry(id.as_str()).is_some_and(|other| other.answer == entry.answer)
}

fn fails(engine: &Engine, entry: &Entry, question: &str, failure: Failure, outcome: &Outcome) -> FailedCheck {
    let orientation = outcome.orientation.as_ref().map(|one| Thief { id: one.id.clone(), nearest: None });
    let first = outcome.candidates.first().filter(|first| !says_the_same(engine, entry, &first.entry));
    let thief = match failure {
        // Nobody steals: the entry takes what is not its own, by this formulation.
        Failure::Answers => outcome.candidates.first().map(|own| thief(engine, own)),
        Failure::AnsweredByAnother => first.map(|first| thief(engine, first)),
        Failure::NotOffered | Failure::NotFirst | Failure::TakenForTalk => {
            orientation.or_else(|| first.map(|first| thief(engine, first)))
        }
    };
    FailedCheck {
        entry: entry.id.clone(),
        question: question.to_owned(),
        failure,
        confidence: outcome.confidence,
        thief,
    }
}

fn thief(engine: &Engine, candidate: &Candidate) -> Thief {
    let entry = engine.knowledge_base().entry(candidate.entry.as_str());
    let nearest = entry.and_then(|entry| entry.formulation(candidate.features.best_formulation_index));
    Thief { id: candidate.entry.clone(), nearest: nearest.map(str::to_owned) }
}
