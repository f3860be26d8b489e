//! Saved states of the documents of the knowledge base.

use guichet_kb::{DocumentKey, Image, Status};

use super::{Audit, ImageChange};

/// An immutable saved state of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Revision {
    pub(crate) document: DocumentKey,
    /// From 1 on, in its document.
    pub(crate) number: i64,
    /// Where its file stands.
    pub(crate) path: String,
    /// The text of the file, byte for byte; none when the file was removed.
    pub(crate) content: Option<String>,
    pub(crate) status: Status,
    /// As the history shows it.
    pub(crate) author: String,
    /// Why.
    pub(crate) reason: String,
    /// The revision that was in force when it was begun.
    pub(crate) parent: Option<i64>,
    pub(crate) created_at: i64,
}

/// Where a document stands: numbers of revisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Document {
    pub(crate) key: DocumentKey,
    /// The last one.
    pub(crate) latest: i64,
    /// Of the last one.
    pub(crate) status: Status,
    /// What people call it.
    pub(crate) title: String,
    /// Of an entry.
    pub(crate) category: String,
    /// The day by which an entry must be read again, as YYYY-MM-DD.
    pub(crate) review_by: Option<String>,
    /// The one that is part of the knowledge base.
    pub(crate) in_force: Option<i64>,
    /// The one that holds what the file said when it was read last.
    pub(crate) base: Option<i64>,
    /// The one that holds what the file said and could not be merged.
    pub(crate) conflict: Option<i64>,
    pub(crate) updated_at: i64,
}

/// A document with the revisions that it points to.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) document: Document,
    pub(crate) latest: Option<Revision>,
    pub(crate) in_force: Option<Revision>,
    pub(crate) base: Option<Revision>,
}

/// New revisions of one document, and where it stands afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DocumentChange {
    /// The last revision that was looked at, none of a new document: when there is a later one, nothing is written.
    pub(crate) seen: Option<i64>,
    pub(crate) after: Document,
    pub(crate) revisions: Vec<Revision>,
}

/// What is done with the knowledge base in one transaction.
#[derive(Debug, Clone, Default)]
pub(crate) struct KnowledgeCommit {
    pub(crate) changes: Vec<DocumentChange>,
    pub(crate) images: Vec<ImageChange>,
    /// When what is in force changes: the counter that was looked at. Another one means that somebody was faster.
    pub(crate) seen_counter: Option<i64>,
    /// Hash of the files that were read.
    pub(crate) files: Option<String>,
    /// What the log says of it.
    pub(crate) told: Vec<Audit>,
}

/// The knowledge base in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InForce {
    /// Changes whenever it does.
    pub(crate) counter: i64,
    /// Hash of the files that were read last.
    pub(crate) files: String,
    /// Its revisions, in the order of their documents.
    pub(crate) revisions: Vec<Revision>,
    /// What they may show, in the order of names.
    pub(crate) images: Vec<Image>,
}
