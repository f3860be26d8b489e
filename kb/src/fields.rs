//! What the readers of front matter share: the cut of a file into head and body, its fields, and how texts are quoted.

use std::ops::Range;
use std::str::FromStr;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::Diagnostic;
use crate::entry::{Checks, one_line};

/// The line before and after the head.
pub(crate) const FENCE: &str = "+++";

/// The head, the body, and the line of the file on which the body begins.
fn split(text: &str) -> Option<(&str, &str, usize)> {
    let rest = text.strip_prefix(FENCE)?.strip_prefix('\n')?;
    let end = if rest.starts_with("+++\n") { 0 } else { rest.find("\n+++\n").or_else(|| fence_at_end(rest))? + 1 };
    let head = &rest[..end];
    let after = rest[end + FENCE.len()..].strip_prefix('\n').unwrap_or("");
    let blank = after.len() - after.trim_start().len();
    let answer_line = 3 + head.matches('\n').count() + after[..blank].matches('\n').count();
    Some((head, after, answer_line))
}

fn fence_at_end(rest: &str) -> Option<usize> {
    rest.ends_with("\n+++").then(|| rest.len() - 4)
}

/// `text` as a TOML string.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A TOML list on one line.
pub(crate) fn inline<'a>(items: impl Iterator<Item = &'a str>) -> String {
    format!("[{}]", items.map(quoted).collect::<Vec<_>>().join(", "))
}

/// A TOML list, one text a line.
pub(crate) fn block(items: &[String]) -> String {
    if items.is_empty() {
        return "[]".to_owned();
    }
    let lines: String = items.iter().map(|item| format!("  {},\n", quoted(item))).collect();
    format!("[\n{lines}]")
}

/// `text` without a byte-order mark and with the line ends of one kind.
pub(crate) fn normalised(text: &str) -> String {
    text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n")
}

/// A file whose head is TOML.
pub(crate) struct Opened<'a> {
    pub(crate) reader: Reader<'a>,
    pub(crate) table: DeTable<'a>,
    pub(crate) body: &'a str,
    /// Line of the file on which the body begins.
    pub(crate) body_line: usize,
}

/// Opens the [`normalised`] `text` of a file; fields that are not `known` are errors already.
///
/// # Errors
/// When the head is missing or is no TOML.
pub(crate) fn open<'a>(file: &'a str, text: &'a str, known: &[&str]) -> Result<Opened<'a>, Vec<Diagnostic>> {
    let Some((head, body, body_line)) = split(text) else {
        let message = "the file must begin with TOML between two lines `+++`";
        return Err(vec![Diagnostic::error(file, 1, message)]);
    };
    let mut reader = Reader { file, head, diagnostics: Vec::new() };
    match DeTable::parse(head) {
        Ok(table) => {
            let table = table.into_inner();
            reader.unknown_fields(&table, known, "");
            Ok(Opened { reader, table, body, body_line })
        }
        Err(error) => {
            let line = error.span().map_or(2, |span| reader.line(&span));
            Err(vec![Diagnostic::error(file, line, format!("TOML: {}", error.message()))])
        }
    }
}

/// Takes fields out of a table and keeps what is wrong with them.
pub(crate) struct Reader<'a> {
    pub(crate) file: &'a str,
    pub(crate) head: &'a str,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    /// Line in the file: the head begins on line 2.
    pub(crate) fn line(&self, span: &Range<usize>) -> usize {
        2 + self.head[..span.start.min(self.head.len())].matches('\n').count()
    }

    /// Keeps an error at the place of `span`.
    pub(crate) fn error(&mut self, span: &Range<usize>, message: String) {
        let line = self.line(span);
        self.diagnostics.push(Diagnostic::error(self.file, line, message));
    }

    /// Keeps an error for every field that is not `known`.
    pub(crate) fn unknown_fields(&mut self, table: &DeTable<'_>, known: &[&str], prefix: &str) {
        for (key, _) in table {
            if !known.contains(&key.get_ref().as_ref()) {
                let message = format!("unknown field `{prefix}{}`; known: {}", key.get_ref(), known.join(", "));
                self.error(&key.span(), message);
            }
        }
    }

    /// The text of `field`, on one line.
    pub(crate) fn text(&mut self, table: &DeTable<'_>, field: &str) -> Option<String> {
        let value = table.get(field)?;
        match value.get_ref() {
            DeValue::String(text) => Some(one_line(text)),
            DeValue::Datetime(date) => Some(date.to_string()),
            other => {
                self.error(&value.span(), format!("`{field}` must be a text, not {}", other.type_str()));
                None
            }
        }
    }

    /// The text of `field`, read as a `T`.
    pub(crate) fn parsed<T: FromStr>(&mut self, table: &DeTable<'_>, field: &str) -> Option<T>
    where
        T::Err: std::fmt::Display,
    {
        let text = self.text(table, field)?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                let span = table.get(field).map_or(0..0, Spanned::span);
                self.error(&span, format!("`{field}`: {error}"));
                None
            }
        }
    }

    /// The texts of `field`, each read as a `T`.
    pub(crate) fn list<T: FromStr>(&mut self, table: &DeTable<'_>, field: &str) -> Vec<T>
    where
        T::Err: std::fmt::Display,
    {
        let Some(value) = table.get(field) else { return Vec::new() };
        let DeValue::Array(items) = value.get_ref() else {
            self.error(&value.span(), format!("`{field}` must be a list of texts"));
            return Vec::new();
        };
        let mut list = Vec::new();
        for item in items {
            let text = item.get_ref().as_str().map(one_line).unwrap_or_default();
            if text.is_empty() {
                self.error(&item.span(), format!("`{field}` must hold texts that are not empty"));
                continue;
            }
            match text.parse() {
                Ok(parsed) => list.push(parsed),
                Err(error) => self.error(&item.span(), format!("`{field}`: {error}")),
            }
        }
        list
    }

    /// The table `checks`.
    pub(crate) fn checks(&mut self, table: &DeTable<'_>) -> Checks {
        let Some(value) = table.get("checks") else { return Checks::default() };
        let Some(checks) = value.get_ref().as_table() else {
            self.error(&value.span(), "`checks` must be a table with `must` and `must_not`".to_owned());
            return Checks::default();
        };
        self.unknown_fields(checks, &["must", "must_not"], "checks.");
        Checks { must: self.list(checks, "must"), must_not: self.list(checks, "must_not") }
    }
}
