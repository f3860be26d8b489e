//! Why a question got its decision, in values that a curator can check: for `guichet ask` and for whoever tries questions
//! while writing entries. Its sentences are in [`crate::text::explanation`].

use guichet_index::{Correction, Synonymous};
use guichet_kb::{EntryId, KnowledgeBase};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::{Engine, Outcome};
use crate::model::Candidate;
use crate::policy::{Reason, THRESHOLDS, Thresholds};

/// Everything that led from a question to its decision.
#[derive(Debug, Serialize)]
pub(crate) struct Explanation {
    /// How the question was read.
    pub(crate) read: Read,
    /// The entries that came near, best first.
    pub(crate) candidates: Vec<Explained>,
    /// The topic that no entry answers and that comes before all entries.
    pub(crate) orientation: Option<Topic>,
    /// What is compared with the thresholds.
    pub(crate) measures: Measures,
    /// The thresholds in force.
    #[serde(serialize_with = "thresholds")]
    pub(crate) thresholds: Thresholds,
    /// The decision, by its name.
    pub(crate) decision: &'static str,
    /// Which rule decided.
    pub(crate) reason: Reason,
}

/// How a question was read.
#[derive(Debug, Serialize)]
pub(crate) struct Read {
    /// As the sentence encoder reads it: accents and apostrophes put back.
    pub(crate) sentence: String,
    /// As words and letters are compared: folded.
    pub(crate) words: String,
    /// Words that were read as others.
    pub(crate) corrections: Vec<Correction>,
    /// Synonyms that were applied.
    pub(crate) synonyms: Vec<Synonymous>,
}

/// One candidate with what it is made of. Closeness is from 0 to 1 and comparable between questions.
#[derive(Debug, Serialize)]
pub(crate) struct Explained {
    /// Its id.
    pub(crate) entry: EntryId,
    /// Its question.
    pub(crate) question: String,
    /// Its lead over whatever else the question may be about.
    #[serde(serialize_with = "short")]
    pub(crate) score: f32,
    /// Its formulation that is nearest to the question.
    pub(crate) nearest: String,
    /// 0 when that is its question, n when it is its variant n-1.
    pub(crate) nearest_number: usize,
    /// Closeness by letters.
    #[serde(serialize_with = "short")]
    pub(crate) letters: f32,
    /// Closeness by words, synonyms among them.
    #[serde(serialize_with = "short")]
    pub(crate) words: f32,
    /// Closeness by meaning; 0 without the sentence encoder.
    #[serde(serialize_with = "short")]
    pub(crate) meaning: f32,
}

/// A topic that no entry answers.
#[derive(Debug, Serialize)]
pub(crate) struct Topic {
    /// Its id.
    pub(crate) id: EntryId,
    /// Its name.
    pub(crate) topic: String,
    /// Its lead over the best entry.
    #[serde(serialize_with = "short")]
    pub(crate) lead: f32,
}

/// What is compared with the thresholds.
#[derive(Debug, Serialize)]
pub(crate) struct Measures {
    /// Probability that the first candidate is right.
    #[serde(serialize_with = "short")]
    pub(crate) confidence: f32,
    /// Share of its words that the knowledge base knows.
    #[serde(serialize_with = "short")]
    pub(crate) known_share: f32,
    /// How many different words say what it is about.
    pub(crate) telling_words: usize,
    /// Closeness of letters of the first candidate.
    #[serde(serialize_with = "short")]
    pub(crate) letters: f32,
}

