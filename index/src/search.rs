//! From a question to candidates.
//!
//! Where the knowledge base is small enough to be learned, the classifier orders the candidates. Where it is not, four
//! signals say how close an entry is: its formulations (BM25), its answer, its category, its letters. Their scales have
//! nothing in common, so each is brought to a z-score over the candidates of this question before they are added. Scores
//! order the candidates of one question; [`Features`] are the raw values, for whoever explains.

use std::collections::BTreeSet;

use tantivy::query::{Bm25StatisticsProvider, BooleanQuery};
use tantivy::schema::Field;
use tantivy::{Searcher, Term};

use crate::best_formulations::{Best, BestFormulations};
use crate::error::IndexError;
use crate::found::{Features, Found, Hit, OrientationHit};
use crate::ranker::Signals;
use crate::stages::{Clock, Stages};
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

impl Index {
    /// Entries that share a word, or pieces of words, with `question`: best first, at most `limit`, equals in the order of
    /// entries. Any text is a question; one without a letter or a digit finds nothing.
    pub fn search(&self, question: &str, limit: usize) -> Result<Vec<Hit>, IndexError> {
        Ok(self.find(question, limit)?.hits)
    }

    /// The same, with how sure it is, the orientation that competes, and how the question was read.
    pub fn find(&self, question: &str, limit: usize) -> Result<Found, IndexError> {
        Ok(self.find_timed(question, limit)?.0)
    }

    /// The same, with how long each stage took.
    pub fn find_timed(&self, question: &str, limit: usize) -> Result<(Found, Stages), IndexError> {
        let mut clock = Clock::start();
        let mut stages = Stages::default();
        let reading = self.spelling.read(question);
        stages.normalise = clock.lap();
        if limit == 0 || self.stats.entries == 0 {
            return Ok((Found { reading, ..Found::default() }, stages));
        }
        let signals = self.ranker.signals(&reading);
        stages.compare = clock.lap();
        let features = self.features(&reading.words, &signals)?;
        stages.retrieve = clock.lap();
        let mut hits = candidates(&features, limit);
        match (&signals.classified, self.ranker.classifier()) {
            (Some(classified), Some(classifier)) => {
                let scores = &classified.scores;
                hits.iter_mut().for_each(|hit| hit.score = classifier.lead_of(hit.entry, scores, 0..scores.len()));
                sort(&mut hits);
            }
            (_, _) => rank(&mut hits),
        }
        hits.truncate(limit);
        let telling_words = analyzer::terms(&reading.words).into_iter().collect::<BTreeSet<_>>().len();
        let known_share = self.ranker.known_share(&reading);
        let orientation = self.orientation(&signals);
        let small_talk = self.small_talk(&signals);
        let confidence = match (&signals.classified, hits.is_empty()) {
            (_, true) => 0.0,
            (Some(classified), false) => classified.confidence,
            (None, false) => confidence_by_letters(&hits),
        };
        stages.rank = clock.lap();
        Ok((Found { reading, hits, orientation, small_talk, confidence, known_share, telling_words }, stages))
    }

    /// The orientation that comes before all entries.
    fn orientation(&self, signals: &Signals) -> Option<OrientationHit> {
        let (classified, classifier) = (signals.classified.as_ref()?, self.ranker.classifier()?);
        let (entries, scores) = (self.stats.entries, &classified.scores);
        let by_score = |a: &usize, b: &usize| scores[*a].total_cmp(&scores[*b]).then(b.cmp(a));
        let class = (entries..self.small_talk_from).max_by(by_score)?;
        let score = classifier.lead_of(class, scores, 0..entries);
        (score > 0.0).then_some(OrientationHit { orientation: class - entries, score })
    }

    /// The intent of small talk that comes before all entries and orientations.
    fn small_talk(&self, signals: &Signals) -> Option<usize> {
        let scores = &signals.classified.as_ref()?.scores;
        let best = scores.iter().copied().fold(0.0, f32::max);
        let first = scores.iter().position(|score| *score == best)?;
        first.checked_sub(self.small_talk_from)
    }

    /// The features of every entry.
    fn features(&self, words: &str, signals: &Signals) -> Result<Vec<Features>, IndexError> {
        let terms: BTreeSet<String> = analyzer::terms(words).into_iter().collect();
        let formulations = self.best_by_entry(self.fields.formulation, &terms)?;
        let answers = self.best_by_entry(self.fields.answer, &terms)?;
        let categories = self.best_by_entry(self.fields.category, &terms)?;
        let closest = self.ranker.closest(signals, self.stats.entries);
        let features = (0..self.stats.entries).map(|entry| Features {
            best_formulation: formulations[entry].best,
            second_formulation: formulations[entry].second,
            best_formulation_index: if signals.classified.is_none() && formulations[entry].best > 0.0 {
                formulations[entry].number
            } else {
                closest[entry].number
            },
            answer: answers[entry].best,
            category: categories[entry].best,
            char_ngrams: closest[entry].letters,
            words: closest[entry].words,
            meaning: closest[entry].meaning,
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
    sort(hits);
}

fn sort(hits: &mut [Hit]) {
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.entry.cmp(&b.entry)));
}

/// For an index that has not learned: sure when the letters of the first are close and those of the second are not. Set
/// by hand on the seed FAQ.
fn confidence_by_letters(hits: &[Hit]) -> f32 {
    const HALFWAY: f32 = 0.35;
    const SLOPE: f32 = 9.0;
    const LEAD: f32 = 5.0;
    let letters = |at: usize| hits.get(at).map_or(0.0, |hit| hit.features.char_ngrams);
    let evidence = SLOPE * (letters(0) - HALFWAY) + LEAD * (letters(0) - letters(1));
    1.0 / (1.0 + (-evidence).exp())
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
