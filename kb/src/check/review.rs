//! Published entries are read again in time.

use jiff::civil::Date;

use super::entries;
use crate::diagnostic::Diagnostic;
use crate::knowledge_base::Loaded;

pub(super) fn run(loaded: &Loaded, today: Date, found: &mut Vec<Diagnostic>) {
    for (entry, origin) in entries(loaded).filter(|(entry, _)| entry.is_public()) {
        if let Some(date) = entry.review_by.filter(|date| *date < today) {
            let message = format!("should have been reviewed by {date}");
            found.push(Diagnostic::warning(&origin.file, origin.review_by_line, message));
        }
    }
}