impl Explanation {
    /// Explains what `engine` made of a question.
    pub(crate) fn of(engine: &Engine, outcome: &Outcome) -> Self {
        let knowledge_base = engine.knowledge_base();
        let topic = |id: &EntryId| {
            let found = knowledge_base.orientations.iter().find(|orientation| orientation.id == *id);
            found.map_or_else(String::new, |orientation| orientation.topic.clone())
        };
        Self {
            read: Read {
                sentence: outcome.reading.sentence.clone(),
                words: outcome.reading.words.clone(),
                corrections: outcome.reading.corrections.clone(),
                synonyms: engine.index().synonyms_of(&outcome.reading),
            },
            candidates: outcome.candidates.iter().map(|candidate| explained(knowledge_base, candidate)).collect(),
            orientation: outcome.orientation.as_ref().map(|one| Topic {
                id: one.id.clone(),
                topic: topic(&one.id),
                lead: one.lead,
            }),
            measures: Measures {
                confidence: outcome.confidence,
                known_share: outcome.known_share,
                telling_words: outcome.telling_words,
                letters: outcome.candidates.first().map_or(0.0, |first| first.features.char_ngrams),
            },
            thresholds: THRESHOLDS,
            decision: outcome.decision.name(),
            reason: outcome.reason,
        }
    }
}

/// Four digits are enough to compare, and to read.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn short<S: Serializer>(value: &f32, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(shortened(*value))
}

fn shortened(value: f32) -> f64 {
    (f64::from(value) * 1e4).round() / 1e4
}

fn thresholds<S: Serializer>(of: &Thresholds, serializer: S) -> Result<S::Ok, S::Error> {
    let mut out = serializer.serialize_struct("Thresholds", 5)?;
    out.serialize_field("answer", &shortened(of.answer))?;
    out.serialize_field("offer", &shortened(of.offer))?;
    out.serialize_field("known_share", &shortened(of.known_share))?;
    out.serialize_field("telling_words", &of.telling_words)?;
    out.serialize_field("foreseen", &shortened(of.foreseen))?;
    out.end()
}

fn explained(knowledge_base: &KnowledgeBase, candidate: &Candidate) -> Explained {
    let (entry, features) = (knowledge_base.entry(candidate.entry.as_str()), candidate.features);
    let formulation = entry.and_then(|entry| entry.formulation(features.best_formulation_index));
    Explained {
        entry: candidate.entry.clone(),
        question: entry.map_or_else(String::new, |entry| entry.question.clone()),
        score: candidate.score,
        nearest: formulation.unwrap_or_default().to_owned(),
        nearest_number: features.best_formulation_index,
        letters: features.char_ngrams,
        words: features.words,
        meaning: features.meaning,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explain(question: &str) -> Explanation {
        let engine = Engine::carried();
        Explanation::of(engine, &engine.ask(question).expect("any text can be asked"))
    }

    #[test]
    fn an_explanation_says_how_a_question_was_read() {
        let explanation = explain("cmt stopper labonnement d'un client ??");
        assert_eq!(explanation.read.words, "comment stopper l'abonnement d'un client");
        let whys: Vec<&str> = explanation.read.corrections.iter().map(|one| one.means.as_str()).collect();
        assert_eq!(whys, ["comment", "l'abonnement"]);
        assert!(!explanation.read.synonyms.is_empty(), "{:?}", explanation.read);
    }

    #[test]
    fn every_candidate_names_the_formulation_that_brought_it() {
        let knowledge_base = Engine::carried().knowledge_base();
        let asked = &knowledge_base.entries[3].variants[2];
        let explanation = explain(asked);
        let first = &explanation.candidates[0];
        assert_eq!((&first.entry, &first.nearest), (&knowledge_base.entries[3].id, asked));
        assert!(first.letters > 0.99 && first.words > 0.99, "{first:?}");
        assert!(explanation.candidates.iter().all(|one| !one.nearest.is_empty()));
    }

    #[test]
    fn the_rule_that_decided_is_named_and_agrees_with_the_measures() {
        for (question, reason) in [("bonjour", Reason::SmallTalk), ("je veux parler à un humain", Reason::Person)] {
            assert_eq!(explain(question).reason, reason, "{question}");
        }
        let clear = explain("comment créer un ticket zendesk ?");
        assert_eq!(clear.reason, Reason::Clear);
        assert!(clear.measures.confidence >= clear.thresholds.answer);
    }
}
