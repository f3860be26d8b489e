//! What a change would have done to the questions that people asked: before → after. Pure.

use std::collections::HashMap;

use guichet_index::IndexError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::Engine;
use crate::model::Decision;

/// Questions that are listed, at most; the rest is counted.
const LONGEST_LIST: usize = 500;

/// What changes for real questions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Impact {
    /// Messages that were asked again.
    pub(crate) messages: usize,
    /// Different ones among them.
    pub(crate) questions: usize,
    /// Different ones that get something else.
    pub(crate) changed: usize,
    /// Those that were asked most, first.
    pub(crate) list: Vec<Changed>,
}

/// A question that gets something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Changed {
    pub(crate) question: String,
    /// How often it was asked.
    pub(crate) times: usize,
    pub(crate) before: Told,
    pub(crate) after: Told,
}

/// What a question gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct Told {
    /// As in a reply: `answer`, `clarify`, …
    pub(crate) decision: String,
    /// The entry that answers, or those that are offered.
    pub(crate) entries: Vec<String>,
}

/// Asks `messages` of both engines, the latest first.
///
/// # Errors
/// When an index fails.
pub(crate) fn replay(
    before: &Engine,
    after: &Engine,
    messages: &[String],
    progress: &dyn Fn(usize, usize),
) -> Result<Impact, IndexError> {
    let mut times: HashMap<&str, usize> = HashMap::new();
    let mut questions: Vec<&str> = Vec::new();
    for message in messages {
        let message = message.trim();
        let count = times.entry(message).or_default();
        if *count == 0 {
            questions.push(message);
        }
        *count += 1;
    }
    let mut list = Vec::new();
    for (done, question) in questions.iter().enumerate() {
        progress(done, questions.len());
        let (told_before, told_after) = (told(before, question)?, told(after, question)?);
        if told_before != told_after {
            let (question, times) = ((*question).to_owned(), times[question]);
            list.push(Changed { question, times, before: told_before, after: told_after });
        }
    }
    let (messages, questions, changed) = (messages.len(), questions.len(), list.len());
    list.sort_by_key(|one| std::cmp::Reverse(one.times));
    list.truncate(LONGEST_LIST);
    Ok(Impact { messages, questions, changed, list })
}

/// The report of a publication without the questions that people asked; what was counted stays. What is no report stays
/// as it is.
pub(crate) fn without_questions(report: &str) -> String {
    let Ok(mut read) = serde_json::from_str::<serde_json::Value>(report) else { return report.to_owned() };
    if let Some(list) = read.pointer_mut("/impact/list") {
        *list = serde_json::Value::Array(Vec::new());
    }
    read.to_string()
}

fn told(engine: &Engine, question: &str) -> Result<Told, IndexError> {
    let decision = engine.ask(question)?.decision;
    let entries = match &decision {
        Decision::Answer(id) | Decision::Lookup(Some(id)) => vec![id.to_string()],
        Decision::Clarify(ids) => ids.iter().map(ToString::to_string).collect(),
        Decision::SmallTalk(id) => vec![id.clone()],
        Decision::Handoff | Decision::NoAnswer | Decision::Lookup(None) => Vec::new(),
    };
    Ok(Told { decision: decision.name().to_owned(), entries })
}

#[cfg(test)]
mod tests {
    use guichet_kb::{Entry, KnowledgeBase};

    use super::*;
    use crate::publishing::gate::Report;

    #[test]
    fn only_questions_that_get_something_else_are_listed() {
        let entry = |id: &str, question: &str| Entry::new(id.parse().expect("an id"), question, "X", "Voilà.");
        let engine = |entries: Vec<Entry>| {
            Engine::new(KnowledgeBase { entries, ..KnowledgeBase::default() }).expect("it can be indexed")
        };
        let before = engine(vec![entry("colis", "Où est mon colis ?")]);
        let after = engine(vec![entry("colis-perdu", "Où est mon colis ?")]);
        let asked = ["Où est mon colis ?", "xyzzy plugh", " Où est mon colis ? "].map(str::to_owned);
        let impact = replay(&before, &after, &asked, &|_, _| {}).expect("they can be searched");
        assert_eq!((impact.messages, impact.questions, impact.changed), (3, 2, 1));
        let changed = &impact.list[0];
        assert_eq!((changed.times, changed.after.entries.as_slice()), (2, ["colis-perdu".to_owned()].as_slice()));

        let report = Report { impact: Some(impact), ..Report::default() };
        let report = serde_json::to_string(&report).expect("JSON");
        assert!(report.contains("\"times\":"), "by this the store finds reports that hold questions");
        let left = without_questions(&report);
        assert!(!left.contains("mon colis"), "{left}");
        let left: Report = serde_json::from_str(&left).expect("it is still a report");
        assert_eq!(left.impact.map(|impact| (impact.questions, impact.list.len())), Some((2, 0)));
    }
}
