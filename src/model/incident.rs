//! Something that is known to be broken.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::TicketRef;

/// Begins the tag of the tickets about an incident, and the source of what is said of it.
const PREFIX_OF_TAG: &str = "incident:";
const PREFIX_OF_SOURCE: &str = "incident/";
/// Longest id.
const LONGEST: usize = 60;

/// What an incident is called by: small letters, digits and dashes, as `cles-2026-11`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct IncidentId(String);

/// The text is no id of an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id has 1 to {LONGEST} small letters, digits and dashes")]
pub(crate) struct NoIncidentId;

impl IncidentId {
    /// The id as it is written.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The tag of the tickets about it.
    pub(crate) fn tag(&self) -> String {
        format!("{PREFIX_OF_TAG}{}", self.0)
    }

    /// The incident whose tag `tag` is.
    pub(crate) fn of_tag(tag: &str) -> Option<Self> {
        tag.strip_prefix(PREFIX_OF_TAG)?.parse().ok()
    }

    /// What a reply names as the source of what is said of it.
    pub(crate) fn source(&self) -> String {
        format!("{PREFIX_OF_SOURCE}{}", self.0)
    }
}

impl std::str::FromStr for IncidentId {
    type Err = NoIncidentId;

    fn from_str(text: &str) -> Result<Self, NoIncidentId> {
        let is_known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let is_id = !text.is_empty() && text.len() <= LONGEST && text.chars().all(is_known);
        if is_id { Ok(Self(text.to_owned())) } else { Err(NoIncidentId) }
    }
}

impl TryFrom<String> for IncidentId {
    type Error = NoIncidentId;

    fn try_from(text: String) -> Result<Self, NoIncidentId> {
        text.parse()
    }
}

impl From<IncidentId> for String {
    fn from(id: IncidentId) -> Self {
        id.0
    }
}

/// An incident, as support describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Incident {
    /// What it is called by.
    pub(crate) id: IncidentId,
    /// In one line, for the banner.
    pub(crate) title: String,
    /// What is known, and what to do meanwhile.
    pub(crate) text: String,
    /// Words or groups of words; a question that holds all words of one is about it.
    pub(crate) keywords: Vec<String>,
    /// Questions that people ask because of it.
    pub(crate) questions: Vec<String>,
    /// From when on it is said.
    pub(crate) starts: Timestamp,
    /// From when on it is no longer said; until somebody ends it when there is none.
    pub(crate) ends: Option<Timestamp>,
    /// The ticket that stands for all reports: when it is solved, they are.
    pub(crate) problem: Option<TicketRef>,
    /// Last change.
    pub(crate) updated_at: Timestamp,
}

impl Incident {
    /// All that staff can change of it, one a line.
    pub(crate) fn described(&self) -> String {
        let ends = self.ends.map(|ends| ends.to_string()).unwrap_or_default();
        let problem = self.problem.as_ref().map_or("", TicketRef::as_str);
        let (keywords, questions) = (self.keywords.join(" | "), self.questions.join(" | "));
        format!("{}\n{}\n{keywords}\n{questions}\n{problem}\n{} → {ends}", self.title, self.text, self.starts)
    }

    /// Whether it is to be said `now`.
    pub(crate) fn is_active(&self, now: Timestamp) -> bool {
        self.starts <= now && self.ends.is_none_or(|ends| now < ends)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_word_that_can_be_a_tag() {
        let id: IncidentId = "cles-2026-11".parse().expect("an id");
        assert_eq!((id.tag().as_str(), id.source().as_str()), ("incident:cles-2026-11", "incident/cles-2026-11"));
        assert_eq!(IncidentId::of_tag("incident:cles-2026-11"), Some(id));
        assert_eq!((IncidentId::of_tag("cles-2026-11"), IncidentId::of_tag("incident:A")), (None, None));
        for text in ["", "Clés", "a b", "a:b", "a/b", "\"", &"a".repeat(61)] {
            assert_eq!(text.parse::<IncidentId>(), Err(NoIncidentId), "{text}");
        }
    }
}
