//! The words of the entries for what people say: `stopper l'abo` also says `résilier` and `abonnement`.
//!
//! From the curated synonyms of a knowledge base. What is added counts as words only, beside those that were typed, and
//! in formulations as in questions, so that two ways to say the same meet.

use std::collections::HashMap;

use guichet_kb::Synonyms;
use guichet_kb::fold::fold;
use serde::Serialize;

use crate::analyzer;

/// Synonyms less sure than this do not count; those of our knowledge base all do, which finds more than a higher bar.
const SURE_ENOUGH: f32 = 0.4;

/// The synonyms, filed.
#[derive(Debug, Default)]
pub(crate) struct Thesaurus {
    /// First word → the expressions that begin so.
    by_first_word: HashMap<String, Vec<Expression>>,
}

/// What people say, and what it stands for.
#[derive(Debug)]
struct Expression {
    words: Vec<String>,
    means: Vec<String>,
    /// What it stands for, as curators wrote it.
    as_written: Vec<String>,
}

/// An expression of a question, and what it also stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Synonymous {
    /// The expression, folded.
    pub said: String,
    /// What curators say it stands for.
    pub means: Vec<String>,
}

impl Thesaurus {
    /// Files `synonyms`.
    pub(crate) fn new(synonyms: &Synonyms) -> Self {
        let mut thesaurus = Self::default();
        for group in synonyms.synonym.iter().filter(|group| group.weight >= SURE_ENOUGH) {
            thesaurus.file(&group.said, &group.means);
            if group.both_ways {
                thesaurus.file(&group.means, &group.said);
            }
        }
        thesaurus
    }

    fn file(&mut self, said: &[String], means: &[String]) {
        let terms: Vec<String> = means.iter().flat_map(|text| analyzer::terms(text)).collect();
        for expression in said {
            let words: Vec<String> = words(&fold(expression)).map(str::to_owned).collect();
            if !words.is_empty() {
                let expression = Expression { means: terms.clone(), as_written: means.to_vec(), words };
                self.by_first_word.entry(expression.words[0].clone()).or_default().push(expression);
            }
        }
    }

    /// The terms that `text`, in folded words, stands for besides its own.
    pub(crate) fn terms(&self, text: &str) -> Vec<String> {
        let mut terms: Vec<String> = self.said_in(text).into_iter().flat_map(|one| one.means.iter().cloned()).collect();
        terms.sort_unstable();
        terms.dedup();
        terms
    }

    /// The same as curators wrote it, in the order of `text`.
    pub(crate) fn synonyms(&self, text: &str) -> Vec<Synonymous> {
        let as_written = |one: &Expression| Synonymous { said: one.words.join(" "), means: one.as_written.clone() };
        self.said_in(text).into_iter().map(as_written).collect()
    }

    /// The expressions that `text` holds.
    fn said_in(&self, text: &str) -> Vec<&Expression> {
        let all: Vec<&str> = words(text).collect();
        let mut said = Vec::new();
        for (at, word) in all.iter().enumerate() {
            said.extend(self.by_first_word.get(*word).into_iter().flatten().filter(|expression| {
                expression.words.len() <= all.len() - at && expression.words.iter().zip(&all[at..]).all(|(a, b)| a == b)
            }));
        }
        said
    }
}

fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use guichet_kb::Synonym;

    use super::*;

    fn check(text: &str, expected: &str) {
        let group = |said: &[&str], means: &[&str], weight, both_ways| Synonym {
            said: said.iter().map(ToString::to_string).collect(),
            means: means.iter().map(ToString::to_string).collect(),
            weight,
            both_ways,
        };
        let synonyms = Synonyms {
            synonym: vec![
                group(&["arrêter", "mettre fin"], &["résilier"], 0.8, false),
                group(&["prime"], &["bonus"], 0.9, true),
                group(&["papier"], &["facture"], 0.2, false),
            ],
        };
        assert_eq!(Thesaurus::new(&synonyms).terms(text).join(" "), expected, "{text}");
    }

    #[test]
    fn words_and_expressions_stand_for_others() {
        check("arreter le contrat", "resil");
        check("je veux mettre fin au contrat", "resil");
        check("mettre le contrat", "");
        check("", "");
    }

    #[test]
    fn some_go_both_ways_and_weak_ones_go_none() {
        check("la prime", "bonus");
        check("le bonus", "prim");
        check("resilier", "");
        check("le papier", "");
    }
}
