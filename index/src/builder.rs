//! Entries into documents.

use guichet_kb::Entry;
use tantivy::TantivyDocument;
use tantivy::index::SegmentId;
use tantivy::indexer::{IndexWriterOptions, NoMergePolicy};

use crate::error::IndexError;
use crate::schema::Fields;

/// What the writer may hold before it writes a segment.
const MEMORY_BUDGET_BYTES: usize = 50_000_000;

/// Writes every entry into `index`, then makes one segment of it. `progress` hears how many entries are done.
pub(crate) fn write(
    index: &tantivy::Index,
    fields: Fields,
    entries: &[Entry],
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
            document.add_text(fields.formulation, formulation);
            if number == 0 {
                document.add_text(fields.answer, without_placeholders(&entry.answer));
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

/// The question of an entry, then its variants.
pub(crate) fn formulations(entry: &Entry) -> impl Iterator<Item = &str> {
    std::iter::once(entry.question.as_str()).chain(entry.variants.iter().map(String::as_str))
}

/// `text` with a space in the place of every `{{…}}`: what is inside is a name for the program.
fn without_placeholders(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, inside)) = rest.split_once("{{")
        && let Some((_, after)) = inside.split_once("}}")
    {
        out.push_str(before);
        out.push(' ');
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_not_indexed() {
        for (text, expected) in [
            ("Appelez {{contact:support}}.", "Appelez  ."),
            ("{{a}}{{b}}", "  "),
            ("un {{ sans fin", "un {{ sans fin"),
            ("rien", "rien"),
        ] {
            assert_eq!(without_placeholders(text), expected);
        }
    }
}
