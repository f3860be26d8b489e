//! Files that a FAQ is imported from: written by other programs, edited by hand, cut off.

use guichet_kb::import::ids::IdMap;
use guichet_kb::import::{Imported, json, page, table, workbook};
use guichet_kb::{Diagnostic, front_matter};

/// Every reader takes every input; what it gives can be written as files and read back as the same entries.
pub fn importer(data: &[u8]) {
    check(&workbook::import("faq.xlsx", data));
    let Ok(text) = std::str::from_utf8(data) else { return };
    check(&json::import("faq.json", text));
    for separator in [b',', b';', b'\t'] {
        check(&table::import("faq.csv", text, separator));
    }
    check(&page::import("faq.txt", text, &IdMap::from_json(text).unwrap_or_default()));
}

fn check(imported: &Imported) {
    let mut ids: Vec<&str> = imported.entries.iter().map(|entry| entry.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), imported.entries.len(), "an id is used twice");
    for entry in &imported.entries {
        let written = front_matter::write(entry);
        let (read, diagnostics) = front_matter::parse(&entry.path(), &written);
        assert!(!diagnostics.iter().any(Diagnostic::is_error), "{diagnostics:?} in {written:?}");
        assert_eq!(read.map(|(read, _)| read).as_ref(), Some(entry), "{written:?}");
    }
}
