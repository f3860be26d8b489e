//! Entries that their own formulations hardly find, or that have too few or too uniform ones.

use std::collections::BTreeSet;

use guichet_index::AskedAgain;
use guichet_kb::{Entry, EntryId};
use serde::Serialize;

use super::checks::{FailedCheck, Failure};
use super::statements;

/// An entry needs so many ways to ask for it; 22 were the fewest with which ours were found well.
const ENOUGH: usize = 15;
/// Share of held-out formulations and checks that must find their entry first.
const WELL_FOUND: f64 = 0.6;
/// Fewer held-out formulations tell nothing.
const FEWEST: usize = 4;
/// Mean share of words in common above which formulations say the same over and over.
const UNIFORM: f64 = 0.4;

/// An entry that is hard to find.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct HardToFind {
    /// The entry.
    pub(crate) entry: EntryId,
    /// How many ways to ask for it there are.
    pub(crate) formulations: usize,
    /// Mean share of words that two of them have in common.
    pub(crate) uniformity: f64,
    /// Held-out formulations and checks that were tried.
    pub(crate) tried: usize,
    /// Those that found it first.
    pub(crate) first: usize,
    /// Why it is here.
    pub(crate) reasons: Vec<Reason>,
}

/// Why an entry is hard to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reason {
    /// Its formulations, asked again, lead elsewhere.
    SeldomFirst,
    /// It has few formulations.
    FewFormulations,
    /// Its formulations have the same words.
    UniformFormulations,
}

/// The entries that are hard to find, the hardest first.
pub(crate) fn find(entries: &[Entry], asked_again: &[AskedAgain], failed: &[FailedCheck]) -> Vec<HardToFind> {
    let mut found: Vec<HardToFind> = entries
        .iter()
        .enumerate()
        .map(|(number, entry)| {
            let own: Vec<&AskedAgain> = asked_again.iter().filter(|one| one.entry == number).collect();
            let found_first = own.iter().filter(|one| one.place == 1 && one.orientation.is_none()).count();
            let lost =
                failed.iter().filter(|check| check.entry == entry.id && check.failure != Failure::Answers).count();
            let checks = entry.checks.must.len();
            let (tried, first) = (own.len() + checks, found_first + checks.saturating_sub(lost));
            let formulations = 1 + entry.variants.len();
            let uniformity = uniformity(entry);
            let mut reasons = Vec::new();
            if tried >= FEWEST && share(first, tried) < WELL_FOUND {
                reasons.push(Reason::SeldomFirst);
            }
            if formulations < ENOUGH {
                reasons.push(Reason::FewFormulations);
            } else if uniformity > UNIFORM {
                reasons.push(Reason::UniformFormulations);
            }
            HardToFind { entry: entry.id.clone(), formulations, uniformity, tried, first, reasons }
        })
        .filter(|one| !one.reasons.is_empty())
        .collect();
    let hardness = |one: &HardToFind| if one.tried < FEWEST { 1.0 } else { share(one.first, one.tried) };
    found.sort_by(|a, b| hardness(a).total_cmp(&hardness(b)).then(a.formulations.cmp(&b.formulations)));
    found
}

#[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52 formulations")]
fn share(count: usize, of: usize) -> f64 {
    count as f64 / of.max(1) as f64
}

/// Mean share of words that two formulations have in common.
fn uniformity(entry: &Entry) -> f64 {
    let texts = std::iter::once(&entry.question).chain(&entry.variants);
    let words: Vec<BTreeSet<String>> = texts.map(|text| statements::terms(text)).collect();
    let pairs = words.iter().enumerate().flat_map(|(at, one)| words[at + 1..].iter().map(move |other| (one, other)));
    let (mut sum, mut count) = (0.0, 0);
    for (one, other) in pairs {
        sum += share(one.intersection(other).count(), one.union(other).count());
        count += 1;
    }
    (sum / f64::from(count.max(1)) * 1e3).round() / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(variants: &[String], places: &[usize], expected: &[Reason]) {
        let mut entry = Entry::new("a".parse().expect("a valid id"), "Où est mon colis ?", "X", "Là.");
        entry.variants = variants.to_vec();
        let again = |place: &usize| AskedAgain { entry: 0, formulation: 0, place: *place, first: 0, orientation: None };
        let asked: Vec<AskedAgain> = places.iter().map(again).collect();
        let found = find(&[entry], &asked, &[]);
        assert_eq!(found.first().map_or(&[][..], |one| &one.reasons), expected, "{variants:?} {places:?}");
    }

    #[test]
    fn few_uniform_and_lost_formulations_are_told() {
        let varied: Vec<String> = (0..20).map(|number| format!("mot{number} truc{number} chose{number}")).collect();
        let uniform = vec!["suivre mon colis".to_owned(); 20];
        check(&varied, &[1, 1, 1, 1], &[]);
        check(&varied[..3], &[1, 1, 1, 1], &[Reason::FewFormulations]);
        check(&uniform, &[1, 1, 1, 1], &[Reason::UniformFormulations]);
        check(&varied, &[1, 2, 5, 9], &[Reason::SeldomFirst]);
    }
}
