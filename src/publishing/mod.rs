//! How the knowledge base changes: by files ([`sync`]), by drafts ([`edit`]), and through the gate ([`gate`], [`impact`])
//! into force ([`publish`]). The store has the one truth; files and console are two editors of it.

pub(crate) mod additions;
pub(crate) mod bring_image;
pub(crate) mod candidate;
pub(crate) mod edit;
pub(crate) mod gate;
pub(crate) mod impact;
pub(crate) mod order;
pub(crate) mod prepare;
pub(crate) mod publish;
pub(crate) mod sync;

use guichet_kb::{DocumentKey, DocumentKind, File, Status, front_matter};

use crate::model::{Audit, Document, DocumentChange, Revision};
use crate::text::publishing as text;
use edit::Hand;

/// Revisions that are added to one document.
struct Additions {
    seen: Option<i64>,
    after: Document,
    revisions: Vec<Revision>,
    at: i64,
}

impl Additions {
    /// To a document, or to a new one.
    fn to(key: &DocumentKey, before: Option<&Document>, at: i64) -> Self {
        let new = || Document {
            key: key.clone(),
            latest: 0,
            status: Status::Draft,
            title: String::new(),
            category: String::new(),
            review_by: None,
            in_force: None,
            base: None,
            conflict: None,
            updated_at: at,
        };
        let seen = before.map(|document| document.latest);
        Self { seen, after: before.cloned().unwrap_or_else(new), revisions: Vec::new(), at }
    }

    /// Adds a revision; its number.
    fn add(&mut self, path: &str, content: Option<&str>, status: Status, (author, reason): (&str, &str)) -> i64 {
        let after = &mut self.after;
        after.latest += 1;
        (after.status, after.updated_at) = (status, self.at);
        if let Some(content) = content {
            after.title = after.key.title(content);
            if after.key.kind() == DocumentKind::Entry
                && let Some((entry, _)) = front_matter::parse("", content).0
            {
                after.category = entry.category;
                after.review_by = entry.review_by.map(|day| day.to_string());
            }
        }
        self.revisions.push(Revision {
            document: after.key.clone(),
            number: after.latest,
            path: path.to_owned(),
            content: content.map(str::to_owned),
            status,
            author: author.to_owned(),
            reason: reason.to_owned(),
            parent: after.in_force,
            created_at: self.at,
        });
        after.latest
    }

    fn finish(self) -> DocumentChange {
        DocumentChange { seen: self.seen, after: self.after, revisions: self.revisions }
    }
}

/// What the log says of a change of one document.
fn told(what: &str, hand: Hand<'_>, before: Option<&Document>, after: &Document) -> Audit {
    let standing = |document: &Document, reason: &str| {
        text::standing(document.latest, document.status, document.in_force, &document.title, reason)
    };
    Audit {
        at: hand.at,
        who: hand.author.to_owned(),
        what: what.to_owned(),
        object: after.key.to_string(),
        before: before.map(|document| standing(document, "")).unwrap_or_default(),
        after: standing(after, hand.reason),
        ..Audit::default()
    }
}

/// The files that revisions in force make, in the order of their paths.
pub(crate) fn files(revisions: &[Revision]) -> Vec<File> {
    let file = |revision: &Revision| {
        let bytes = revision.content.clone()?.into_bytes();
        Some(File { path: revision.path.clone(), bytes })
    };
    let mut files: Vec<File> = revisions.iter().filter_map(file).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}
