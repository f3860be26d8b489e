//! Two entries do not ask the same question.

use std::collections::{HashMap, HashSet};

use super::entries;
use crate::diagnostic::Diagnostic;
use crate::fold::fold;
use crate::knowledge_base::Loaded;

/// Share of words in common (Jaccard) from which two questions count as near duplicates.
const NEAR: f32 = 0.75;

pub(super) fn run(loaded: &Loaded, found: &mut Vec<Diagnostic>) {
    let mut by_word: HashMap<String, Vec<usize>> = HashMap::new();
    let mut earlier: Vec<(HashSet<String>, &str)> = Vec::new();
    for (ordinal, (entry, origin)) in entries(loaded).enumerate() {
        let words = words(&entry.question);
        let mut shared: HashMap<usize, usize> = HashMap::new();
        for word in &words {
            let others = by_word.entry(word.clone()).or_default();
            for &other in others.iter() {
                *shared.entry(other).or_default() += 1;
            }
            others.push(ordinal);
        }
        let mut near: Vec<usize> = shared
            .into_iter()
            .filter(|&(other, common)| {
                let union = words.len() + earlier[other].0.len() - common;
                common as f32 / union as f32 >= NEAR
            })
            .map(|(other, _)| other)
            .collect();
        near.sort_unstable();
        for other in near {
            let message =
                format!("nearly the same question as the entry `{}`: merge or tell them apart", earlier[other].1);
            found.push(Diagnostic::warning(&origin.file, origin.question_line, message));
        }
        earlier.push((words, entry.id.as_str()));
    }
}

fn words(question: &str) -> HashSet<String> {
    fold(question).split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 1).map(str::to_owned).collect()
}
