//! A file of a knowledge base under a name that stays when it moves.
//!
//! The path of an entry holds its category, which may change; its id does not.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::entry::{EntryId, Status};
use crate::{front_matter, orientation};

const ENTRY: &str = "entry:";
const ORIENTATION: &str = "orientation:";
/// Names of the documents that are one file each, and the files.
const TABLES: [(&str, &str); 4] = [
    ("contacts", "contacts.toml"),
    ("rules", "rules.fr.toml"),
    ("small_talk", "small_talk.fr.toml"),
    ("synonyms", "synonyms.fr.toml"),
];

/// Which document: `entry:<id>`, `orientation:<id>`, `contacts`, `rules`, `small_talk` or `synonyms`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DocumentKey(String);

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// A question and its answer.
    Entry,
    /// A topic that no entry answers.
    Orientation,
    /// Contacts, small talk or synonyms.
    Table,
}

impl DocumentKey {
    /// The key of an entry.
    pub fn of_entry(id: &EntryId) -> Self {
        Self(format!("{ENTRY}{id}"))
    }

    /// The key of the rules that composed answers rest on.
    pub fn rules() -> Self {
        Self("rules".to_owned())
    }

    /// The document that the file at `path` holds; none when it is no file of a knowledge base or its name is no id.
    pub fn of_path(path: &str) -> Option<Self> {
        if let Some((key, _)) = TABLES.iter().find(|(_, file)| *file == path) {
            return Some(Self((*key).to_owned()));
        }
        let id: EntryId = path.rsplit('/').next()?.strip_suffix(".md")?.parse().ok()?;
        match path.split('/').next()? {
            "entries" => Some(Self(format!("{ENTRY}{id}"))),
            "orientations" => Some(Self(format!("{ORIENTATION}{id}"))),
            _ => None,
        }
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What it is.
    pub fn kind(&self) -> DocumentKind {
        if self.0.starts_with(ENTRY) {
            DocumentKind::Entry
        } else if self.0.starts_with(ORIENTATION) {
            DocumentKind::Orientation
        } else {
            DocumentKind::Table
        }
    }

    /// The id of an entry or an orientation, the name of a table.
    pub fn name(&self) -> &str {
        self.0.split_once(':').map_or(&self.0, |(_, id)| id)
    }

    /// The file in which `content` belongs.
    pub fn path(&self, content: &str) -> String {
        match self.kind() {
            DocumentKind::Entry => match front_matter::parse("", content).0 {
                Some((entry, _)) => entry.path(),
                None => format!("entries/fr/general/{}.md", self.name()),
            },
            DocumentKind::Orientation => format!("orientations/fr/{}.md", self.name()),
            DocumentKind::Table => {
                let table = TABLES.iter().find(|(key, _)| *key == self.0);
                table.map_or_else(|| self.0.clone(), |(_, file)| (*file).to_owned())
            }
        }
    }

    /// What people call it: the question, the topic, the name.
    pub fn title(&self, content: &str) -> String {
        let title = match self.kind() {
            DocumentKind::Entry => front_matter::parse("", content).0.map(|(entry, _)| entry.question),
            DocumentKind::Orientation => orientation::parse("", content).0.map(|orientation| orientation.topic),
            DocumentKind::Table => None,
        };
        title.filter(|title| !title.is_empty()).unwrap_or_else(|| self.name().to_owned())
    }

    /// Where it is in its life, as its own content says. Only entries say it: the rest is in use.
    pub fn status(&self, content: &str) -> Status {
        match self.kind() {
            DocumentKind::Entry => {
                front_matter::parse("", content).0.map(|(entry, _)| entry.status).unwrap_or_default()
            }
            DocumentKind::Orientation | DocumentKind::Table => Status::Published,
        }
    }

    /// `content` saying that it is `status`, as the canonical file when it has to be changed.
    pub fn with_status(&self, content: &str, status: Status) -> String {
        match (self.kind(), front_matter::parse("", content).0) {
            (DocumentKind::Entry, Some((mut entry, _))) if entry.status != status => {
                entry.status = status;
                front_matter::write(&entry)
            }
            (DocumentKind::Entry | DocumentKind::Orientation | DocumentKind::Table, _) => content.to_owned(),
        }
    }
}

impl FromStr for DocumentKey {
    type Err = InvalidDocumentKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let id = text.strip_prefix(ENTRY).or_else(|| text.strip_prefix(ORIENTATION));
        let is_key = match id {
            Some(id) => id.parse::<EntryId>().is_ok(),
            None => TABLES.iter().any(|(key, _)| *key == text),
        };
        if is_key { Ok(Self(text.to_owned())) } else { Err(InvalidDocumentKey(text.chars().take(100).collect())) }
    }
}

impl TryFrom<String> for DocumentKey {
    type Error = InvalidDocumentKey;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<DocumentKey> for String {
    fn from(key: DocumentKey) -> Self {
        key.0
    }
}

impl fmt::Display for DocumentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Text that is not a [`DocumentKey`].
#[derive(Debug, thiserror::Error)]
#[error("`{0}` names no document: entry:ID, orientation:ID, contacts, small_talk or synonyms is expected")]
pub struct InvalidDocumentKey(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_keeps_its_key_when_it_moves() {
        for (path, expected) in [
            ("entries/fr/x/a.md", Some("entry:a")),
            ("entries/fr/y/a.md", Some("entry:a")),
            ("orientations/fr/b.md", Some("orientation:b")),
            ("contacts.toml", Some("contacts")),
            ("entries/fr/x/É.md", None),
            ("README.md", None),
        ] {
            assert_eq!(DocumentKey::of_path(path).as_ref().map(DocumentKey::as_str), expected, "{path}");
        }
        for text in ["entry:", "entry:A", "entries", "x:a", ""] {
            assert!(text.parse::<DocumentKey>().is_err(), "{text}");
        }
    }

    #[test]
    fn only_a_status_that_changes_changes_the_bytes() {
        let key: DocumentKey = "entry:a".parse().expect("a key");
        let text = "+++\n# À revoir.\nid = \"a\"\nquestion = \"Où ?\"\ncategory = \"Accès\"\n+++\n\nLà.\n";
        assert_eq!(key.with_status(text, Status::Published), text);
        let draft = key.with_status(text, Status::Draft);
        assert_eq!(key.status(&draft), Status::Draft);
        assert_eq!((key.path(&draft), key.title(&draft)), ("entries/fr/acces/a.md".to_owned(), "Où ?".to_owned()));
    }
}
