//! What makes a knowledge base fit for publishing, beyond being readable.
//!
//! One file per rule. Checks that need the answering engine (`checks.must`, `checks.must_not`) are not here: this crate
//! knows no engine.

mod content;
mod duplicates;
mod images;
mod references;
mod review;

use jiff::civil::Date;

use crate::diagnostic::Diagnostic;
use crate::entry::Entry;
use crate::knowledge_base::{Loaded, Origin};

/// All findings about `loaded` on the day `today`: those of loading first, then rule by rule.
pub fn run(loaded: &Loaded, today: Date) -> Vec<Diagnostic> {
    let mut found = loaded.diagnostics.clone();
    content::run(loaded, &mut found);
    references::run(loaded, &mut found);
    images::run(loaded, &mut found);
    duplicates::run(loaded, &mut found);
    review::run(loaded, today, &mut found);
    found
}

fn entries(loaded: &Loaded) -> impl Iterator<Item = (&Entry, &Origin)> {
    loaded.knowledge_base.entries.iter().zip(&loaded.origins)
}
