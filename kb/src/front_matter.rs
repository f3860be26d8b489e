//! One entry as a file: TOML between two `+++` lines, then the answer in Markdown, then perhaps `+++ client` and
//! the answer that is composed from facts.
//!
//! [`parse`] reports everything that is wrong at once, each with its line; [`write()`] is canonical: the same entry is
//! always the same bytes, so that an edit in the console and an edit in git give the same diff.

use jiff::civil::Date;

use crate::diagnostic::Diagnostic;
use crate::entry::{Entry, EntryId, body};
use crate::fields::{FENCE, Opened, block, inline, normalised, open, quoted};
use crate::knowledge_base::Origin;

const FIELDS: [&str; 11] = [
    "id",
    "question",
    "category",
    "status",
    "audience",
    "owner",
    "review_by",
    "follow_ups",
    "facts",
    "variants",
    "checks",
];

/// The line between the answer and the composed answer.
pub const COMPOSED_FENCE: &str = "+++ client";

/// Reads one entry file. `None` when it is too broken to be used; the diagnostics then hold an error.
pub fn parse(file: &str, text: &str) -> (Option<(Entry, Origin)>, Vec<Diagnostic>) {
    let text = normalised(text);
    let Opened { mut reader, table, body: answer, body_line: answer_line } = match open(file, &text, &FIELDS) {
        Ok(opened) => opened,
        Err(diagnostics) => return (None, diagnostics),
    };
    let id: Option<EntryId> = reader.parsed(&table, "id");
    let question = reader.text(&table, "question").unwrap_or_default();
    if question.is_empty() {
        reader.diagnostics.push(Diagnostic::error(file, 2, "`question` is missing or empty"));
    }
    if id.is_none() && !table.contains_key("id") {
        reader.diagnostics.push(Diagnostic::error(file, 2, "`id` is missing"));
    }
    let (answer, composed, composed_line) = split_body(answer, answer_line);
    let entry = Entry {
        id: match id {
            Some(id) => id,
            None => return (None, reader.diagnostics),
        },
        question,
        category: reader.text(&table, "category").unwrap_or_default(),
        status: reader.parsed(&table, "status").unwrap_or_default(),
        audience: reader.parsed(&table, "audience").unwrap_or_default(),
        owner: reader.text(&table, "owner").unwrap_or_default(),
        review_by: reader.parsed::<Date>(&table, "review_by"),
        follow_ups: reader.list(&table, "follow_ups"),
        facts: reader.list(&table, "facts"),
        variants: reader.list(&table, "variants"),
        checks: reader.checks(&table),
        answer: body(answer),
        composed: body(composed),
    };
    let line_of = |field: &str| table.iter().find(|(key, _)| key.get_ref() == field).map(|(key, _)| key.span());
    let origin = Origin {
        file: file.to_owned(),
        question_line: line_of("question").map_or(0, |span| reader.line(&span)),
        follow_ups_line: line_of("follow_ups").map_or(0, |span| reader.line(&span)),
        review_by_line: line_of("review_by").map_or(0, |span| reader.line(&span)),
        checks_line: line_of("checks").map_or(0, |span| reader.line(&span)),
        facts_line: line_of("facts").map_or(0, |span| reader.line(&span)),
        answer_line,
        composed_line,
    };
    (Some((entry, origin)), reader.diagnostics)
}

/// The answer, the composed answer and the line of the file on which the latter begins (0 when there is none).
fn split_body(whole: &str, first_line: usize) -> (&str, &str, usize) {
    let whole = whole.trim_start();
    let mut place = 0;
    for (number, line) in whole.split_inclusive('\n').enumerate() {
        if line.trim_end() == COMPOSED_FENCE {
            let after = &whole[place + line.len()..];
            let blank = after.len() - after.trim_start().len();
            let line = first_line + number + 1 + after[..blank].matches('\n').count();
            return (&whole[..place], after, line);
        }
        place += line.len();
    }
    (whole, "", 0)
}

/// The canonical file of `entry`.
pub fn write(entry: &Entry) -> String {
    let mut out = format!("{FENCE}\n");
    let mut line = |key: &str, value: &str| out.push_str(&format!("{key} = {value}\n"));
    line("id", &quoted(entry.id.as_str()));
    line("question", &quoted(&entry.question));
    line("category", &quoted(&entry.category));
    line("status", &quoted(entry.status.as_str()));
    line("audience", &quoted(entry.audience.as_str()));
    line("owner", &quoted(&entry.owner));
    if let Some(date) = entry.review_by {
        line("review_by", &quoted(&date.to_string()));
    }
    line("follow_ups", &inline(entry.follow_ups.iter().map(EntryId::as_str)));
    line("facts", &inline(entry.facts.iter().map(String::as_str)));
    line("variants", &block(&entry.variants));
    out.push_str("\n[checks]\n");
    out.push_str(&format!("must = {}\n", block(&entry.checks.must)));
    out.push_str(&format!("must_not = {}\n", block(&entry.checks.must_not)));
    out.push_str(&format!("{FENCE}\n\n{}\n", entry.answer));
    if !entry.composed.is_empty() {
        out.push_str(&format!("\n{COMPOSED_FENCE}\n\n{}\n", entry.composed));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "entries/fr/x/a.md";

    #[test]
    fn an_entry_is_read_and_written_back_byte_for_byte() {
        let text = "+++\nid = \"a\"\nquestion = \"Où est \\\"la\\\" clé ?\"\ncategory = \"X\"\nstatus = \"draft\"\n\
                    audience = \"partner\"\nowner = \"\"\nreview_by = \"2027-01-02\"\nfollow_ups = [\"b\", \"c\"]\n\
                    facts = []\nvariants = [\n  \"ou est la cle\",\n]\n\n[checks]\nmust = []\nmust_not = []\n+++\n\n\
                    Là.\n\n- un\n\n+++ client\n\nPour {{customer.name}}.\n";
        let (entry, diagnostics) = parse(FILE, text);
        assert_eq!(diagnostics, vec![]);
        let (entry, origin) = entry.expect("the entry is valid");
        assert_eq!(write(&entry), text);
        assert_eq!((origin.question_line, origin.checks_line, origin.answer_line), (3, 15, 20));
        assert_eq!((origin.composed_line, entry.composed.as_str()), (26, "Pour {{customer.name}}."));
    }

    #[test]
    fn every_problem_is_reported_with_its_line() {
        let text = "+++\nid = \"a\"\nquestion = \"q\"\nstatut = \"draft\"\nstatus = \"publié\"\nvariants = [1]\n\
                    review_by = \"demain\"\n[checks]\nmay = []\n+++\nx";
        let (_, diagnostics) = parse(FILE, text);
        let lines: Vec<usize> = diagnostics.iter().map(|diagnostic| diagnostic.line).collect();
        assert_eq!(lines, vec![4, 5, 7, 6, 9], "{diagnostics:#?}");
    }

    #[test]
    fn a_file_without_front_matter_or_id_is_refused() {
        for text in ["", "bonjour", "+++\nid = \"a\"\n", "+++\nquestion = \"q\"\n+++\nx", "+++\nid = \n+++\n"] {
            let (entry, diagnostics) = parse(FILE, text);
            assert!(entry.is_none() && diagnostics.iter().any(Diagnostic::is_error), "{text:?}");
        }
    }
}
