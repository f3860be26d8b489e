//! Which entry, or which orientation, a question is about: three ways to be alike, one classifier.
//!
//! A question is compared with every formulation by its letters, its words and its meaning. The three cosines make one
//! likeness, `exp(Σ weight · (cosine − 1))`: 1 for the same text, and small unless *several* ways agree. The
//! [`Ridge`] turns likenesses to formulations into scores of classes.

use crate::analyzer;
use crate::calibration::{Calibration, Observed, Whose};
use crate::char_ngrams;
use crate::classes::Classes;
use crate::content::{Content, Formulation, Kind};
use crate::encoder::Encode;
use crate::held_out::{AskedAgain, Summary};
use crate::meaning::Meaning;
use crate::ridge::{NotPositive, Ridge, Triangle};
use crate::sparse::{Explained, Sparse};
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
    classes: Classes,
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
    pub(crate) fn share_within(
        &self,
        reading: &Reading,
        counts: impl Fn(usize) -> bool,
        exists: impl Fn(usize) -> bool,
    ) -> Explained {
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
        let classes = Classes::new(content, formulations);
        let groups = held_out_groups(content, &classes.of);
        let (ridge, held_out) = Ridge::train(likeness.kernel(readings), &classes.of, content.classes(), &groups)?;

        let (of, twins, entries) = (&classes.of, &classes.twins, classes.entries);
        let mut observed = Vec::new();
        let mut summary = Summary::default();
        let mut asked_again = Vec::new();
        let mut counts = vec![0; content.classes()];
        of.iter().for_each(|class| counts[*class] += 1);
        for out in held_out {
            let (own, class) = (out.formulation, of[out.formulation]);
            // An answer is not asked, and a lone formulation has nothing left to be found by.
            let Kind::Asked(number) = formulations[own].kind else { continue };
            if counts[class] < FEWEST_FORMULATIONS {
                continue;
            }
            let others = |other: usize| other != own;
            let found = classes.evidence(&out.scores, &readings[own], &likeness, &others);
            let Some((best, evidence)) = found else { continue };
            let whose = match class {
                _ if twins[best] == twins[class] => Whose::First,
                class if class < entries => Whose::AnotherEntry,
                _ => Whose::Outside,
            };
            observed.push(Observed { evidence, whose });
            if let Some(scores) = &out.without_group {
                let other_topics = |other: usize| of[other] != class;
                let found = classes.evidence(scores, &readings[own], &likeness, &other_topics);
                observed.extend(found.map(|(_, evidence)| Observed { evidence, whose: Whose::OutsideUnseen }));
            }
            summary.add(&out.scores, class, entries, evidence.lead > 0.0);
            if class < entries {
                asked_again.push(asked(&out.scores, content, (class, number), best, twins));
            }
        }
        let calibration = Calibration::fit(&observed);
        let unseen = observed.iter().filter(|one| one.whose == Whose::OutsideUnseen);
        unseen.for_each(|one| summary.add_unseen(calibration.probability(one.evidence)));
        Ok(Self { likeness, ridge, calibration, summary, asked_again, classes })
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
        let classes = Classes::new(content, formulations);
        Self { likeness, ridge, calibration, summary, asked_again, classes }
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
        let found = self.classes.evidence(&scores, reading, &self.likeness, &|_| true);
        let confidence = found.map_or(0.0, |(_, evidence)| self.calibration.probability(evidence));
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
        self.classes.lead_of(class, scores, among)
    }
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
