//! How candidates are ordered, by the size of the knowledge base.

use crate::char_ngrams;
use crate::classifier::{Classified, Classifier};
use crate::content::{Formulation, Kind};
use crate::sparse::Sparse;
use crate::spelling::Reading;

/// What is known of formulations besides the tantivy index.
#[derive(Debug)]
pub(crate) struct Ranker {
    way: Way,
    /// By formulation: its class and, when it is asked, its number.
    owners: Vec<(usize, Option<usize>)>,
}

/// What orders candidates.
#[derive(Debug)]
enum Way {
    /// A classifier that has learned all formulations.
    Learned(Box<Classifier>),
    /// Their letters.
    Letters(Sparse<u128>),
    /// Nothing but words: letters of so many formulations would take too much memory.
    Words,
}

/// What a question has in common with formulations.
#[derive(Debug, Default)]
pub(crate) struct Signals {
    /// By formulation: cosine of letters.
    letters: Vec<f32>,
    /// What the classifier says.
    pub(crate) classified: Option<Classified>,
}

/// The formulation of an entry that is most like the question.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Closest {
    /// Cosine of letters.
    pub(crate) letters: f32,
    /// Its number.
    pub(crate) number: usize,
    /// Best cosine of words.
    pub(crate) words: f32,
    /// Best cosine of meaning.
    pub(crate) meaning: f32,
}

impl Ranker {
    /// Orders by a classifier of these formulations.
    pub(crate) fn learned(classifier: Classifier, formulations: &[Formulation]) -> Self {
        Self { way: Way::Learned(Box::new(classifier)), owners: owners(formulations) }
    }

    /// Orders by letters.
    pub(crate) fn letters(formulations: &[Formulation], readings: &[Reading]) -> Self {
        let letters = Sparse::new(readings.iter().map(|reading| char_ngrams::pieces(&reading.words)));
        Self { way: Way::Letters(letters), owners: owners(formulations) }
    }

    /// Orders by words alone.
    pub(crate) fn words() -> Self {
        Self { way: Way::Words, owners: Vec::new() }
    }

    /// The classifier, when there is one.
    pub(crate) fn classifier(&self) -> Option<&Classifier> {
        match &self.way {
            Way::Learned(classifier) => Some(classifier),
            Way::Letters(_) | Way::Words => None,
        }
    }

    /// What `reading` has in common with the formulations.
    pub(crate) fn signals(&self, reading: &Reading) -> Signals {
        match &self.way {
            Way::Learned(classifier) => Signals { letters: Vec::new(), classified: Some(classifier.classify(reading)) },
            Way::Letters(letters) => {
                Signals { letters: letters.cosines(char_ngrams::pieces(&reading.words)), classified: None }
            }
            Way::Words => Signals::default(),
        }
    }

    /// Share of the words of a question that is known; 1 where that is not followed.
    pub(crate) fn known_share(&self, reading: &Reading) -> f32 {
        self.classifier().map_or(1.0, |classifier| classifier.likeness.known_share(reading))
    }

    /// By entry, its formulation that is most like the question; zeros when nothing is alike.
    pub(crate) fn closest(&self, signals: &Signals, entries: usize) -> Vec<Closest> {
        let mut closest = vec![Closest::default(); entries];
        let letters = signals.classified.as_ref().map_or(&signals.letters, |classified| &classified.letters);
        for ((class, number), letters) in self.owners.iter().zip(letters) {
            if let (Some(number), Some(closest)) = (number, closest.get_mut(*class))
                && *letters > closest.letters
            {
                closest.letters = *letters;
                closest.number = *number;
            }
        }
        let Some(classified) = &signals.classified else { return closest };
        for ((class, _), meaning) in self.owners.iter().zip(&classified.meaning) {
            if let Some(closest) = closest.get_mut(*class) {
                closest.meaning = closest.meaning.max(*meaning);
            }
        }
        let mut best = vec![0.0_f32; entries];
        for (((class, number), words), likeness) in
            self.owners.iter().zip(&classified.words).zip(&classified.likenesses)
        {
            let Some(closest) = closest.get_mut(*class) else { continue };
            closest.words = closest.words.max(*words);
            if let Some(number) = number
                && *likeness > best[*class]
            {
                best[*class] = *likeness;
                closest.number = *number;
            }
        }
        closest
    }
}

fn owners(formulations: &[Formulation]) -> Vec<(usize, Option<usize>)> {
    let owner = |formulation: &Formulation| match formulation.kind {
        Kind::Asked(number) => (formulation.class, Some(number)),
        Kind::Told => (formulation.class, None),
    };
    formulations.iter().map(owner).collect()
}
