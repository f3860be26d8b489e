//! Greetings, thanks and the like: what people say that asks for nothing the FAQ holds.

use serde::{Deserialize, Serialize};

/// The content of `small_talk.fr.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmallTalk {
    /// The intents, in the order in which they are tried.
    #[serde(default)]
    pub intent: Vec<Intent>,
    /// Words that may stand around a phrase without changing it ("svp", "monsieur").
    #[serde(default)]
    pub fillers: Vec<String>,
    /// Words that may tell, around a phrase of an intent that hands over, what a person is wanted for ("au sujet du
    /// contrat"). Numbers may too.
    #[serde(default)]
    pub subjects: Vec<String>,
    /// How people ask how far a request to support has got.
    #[serde(default)]
    pub requests: Requests,
}

/// How people ask how far a request to support has got. Nothing of it is indexed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Requests {
    /// Ways to say it.
    pub phrases: Vec<String>,
    /// Words that may stand around a phrase, or around the reference of a request.
    pub around: Vec<String>,
}

/// One thing people say, and what is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intent {
    /// Its name: the source shown with the reply.
    pub id: String,
    /// The reply, in French.
    pub reply: String,
    /// True when it asks for a person.
    #[serde(default)]
    pub handoff: bool,
    /// Ways to say it.
    pub phrases: Vec<String>,
}
