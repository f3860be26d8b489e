//! Files of the knowledge base, as curators and git leave them.

use guichet_kb::{front_matter as entries, orientation};

use super::{KNOWLEDGE, is_shown};
use crate::reply;

/// What can be read is canonical when it was written once, and can be shown; what cannot is a diagnostic.
pub fn front_matter(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let lines = text.split('\n').count() + 1;
    let (read, diagnostics) = entries::parse("entries/fr/x/a.md", &text);
    assert!(diagnostics.iter().all(|found| found.line <= lines), "{diagnostics:?}");
    match read {
        Some((entry, origin)) => {
            assert!(origin.answer_line <= lines && origin.composed_line <= lines, "{origin:?}");
            let written = entries::write(&entry);
            let (again, diagnostics) = entries::parse("entries/fr/x/a.md", &written);
            let (again, _) = again.unwrap_or_else(|| panic!("{diagnostics:?} in {written:?}"));
            assert_eq!(again, entry, "{written:?}");
            assert_eq!(entries::write(&again), written);
            is_shown(&entry);
            guichet_kb::composed::check_entry(&entry, &origin);
        }
        None => assert!(!diagnostics.is_empty(), "nothing was read and nothing is said: {text:?}"),
    }
    let (read, diagnostics) = orientation::parse("orientations/fr/a.md", &text);
    assert!(diagnostics.iter().all(|found| found.line <= lines), "{diagnostics:?}");
    match read {
        Some(orientation) => drop(reply::orientation(&orientation, &KNOWLEDGE)),
        None => assert!(!diagnostics.is_empty(), "nothing was read and nothing is said: {text:?}"),
    }
}
