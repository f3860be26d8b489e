//! Likeness of bags of features: TF-IDF and cosine over an inverted list, in memory.
//!
//! A formulation is a bag of features (pieces of letters, words). Features weigh TF-IDF with a sublinear TF; the likeness
//! of a question and a formulation is the cosine, between 0 and 1.

use std::collections::HashMap;
use std::hash::Hash;

/// The inverted list over the features `F`.
#[derive(Debug)]
pub(crate) struct Sparse<F> {
    /// Feature → its ordinal.
    ordinals: HashMap<F, u32>,
    /// By feature: how telling it is.
    idf: Vec<f32>,
    /// The same for a feature that no formulation has.
    idf_of_unknown: f32,
    /// By feature: where its postings start in `postings`; one more at the end.
    starts: Vec<usize>,
    /// Formulation, share of the feature in it.
    postings: Vec<(u32, f32)>,
    /// How many formulations there are.
    formulations: usize,
}

impl<F: Eq + Hash + Ord> Sparse<F> {
    /// Reads the bag of every formulation.
    pub(crate) fn new(bags: impl Iterator<Item = Vec<F>>) -> Self {
        let mut ordinals: HashMap<F, u32> = HashMap::new();
        let mut frequencies: Vec<u32> = Vec::new();
        let mut weights: Vec<(u32, f32)> = Vec::new();
        let mut ends = Vec::new();
        for bag in bags {
            for (feature, tf) in counted(bag) {
                let next = ordinals.len() as u32;
                let ordinal = *ordinals.entry(feature).or_insert(next);
                if ordinal == next {
                    frequencies.push(0);
                }
                frequencies[ordinal as usize] += 1;
                weights.push((ordinal, tf));
            }
            ends.push(weights.len());
        }

        let formulations = ends.len();
        let idf_of = |frequency: u32| ((1.0 + formulations as f32) / (1.0 + frequency as f32)).ln() + 1.0;
        let idf: Vec<f32> = frequencies.iter().map(|frequency| idf_of(*frequency)).collect();
        let mut starts = vec![0; ordinals.len() + 1];
        for (feature, frequency) in frequencies.iter().enumerate() {
            starts[feature + 1] = starts[feature] + *frequency as usize;
        }

        let mut postings = vec![(0, 0.0); weights.len()];
        let mut next_free = starts.clone();
        let mut start = 0;
        for (formulation, end) in ends.into_iter().enumerate() {
            let own = &mut weights[start..end];
            start = end;
            let mut squares = 0.0;
            for (feature, weight) in own.iter_mut() {
                *weight *= idf[*feature as usize];
                squares += *weight * *weight;
            }
            let norm = squares.sqrt();
            for (feature, weight) in own.iter() {
                let free = &mut next_free[*feature as usize];
                postings[*free] = (formulation as u32, weight / norm);
                *free += 1;
            }
        }
        Self { ordinals, idf, idf_of_unknown: idf_of(0), starts, postings, formulations }
    }

    /// By formulation, its likeness to `bag`.
    pub(crate) fn cosines(&self, bag: Vec<F>) -> Vec<f32> {
        let mut cosines = vec![0.0_f32; self.formulations];
        let mut squares = 0.0;
        for (feature, tf) in counted(bag) {
            let known = self.ordinals.get(&feature).map(|ordinal| *ordinal as usize);
            let weight = tf * known.map_or(self.idf_of_unknown, |ordinal| self.idf[ordinal]);
            squares += weight * weight;
            let Some(ordinal) = known else { continue };
            for (formulation, share) in &self.postings[self.starts[ordinal]..self.starts[ordinal + 1]] {
                cosines[*formulation as usize] += weight * share;
            }
        }
        if squares > 0.0 {
            let norm = squares.sqrt();
            cosines.iter_mut().for_each(|cosine| *cosine /= norm);
        }
        cosines
    }

    /// How much of what `bag` says some formulation knows, from 0 to 1: the known share of its weight.
    pub(crate) fn known_share(&self, bag: Vec<F>) -> f32 {
        let (mut known, mut all) = (0.0, 0.0);
        for (feature, tf) in counted(bag) {
            let weight = tf * self.ordinals.get(&feature).map_or(self.idf_of_unknown, |at| self.idf[*at as usize]);
            known += if self.ordinals.contains_key(&feature) { weight } else { 0.0 };
            all += weight;
        }
        if all > 0.0 { known / all } else { 0.0 }
    }

