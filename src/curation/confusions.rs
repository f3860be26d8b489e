//! Which entries take each other's formulations: those that were held out while learning, and the check questions.

use std::collections::BTreeMap;

use guichet_index::AskedAgain;
use guichet_kb::{Entry, EntryId, Orientation};
use serde::Serialize;

use super::checks::{FailedCheck, Failure};

/// How many examples are kept of one pair.
const EXAMPLES: usize = 3;

/// Two entries, or an entry and an orientation, one of which takes formulations of the other.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(crate) struct Confusion {
    /// The entry that loses most, then the other one.
    pub(crate) pair: Vec<EntryId>,
    /// Formulations of the first that the second takes.
    pub(crate) taken: usize,
    /// Formulations of the second that the first takes.
    pub(crate) given_back: usize,
    /// How many formulations of the first were tried.
    pub(crate) tried: usize,
    /// Some that were taken.
    pub(crate) examples: Vec<Example>,
}

/// A formulation that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Example {
    /// Whose it is.
    pub(crate) entry: EntryId,
    /// As it is written.
    pub(crate) text: String,
    /// True of a check question, which no index holds.
    pub(crate) is_check: bool,
}

/// All pairs, the most frequent first. `entries` and `orientations` are those that the index was built from.
pub(crate) fn find(
    entries: &[Entry],
    orientations: &[Orientation],
    asked_again: &[AskedAgain],
    failed: &[FailedCheck],
) -> Vec<Confusion> {
    let mut taken: BTreeMap<(EntryId, EntryId), Vec<Example>> = BTreeMap::new();
    let mut tried: BTreeMap<&EntryId, usize> = BTreeMap::new();
    for one in asked_again {
        let Some(entry) = entries.get(one.entry) else { continue };
        *tried.entry(&entry.id).or_default() += 1;
        let taker = match one.orientation {
            Some(orientation) => orientations.get(orientation).map(|orientation| &orientation.id),
            None if one.place > 1 => entries.get(one.first).map(|first| &first.id),
            None => None,
        };
        let Some(taker) = taker else { continue };
        let text = entry.formulation(one.formulation).unwrap_or_default().to_owned();
        let example = Example { entry: entry.id.clone(), text, is_check: false };
        taken.entry((entry.id.clone(), taker.clone())).or_default().push(example);
    }
    for entry in entries {
        *tried.entry(&entry.id).or_default() += entry.checks.must.len();
    }
    for check in failed.iter().filter(|check| check.failure != Failure::Answers) {
        let Some(thief) = &check.thief else { continue };
        let example = Example { entry: check.entry.clone(), text: check.question.clone(), is_check: true };
        // What was typed as a check reads best as an example.
        taken.entry((check.entry.clone(), thief.id.clone())).or_default().insert(0, example);
    }

    let mut found = Vec::new();
    while let Some(((owner, taker), examples)) = taken.pop_first() {
        let back = taken.remove(&(taker.clone(), owner.clone())).unwrap_or_default();
        let (owner, taker, most, least) =
            if back.len() > examples.len() { (taker, owner, back, examples) } else { (owner, taker, examples, back) };
        found.push(Confusion {
            taken: most.len(),
            given_back: least.len(),
            tried: tried.get(&owner).copied().unwrap_or_default(),
            examples: most.into_iter().chain(least).take(EXAMPLES).collect(),
            pair: vec![owner, taker],
        });
    }
    found.sort_by_key(|one| std::cmp::Reverse(one.taken + one.given_back));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: &str) -> Entry {
        let mut entry = Entry::new(id.parse().expect("a valid id"), &format!("Question {id} ?"), "X", id);
        entry.variants = vec![format!("variante {id}")];
        entry
    }

    fn again(entry: usize, formulation: usize, place: usize, first: usize) -> AskedAgain {
        AskedAgain { entry, formulation, place, first, orientation: None }
    }

    #[test]
    fn who_takes_whose_formulations_is_counted_both_ways() {
        let entries = [entry("a"), entry("b")];
        let asked = [again(0, 0, 1, 0), again(1, 0, 2, 0), again(1, 1, 2, 0), again(0, 1, 2, 1)];
        let found = find(&entries, &[], &asked, &[]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].pair.iter().map(EntryId::as_str).collect::<Vec<_>>(), ["b", "a"]);
        assert_eq!((found[0].taken, found[0].given_back, found[0].tried), (2, 1, 2));
        assert_eq!(found[0].examples[1].text, "variante b");
    }
}
