//! What the gate found wrong, as curators read it; and what it knows to be wrong in what is in force.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::super::Refusal;
use crate::answer::Engine;
use crate::app::App;
use crate::model::{Publication, PublicationState};
use crate::publishing::gate::{Finding, FindingKind, Report};
use crate::text::knowledge as text;

/// How many publications are looked through for the last one that the gate has inspected.
const LOOKED_THROUGH: i64 = 20;

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// The key of the document.
    pub(super) document: String,
    /// What people call it, and where it is edited.
    pub(super) title: String,
    pub(super) href: String,
    pub(super) message: String,
    pub(super) question: Option<String>,
    /// The entry that takes the question, contradicts or repeats.
    pub(super) other: Option<Named>,
    /// What the other entry is to this one.
    pub(super) does: &'static str,
    pub(super) nearest: Option<String>,
    pub(super) is_check: bool,
    pub(super) is_error: bool,
}

/// An entry by its question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) title: String,
    pub(super) href: String,
}

/// What people call entries: those in force as they are, others as their drafts say.
pub(super) struct Names {
    engine: Arc<Engine>,
    others: HashMap<String, String>,
}

impl Names {
    /// The names of the entries `ids`, and of all that are in force.
    pub(super) async fn of(app: &App, ids: impl Iterator<Item = String>) -> Result<Self, Refusal> {
        let engine = app.live.engine();
        let mut others = HashMap::new();
        for id in ids.collect::<BTreeSet<String>>() {
            if engine.knowledge_base().entry(&id).is_none()
                && let Ok(key) = super::entry_key(&id)
                && let Some(document) = app.store.find_document(&key).await?
            {
                others.insert(id, document.title);
            }
        }
        Ok(Self { engine, others })
    }

    /// An entry as people call it.
    pub(super) fn named(&self, id: &str) -> Named {
        let entry = self.engine.knowledge_base().entry(id).map(|entry| &entry.question);
        let title =
            entry.or_else(|| self.others.get(id)).map_or_else(|| id.to_owned(), |title| crate::text::french(title));
        Named { title, href: format!("{}/{id}", super::ENTRIES) }
    }
}

/// The ids of the entries that findings speak of.
pub(super) fn ids<'a>(findings: impl Iterator<Item = &'a Finding>) -> impl Iterator<Item = String> {
    findings.flat_map(|one| {
        let id = one.document.strip_prefix("entry:").map(str::to_owned);
        id.into_iter().chain(one.other.clone())
    })
}

/// `finding` as it is shown.
pub(super) fn fault(names: &Names, finding: Finding) -> Fault {
    let Finding { kind, document, question, other, nearest, message, is_error } = finding;
    let key = document.parse().ok();
    let title = match &key {
        Some(key) if guichet_kb::DocumentKey::kind(key) == guichet_kb::DocumentKind::Entry => {
            names.named(key.name()).title
        }
        Some(_) | None => text::document(&document),
    };
    let does = match kind {
        FindingKind::Check if is_error => text::TAKES,
        FindingKind::Check | FindingKind::Content | FindingKind::Outdated => text::PASSES,
        FindingKind::Contradiction => text::CONTRADICTS,
        FindingKind::Twin => text::REPEATS,
    };
    Fault {
        href: key.as_ref().map(super::page_of).unwrap_or_default(),
        title,
        message: if kind == FindingKind::Content { crate::text::faults::french(&message) } else { message },
        question,
        other: other.map(|id| names.named(&id)),
        does,
        nearest,
        is_check: kind == FindingKind::Check,
        is_error,
        document,
    }
}

/// What is wrong in what is in force, as the gate saw it last; nothing when it never looked.
pub(super) async fn known(app: &App) -> Result<Vec<Fault>, Refusal> {
    let publications = app.store.list_publications(None, LOOKED_THROUGH).await?;
    let seen = publications.iter().filter(|one| one.state.is_final()).find_map(|one| Some((one, report(one)?)));
    let Some((publication, report)) = seen else { return Ok(Vec::new()) };
    let new = if publication.state == PublicationState::Published { report.warnings } else { report.mended };
    let names = Names::of(app, ids(report.known.iter().chain(&new))).await?;
    Ok(report.known.into_iter().chain(new).map(|finding| fault(&names, finding)).collect())
}

/// What the gate said; a report that cannot be read any more is as good as none, and so is one of a gate that did not
/// get to asking.
pub(super) fn report(publication: &Publication) -> Option<Report> {
    let report: Report = serde_json::from_str(publication.report.as_deref()?).ok()?;
    let is_outdated = report.refused.iter().any(|one| one.kind == FindingKind::Outdated);
    (!is_outdated).then_some(report)
}
