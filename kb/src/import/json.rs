//! A list of entries in JSON. `{"question", "answer"}` is enough; `id`, `category` and every field of an entry file are
//! read when they are there. Unknown fields are reported.

use serde_json::{Map, Value};

use super::{IdMaker, Imported, unmarked};
use crate::diagnostic::Diagnostic;
use crate::entry::{Entry, body, one_line};

/// Reads the list in `text`, from the file named `file`.
pub fn import(file: &str, text: &str) -> Imported {
    let mut imported = Imported::default();
    let items: Vec<Value> = match serde_json::from_str(text) {
        Ok(items) => items,
        Err(error) => {
            let message = format!("not a JSON list of entries: {error}");
            imported.diagnostics.push(Diagnostic::error(file, error.line(), message));
            return imported;
        }
    };
    let mut ids = IdMaker::default();
    for (number, item) in items.into_iter().enumerate() {
        let place = format!("item {}", number + 1);
        let Value::Object(fields) = item else {
            imported.diagnostics.push(Diagnostic::error(file, 0, format!("{place} is not an object")));
            continue;
        };
        match entry(fields, &mut ids) {
            Ok(entry) => imported.entries.push(entry),
            Err(message) => imported.diagnostics.push(Diagnostic::error(file, 0, format!("{place}: {message}"))),
        }
    }
    imported
}

/// One entry from its fields; shared with the tables.
pub(super) fn entry(mut fields: Map<String, Value>, ids: &mut IdMaker) -> Result<Entry, String> {
    let question = fields.get("question").and_then(Value::as_str).map(one_line).unwrap_or_default();
    if question.is_empty() {
        return Err("`question` is missing or empty".to_owned());
    }
    let has_id = fields.get("id").and_then(Value::as_str).is_some_and(|id| !id.is_empty());
    if !has_id {
        fields.insert("id".to_owned(), Value::String(ids.make(&question).into()));
    }
    let mut entry: Entry = serde_json::from_value(Value::Object(fields)).map_err(|error| error.to_string())?;
    if has_id && !ids.take(&entry.id) {
        return Err(format!("the id `{}` is used twice", entry.id));
    }
    entry.question = question;
    entry.category = one_line(&entry.category);
    entry.owner = one_line(&entry.owner);
    entry.answer = unmarked(&body(&entry.answer));
    entry.composed = body(&entry.composed);
    for list in [&mut entry.variants, &mut entry.facts, &mut entry.checks.must, &mut entry.checks.must_not] {
        *list = list.iter().map(|text| one_line(text)).filter(|text| !text.is_empty()).collect();
    }
    Ok(entry)
}
