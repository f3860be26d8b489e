//! Where a document stands, beside its text: versions, who wrote last, what is planned, how it does.

use guichet_kb::{DocumentKey, Status};

use super::super::{Refusal, now};
use super::faults::{self, Fault};
use crate::app::App;
use crate::model::{Document, Publication, PublicationState, Revision};
use crate::text::{console, knowledge as text};

/// Votes of so long ago still count.
const VOTES_COUNT_MS: i64 = 90 * 24 * 60 * 60 * 1000;
/// How many publications are looked through for what is planned.
const PLANNED: i64 = 100;

/// Where a document stands.
pub(super) struct Standing {
    pub(super) key: DocumentKey,
    pub(super) title: String,
    pub(super) status: &'static str,
    pub(super) status_name: &'static str,
    pub(super) latest: i64,
    pub(super) in_force: Option<i64>,
    pub(super) author: String,
    pub(super) reason: String,
    pub(super) at: String,
    pub(super) conflict: Option<i64>,
    pub(super) is_archived: bool,
    pub(super) review: Option<Review>,
    pub(super) planned: Vec<Planned>,
    pub(super) votes: Option<String>,
    pub(super) faults: Vec<Fault>,
}

/// By when somebody must read it again.
pub(super) struct Review {
    pub(super) day: String,
    pub(super) is_late: bool,
}

/// Something that will become of it, or is being looked at.
pub(super) struct Planned {
    pub(super) id: String,
    pub(super) what: String,
}

impl Standing {
    /// Whether the last version is the one that partners read.
    pub(super) fn is_in_force(&self) -> bool {
        self.in_force == Some(self.latest)
    }

    /// Whether it can be archived at all.
    pub(super) fn may_be_archived(&self) -> bool {
        self.key.kind() != guichet_kb::DocumentKind::Table
    }

    /// The version to compare with what is in force, when they differ.
    pub(super) fn to_compare(&self) -> Option<i64> {
        self.in_force.filter(|number| *number != self.latest)
    }
}

/// Where `document` stands, whose last revision is `latest`.
pub(super) async fn standing(app: &App, document: Document, latest: &Revision) -> Result<Standing, Refusal> {
    let zone = &app.conversations.support.zone;
    let name = document.key.name().to_owned();
    let is_archived = document.status == Status::Archived;
    let votes = match document.key.kind() {
        guichet_kb::DocumentKind::Entry => app.store.count_votes(&name, &name, now() - VOTES_COUNT_MS).await?,
        guichet_kb::DocumentKind::Orientation | guichet_kb::DocumentKind::Table => Vec::new(),
    };
    // What is archived is kept where it was, and answers nobody.
    let in_force = match document.in_force {
        Some(number) => app.store.find_revision(&document.key, number).await?,
        None => None,
    };
    let in_force = in_force.filter(|one| one.status == Status::Published).map(|one| one.number);
    let mut planned = Vec::new();
    for state in [PublicationState::Running, PublicationState::Waiting] {
        planned.extend(app.store.list_publications(Some(state), PLANNED).await?);
    }
    let concerns = |publication: &Publication| publication.items.iter().any(|item| item.document == document.key);
    Ok(Standing {
        title: document.title.clone(),
        status: document.status.as_str(),
        status_name: crate::text::publishing::status_name(document.status),
        latest: document.latest,
        in_force,
        author: latest.author.clone(),
        reason: latest.reason.clone(),
        at: console::moment(latest.created_at, zone),
        conflict: document.conflict,
        is_archived,
        review: document.review_by.as_deref().map(review),
        planned: planned.iter().filter(|one| concerns(one)).map(|one| plan(one, app)).collect(),
        votes: votes.first().map(|votes| text::votes(votes.helped, votes.not)),
        faults: faults::known(app).await?.into_iter().filter(|fault| fault.document == document.key.as_str()).collect(),
        key: document.key,
    })
}

/// The day by which something must be read again, as people write it.
pub(super) fn review(day: &str) -> Review {
    let is_late = day < jiff::ZonedDateTime::now().date().to_string().as_str();
    Review { day: text::day(day), is_late }
}

/// When votes begin to count.
pub(super) fn votes_since() -> i64 {
    now() - VOTES_COUNT_MS
}

fn plan(publication: &Publication, app: &App) -> Planned {
    let at = (publication.run_at > publication.created_at)
        .then(|| console::moment(publication.run_at, &app.conversations.support.zone));
    let what = text::planned(
        publication.state,
        publication.items.first().map(|item| item.action),
        publication.is_preview,
        at.as_deref(),
    );
    Planned { id: publication.id.clone(), what }
}
