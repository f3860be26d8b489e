//! Scores the engine on labelled questions: what it ranks (`ranking`) and what it decides (`decisions`).

mod bootstrap;
mod decisions;
mod labelled;
mod ranking;

use std::collections::BTreeMap;

use serde::Serialize;

pub(crate) use labelled::{Labelled, Scope, parse};

use crate::answer::Engine;
use crate::model::Decision;

/// A figure over some questions; `None` when there are none.
pub(crate) type Figures = BTreeMap<&'static str, Figure>;

/// The mean of a value over `n` questions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Figure {
    /// The mean, 0 to 1.
    pub(crate) value: f64,
    /// Where it lies with 95 % likelihood, from here
    pub(crate) low: f64,
    /// to here.
    pub(crate) high: f64,
    /// How many questions.
    pub(crate) n: usize,
}

/// All figures of one file of labelled questions.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// What is decided.
    pub(crate) decisions: Figures,
    /// What is ranked.
    pub(crate) metrics: ranking::Metrics,
    /// Entry that should come first → entry that does, how often; most frequent first.
    pub(crate) confusions: Vec<Confusion>,
    /// What was answered and should not have been, or not so.
    pub(crate) wrong_answers: Vec<WrongAnswer>,
}

/// A question that was answered wrongly.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct WrongAnswer {
    /// The question.
    pub(crate) question: String,
    /// What kind of question it is.
    pub(crate) scope: Scope,
    /// The entry that was given.
    pub(crate) given: Option<String>,
    /// The entries that answer it.
    pub(crate) expected: Vec<String>,
}

/// Questions of one entry at whose head another entry stands.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Confusion {
    /// The entry that should come first.
    pub(crate) expected: String,
    /// The entry that does; none when nothing is found.
    pub(crate) found: Option<String>,
    /// The questions.
    pub(crate) questions: Vec<String>,
}

/// What the engine makes of one question, reduced to what is scored.
#[derive(Debug, Clone, Default)]
pub(crate) struct Run {
    decision: &'static str,
    answer: Option<String>,
    options: Vec<String>,
    ranked: Vec<(String, f64)>,
}

impl Run {
    /// Asks `engine`.
    ///
    /// # Errors
    /// When the index fails.
    pub(crate) fn of(engine: &Engine, question: &str) -> Result<Self, guichet_index::IndexError> {
        let outcome = engine.ask(question)?;
        let ranked: Vec<(String, f64)> = outcome
            .candidates
            .iter()
            .map(|candidate| (candidate.entry.to_string(), f64::from(candidate.score)))
            .collect();
        let mut run = Self { decision: outcome.decision.name(), ranked, ..Self::default() };
        match &outcome.decision {
            Decision::Answer(id) | Decision::Lookup(Some(id)) => run.answer = Some(id.to_string()),
            Decision::Clarify(ids) => run.options = ids.iter().map(ToString::to_string).collect(),
            _ => {}
        }
        Ok(run)
    }

    fn first(&self) -> Option<&str> {
        self.ranked.first().map(|(id, _)| id.as_str())
    }

    fn answer_or_first(&self) -> Option<&str> {
        self.answer.as_deref().or_else(|| self.first())
    }

    fn top_score(&self) -> f64 {
        self.ranked.first().map_or(f64::NEG_INFINITY, |(_, score)| *score)
    }

    /// Place of the first right entry, from 1.
    fn rank(&self, is_right: impl Fn(&str) -> bool) -> Option<usize> {
        self.ranked.iter().position(|(id, _)| is_right(id)).map(|place| place + 1)
    }
}

/// Scores `runs`, one for each of `questions`.
pub(crate) fn score(questions: &[Labelled], runs: &[Run]) -> Report {
    let rows: Vec<(&Labelled, &Run)> = questions.iter().zip(runs).collect();
    Report {
        decisions: decisions::score(&rows),
        metrics: ranking::score(&rows),
        confusions: confusions(&rows),
        wrong_answers: wrong_answers(&rows),
    }
}

fn wrong_answers(rows: &[(&Labelled, &Run)]) -> Vec<WrongAnswer> {
    let wrong = rows.iter().filter(|(row, run)| decisions::is_wrong(row, run) == Some(true));
    wrong
        .map(|(row, run)| WrongAnswer {
            question: row.q.clone(),
            scope: row.scope,
            given: run.answer_or_first().map(str::to_owned),
            expected: row.gold.clone(),
        })
        .collect()
}

