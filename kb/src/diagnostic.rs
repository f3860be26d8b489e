//! What is wrong with a knowledge base, and where.

use std::fmt;

use serde::Serialize;

/// How much a [`Diagnostic`] matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth a look; nothing is refused.
    Warning,
    /// Must be mended; `guichet kb check` fails.
    Error,
}

/// One finding about the content of a knowledge base.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// File inside the knowledge base, or the imported file.
    pub file: String,
    /// Line, from 1; 0 when the whole file is meant.
    pub line: usize,
    /// What is wrong and what to do.
    pub message: String,
}

impl Diagnostic {
    /// An error at a line of a file.
    pub fn error(file: &str, line: usize, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, file: file.to_owned(), line, message: message.into() }
    }

    /// A warning at a line of a file.
    pub fn warning(file: &str, line: usize, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, file: file.to_owned(), line, message: message.into() }
    }

    /// True when `guichet kb check` must fail because of it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(f, "{}:{}: {severity}: {}", self.file, self.line, self.message)
    }
}
