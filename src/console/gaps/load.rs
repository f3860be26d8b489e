//! Reads the open questions of a period and groups them into subjects.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::super::{Refusal, address, now};
use super::Choice;
use crate::answer::Engine;
use crate::app::App;
use crate::curation::gaps;
use crate::model::{Gap, OpenQuestion};
use crate::text::insight as text;

/// Questions that are looked at, of the period and of the one before.
const MOST: i64 = 2_000;
/// Ignored questions that still take theirs away.
const MOST_IGNORED: i64 = 500;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The filter.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::console) struct Wanted {
    jours: String,
    motif: String,
}

impl Wanted {
    pub(super) fn of_days(days: &str) -> Self {
        Self { jours: days.to_owned(), ..Self::default() }
    }

    pub(super) fn days(&self) -> i64 {
        self.jours.parse().ok().filter(|days| (1..=365).contains(days)).unwrap_or(30)
    }

    fn gap(&self) -> Option<Gap> {
        Gap::named(&self.motif)
    }

    pub(super) fn address(&self, path: &str, page: &str) -> String {
        address(path, &[("jours", &self.jours), ("motif", &self.motif), ("page", page)])
    }

    pub(super) fn periods(&self) -> Vec<Choice> {
        let days = self.days();
        [("7", 7), ("30", 30), ("90", 90)]
            .map(|(value, number)| Choice { value, label: text::period(number), is_chosen: number == days })
            .into()
    }

    pub(super) fn reasons(&self) -> Vec<Choice> {
        Gap::ALL
            .map(|gap| Choice { value: gap.name(), label: text::reason(gap), is_chosen: self.gap() == Some(gap) })
            .into()
    }
}

/// Questions about one subject.
pub(super) struct Subject {
    /// Id of the question that gives its name.
    pub(super) id: String,
    pub(super) title: String,
    /// Of the period, the latest first.
    pub(super) questions: Vec<OpenQuestion>,
    /// How many there were in the period before.
    pub(super) before: usize,
}

impl Subject {
    pub(super) fn count(&self, gap: Gap) -> usize {
        self.questions.iter().filter(|one| one.gap == gap).count()
    }

    /// Different partners, as far as they are known; who is not counts by conversation.
    pub(super) fn partners(&self) -> usize {
        let who = |one: &OpenQuestion| one.partner.clone().unwrap_or_else(|| one.conversation.clone());
        self.questions.iter().map(who).collect::<BTreeSet<_>>().len()
    }

    pub(super) fn tickets(&self) -> usize {
        self.questions.iter().filter_map(|one| one.ticket.as_ref()).collect::<BTreeSet<_>>().len()
    }
}

pub(super) struct Found {
    /// Those with most questions first.
    pub(super) subjects: Vec<Subject>,
    /// There were more questions than are looked at.
    pub(super) is_cut: bool,
}

/// The subjects of the period.
pub(super) async fn subjects(app: &App, wanted: &Wanted) -> Result<Found, Refusal> {
    let (until, length) = (now() + 1, wanted.days() * DAY_MS);
    let from = until - length;
    let current = app.store.list_open_questions(from, until, MOST).await?;
    let is_cut = i64::try_from(current.len()).is_ok_and(|count| count == MOST);
    let earlier = app.store.list_open_questions(from - length, from, MOST).await?;
    let ignored = app.store.list_ignored_questions(MOST_IGNORED).await?;
    let gap = wanted.gap();
    let grouped = tokio::task::spawn_blocking(move || grouped(current, earlier, &ignored, gap));
    Ok(Found { subjects: grouped.await.map_err(Refusal::failed)?, is_cut })
}

fn grouped(
    current: Vec<OpenQuestion>,
    earlier: Vec<OpenQuestion>,
    ignored: &[String],
    gap: Option<Gap>,
) -> Vec<Subject> {
    let kept = current.len();
    let mut all: Vec<Option<OpenQuestion>> = current.into_iter().chain(earlier).map(Some).collect();
    let texts: Vec<String> = all.iter().flatten().map(|one| one.text.clone()).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let ignored: Vec<&str> = ignored.iter().map(String::as_str).collect();
    let mut subjects: Vec<Subject> = gaps::group(&texts, &ignored)
        .into_iter()
        .filter_map(|group| {
            let (now, before): (Vec<usize>, Vec<usize>) = group.members.into_iter().partition(|one| *one < kept);
            let questions: Vec<OpenQuestion> = now.into_iter().filter_map(|one| all[one].take()).collect();
            let leader = if group.leader < kept { group.leader } else { usize::MAX };
            let title = texts.get(leader).map(|text| (*text).to_owned());
            let named = questions.iter().find(|one| title.as_ref() == Some(&one.text)).or(questions.first())?;
            let (id, title) = (named.id.clone(), title.unwrap_or_else(|| named.text.clone()));
            Some(Subject { id, title, questions, before: before.len() })
        })
        .filter(|subject| gap.is_none_or(|gap| subject.count(gap) > 0))
        .collect();
    let weight = |subject: &Subject| gap.map_or(subject.questions.len(), |gap| subject.count(gap));
    subjects.sort_by_key(|subject| std::cmp::Reverse(weight(subject)));
    subjects
}

/// An entry that is near.
pub(super) struct Close {
    pub(super) id: String,
    pub(super) question: String,
    pub(super) category: String,
}

/// The entries nearest to `text`.
pub(super) fn closest(engine: &Engine, text: &str, limit: usize) -> Vec<Close> {
    // An index that fails is reported by the conversations; here the page shows the rest.
    let entries = engine.ask(text).map(|outcome| outcome.candidates).unwrap_or_default();
    let known = |id: &str| engine.knowledge_base().entry(id).cloned();
    let found = entries.into_iter().filter_map(|candidate| known(candidate.entry.as_str()));
    found
        .take(limit)
        .map(|entry| Close { id: entry.id.to_string(), question: entry.question, category: entry.category })
        .collect()
}
