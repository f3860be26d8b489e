//! Entries into documents.

use guichet_kb::Entry;
use tantivy::TantivyDocument;
use tantivy::index::SegmentId;
use tantivy::indexer::{IndexWriterOptions, NoMergePolicy};

use crate::content::{formulations, plain};
use crate::error::IndexError;
use crate::schema::Fields;
use crate::spelling::Spelling;

/// What the writer may hold before it writes a segment.
const MEMORY_BUDGET_BYTES: usize = 50_000_000;

/// Writes every entry into `index`, then makes one segment of it. `progress` hears how many entries are done.
pub(crate) fn write(
    index: &tantivy::Index,
    fields: Fields,
    entries: &[Entry],
    spelling: &Spelling,
    progress: &mut dyn FnMut(usize),
) -> Result<(), IndexError> {
    // One thread and no merge on the way: the same entries always give the same order of documents.
    let options = IndexWriterOptions::builder()
        .num_worker_threads(1)
        .num_merge_threads(1)
        .memory_budget_per_thread(MEMORY_BUDGET_BYTES)
        .build();
    let mut writer = index.writer_with_options(options)?;
    writer.set_merge_policy(Box::new(NoMergePolicy));

    for (ordinal, entry) in entries.iter().enumerate() {
        for (number, formulation) in formulations(entry).enumerate() {
            let mut document = TantivyDocument::default();
            document.add_u64(fields.entry, ordinal as u64);
            document.add_u64(fields.number, number as u64);
            document.add_text(fields.formulation, spelling.read(formulation).words);
            if number == 0 {
                document.add_text(fields.answer, plain(&entry.answer));
                document.add_text(fields.category, &entry.category);
            }
            writer.add_document(document)?;
        }
        progress(ordinal + 1);
    }
    writer.commit()?;

    let segments: Vec<SegmentId> = index.searchable_segment_ids()?;
    if segments.len() > 1 {
        writer.merge(&segments).wait()?;
    }
    writer.wait_merging_threads()?;
    Ok(())
}
