//! How big an index is.

use std::collections::HashSet;

use serde::Serialize;
use tantivy::Searcher;

use crate::error::IndexError;
use crate::schema::Fields;

/// Sizes of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// Entries.
    pub entries: usize,
    /// Questions and variants.
    pub formulations: usize,
    /// Terms that differ, over formulations, answers and categories.
    pub distinct_terms: usize,
    /// Size of the files; 0 in RAM.
    pub bytes_on_disk: u64,
    /// [`crate::SCHEMA_VERSION`] of the program that built it.
    pub schema_version: u32,
}

/// How many terms differ over the text fields.
pub(crate) fn count_distinct_terms(searcher: &Searcher, fields: Fields) -> Result<usize, IndexError> {
    let mut terms: HashSet<Vec<u8>> = HashSet::new();
    for segment in searcher.segment_readers() {
        for field in [fields.formulation, fields.answer, fields.category] {
            let inverted = segment.inverted_index(field)?;
            let mut stream = inverted.terms().stream().map_err(tantivy::TantivyError::from)?;
            while stream.advance() {
                if !terms.contains(stream.key()) {
                    terms.insert(stream.key().to_vec());
                }
            }
        }
    }
    Ok(terms.len())
}
