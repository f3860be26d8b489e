//! One subject: how it was asked, and what can be done about it.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;

use super::super::refusal::render;
use super::super::{Frame, Refusal, Signed};
use super::HERE;
use super::load::{self, Close, Subject, Wanted};
use crate::app::App;
use crate::model::{Gap, OpenQuestion, Permission};
use crate::text::{console, insight as text};

/// Wordings that are shown; the others stay for later.
const MOST_WORDINGS: usize = 30;
/// Wordings that are chosen at first.
const CHOSEN: usize = 5;
/// Entries that are proposed by a button each.
const PROPOSED: usize = 3;

/// One way it was asked.
struct Wording {
    id: String,
    text: String,
    times: usize,
    last: String,
    reasons: Vec<&'static str>,
    /// The question of the entry that was chosen or given.
    led_to: Option<String>,
    is_chosen: bool,
}

/// Something that can take the wordings.
struct Target {
    id: String,
    label: String,
}

/// Entries of one category.
struct Category {
    name: String,
    entries: Vec<Target>,
}

#[derive(Template)]
#[template(path = "gap.html")]
struct GapPage {
    frame: Frame,
    id: String,
    back: String,
    days: String,
    title: String,
    figures: Vec<String>,
    tickets: Vec<String>,
    wordings: Vec<Wording>,
    more: usize,
    closest: Vec<Close>,
    categories: Vec<Category>,
    intents: Vec<Target>,
    topics: Vec<Target>,
    may_write: bool,
}

/// `GET /console/lacunes/{id}`
pub(in crate::console) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let subject = find(&app, &wanted, &id).await?;
    let engine = app.live.engine();
    let (asked, title) = (std::sync::Arc::clone(&engine), subject.title.clone());
    let near = tokio::task::spawn_blocking(move || load::closest(&asked, &title, PROPOSED));
    let mut closest = near.await.map_err(Refusal::failed)?;
    let knowledge = engine.knowledge_base();
    // What people chose in the end comes before what looks alike.
    if let Some(entry) = chosen_most(&subject).and_then(|id| knowledge.entry(id)) {
        closest.retain(|one| one.id != entry.id.as_str());
        let (id, question, category) = (entry.id.to_string(), entry.question.clone(), entry.category.clone());
        closest.insert(0, Close { id, question, category });
        closest.truncate(PROPOSED);
    }
    let mut categories: BTreeMap<&str, Vec<Target>> = BTreeMap::new();
    for entry in &knowledge.entries {
        let target = Target { id: entry.id.to_string(), label: entry.question.clone() };
        categories.entry(&entry.category).or_default().push(target);
    }
    let mut topics: Vec<Target> =
        knowledge.orientations.iter().map(|one| Target { id: one.id.to_string(), label: one.topic.clone() }).collect();
    topics.sort_by(|one, other| one.label.cmp(&other.label));
    let zone = &app.conversations.support.zone;
    let question = |id: &str| knowledge.entry(id).map(|entry| entry.question.clone());
    let (wordings, more) = wordings(&subject, &question, zone);
    let page = GapPage {
        frame: Frame::new(text::GAPS, HERE, &signed),
        back: wanted.address(HERE, ""),
        days: wanted.days().to_string(),
        figures: figures(&subject),
        tickets: tickets(&subject),
        wordings,
        more,
        closest,
        categories: categories.into_iter().map(|(name, entries)| Category { name: name.to_owned(), entries }).collect(),
        intents: knowledge
            .small_talk
            .intent
            .iter()
            .map(|intent| Target {
                id: intent.id.clone(), label: format!("{} – {}", intent.id, short(&intent.reply))
            })
            .collect(),
        topics,
        may_write: signed.may(Permission::Write),
        id: subject.id,
        title: subject.title,
    };
    Ok(render(&page))
}

/// The subject that holds the question `id`.
pub(super) async fn find(app: &App, wanted: &Wanted, id: &str) -> Result<Subject, Refusal> {
    let found = load::subjects(app, wanted).await?;
    let holds = |subject: &Subject| subject.questions.iter().any(|one| one.id == id);
    found.subjects.into_iter().find(holds).ok_or(Refusal::NotFound)
}

fn tickets(subject: &Subject) -> Vec<String> {
    let all: BTreeSet<&String> = subject.questions.iter().filter_map(|one| one.ticket.as_ref()).collect();
    all.into_iter().cloned().collect()
}

fn figures(subject: &Subject) -> Vec<String> {
    let reasons = Gap::ALL.into_iter().filter_map(|gap| {
        let count = subject.count(gap);
        (count > 0).then(|| text::reason_count(gap, count))
    });
    [text::questions(subject.questions.len()), text::trend(subject.questions.len(), subject.before)]
        .into_iter()
        .chain([text::partners(subject.partners())])
        .chain(reasons)
        .collect()
}

/// The entry that was chosen most.
fn chosen_most(subject: &Subject) -> Option<&str> {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for one in subject.questions.iter().filter(|one| one.gap == Gap::Unsure) {
        if let Some(entry) = &one.entry {
            *times.entry(entry).or_default() += 1;
        }
    }
    times.into_iter().max_by_key(|(_, times)| *times).map(|(entry, _)| entry)
}

fn wordings(
    subject: &Subject,
    question: &impl Fn(&str) -> Option<String>,
    zone: &jiff::tz::TimeZone,
) -> (Vec<Wording>, usize) {
    let mut by_text: BTreeMap<String, Vec<&OpenQuestion>> = BTreeMap::new();
    for one in &subject.questions {
        by_text.entry(one.text.trim().to_lowercase()).or_default().push(one);
    }
    let mut all: Vec<Vec<&OpenQuestion>> = by_text.into_values().collect();
    all.sort_by_key(|same| (std::cmp::Reverse(same.len()), std::cmp::Reverse(same[0].at)));
    let more = all.len().saturating_sub(MOST_WORDINGS);
    let wording = |(place, same): (usize, Vec<&OpenQuestion>)| {
        let reasons: BTreeSet<Gap> = same.iter().map(|one| one.gap).collect();
        Wording {
            id: same[0].id.clone(),
            text: same[0].text.trim().to_owned(),
            times: same.len(),
            last: console::moment(same[0].at, zone),
            reasons: reasons.into_iter().map(text::reason).collect(),
            led_to: same.iter().find_map(|one| one.entry.as_deref()).and_then(question),
            is_chosen: place < CHOSEN,
        }
    };
    (all.into_iter().take(MOST_WORDINGS).enumerate().map(wording).collect(), more)
}

fn short(text: &str) -> String {
    let short: String = text.chars().take(40).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}
