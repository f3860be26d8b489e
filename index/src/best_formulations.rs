//! Gathers the matching documents of a query by entry: the best formulation and the second best.
//!
//! Every match is read rather than tantivy's top N: equal scores at the edge of a top N would make the outcome depend on
//! the order of documents, and the second best of an entry could be cut off.

use std::sync::Arc;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::ColumnValues;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use crate::schema::{ENTRY, NUMBER};

/// The matching formulations of one entry.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Best {
    /// Score of the best; 0 when nothing matches.
    pub(crate) best: f32,
    /// Its number.
    pub(crate) number: usize,
    /// Score of the second best; 0 when there is none.
    pub(crate) second: f32,
}

impl Best {
    /// Takes one more formulation into account, in any order.
    fn add(&mut self, number: usize, score: f32) {
        let is_better = score > self.best || (score == self.best && number < self.number);
        if is_better {
            self.second = self.best;
            self.best = score;
            self.number = number;
        } else if score > self.second {
            self.second = score;
        }
    }
}

/// The collector; gives one [`Best`] per entry.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BestFormulations {
    /// How many entries there are.
    pub(crate) entries: usize,
}

impl Collector for BestFormulations {
    type Fruit = Vec<Best>;
    type Child = OfSegment;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<OfSegment> {
        let fast = segment.fast_fields();
        Ok(OfSegment {
            entry: fast.column_first_or_default(ENTRY)?,
            number: fast.column_first_or_default(NUMBER)?,
            matches: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, segments: Vec<Vec<Match>>) -> tantivy::Result<Vec<Best>> {
        let mut by_entry = vec![Best::default(); self.entries];
        for found in segments.into_iter().flatten() {
            // An index opened with other entries is refused before; a document of no entry says nothing.
            if let Some(best) = by_entry.get_mut(found.entry) {
                best.add(found.number, found.score);
            }
        }
        Ok(by_entry)
    }
}

/// A document that matches.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Match {
    entry: usize,
    number: usize,
    score: f32,
}

/// The matches of one segment.
pub(crate) struct OfSegment {
    entry: Arc<dyn ColumnValues<u64>>,
    number: Arc<dyn ColumnValues<u64>>,
    matches: Vec<Match>,
}

impl SegmentCollector for OfSegment {
    type Fruit = Vec<Match>;

    fn collect(&mut self, document: DocId, score: Score) {
        let entry = self.entry.get_val(document) as usize;
        let number = self.number.get_val(document) as usize;
        self.matches.push(Match { entry, number, score });
    }

    fn harvest(self) -> Vec<Match> {
        self.matches
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_matches_never_matters() {
        let expected = Best { best: 3.0, number: 1, second: 3.0 };
        for order in [[(1, 3.0), (4, 3.0), (0, 1.0)], [(4, 3.0), (0, 1.0), (1, 3.0)], [(0, 1.0), (4, 3.0), (1, 3.0)]] {
            let mut best = Best::default();
            for (number, score) in order {
                best.add(number, score);
            }
            assert_eq!(best, expected);
        }
    }
}
