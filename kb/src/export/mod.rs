//! Gives entries out without loss: JSON, tables, Markdown files.

pub mod table;

use crate::entry::Entry;
use crate::files::File;
use crate::front_matter;

/// The entries as a JSON list, indented; [`crate::import::json`] reads it back.
pub fn json(entries: &[Entry]) -> String {
    let mut text = serde_json::to_string_pretty(entries).expect("entries hold nothing that JSON cannot");
    text.push('\n');
    text
}

/// One canonical file per entry, as [`crate::front_matter`] writes it.
pub fn markdown(entries: &[Entry]) -> Vec<File> {
    entries.iter().map(|entry| File { path: entry.path(), bytes: front_matter::write(entry).into_bytes() }).collect()
}
