//! What a publication would change. Pure: revisions in, revisions out.

use guichet_kb::{DocumentKey, DocumentKind, File, Status};

use super::edit::Hand;
use super::gate::{Finding, FindingKind};
use super::{Additions, files};
use crate::model::{DocumentChange, InForce, Known, PublicationAction, PublicationItem, Revision};
use crate::text::publishing as text;

/// What a publication changes.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) changes: Vec<DocumentChange>,
    /// The knowledge base as it would be.
    pub(crate) files: Vec<File>,
}

/// What `items` change; what keeps them from it when somebody was faster.
///
/// # Errors
/// One finding for each document that is not as it was when the publication was asked for.
pub(crate) fn prepare(
    before: &InForce,
    known: &[Known],
    items: &[PublicationItem],
    hand: Hand<'_>,
) -> Result<Prepared, Vec<Finding>> {
    let mut in_force: Vec<Revision> = before.revisions.clone();
    let (mut changes, mut refused) = (Vec::new(), Vec::new());
    for item in items {
        let known = known.iter().find(|known| known.document.key == item.document);
        match known.filter(|known| is_current(known, item)).and_then(|known| change(known, item.action, hand)) {
            Some(change) => {
                in_force.retain(|revision| revision.document != item.document);
                let is_now = |revision: &&Revision| Some(revision.number) == change.after.in_force;
                in_force.extend(change.revisions.iter().find(is_now).cloned());
                changes.push(change);
            }
            None => refused.push(outdated(&item.document)),
        }
    }
    if refused.is_empty() { Ok(Prepared { changes, files: files(&in_force) }) } else { Err(refused) }
}

/// Whether the document is as it was when the publication was asked for, and its draft begun on what is in force. What
/// is archived at its time is whatever is in force then: an expiry outlives the corrections of a text.
fn is_current(known: &Known, item: &PublicationItem) -> bool {
    match item.action {
        PublicationAction::Archive => true,
        PublicationAction::Publish => {
            let begun_on = known.latest.as_ref().map(|latest| latest.parent);
            known.document.latest == item.revision && begun_on == Some(known.document.in_force)
        }
    }
}

fn change(known: &Known, action: PublicationAction, hand: Hand<'_>) -> Option<DocumentChange> {
    let key = &known.document.key;
    let mut additions = Additions::to(key, Some(&known.document), hand.at);
    let who = (hand.author, hand.reason);
    match action {
        PublicationAction::Publish => {
            let content = key.with_status(known.latest.as_ref()?.content.as_deref()?, Status::Published);
            let number = additions.add(&key.path(&content), Some(&content), Status::Published, who);
            additions.after.in_force = Some(number);
        }
        PublicationAction::Archive => {
            let revision = known.in_force.as_ref().or(known.latest.as_ref())?;
            let content = revision.content.as_deref()?;
            let number = match key.kind() {
                // The file stays, and says that it is archived.
                DocumentKind::Entry => {
                    let content = key.with_status(content, Status::Archived);
                    let number = additions.add(&revision.path, Some(&content), Status::Archived, who);
                    known.in_force.is_some().then_some(number)
                }
                DocumentKind::Orientation | DocumentKind::Table => {
                    additions.add(&revision.path, None, Status::Archived, who);
                    None
                }
            };
            additions.after.in_force = number;
        }
    }
    // Whoever put this in force has chosen.
    additions.after.conflict = None;
    Some(additions.finish())
}

fn outdated(document: &DocumentKey) -> Finding {
    Finding {
        kind: FindingKind::Outdated,
        document: document.to_string(),
        question: None,
        other: None,
        nearest: None,
        message: text::BEGUN_BEFORE.to_owned(),
        is_error: true,
    }
}
