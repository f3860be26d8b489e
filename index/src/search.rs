//! From a question to candidates.
//!
//! Four signals say how close an entry is: its formulations (BM25), its answer, its category, its letters
//! ([`crate::char_ngrams`]). Their scales have nothing in common, so each is brought to a z-score over the candidates
//! of this question before they are added. The sum orders the candidates of one question and means nothing between two
//! questions; [`Features`] are the raw values, for whoever decides.

use std::collections::BTreeSet;

use tantivy::query::{Bm25StatisticsProvider, BooleanQuery};
use tantivy::schema::Field;
use tantivy::{Searcher, Term};

use crate::best_formulations::{Best, BestFormulations};
use crate::char_ngrams::Likeness;
use crate::error::IndexError;
use crate::{Index, analyzer};

// Weights of the z-scores. Measured on the seed FAQ, each variant asked of an index without it: the first entry is right
// for 54 % of them (50 % with 0.3, 0.3 and 1.2 for the second, the answer and the letters; 43 % with the best alone).

/// The reference: the others are shares of it.
const BEST_FORMULATION_WEIGHT: f32 = 1.0;
/// One formulation may match by chance; two seldom do.
const SECOND_FORMULATION_WEIGHT: f32 = 1.0;
/// Answers are long and speak of many things.
const ANSWER_WEIGHT: f32 = 0.8;
/// A category is shared by many entries.
const CATEGORY_WEIGHT: f32 = 0.1;
/// Letters see typos and words of one family, which terms miss.
const CHAR_NGRAMS_WEIGHT: f32 = 1.0;

/// Terms of a question that are looked up, rarest first: enough for any question, and a bound for pasted text.
const MAX_TERMS: usize = 64;
/// Candidates that formulations bring, at least.
const FROM_FORMULATIONS: usize = 200;
/// Candidates that answers and categories bring.
const FROM_ANSWERS: usize = 50;
/// Candidates that letters bring.
const FROM_CHAR_NGRAMS: usize = 50;

/// A candidate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// Ordinal in the entries that the index was built from.
    pub entry: usize,
    /// Sum of weighted z-scores: comparable inside one search only.
    pub score: f32,
    /// What it was made of.
    pub features: Features,
}

/// How close an entry is to a question, signal by signal, comparable between questions.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Features {
    /// BM25 of the best formulation.
    pub best_formulation: f32,
    /// BM25 of the second best formulation.
    pub second_formulation: f32,
    /// Which formulation is the best: 0 = the question, n = the variant n-1. By letters when no word matches.
    pub best_formulation_index: usize,
    /// BM25 of the answer.
    pub answer: f32,
    /// BM25 of the category.
    pub category: f32,
    /// Cosine of the formulation with the closest letters, from 0 to 1; 0 in an index too large for it.
    pub char_ngrams: f32,
}

impl Index {
    /// Entries that share a word, or pieces of words, with `question`: best first, at most `limit`, equals in the order of
    /// entries. Any text is a question; one without a letter or a digit finds nothing.
    pub fn search(&self, question: &str, limit: usize) -> Result<Vec<Hit>, IndexError> {
        if limit == 0 || self.stats.entries == 0 {
            return Ok(Vec::new());
        }
        let features = self.features(question)?;
        let mut hits = candidates(&features, limit);
        rank(&mut hits);
        hits.truncate(limit);
        Ok(hits)
    }

    /// The features of every entry.
    fn features(&self, question: &str) -> Result<Vec<Features>, IndexError> {
        let terms: BTreeSet<String> = analyzer::terms(question).into_iter().collect();
        let formulations = self.best_by_entry(self.fields.formulation, &terms)?;
        let answers = self.best_by_entry(self.fields.answer, &terms)?;
        let categories = self.best_by_entry(self.fields.category, &terms)?;
        let likeness = match &self.char_ngrams {
            Some(char_ngrams) => char_ngrams.likeness(question, self.stats.entries),
            None => vec![Likeness::default(); self.stats.entries],
        };
        let features = (0..self.stats.entries).map(|entry| Features {
            best_formulation: formulations[entry].best,
            second_formulation: formulations[entry].second,
            best_formulation_index: if formulations[entry].best > 0.0 {
                formulations[entry].number
            } else {
                likeness[entry].number
            },
            answer: answers[entry].best,
            category: categories[entry].best,
            char_ngrams: likeness[entry].cosine,
        });
        Ok(features.collect())
    }

