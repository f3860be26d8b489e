//! Which entry, or which orientation, a question is about: three ways to be alike, one classifier.
//!
//! A question is compared with every formulation by its letters, its words and its meaning. The three cosines make one
//! likeness, `exp(Σ weight · (cosine − 1))`: 1 for the same text, and small unless *several* ways agree. The
//! [`Ridge`] turns likenesses to formulations into scores of classes.

use crate::analyzer;
use crate::calibration::{Calibration, Evidence};
use crate::char_ngrams;
use crate::content::{Content, Formulation, Kind};
use crate::encoder::Encode;
use crate::held_out::{AskedAgain, Summary};
use crate::meaning::Meaning;
use crate::ridge::{NotPositive, Ridge, Triangle};
use crate::sparse::Sparse;
use crate::spelling::Reading;

// Weights of the three cosines, shared by all knowledge bases. Each was halved and doubled on ours, every formulation
// asked of a classifier that had not seen it: the first class changes for less than 2 % of them.
const LETTERS: f32 = 0.7;
const WORDS: f32 = 0.3;
const MEANING: f32 = 1.0;
/// Letters and words count more when there is no encoder.
const WITHOUT_MEANING: f32 = 2.0;

/// What a stored classifier must agree with.
pub(crate) const RECIPE: [f32; 4] = [LETTERS, WORDS, MEANING, WITHOUT_MEANING];

/// More formulations than this would take too long to train on: the cost grows with the cube, and what is needed meanwhile
/// with the square (290 MB here).
pub(crate) const MAX_FORMULATIONS: usize = 12_000;

/// Compares a question with every formulation.
#[derive(Debug)]
pub(crate) struct Likeness {
    letters: Sparse<u128>,
    words: Sparse<String>,
    meaning: Option<Meaning>,
}

/// The classifier of one knowledge base.
#[derive(Debug)]
pub(crate) struct Classifier {
    pub(crate) likeness: Likeness,
    pub(crate) ridge: Ridge,
    pub(crate) calibration: Calibration,
    pub(crate) summary: Summary,
    pub(crate) asked_again: Vec<AskedAgain>,
    /// By formulation.
    class_of: Vec<usize>,
    twins: Vec<usize>,
    entries: usize,
}

/// What a question is about.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Classified {
    /// By class.
    pub(crate) scores: Vec<f32>,
    /// By formulation: cosine of letters.
    pub(crate) letters: Vec<f32>,
    /// By formulation: cosine of words.
    pub(crate) words: Vec<f32>,
    /// By formulation: cosine of meaning; empty without an encoder.
    pub(crate) meaning: Vec<f32>,
    /// By formulation: all of them together.
    pub(crate) likenesses: Vec<f32>,
    /// Probability that the best entry is right.
    pub(crate) confidence: f32,
}

impl Likeness {
    /// Reads the formulations; `meaning` made of the same ones.
    pub(crate) fn new(readings: &[Reading], meaning: Option<Meaning>) -> Self {
        Self {
            letters: Sparse::new(readings.iter().map(|reading| char_ngrams::pieces(&reading.words))),
            words: Sparse::new(readings.iter().map(terms)),
            meaning,
        }
    }

    /// The sentence encoder's part, to be stored.
    pub(crate) fn meaning(&self) -> Option<&Meaning> {
        self.meaning.as_ref()
    }

    /// Share of the words of a question that some formulation has, by weight.
    pub(crate) fn known_share(&self, reading: &Reading) -> f32 {
        self.words.known_share(terms(reading))
    }

    /// The same for the formulations that `counts`, in a world of those that `exists`.
    fn share_within(&self, reading: &Reading, counts: impl Fn(usize) -> bool, exists: impl Fn(usize) -> bool) -> f32 {
        self.words.share_within(terms(reading), counts, exists)
    }

    fn of(&self, letters: &[f32], words: &[f32], meaning: &[f32]) -> Vec<f32> {
        let scale = if self.meaning.is_some() { 1.0 } else { WITHOUT_MEANING };
        let of_meaning = |at: usize| meaning.get(at).map_or(0.0, |cosine| MEANING * (cosine - 1.0));
        let each = letters.iter().zip(words).enumerate();
        each.map(|(at, (letters, words))| {
            (scale * (LETTERS * (letters - 1.0) + WORDS * (words - 1.0)) + of_meaning(at)).exp()
        })
        .collect()
    }

