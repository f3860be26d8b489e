//! What people say, and the words of the entries for it.

use serde::{Deserialize, Serialize};

/// The content of `synonyms.fr.toml`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Synonyms {
    /// The groups.
    #[serde(default)]
    pub synonym: Vec<Synonym>,
}

/// Words that stand for others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Synonym {
    /// What people say: words or short expressions.
    pub said: Vec<String>,
    /// What the entries say.
    pub means: Vec<String>,
    /// How surely the one means the other, above 0, at most 1.
    #[serde(default = "surely")]
    pub weight: f32,
    /// True when `means` is also said for `said`.
    #[serde(default)]
    pub both_ways: bool,
}

fn surely() -> f32 {
    1.0
}
