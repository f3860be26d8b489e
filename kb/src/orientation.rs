//! A topic that no entry answers, how people ask for it, and where to turn.
//!
//! It competes with the entries: when it is closest to a question, nothing is answered and its text says where to go. Its
//! file, `orientations/fr/<id>.md`, is TOML between two `+++` lines, then the text.

use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::entry::{EntryId, body};
use crate::fields::{Opened, normalised, open};

const FIELDS: [&str; 4] = ["id", "topic", "route", "phrasings"];

/// A topic that we leave to others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Orientation {
    /// Stable identifier; also the name of its file.
    pub id: EntryId,
    /// What it is about. One line.
    pub topic: String,
    /// Who sees to it: a word of the curators, as `assistance`.
    pub route: String,
    /// How people ask for it. One line each.
    pub phrasings: Vec<String>,
    /// What is shown: where to turn. Markdown.
    pub text: String,
}

/// Reads one file. `None` when it is too broken to be used; the diagnostics then hold an error.
pub fn parse(file: &str, text: &str) -> (Option<Orientation>, Vec<Diagnostic>) {
    let text = normalised(text);
    let Opened { mut reader, table, body: shown, body_line: text_line } = match open(file, &text, &FIELDS) {
        Ok(opened) => opened,
        Err(diagnostics) => return (None, diagnostics),
    };
    let id: Option<EntryId> = reader.parsed(&table, "id");
    let topic = reader.text(&table, "topic").unwrap_or_default();
    let phrasings: Vec<String> = reader.list(&table, "phrasings");
    let shown = body(shown);
    for (field, is_missing) in [("id", id.is_none()), ("topic", topic.is_empty()), ("phrasings", phrasings.is_empty())]
    {
        if is_missing && !table.contains_key(field) {
            reader.diagnostics.push(Diagnostic::error(file, 2, format!("`{field}` is missing")));
        }
    }
    if shown.is_empty() {
        reader.diagnostics.push(Diagnostic::error(file, text_line, "the text is empty: say where to turn"));
    }
    if let Some(id) = &id
        && file.rsplit('/').next() != Some(&format!("{id}.md"))
    {
        reader.diagnostics.push(Diagnostic::error(file, 2, format!("the file must be named `{id}.md`")));
    }
    let route = reader.text(&table, "route").unwrap_or_default();
    let orientation = id.map(|id| Orientation { id, topic, route, phrasings, text: shown });
    (orientation, reader.diagnostics)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "orientations/fr/paie.md";

    #[test]
    fn an_orientation_is_read() {
        let text = "+++\nid = \"paie\"\ntopic = \"Règles de paie\"\nroute = \"assistance\"\n\
                    phrasings = [\n  \"calcul du smic\",\n]\n+++\n\nVoyez votre expert.\n";
        let (orientation, diagnostics) = parse(FILE, text);
        assert_eq!(diagnostics, vec![]);
        let orientation = orientation.expect("the orientation is valid");
        assert_eq!((orientation.topic.as_str(), orientation.text.as_str()), ("Règles de paie", "Voyez votre expert."));
        assert_eq!((orientation.route.as_str(), orientation.phrasings.len()), ("assistance", 1));
    }

    #[test]
    fn every_problem_is_reported_with_its_line() {
        let (_, diagnostics) = parse(FILE, "+++\nid = \"autre\"\nsujet = \"x\"\nphrasings = [1]\n+++\n");
        let found: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
        let expected = [":3: error: unknown", ":4: error: `phrasings`", ":2: error: `topic`", ":6: error", ":2: error"];
        assert_eq!(found.len(), expected.len(), "{found:#?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.starts_with(&format!("{FILE}{expected}")), "{found} does not begin with {expected}");
        }
    }

    #[test]
    fn a_file_without_front_matter_is_refused() {
        for text in ["", "bonjour", "+++\nid = \n+++\n", "+++\ntopic = \"x\"\n+++\ny"] {
            assert!(parse(FILE, text).0.is_none(), "{text:?}");
        }
    }
}
