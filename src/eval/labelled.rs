//! A file of labelled questions: JSON lines of `{"q", "gold": [ids], "ok": [ids], "scope", "style"}`.

use serde::{Deserialize, Serialize};

/// One labelled question.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Labelled {
    /// The question.
    pub(crate) q: String,
    /// The entries that answer it.
    #[serde(default)]
    pub(crate) gold: Vec<String>,
    /// Entries that are acceptable.
    #[serde(default)]
    pub(crate) ok: Vec<String>,
    /// What kind of question it is.
    pub(crate) scope: Scope,
    /// How it is written.
    #[serde(default)]
    pub(crate) style: String,
}

/// What kind of question it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Scope {
    /// One entry answers it.
    In,
    /// A real request that no entry answers.
    Out,
    /// Several entries fit.
    Vague,
    /// Small talk.
    Chitchat,
    /// About one customer.
    Account,
}

impl Labelled {
    /// Whether `id` is right or acceptable.
    pub(crate) fn is_right(&self, id: &str) -> bool {
        self.is_gold(id) || self.is_ok(id)
    }

    pub(super) fn is_gold(&self, id: &str) -> bool {
        self.gold.iter().any(|gold| gold == id)
    }

    pub(super) fn is_ok(&self, id: &str) -> bool {
        self.ok.iter().any(|ok| ok == id)
    }
}

/// The questions of a file; blank lines are skipped.
///
/// # Errors
/// The first line that is wrong, with its number.
pub(crate) fn parse(text: &str) -> anyhow::Result<Vec<Labelled>> {
    use anyhow::Context;
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| {
            serde_json::from_str(line).with_context(|| {
                format!("line {}: expected {{\"q\", \"gold\": [ids], \"ok\": [ids], \"scope\", \"style\"}}", number + 1)
            })
        })
        .collect()
}