    /// The likeness of every formulation to every other.
    fn kernel(&self, readings: &[Reading]) -> Triangle {
        Triangle::filled(readings.len(), |first, rows| {
            if let Some(meaning) = &self.meaning {
                meaning.cosines_among(first, rows);
            }
            for (row, reading) in rows.iter_mut().zip(&readings[first..]) {
                let letters = self.letters.cosines(char_ngrams::pieces(&reading.words));
                let words = self.words.cosines(terms(reading));
                let meaning = if self.meaning.is_some() { row.to_vec() } else { Vec::new() };
                let likenesses = self.of(&letters[..row.len()], &words[..row.len()], &meaning);
                row.copy_from_slice(&likenesses);
            }
        })
    }
}

impl Classifier {
    /// Learns from the formulations of `content`, as they were read.
    pub(crate) fn train(
        content: Content<'_>,
        formulations: &[Formulation],
        readings: &[Reading],
        encoder: Option<&'static dyn Encode>,
    ) -> Result<Self, NotPositive> {
        let sentences: Vec<&str> = readings.iter().map(|reading| reading.sentence.as_str()).collect();
        let likeness = Likeness::new(readings, encoder.map(|encoder| Meaning::new(encoder, &sentences)));
        let class_of: Vec<usize> = formulations.iter().map(|formulation| formulation.class).collect();
        let groups = held_out_groups(content, &class_of);
        let (ridge, held_out) = Ridge::train(likeness.kernel(readings), &class_of, content.classes(), &groups)?;

        let (twins, entries) = (twins(content), content.entries.len());
        let mut observed = Vec::new();
        let mut summary = Summary::default();
        let mut asked_again = Vec::new();
        // An answer is not asked, and a lone formulation has nothing left to be found by.
        let mut counts = vec![0; content.classes()];
        class_of.iter().for_each(|class| counts[*class] += 1);
        // However many phrasings topics have, they weigh no more than the formulations of entries.
        let of_entries = held_out.iter().filter(|out| class_of[out.formulation] < entries).count() as f32;
        let weight_of_topics = (of_entries / (held_out.len() as f32 - of_entries).max(1.0)).min(1.0);
        let mut unseen = Vec::new();
        for out in held_out {
            let class = class_of[out.formulation];
            let Kind::Asked(number) = formulations[out.formulation].kind else { continue };
            if counts[class] < FEWEST_FORMULATIONS {
                continue;
            }
            let own = out.formulation;
            let evidence = |scores: &[f32], exists: &dyn Fn(usize) -> bool| {
                let (best, lead) = lead(scores, entries, &twins)?;
                let is_best = |other: usize| twins[class_of[other]] == twins[best] && exists(other);
                let explained = likeness.share_within(&readings[own], is_best, exists);
                Some((best, Evidence { lead, explained }))
            };
            let Some((best, found)) = evidence(&out.scores, &|other| other != own) else { continue };
            let lead = found.lead;
            observed.push((found, twins[best] == twins[class], if class < entries { 1.0 } else { weight_of_topics }));
            if let Some(scores) = &out.without_group {
                unseen.extend(evidence(scores, &|other| class_of[other] != class).map(|(_, found)| found));
            }
            summary.add(&out.scores, class, entries, lead > 0.0);
            if class < entries {
                asked_again.push(asked(&out.scores, content, (class, number), best, &twins));
            }
        }
        let calibration = Calibration::fit(&observed);
        // Topics that were not seen take no part in the curve: a knowledge base without orientations has none, and its
        // confidence should mean the same.
        unseen.into_iter().for_each(|evidence| summary.add_unseen(calibration.probability(evidence)));
        Ok(Self { likeness, ridge, calibration, summary, asked_again, class_of, twins, entries })
    }

    /// Puts what was stored together again.
    pub(crate) fn restored(
        content: Content<'_>,
        formulations: &[Formulation],
        likeness: Likeness,
        ridge: Ridge,
        calibration: Calibration,
        (summary, asked_again): (Summary, Vec<AskedAgain>),
    ) -> Self {
        let class_of = formulations.iter().map(|formulation| formulation.class).collect();
        let (twins, entries) = (twins(content), content.entries.len());
        Self { likeness, ridge, calibration, summary, asked_again, class_of, twins, entries }
    }

    /// What a question is about.
    pub(crate) fn classify(&self, reading: &Reading) -> Classified {
        let letters = self.likeness.letters.cosines(char_ngrams::pieces(&reading.words));
        let words = self.likeness.words.cosines(terms(reading));
        let meaning =
            self.likeness.meaning.as_ref().map_or_else(Vec::new, |meaning| meaning.cosines(&reading.sentence));
        let likenesses = self.likeness.of(&letters, &words, &meaning);
        let mut scores = self.ridge.scores(&likenesses);
        // What differs less is the rounding of equals.
        scores.iter_mut().for_each(|score| *score = (*score * PRECISION).round() / PRECISION);
        let confidence = lead(&scores, self.entries, &self.twins).map_or(0.0, |(best, lead)| {
            let is_best = |other: usize| self.twins[self.class_of[other]] == self.twins[best];
            let explained = self.likeness.share_within(reading, is_best, |_| true);
            self.calibration.probability(Evidence { lead, explained })
        });
        Classified { scores, letters, words, meaning, likenesses, confidence }
    }
}

