//! Entries as CSV or TSV; [`crate::import::table`] reads it back.

use crate::entry::{Entry, EntryId};
use crate::import::table::COLUMNS;

/// The table, with its header; lists are one item a line inside their cell.
pub fn export(entries: &[Entry], separator: u8) -> String {
    let mut writer = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
    writer.write_record(COLUMNS).expect("a vector takes every byte");
    for entry in entries {
        let follow_ups: Vec<&str> = entry.follow_ups.iter().map(EntryId::as_str).collect();
        let review_by = entry.review_by.map(|date| date.to_string()).unwrap_or_default();
        let row: [&str; COLUMNS.len()] = [
            entry.id.as_str(),
            &entry.category,
            &entry.question,
            &entry.answer,
            entry.status.as_str(),
            entry.audience.as_str(),
            &entry.owner,
            &review_by,
            &follow_ups.join("\n"),
            &entry.facts.join("\n"),
            &entry.composed,
            &entry.variants.join("\n"),
            &entry.checks.must.join("\n"),
            &entry.checks.must_not.join("\n"),
        ];
        writer.write_record(row).expect("a vector takes every byte");
    }
    String::from_utf8(writer.into_inner().expect("a vector takes every byte")).expect("only text was written")
}
