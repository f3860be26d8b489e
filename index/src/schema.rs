//! The fields of the index, in one place. One document is one formulation of an entry.

use tantivy::schema::{FAST, Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};

use crate::analyzer;

/// Changes when fields, the analyzer, what is put in a field or the file of the classifier change: an index of another version is built again.
pub const SCHEMA_VERSION: u32 = 6;

/// Name of the fast field that says which entry a document belongs to.
pub(crate) const ENTRY: &str = "entry";
/// Name of the fast field that says which formulation of the entry a document is.
pub(crate) const NUMBER: &str = "number";

/// The fields. Nothing is stored: the entries are in memory.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    /// The question or a variant.
    pub(crate) formulation: Field,
    /// The answer without its placeholders; on the question's document only.
    pub(crate) answer: Field,
    /// The category; on the question's document only.
    pub(crate) category: Field,
    /// Ordinal of the entry.
    pub(crate) entry: Field,
    /// 0 for the question, n for the variant n-1.
    pub(crate) number: Field,
}

/// The schema and its fields.
pub(crate) fn schema() -> (Schema, Fields) {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(analyzer::NAME)
        .set_index_option(IndexRecordOption::WithFreqs)
        .set_fieldnorms(true);
    let text = TextOptions::default().set_indexing_options(indexing);
    let mut builder = Schema::builder();
    let fields = Fields {
        formulation: builder.add_text_field("formulation", text.clone()),
        answer: builder.add_text_field("answer", text.clone()),
        category: builder.add_text_field("category", text),
        entry: builder.add_u64_field(ENTRY, FAST),
        number: builder.add_u64_field(NUMBER, FAST),
    };
    (builder.build(), fields)
}
