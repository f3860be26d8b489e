//! One curated question and its answer.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::fold::slug;

/// A curated entry (*fiche*).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Stable identifier; also the name of its file.
    pub id: EntryId,
    /// The question as the curators word it. One line.
    pub question: String,
    /// Section of the FAQ, as people read it. One line.
    #[serde(default)]
    pub category: String,
    /// Where the entry is in its life.
    #[serde(default)]
    pub status: Status,
    /// Who may read it.
    #[serde(default)]
    pub audience: Audience,
    /// Team that answers for it; empty when nobody does.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub owner: String,
    /// Day by which somebody must read it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_by: Option<Date>,
    /// Entries that a partner would naturally ask for next.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub follow_ups: Vec<EntryId>,
    /// Portal fields that the composed answer uses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<String>,
    /// Other ways people ask the same (*formulations*); indexed. One line each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<String>,
    /// Questions held out of the index that tell whether the entry is found (*questions témoins*).
    #[serde(default, skip_serializing_if = "Checks::is_empty")]
    pub checks: Checks,
    /// The answer, in Markdown, trimmed, with `\n` line ends.
    pub answer: String,
    /// What is said instead when the facts of a customer are known: a [template](crate::composed), trimmed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub composed: String,
}

impl Entry {
    /// An entry with an id, a question, a category and an answer; the rest at its default.
    pub fn new(id: EntryId, question: &str, category: &str, answer: &str) -> Self {
        Self {
            id,
            question: one_line(question),
            category: one_line(category),
            status: Status::default(),
            audience: Audience::default(),
            owner: String::new(),
            review_by: None,
            follow_ups: Vec::new(),
            facts: Vec::new(),
            variants: Vec::new(),
            checks: Checks::default(),
            answer: body(answer),
            composed: String::new(),
        }
    }

    /// A formulation by its number: 0 = the question, n = the variant n-1.
    pub fn formulation(&self, number: usize) -> Option<&str> {
        std::iter::once(&self.question).chain(&self.variants).nth(number).map(String::as_str)
    }

    /// True when partners may be answered with it.
    pub fn is_public(&self) -> bool {
        self.status == Status::Published && self.audience == Audience::Partner
    }

    /// The file of this entry inside a knowledge base: `entries/fr/<category>/<id>.md`.
    pub fn path(&self) -> String {
        let category = slug(&self.category);
        let folder = if category.is_empty() { "general" } else { &category };
        format!("entries/fr/{folder}/{}.md", self.id)
    }
}

/// `text` on one line: every run of white space is one space, the ends are trimmed. No-break spaces are kept.
pub fn one_line(text: &str) -> String {
    let keeps = |c: char| c == '\u{a0}' || c == '\u{202f}';
    text.split(|c: char| c.is_whitespace() && !keeps(c)).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// `text` as an answer body: `\n` line ends, no blank ends.
pub fn body(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned()
}

/// A stable identifier: 1 to 80 of `a-z`, `0-9` and `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EntryId(String);

impl EntryId {
    /// The longest id, in bytes.
    pub const MAX_LEN: usize = 80;

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for EntryId {
    type Err = InvalidEntryId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if text.is_empty() || text.len() > Self::MAX_LEN || !text.bytes().all(is_allowed) {
            return Err(InvalidEntryId(text.chars().take(100).collect()));
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for EntryId {
    type Error = InvalidEntryId;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<EntryId> for String {
    fn from(id: EntryId) -> Self {
        id.0
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Text that is not an [`EntryId`].
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not an entry id: 1 to 80 lower-case letters without accents, digits and `-` are expected")]
pub struct InvalidEntryId(String);

/// Where an entry is in its life. Only published entries are ever shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Being written.
    Draft,
    /// Waiting for a reviewer.
    InReview,
    /// In use.
    #[default]
    Published,
    /// Kept, no longer used.
    Archived,
}

impl Status {
    /// The name in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InReview => "in_review",
            Self::Published => "published",
            Self::Archived => "archived",
        }
    }
}

impl FromStr for Status {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Draft, Self::InReview, Self::Published, Self::Archived]
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or_else(|| format!("unknown status `{text}`: use draft, in_review, published or archived"))
    }
}

/// Who may read an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Every partner.
    #[default]
    Partner,
    /// Support staff only.
    Staff,
}

impl Audience {
    /// The name in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Partner => "partner",
            Self::Staff => "staff",
        }
    }
}

impl FromStr for Audience {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Partner, Self::Staff]
            .into_iter()
            .find(|audience| audience.as_str() == text)
            .ok_or_else(|| format!("unknown audience `{text}`: use partner or staff"))
    }
}

/// Questions that are never indexed and tell whether an entry is found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checks {
    /// Questions that this entry must answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub must: Vec<String>,
    /// Questions that look alike and must not get this entry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub must_not: Vec<String>,
}

impl Checks {
    /// True when there is no check at all.
    pub fn is_empty(&self) -> bool {
        self.must.is_empty() && self.must_not.is_empty()
    }
}