/// One over the smallest difference between two scores.
const PRECISION: f32 = 1e4;
/// The words of a text and those they stand for.
fn terms(reading: &Reading) -> Vec<String> {
    let mut terms = analyzer::terms(&reading.words);
    terms.extend(reading.implied.iter().cloned());
    terms
}

/// The formulations that are held out: those of a topic as one group, spread evenly among the others.
fn held_out_groups(content: Content<'_>, class_of: &[usize]) -> Vec<Vec<usize>> {
    let topics = content.entries.len()..content.entries.len() + content.orientations.len();
    let others: Vec<usize> = (0..class_of.len()).filter(|at| !topics.contains(&class_of[*at])).collect();
    let step = others.len().div_ceil(MAX_HELD_OUT).max(1);
    let mut groups: Vec<Vec<usize>> = others.into_iter().step_by(step).map(|at| vec![at]).collect();
    let of_topic = |topic| (0..class_of.len()).filter(|at| class_of[*at] == topic).collect();
    groups.extend(topics.map(of_topic).filter(|group: &Vec<usize>| group.len() > 1));
    groups
}

/// Formulations of entries that are held out, at most.
const MAX_HELD_OUT: usize = 1_250;
/// Held-out formulations of classes with fewer tell nothing about a question.
const FEWEST_FORMULATIONS: usize = 4;

impl Classifier {
    /// By how much `class` leads the best of `among` that says something else; negative when it does not.
    pub(crate) fn lead_of(&self, class: usize, scores: &[f32], among: std::ops::Range<usize>) -> f32 {
        let others = among.filter(|other| self.twins[*other] != self.twins[class]).map(|other| scores[other]);
        scores[class] - others.fold(0.0, f32::max)
    }
}

/// The best entry, and by how much it leads the best class that says something else.
fn lead(scores: &[f32], entries: usize, twins: &[usize]) -> Option<(usize, f32)> {
    let best = (0..entries).max_by(|a, b| scores[*a].total_cmp(&scores[*b]).then(b.cmp(a)))?;
    let others = (0..scores.len()).filter(|class| twins[*class] != twins[best]).map(|class| scores[class]);
    Some((best, scores[best] - others.fold(0.0, f32::max)))
}

/// What became of the formulation `number` of `entry`, when `best` is the first entry.
fn asked(
    scores: &[f32],
    content: Content<'_>,
    (entry, number): (usize, usize),
    best: usize,
    twins: &[usize],
) -> AskedAgain {
    let entries = content.entries.len();
    let own =
        (0..entries).filter(|other| twins[*other] == twins[entry]).map(|other| scores[other]).fold(f32::MIN, f32::max);
    let before = (0..entries).filter(|other| twins[*other] != twins[entry] && scores[*other] > own).count();
    let orientations = entries..entries + content.orientations.len();
    let orientation = orientations.max_by(|a, b| scores[*a].total_cmp(&scores[*b]).then(b.cmp(a)));
    AskedAgain {
        entry,
        formulation: number,
        place: before + 1,
        first: if before == 0 { entry } else { best },
        orientation: orientation.filter(|class| scores[*class] > scores[best]).map(|class| class - entries),
    }
}

/// By class: the first class with the same answer. Between twins there is nothing to choose.
fn twins(content: Content<'_>) -> Vec<usize> {
    let mut first = std::collections::HashMap::new();
    let of_entries = content.entries.iter().enumerate().map(|(at, entry)| *first.entry(&entry.answer).or_insert(at));
    let mut twins: Vec<usize> = of_entries.collect();
    twins.extend(content.entries.len()..content.classes());
    twins
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lead_is_over_whoever_says_something_else() {
        // Entries 0 and 1 are twins, 3 is an orientation.
        let twins = [0, 0, 2, 3];
        assert_eq!(lead(&[0.5, 0.4, 0.1, 0.2], 3, &twins), Some((0, 0.3)));
        let (best, lead) = lead(&[0.1, 0.2, 0.0, 0.6], 3, &twins).expect("there are entries");
        assert!(best == 1 && (lead + 0.4).abs() < 1e-6);
        assert_eq!(super::lead(&[0.3], 0, &[0]), None);
    }
}
