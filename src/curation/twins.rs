//! Entries that say, or ask, nearly the same: to merge, or to tell apart.

use std::collections::BTreeSet;

use guichet_index::plain;
use guichet_kb::{Entry, EntryId};
use serde::Serialize;

use super::statements;

/// Share of words in common from which two answers, or two questions, are nearly the same.
const NEAR: f64 = 0.6;

/// Two entries that are nearly the same.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Twins {
    /// The entries.
    pub(crate) entries: [EntryId; 2],
    /// Share of the words of their questions that is common.
    pub(crate) questions: f64,
    /// Share of the words of their answers that is common; 1 when they are the same.
    pub(crate) answers: f64,
}

/// All pairs, the nearest first.
pub(crate) fn find(entries: &[&Entry]) -> Vec<Twins> {
    let words: Vec<[BTreeSet<String>; 2]> = entries
        .iter()
        .map(|entry| [statements::terms(&entry.question), statements::terms(&plain(&entry.answer))])
        .collect();
    let mut found = Vec::new();
    for (at, one) in words.iter().enumerate() {
        for (other_at, other) in words.iter().enumerate().skip(at + 1) {
            let questions = common(&one[0], &other[0]);
            let is_same = entries[at].answer == entries[other_at].answer;
            let answers = if is_same { 1.0 } else { common(&one[1], &other[1]) };
            if questions.max(answers) >= NEAR {
                let pair = [entries[at].id.clone(), entries[other_at].id.clone()];
                found.push(Twins { entries: pair, questions, answers });
            }
        }
    }
    found.sort_by(|a, b| (b.answers + b.questions).total_cmp(&(a.answers + a.questions)));
    found
}

#[expect(clippy::cast_precision_loss, reason = "some dozens of words")]
fn common(one: &BTreeSet<String>, other: &BTreeSet<String>) -> f64 {
    let share = one.intersection(other).count() as f64 / one.union(other).count().max(1) as f64;
    (share * 1e3).round() / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_answer_or_nearly_the_same_question_makes_twins() {
        let entry =
            |id: &str, question: &str, answer: &str| Entry::new(id.parse().expect("a valid id"), question, "X", answer);
        let all = [
            entry("a", "Où est mon colis ?", "Au dépôt de la ville."),
            entry("b", "Quand ouvre le guichet ?", "Au dépôt de la ville."),
            entry("c", "Où est donc mon colis ?", "Chez votre voisin du dessus."),
            entry("d", "Qui appeler ?", "Le service commercial."),
        ];
        let found = find(&all.iter().collect::<Vec<_>>());
        let pairs: Vec<_> = found.iter().map(|one| (one.entries[0].as_str(), one.entries[1].as_str())).collect();
        assert_eq!(pairs.len(), 2);
        assert!(pairs.contains(&("a", "b")) && pairs.contains(&("a", "c")), "{pairs:?}");
    }
}
