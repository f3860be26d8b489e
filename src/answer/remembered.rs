//! What was made of questions before: many ask the same, and many press the same suggestion.

use std::sync::Arc;

use quick_cache::sync::Cache;

use super::Outcome;

/// How many outcomes are kept. One takes some kilobytes: ten candidates with their features.
const OUTCOMES: usize = 2_000;
/// Longer questions are stories, which nobody tells twice, in bytes.
const LONGEST: usize = 200;

/// Outcomes by question, as it was typed. They belong to one engine: a change of the knowledge base makes another one.
pub(super) struct Remembered(Cache<String, Arc<Outcome>>);

impl Default for Remembered {
    fn default() -> Self {
        Self(Cache::new(OUTCOMES))
    }
}

impl Remembered {
    /// What was made of `question`.
    pub(super) fn outcome(&self, question: &str) -> Option<Outcome> {
        self.0.get(question).map(|outcome| Outcome::clone(&outcome))
    }

    /// Whether something is known of `question`.
    pub(super) fn has(&self, question: &str) -> bool {
        self.0.contains_key(question)
    }

    /// Keeps what was made of `question`, perhaps instead of another.
    pub(super) fn keep(&self, question: &str, outcome: &Outcome) {
        if question.len() <= LONGEST {
            self.0.insert(question.to_owned(), Arc::new(outcome.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::answer::Engine;

    #[test]
    fn the_same_question_gets_the_same_outcome_without_being_read_again() {
        let engine = Engine::carried();
        let question = "ou voir les factures de renouvellement deja parties";
        assert!(!engine.remembers(question));
        let first = engine.ask(question).expect("any text can be asked");
        assert!(engine.remembers(question));
        assert_eq!(engine.ask(question).expect("any text can be asked"), first);
    }

    #[test]
    fn what_names_a_customer_or_tells_a_story_is_not_kept() {
        let engine = Engine::carried();
        let story = "bonjour je vous explique ".repeat(12) + "comment créer un ticket ?";
        for question in ["le contrat de la SARL Duvernay est-il renouvelé ?", &story] {
            engine.ask(question).expect("any text can be asked");
            assert!(!engine.remembers(question), "{question}");
        }
    }
}