    /// The same for the formulations that `counts`, in a world of those that `exists`. What none of these has may be a typo
    /// or a name: it counts a third.
    pub(crate) fn share_within(
        &self,
        bag: Vec<F>,
        counts: impl Fn(usize) -> bool,
        exists: impl Fn(usize) -> bool,
    ) -> Explained {
        const UNKNOWN_COUNTS: f32 = 0.3;
        let (mut together, mut all) = (0.0, 0.0);
        let mut by_formulation = vec![0.0_f32; self.formulations];
        for (feature, tf) in counted(bag) {
            let at = self.ordinals.get(&feature).map(|ordinal| *ordinal as usize);
            let postings = at.map_or(&[][..], |at| &self.postings[self.starts[at]..self.starts[at + 1]]);
            let weight = tf * at.map_or(self.idf_of_unknown, |at| self.idf[at]);
            let mut is_known = false;
            for (number, _) in postings.iter().filter(|(number, _)| counts(*number as usize)) {
                by_formulation[*number as usize] += weight;
                is_known = true;
            }
            if is_known {
                together += weight;
                all += weight;
            } else {
                let is_elsewhere = postings.iter().any(|(number, _)| exists(*number as usize));
                all += if is_elsewhere { weight } else { tf * self.idf_of_unknown * UNKNOWN_COUNTS };
            }
        }
        if all <= 0.0 {
            return Explained::default();
        }
        let by_one = by_formulation.into_iter().fold(0.0, f32::max);
        Explained { together: together / all, by_one: by_one / all }
    }
}

/// Shares of what a question says, from 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Explained {
    /// What some formulations say together.
    pub(crate) together: f32,
    /// What one of them says, the best.
    pub(crate) by_one: f32,
}

/// The features of `bag`, each once, with its sublinear TF, in an order that depends on the bag only.
fn counted<F: Ord>(mut bag: Vec<F>) -> Vec<(F, f32)> {
    bag.sort_unstable();
    let mut counted: Vec<(F, f32)> = Vec::new();
    for feature in bag {
        match counted.last_mut() {
            Some((last, count)) if *last == feature => *count += 1.0,
            _ => counted.push((feature, 1.0)),
        }
    }
    counted.iter_mut().for_each(|(_, count)| *count = 1.0 + count.ln());
    counted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(texts: &[&'static str]) -> Sparse<&'static str> {
        Sparse::new(texts.iter().map(|text| text.split_whitespace().collect()))
    }

    #[test]
    fn the_same_bag_has_a_cosine_of_one() {
        let cosines = of(&["activer cle", "resilier contrat"]).cosines(vec!["cle", "activer"]);
        assert!((cosines[0] - 1.0).abs() < 1e-5 && cosines[1] == 0.0, "{cosines:?}");
    }

    #[test]
    fn a_rare_feature_says_more_than_a_common_one() {
        let cosines = of(&["client cle", "client contrat", "client facture"]).cosines(vec!["client", "cle"]);
        assert!(cosines[0] > 0.9 && cosines[1] < 0.5, "{cosines:?}");
    }

    #[test]
    fn what_no_formulation_has_lowers_every_likeness() {
        let sparse = of(&["activer cle"]);
        assert!(sparse.cosines(vec!["activer", "cle", "imprimante"])[0] < 0.9);
        assert_eq!(sparse.known_share(vec!["activer", "cle"]), 1.0);
        let known = sparse.known_share(vec!["activer", "imprimante"]);
        assert!(known > 0.2 && known < 0.5, "{known}");
        let two = of(&["activer cle", "resilier contrat"]);
        let explained = two.share_within(vec!["cle", "contrat"], |number| number == 1, |_| true);
        assert_eq!(explained, Explained { together: 0.5, by_one: 0.5 });
        let explained = two.share_within(vec!["cle", "contrat"], |_| true, |_| true);
        assert_eq!(explained, Explained { together: 1.0, by_one: 0.5 });
    }

    #[test]
    fn nothing_is_like_nothing() {
        assert_eq!(of(&["activer"]).cosines(Vec::new()), [0.0]);
        assert_eq!(of(&["", ""]).cosines(vec!["activer"]), [0.0, 0.0]);
        assert!(of(&[]).cosines(vec!["activer"]).is_empty());
    }
}