    /// What an OR of the rarest `terms` finds in `field`, by entry.
    fn best_by_entry(&self, field: Field, terms: &BTreeSet<String>) -> Result<Vec<Best>, IndexError> {
        let mut known = Vec::new();
        for text in terms {
            let term = Term::from_field_text(field, text);
            let frequency = self.searcher.doc_freq(&term)?;
            if frequency > 0 {
                known.push((frequency, term));
            }
        }
        if known.is_empty() {
            return Ok(vec![Best::default(); self.stats.entries]);
        }
        known.sort();
        known.truncate(MAX_TERMS);
        let query = BooleanQuery::new_multiterms_query(known.into_iter().map(|(_, term)| term).collect());
        let documents = if field == self.fields.formulation { self.stats.formulations } else { self.stats.entries };
        let statistics = FieldStatistics { searcher: &self.searcher, documents: documents as u64 };
        let collector = BestFormulations { entries: self.stats.entries };
        Ok(self.searcher.search_with_statistics_provider(&query, &collector, &statistics)?)
    }
}

/// BM25's statistics for a field that only some documents have. Tantivy counts all documents: answers, which one
/// document in twenty has, would all look twenty times longer than average.
struct FieldStatistics<'a> {
    searcher: &'a Searcher,
    documents: u64,
}

impl Bm25StatisticsProvider for FieldStatistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        self.searcher.total_num_tokens(field)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.documents)
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        self.searcher.doc_freq(term)
    }
}

/// The entries that the strongest signals propose, in the order of entries, without a score yet.
fn candidates(features: &[Features], limit: usize) -> Vec<Hit> {
    let mut proposed = BTreeSet::new();
    proposed.extend(strongest(features, limit.max(FROM_FORMULATIONS), |f| f.best_formulation));
    proposed.extend(strongest(features, FROM_ANSWERS, |f| f.answer + f.category));
    proposed.extend(strongest(features, FROM_CHAR_NGRAMS, |f| f.char_ngrams));
    proposed.into_iter().map(|entry| Hit { entry, score: 0.0, features: features[entry] }).collect()
}

/// The `count` entries with the highest positive `signal`.
fn strongest(features: &[Features], count: usize, signal: impl Fn(&Features) -> f32) -> Vec<usize> {
    let mut entries: Vec<usize> = (0..features.len()).filter(|entry| signal(&features[*entry]) > 0.0).collect();
    let by_signal = |a: &usize, b: &usize| signal(&features[*b]).total_cmp(&signal(&features[*a])).then(a.cmp(b));
    if entries.len() > count {
        entries.select_nth_unstable_by(count, by_signal);
        entries.truncate(count);
    }
    entries
}

/// Gives the hits their scores and their order.
fn rank(hits: &mut [Hit]) {
    add_z_scores(hits, BEST_FORMULATION_WEIGHT, |f| f.best_formulation);
    add_z_scores(hits, SECOND_FORMULATION_WEIGHT, |f| f.second_formulation);
    add_z_scores(hits, ANSWER_WEIGHT, |f| f.answer);
    add_z_scores(hits, CATEGORY_WEIGHT, |f| f.category);
    add_z_scores(hits, CHAR_NGRAMS_WEIGHT, |f| f.char_ngrams);
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.entry.cmp(&b.entry)));
}

/// Adds `weight` × how many standard deviations `signal` is above its mean. A signal that is the same everywhere adds 0.
fn add_z_scores(hits: &mut [Hit], weight: f32, signal: impl Fn(&Features) -> f32) {
    let count = hits.len() as f32;
    let mean = hits.iter().map(|hit| signal(&hit.features)).sum::<f32>() / count;
    let variance = hits.iter().map(|hit| (signal(&hit.features) - mean).powi(2)).sum::<f32>() / count;
    let deviation = variance.sqrt();
    // Below, what is left is the rounding of equal values.
    if deviation <= mean.abs() * 1e-6 {
        return;
    }
    for hit in hits {
        hit.score += weight * (signal(&hit.features) - mean) / deviation;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(entry: usize, best_formulation: f32) -> Hit {
        Hit { entry, score: 0.0, features: Features { best_formulation, ..Features::default() } }
    }

    #[test]
    fn equals_keep_the_order_of_entries() {
        let mut hits = [hit(0, 1.0), hit(1, 2.0), hit(2, 2.0), hit(3, 0.0)];
        rank(&mut hits);
        assert_eq!(hits.map(|hit| hit.entry), [1, 2, 0, 3]);
    }

    #[test]
    fn a_lonely_hit_and_equal_hits_have_a_finite_score() {
        let mut hits = [hit(0, 1.0)];
        rank(&mut hits);
        assert_eq!(hits[0].score, 0.0);
        let mut hits = [hit(0, 0.1), hit(1, 0.1), hit(2, 0.1)];
        rank(&mut hits);
        assert!(hits.iter().all(|hit| hit.score == 0.0), "{hits:?}");
        rank(&mut []);
    }
}
