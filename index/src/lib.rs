//! Retrieval: which entries may answer a question. For the service, which decides; nothing here says yes or no.
//!
//! An [`Index`] is an immutable snapshot of a slice of entries. It holds a tantivy index with one document per
//! *formulation* (the question of an entry, then each variant), read through a French [`analyzer`], and an in-memory
//! list of character n-grams for typos. [`Index::search`] gives candidates with a relative score for the order and
//! absolute [`Features`] for whoever decides.
//!
//! In RAM ([`Index::in_ram`]) or in a folder that is reused while the content is the same ([`Index::open_or_build`]).

pub mod analyzer;
mod best_formulations;
mod builder;
mod char_ngrams;
pub mod encoder;
mod error;
mod schema;
mod search;
mod stats;
mod storage;

use guichet_kb::Entry;
use tantivy::{ReloadPolicy, Searcher};

pub use error::IndexError;
pub use schema::SCHEMA_VERSION;
pub use search::{Features, Hit};
pub use stats::Stats;
pub use storage::Opened;

use char_ngrams::CharNgrams;
use schema::Fields;

/// Above, character n-grams would take too much memory and are left out.
const MAX_FORMULATIONS_FOR_CHAR_NGRAMS: usize = 50_000;

/// An immutable snapshot of entries, ready to be searched from any thread.
pub struct Index {
    searcher: Searcher,
    fields: Fields,
    char_ngrams: Option<CharNgrams>,
    stats: Stats,
}

impl Index {
    /// Builds an index in RAM. `progress` hears how many entries are done.
    pub fn in_ram(entries: &[Entry], progress: &mut dyn FnMut(usize)) -> Result<Self, IndexError> {
        let (schema, fields) = schema::schema();
        let engine = tantivy::Index::create_in_ram(schema);
        engine.tokenizers().register(analyzer::NAME, analyzer::french());
        builder::write(&engine, fields, entries, progress)?;
        Self::assemble(&engine, fields, entries, 0)
    }

    /// Sizes, for logs and the admin page.
    pub fn stats(&self) -> Stats {
        self.stats
    }

    /// Loads everything that searching needs from `engine`; its files are not opened again afterwards.
    fn assemble(
        engine: &tantivy::Index,
        fields: Fields,
        entries: &[Entry],
        bytes_on_disk: u64,
    ) -> Result<Self, IndexError> {
        let reader =
            engine.reader_builder().reload_policy(ReloadPolicy::Manual).doc_store_cache_num_blocks(0).try_into()?;
        let searcher = reader.searcher();
        let stats = Stats {
            entries: entries.len(),
            formulations: count_formulations(entries),
            distinct_terms: stats::count_distinct_terms(&searcher, fields)?,
            bytes_on_disk,
            schema_version: SCHEMA_VERSION,
        };
        let char_ngrams = (stats.formulations <= MAX_FORMULATIONS_FOR_CHAR_NGRAMS).then(|| {
            CharNgrams::new(entries.iter().enumerate().flat_map(|(ordinal, entry)| {
                builder::formulations(entry).enumerate().map(move |(number, text)| (ordinal, number, text))
            }))
        });
        Ok(Self { searcher, fields, char_ngrams, stats })
    }
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("stats", &self.stats).finish_non_exhaustive()
    }
}

fn count_formulations(entries: &[Entry]) -> usize {
    entries.iter().map(|entry| 1 + entry.variants.len()).sum()
}