fn confusions(rows: &[(&Labelled, &Run)]) -> Vec<Confusion> {
    let mut found: BTreeMap<(String, Option<String>), Vec<String>> = BTreeMap::new();
    for (row, run) in rows.iter().filter(|(row, _)| row.scope == Scope::In) {
        if !run.first().is_some_and(|id| row.is_right(id)) {
            let expected = row.gold.first().cloned().unwrap_or_default();
            found.entry((expected, run.first().map(str::to_owned))).or_default().push(row.q.clone());
        }
    }
    let mut confusions: Vec<Confusion> =
        found.into_iter().map(|((expected, found), questions)| Confusion { expected, found, questions }).collect();
    confusions.sort_by_key(|confusion| std::cmp::Reverse(confusion.questions.len()));
    confusions
}

/// The mean of `values`; `None` when there are none.
fn mean(values: impl IntoIterator<Item = f64>) -> Option<Figure> {
    let values: Vec<f64> = values.into_iter().collect();
    let n = values.len();
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 questions")]
    (n > 0).then(|| {
        let (low, high) = bootstrap::interval(&values);
        Figure { value: values.iter().sum::<f64>() / n as f64, low, high, n }
    })
}

fn share(values: impl IntoIterator<Item = bool>) -> Option<Figure> {
    mean(values.into_iter().map(|value| if value { 1.0 } else { 0.0 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One small file and one small run; the expected figures were computed with the public scripts of the evaluation.
    #[test]
    fn figures_agree_with_a_count_by_hand() {
        let questions = parse(
            r#"{"q":"a","gold":["x"],"ok":["y"],"scope":"in","style":"s"}
{"q":"b","gold":["z"],"scope":"in"}
{"q":"c","gold":["z"],"scope":"in"}
{"q":"d","gold":[],"ok":["x"],"scope":"out"}
{"q":"e","gold":[],"scope":"out"}
{"q":"f","gold":["x","y"],"scope":"vague"}
{"q":"g","gold":[],"scope":"chitchat"}
{"q":"h","gold":["x"],"scope":"account"}
"#,
        )
        .expect("it is right");
        let run = |decision, answer: Option<&str>, options: &[&str], ranked: &[(&str, f64)]| Run {
            decision,
            answer: answer.map(str::to_owned),
            options: options.iter().map(|id| (*id).to_owned()).collect(),
            ranked: ranked.iter().map(|(id, score)| ((*id).to_owned(), *score)).collect(),
        };
        let runs = [
            run("answer", Some("y"), &[], &[("y", 0.9), ("x", 0.1)]),
            run("clarify", None, &["x", "z"], &[("x", 0.5), ("z", 0.4)]),
            run("answer", Some("x"), &[], &[("x", 0.8)]),
            run("answer", Some("x"), &[], &[("x", 0.7)]),
            run("answer", Some("x"), &[], &[("x", 0.6)]),
            run("clarify", None, &["y"], &[("y", 0.3), ("w", 0.2)]),
            run("smalltalk", None, &[], &[]),
            run("lookup", Some("x"), &[], &[("x", 0.2)]),
        ];
        let report = score(&questions, &runs);
        let decision = |name| report.decisions[name].value;
        let third = 1.0 / 3.0;
        for (name, expected) in [
            ("rank1", third),
            ("rank3", 2.0 * third),
            ("at_once", third),
            ("in_two_turns", 2.0 * third),
            ("wrong_share", 0.5),
            ("out_answered", 0.5),
            ("vague_clarified", 1.0),
            ("chitchat", 1.0),
            ("account_lookup", 1.0),
            ("in_lookup", 0.0),
        ] {
            assert!((decision(name) - expected).abs() < 1e-9, "{name}: {}", decision(name));
        }
        assert!((report.metrics.of_in["mrr10"].value - 0.5).abs() < 1e-9);
        // in: .9 .5 .8 against .7 .6 -inf: 7 of 9 pairs in order.
        assert!((report.metrics.auroc.expect("both kinds") - 7.0 / 9.0).abs() < 1e-9);
        let wrong: Vec<&str> = report.wrong_answers.iter().map(|one| one.question.as_str()).collect();
        assert_eq!(wrong, ["c", "e"]);
        let best = report.metrics.coverage["in_out_chitchat"][&80];
        assert_eq!((best.threshold, best.of_in), (Some(0.9), third));
        assert_eq!(report.confusions.len(), 1);
        assert_eq!(report.confusions[0].questions, ["b", "c"]);
    }
}
