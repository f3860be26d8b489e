//! Retrieval: which entries may answer a question. For the service, which decides; nothing here says yes or no.
//!
//! An [`Index`] is an immutable snapshot of a [`Content`]. It holds a tantivy index with one document per *formulation*
//! (the question of an entry, then each variant), read through a French [`analyzer`], and what was learned from all
//! formulations: a classifier over letters, words and meaning ([`encoder`]), in which topics that no entry answers
//! compete with the entries. [`Index::find`] gives candidates and how sure it is, with [`Features`] for whoever explains.
//!
//! In RAM ([`Index::in_ram`]) or in a folder that is reused while the content is the same ([`Index::open_or_build`]).

pub mod analyzer;
mod best_formulations;
mod builder;
mod calibration;
mod char_ngrams;
mod classes;
mod classifier;
mod content;
mod curve;
pub mod encoder;
mod error;
mod fixed;
mod found;
mod held_out;
mod meaning;
mod packed;
mod parts;
mod phrases;
mod products;
mod ranker;
mod ridge;
mod schema;
mod search;
mod sparse;
mod spelling;
mod stages;
mod stats;
mod storage;
mod thesaurus;
mod threads;
mod trained_file;

use tantivy::{ReloadPolicy, Searcher};

pub use content::{Content, plain};
pub use error::IndexError;
pub use found::{Features, Found, Hit, OrientationHit};
pub use held_out::{AskedAgain, Summary};
pub use phrases::Phrases;
pub use schema::SCHEMA_VERSION;
pub use spelling::{Correction, Reading, Why};
pub use stages::Stages;
pub use stats::Stats;
pub use storage::Opened;
pub use thesaurus::Synonymous;

use parts::Parts;
use ranker::Ranker;
use schema::Fields;
use spelling::Spelling;

/// An immutable snapshot of entries, ready to be searched from any thread.
pub struct Index {
    searcher: Searcher,
    fields: Fields,
    spelling: Spelling,
    ranker: Ranker,
    /// The first class that is an intent of small talk.
    small_talk_from: usize,
    stats: Stats,
}

impl Index {
    /// Builds an index in RAM. `progress` hears how many entries are done.
    pub fn in_ram<'a>(content: impl Into<Content<'a>>, progress: &mut dyn FnMut(usize)) -> Result<Self, IndexError> {
        let content = content.into();
        let (schema, fields) = schema::schema();
        let engine = tantivy::Index::create_in_ram(schema);
        engine.tokenizers().register(analyzer::NAME, analyzer::french());
        let parts = Parts::read(content);
        builder::write(&engine, fields, content.entries, &parts.spelling, progress)?;
        let ranker = parts.train(content)?;
        Self::assemble(&engine, fields, content, parts.spelling, ranker, 0)
    }

    /// Sizes, for logs and the admin page.
    pub fn stats(&self) -> Stats {
        self.stats
    }

    /// True when the knowledge base uses `word`, folded.
    pub fn knows(&self, word: &str) -> bool {
        self.spelling.knows(word)
    }

    /// How well held-out formulations are found; `None` in an index too large to learn.
    pub fn held_out(&self) -> Option<Summary> {
        self.ranker.classifier().map(|classifier| classifier.summary)
    }

    /// What became of each formulation that was held out; empty in an index too large to learn.
    pub fn asked_again(&self) -> &[AskedAgain] {
        self.ranker.classifier().map_or(&[], |classifier| &classifier.asked_again)
    }

    /// `text` as it is meant, which is the first step of [`find`](Self::find).
    pub fn read(&self, text: &str) -> Reading {
        self.spelling.read(text)
    }

    /// The synonyms by which `reading` means more than it says, for whoever explains.
    pub fn synonyms_of(&self, reading: &Reading) -> Vec<Synonymous> {
        self.spelling.synonyms_of(reading)
    }

    /// Loads everything that searching needs from `engine`; its files are not opened again afterwards.
    fn assemble(
        engine: &tantivy::Index,
        fields: Fields,
        content: Content<'_>,
        spelling: Spelling,
        ranker: Ranker,
        bytes_on_disk: u64,
    ) -> Result<Self, IndexError> {
        let reader =
            engine.reader_builder().reload_policy(ReloadPolicy::Manual).doc_store_cache_num_blocks(0).try_into()?;
        let searcher = reader.searcher();
        let stats = Stats {
            entries: content.entries.len(),
            formulations: content.count_formulations(),
            distinct_terms: stats::count_distinct_terms(&searcher, fields)?,
            bytes_on_disk,
            schema_version: SCHEMA_VERSION,
        };
        let small_talk_from = content.entries.len() + content.orientations.len();
        Ok(Self { searcher, fields, spelling, ranker, small_talk_from, stats })
    }
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("stats", &self.stats).finish_non_exhaustive()
    }
}
