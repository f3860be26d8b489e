//! An entry has an answer, stands in the file its id and category name, and keeps its checks out of what is indexed.

use std::collections::HashSet;

use super::entries;
use crate::diagnostic::Diagnostic;
use crate::fold::slug;
use crate::knowledge_base::Loaded;

pub(super) fn run(loaded: &Loaded, found: &mut Vec<Diagnostic>) {
    for (entry, origin) in entries(loaded) {
        if entry.answer.is_empty() {
            found.push(Diagnostic::error(&origin.file, origin.answer_line, "the answer is empty"));
        }
        if origin.file != entry.path() {
            let message = format!("the id and category of this entry belong in `{}`", entry.path());
            found.push(Diagnostic::error(&origin.file, 0, message));
        }
        let indexed: HashSet<String> =
            std::iter::once(&entry.question).chain(&entry.variants).map(|text| slug(text)).collect();
        for check in entry.checks.must.iter().filter(|check| indexed.contains(&slug(check))) {
            let message = format!("the check « {check} » is also a variant: it proves nothing, word it otherwise");
            found.push(Diagnostic::error(&origin.file, origin.checks_line, message));
        }
    }
}
