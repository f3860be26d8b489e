//! A table with a header line: CSV or TSV, as [`crate::export::table`] writes it.
//!
//! Columns may be named in English or French; lists are one item a line inside their cell.

use serde_json::{Map, Value, json};

use super::json::entry;
use super::{IdMaker, Imported};
use crate::diagnostic::Diagnostic;
use crate::fold::fold;

/// The columns, in the order in which they are written.
pub(crate) const COLUMNS: [&str; 14] = [
    "id",
    "category",
    "question",
    "answer",
    "status",
    "audience",
    "owner",
    "review_by",
    "follow_ups",
    "facts",
    "composed",
    "variants",
    "must",
    "must_not",
];

/// Reads the table in `text`, from the file named `file`; `separator` is `,`, `;` or a tab.
pub fn import(file: &str, text: &str, separator: u8) -> Imported {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(text.as_bytes());
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => return Imported::failed(file, format!("the header cannot be read: {error}")),
    };
    let line =
        |position: Option<&csv::Position>| position.map_or(0, |position| usize::try_from(position.line()).unwrap_or(0));
    let rows = reader.records().map(|record| match record {
        Ok(record) => (line(record.position()), Ok(record)),
        Err(error) => (line(error.position()), Err(error.to_string())),
    });
    import_rows(file, &header, rows)
}

/// Reads rows with their lines under a header: what every kind of table comes down to.
pub(super) fn import_rows(
    file: &str,
    header: &csv::StringRecord,
    rows: impl Iterator<Item = (usize, Result<csv::StringRecord, String>)>,
) -> Imported {
    let mut imported = Imported::default();
    let columns: Vec<Option<&str>> = header.iter().map(column).collect();
    for (name, known) in header.iter().zip(&columns) {
        if known.is_none() && !name.trim().is_empty() {
            let message = format!("unknown column `{name}`; known: {}", COLUMNS.join(", "));
            imported.diagnostics.push(Diagnostic::warning(file, 1, message));
        }
    }
    let mut ids = IdMaker::default();
    for (line, record) in rows {
        match record.and_then(|record| entry(fields(&columns, &record), &mut ids)) {
            Ok(entry) => imported.entries.push(entry),
            Err(message) => imported.diagnostics.push(Diagnostic::error(file, line, message)),
        }
    }
    imported
}

fn column(name: &str) -> Option<&'static str> {
    let name = fold(name.trim());
    let name = match name.as_str() {
        "identifiant" => "id",
        "categorie" | "rubrique" | "theme" => "category",
        "reponse" => "answer",
        "formulations" | "variantes" => "variants",
        other => other,
    };
    COLUMNS.into_iter().find(|column| *column == name)
}

fn fields(columns: &[Option<&str>], record: &csv::StringRecord) -> Map<String, Value> {
    let mut fields = Map::new();
    let mut checks = Map::new();
    for (column, cell) in columns.iter().zip(record) {
        let items = || json!(cell.lines().map(str::trim).filter(|item| !item.is_empty()).collect::<Vec<_>>());
        match column {
            Some(name @ ("follow_ups" | "facts" | "variants")) => {
                fields.insert((*name).to_owned(), items());
            }
            Some(name @ ("must" | "must_not")) => {
                checks.insert((*name).to_owned(), items());
            }
            Some(name @ ("status" | "audience" | "review_by" | "id")) if cell.trim().is_empty() => {
                fields.remove(*name);
            }
            Some(name) => {
                fields.insert((*name).to_owned(), json!(cell));
            }
            None => {}
        }
    }
    if !checks.is_empty() {
        fields.insert("checks".to_owned(), Value::Object(checks));
    }
    fields
}
