//! Brings a FAQ in: the text of a page, a table, a workbook, a list in JSON. Any FAQ becomes a working knowledge base.

pub mod ids;
pub mod images;
pub mod json;
pub mod page;
pub mod table;
pub mod workbook;

use std::collections::HashSet;

use crate::diagnostic::Diagnostic;
use crate::entry::{Entry, EntryId};
use crate::fold::slug;
use crate::front_matter::COMPOSED_FENCE;

/// What an import gives: the entries that could be read, in the order of the source, and what could not be placed.
#[derive(Debug, Default)]
pub struct Imported {
    /// The entries.
    pub entries: Vec<Entry>,
    /// What was left out or guessed, with its line in the source.
    pub diagnostics: Vec<Diagnostic>,
}

impl Imported {
    /// Nothing could be read.
    fn failed(file: &str, message: String) -> Self {
        Self { entries: Vec::new(), diagnostics: vec![Diagnostic::error(file, 1, message)] }
    }
}

/// `answer` without a line that would begin its composed answer in a file: Markdown shows it as it was.
fn unmarked(answer: &str) -> String {
    if !answer.contains(COMPOSED_FENCE) {
        return answer.to_owned();
    }
    let line = |line: &str| if line.trim_end() == COMPOSED_FENCE { format!("\\{line}") } else { line.to_owned() };
    answer.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// Makes ids from questions, never the same twice.
#[derive(Debug, Default)]
pub(crate) struct IdMaker {
    used: HashSet<EntryId>,
}

impl IdMaker {
    /// Takes `id`; false when it was taken before.
    pub(crate) fn take(&mut self, id: &EntryId) -> bool {
        self.used.insert(id.clone())
    }

    /// A new id for `question`: its slug, with a number when that is taken.
    pub(crate) fn make(&mut self, question: &str) -> EntryId {
        let base = slug(question);
        let base = if base.is_empty() { "fiche" } else { &base };
        for number in 1_u32.. {
            let suffix = if number == 1 { String::new() } else { format!("-{number}") };
            let room = base.len().min(EntryId::MAX_LEN - suffix.len());
            let id: EntryId = format!("{}{suffix}", &base[..room]).parse().expect("a slug with a number is an id");
            if self.take(&id) {
                return id;
            }
        }
        unreachable!("there are more numbers than entries")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_the_mark_of_a_composed_answer_stays_text() {
        assert_eq!(unmarked("a\n+++ client \nb\n+++ clients"), "a\n\\+++ client \nb\n+++ clients");
    }
}
