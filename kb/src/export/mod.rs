//! Gives entries out without loss: JSON, tables, Markdown files.

pub mod table;

use std::collections::BTreeSet;

use crate::entry::Entry;
use crate::files::File;
use crate::front_matter;
use crate::image::{self, ImageName};

/// The entries as a JSON list, indented; [`crate::import::json`] reads it back.
pub fn json(entries: &[Entry]) -> String {
    let mut text = serde_json::to_string_pretty(entries).expect("entries hold nothing that JSON cannot");
    text.push('\n');
    text
}

/// Those of `files` that are images and that the entries show.
pub fn images(entries: &[Entry], files: Vec<File>) -> Vec<File> {
    let texts = entries.iter().flat_map(|entry| [&entry.answer, &entry.composed]);
    let shown: BTreeSet<&str> = texts.flat_map(|text| image::shown(text)).map(|(_, name, _)| name).collect();
    let is_shown = |file: &File| ImageName::of_path(&file.path).is_some_and(|name| shown.contains(name.as_str()));
    files.into_iter().filter(is_shown).collect()
}

/// One canonical file per entry, as [`crate::front_matter`] writes it.
pub fn markdown(entries: &[Entry]) -> Vec<File> {
    entries.iter().map(|entry| File { path: entry.path(), bytes: front_matter::write(entry).into_bytes() }).collect()
}
