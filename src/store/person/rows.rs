//! Rows of any table, as they are handed out.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use sqlx::any::AnyRow;
use sqlx::{Column, Row};

use super::StoreError;

/// What opens something and says nothing of anybody.
const SECRET: [&str; 3] = ["token_hash", "code_hash", "lease_token"];

/// The columns of a row: what is JSON is read, bytes are base64.
pub(super) fn read(row: &AnyRow) -> Result<Map<String, Value>, StoreError> {
    let mut read = Map::new();
    for (at, column) in row.columns().iter().enumerate() {
        if !SECRET.contains(&column.name()) {
            read.insert(column.name().to_owned(), value(row, at)?);
        }
    }
    Ok(read)
}

fn value(row: &AnyRow, at: usize) -> Result<Value, StoreError> {
    if let Ok(text) = row.try_get::<Option<String>, _>(at) {
        let Some(text) = text else { return Ok(Value::Null) };
        let is_structure = text.starts_with(['{', '[']);
        let read = serde_json::from_str(&text).ok().filter(|_| is_structure);
        return Ok(read.unwrap_or(Value::String(text)));
    }
    if let Ok(number) = row.try_get::<i64, _>(at) {
        return Ok(number.into());
    }
    Ok(Value::String(STANDARD.encode(row.try_get::<Vec<u8>, _>(at)?)))
}
