//! Questions that mean nearly the same, put together: by letters and words, without training, the same for the same
//! questions. Pure.
//!
//! The most frequent wording leads; each further one joins the leader that is nearest, or leads in turn. Wordings that
//! are to be ignored lead first, and what joins them is left out.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use guichet_index::analyzer::terms;
use guichet_kb::fold::fold;

/// Different wordings that are compared, at most: the most frequent.
const MOST_WORDINGS: usize = 1_500;
/// Likeness from which two wordings are one subject.
const NEAR: f32 = 0.38;
/// What a word weighs against a piece of three letters.
const WORD: f32 = 2.0;

/// One group: positions in what was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    /// The most frequent wording's first position.
    pub(crate) leader: usize,
    /// All positions, in the order given.
    pub(crate) members: Vec<usize>,
}

/// Groups `texts`, the largest group first; `ignored` take theirs away.
pub(crate) fn group(texts: &[&str], ignored: &[&str]) -> Vec<Group> {
    let mut wordings: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (position, text) in texts.iter().enumerate() {
        wordings.entry(plain(text)).or_default().push(position);
    }
    let left_out: BTreeSet<String> = ignored.iter().map(|text| plain(text)).collect();
    let mut wordings: Vec<(String, Vec<usize>)> =
        wordings.into_iter().filter(|(text, _)| !left_out.contains(text)).collect();
    wordings.sort_by_key(|(_, positions)| (std::cmp::Reverse(positions.len()), positions[0]));
    wordings.truncate(MOST_WORDINGS);

    let all = left_out.iter().chain(wordings.iter().map(|(text, _)| text));
    let vectors = vectors(all);
    let (away, own) = vectors.split_at(left_out.len());
    let mut leaders = Leaders::default();
    away.iter().for_each(|vector| leaders.add(vector, None));
    let mut groups: Vec<Group> = Vec::new();
    for ((_, positions), vector) in wordings.into_iter().zip(own) {
        match leaders.nearest(vector) {
            Some(None) => {}
            Some(Some(group)) => groups[group].members.extend(positions),
            None => {
                leaders.add(vector, Some(groups.len()));
                groups.push(Group { leader: positions[0], members: positions });
            }
        }
    }
    groups.iter_mut().for_each(|group| group.members.sort_unstable());
    groups.sort_by_key(|group| (std::cmp::Reverse(group.members.len()), group.leader));
    groups
}

/// Without accents, capitals and punctuation.
fn plain(text: &str) -> String {
    let folded = fold(text);
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Weights by piece, of length one.
type Vector = Vec<(usize, f32)>;

/// Pieces of three letters and words, the rarer the heavier.
fn vectors<'a>(texts: impl Iterator<Item = &'a String>) -> Vec<Vector> {
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut spread: Vec<f32> = Vec::new();
    let counted: Vec<BTreeMap<usize, f32>> = texts
        .map(|text| {
            let mut counts: BTreeMap<usize, f32> = BTreeMap::new();
            for (piece, weight) in pieces(text) {
                let next = numbers.len();
                let number = *numbers.entry(piece).or_insert(next);
                if number == spread.len() {
                    spread.push(0.0);
                }
                *counts.entry(number).or_default() += weight;
            }
            counts.keys().for_each(|number| spread[*number] += 1.0);
            counts
        })
        .collect();
    #[expect(clippy::cast_precision_loss, reason = "some thousands of questions")]
    let texts = counted.len() as f32;
    let heavy = |number: usize| ((texts + 1.0) / (spread[number] + 1.0)).ln() + 1.0;
    counted
        .into_iter()
        .map(|counts| {
            let vector: Vector =
                counts.into_iter().map(|(number, count)| (number, count.sqrt() * heavy(number))).collect();
            let length = vector.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
            vector.into_iter().map(|(number, weight)| (number, weight / length)).collect()
        })
        .collect()
}

fn pieces(text: &str) -> Vec<(String, f32)> {
    let letters = text.split(' ').flat_map(|word| {
        let padded: Vec<char> = format!(" {word} ").chars().collect();
        padded.windows(3).map(|three| (three.iter().collect(), 1.0)).collect::<Vec<(String, f32)>>()
    });
    // A word is told from letters by a sign that no letter is.
    letters.chain(terms(text).into_iter().map(|term| (format!("={term}"), WORD))).collect()
}

/// Leaders, to be found by the pieces that they hold.
#[derive(Default)]
struct Leaders {
    by_piece: HashMap<usize, Vec<(usize, f32)>>,
    groups: Vec<Option<usize>>,
}

impl Leaders {
    fn add(&mut self, vector: &Vector, group: Option<usize>) {
        let leader = self.groups.len();
        self.groups.push(group);
        for (piece, weight) in vector {
            self.by_piece.entry(*piece).or_default().push((leader, *weight));
        }
    }

    /// The group of the leader that is nearest, if one is near.
    fn nearest(&self, vector: &Vector) -> Option<Option<usize>> {
        let mut likeness = vec![0.0_f32; self.groups.len()];
        for (piece, weight) in vector {
            for (leader, other) in self.by_piece.get(piece).into_iter().flatten() {
                likeness[*leader] += weight * other;
            }
        }
        let (mut best, mut found) = (NEAR, None);
        for (leader, likeness) in likeness.into_iter().enumerate() {
            if likeness >= best && (found.is_none() || likeness > best) {
                (best, found) = (likeness, Some(self.groups[leader]));
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: [&str; 8] = [
        "Comment exporter mes factures en PDF ?",
        "exporter facture pdf",
        "Où trouver le logo partenaire ?",
        "je cherche le logo des partenaires",
        "comment  EXPORTER mes factures en pdf",
        "export des factures au format pdf svp",
        "le logo partenaire en haute définition ?",
        "mon écran reste noir",
    ];

    fn members(groups: &[Group]) -> Vec<Vec<usize>> {
        groups.iter().map(|group| group.members.clone()).collect()
    }

    #[test]
    fn wordings_of_one_subject_are_one_group_and_the_largest_comes_first() {
        let groups = group(&ASKED, &[]);
        assert_eq!(members(&groups), [vec![0, 1, 4, 5], vec![2, 3, 6], vec![7]]);
        assert_eq!(groups[0].leader, 0);
        assert_eq!(groups, group(&ASKED, &[]), "the same for the same questions");
    }

    #[test]
    fn what_is_like_an_ignored_question_is_left_out() {
        let groups = group(&ASKED, &["où est le logo partenaire"]);
        assert_eq!(members(&groups), [vec![0, 1, 4, 5], vec![7]]);
    }
}
