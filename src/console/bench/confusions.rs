//! Which entries take each other's questions, over all formulations and check questions.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use guichet_kb::EntryId;

use super::super::refusal::render;
use super::super::{Frame, Refusal, Signed};
use super::HERE;
use crate::answer::Engine;
use crate::app::App;
use crate::curation::checks::FailedCheck;
use crate::curation::confusions::Confusion;
use crate::text::bench as text;

/// Pairs and failed checks that are shown.
const MOST: usize = 60;
/// Categories are few: those of the matrix.
type Matrix = Vec<Row>;

/// What entries of one category lose to each other one.
struct Row {
    name: String,
    cells: Vec<Cell>,
}

struct Cell {
    count: usize,
    /// 0 to 4, for the shade.
    shade: usize,
    is_own: bool,
}

struct Pair {
    loser: Named,
    taker: Named,
    taken: usize,
    given_back: usize,
    tried: usize,
    examples: Vec<String>,
}

struct Named {
    id: String,
    title: String,
    is_entry: bool,
}

struct Failed {
    entry: Named,
    question: String,
    href: String,
    what: &'static str,
    thief: Option<Named>,
    is_error: bool,
}

#[derive(Template)]
#[template(path = "confusions.html")]
struct ConfusionsPage {
    frame: Frame,
    summary: String,
    columns: Vec<String>,
    matrix: Matrix,
    pairs: Vec<Pair>,
    failed: Vec<Failed>,
}

/// `GET /console/essai/confusions`
pub(in crate::console) async fn confusions(State(app): State<App>, signed: Signed) -> Result<Response, Refusal> {
    let (engine, remembered) = (app.live.engine(), Arc::clone(&app.report));
    let asked = Arc::clone(&engine);
    let report = tokio::task::spawn_blocking(move || remembered.of(&asked));
    let report = report.await.map_err(Refusal::failed)?.map_err(Refusal::failed)?;
    let (columns, matrix) = matrix(&engine, &report.confusions);
    let pair = |one: &Confusion| Pair {
        loser: named(&engine, &one.pair[0]),
        taker: named(&engine, &one.pair[1]),
        taken: one.taken,
        given_back: one.given_back,
        tried: one.tried,
        examples: one.examples.iter().map(|example| example.text.clone()).collect(),
    };
    let failed = |one: &FailedCheck| Failed {
        entry: named(&engine, &one.entry),
        href: super::super::address(HERE, &[("q", &one.question)]),
        question: one.question.clone(),
        what: text::failure(one.failure),
        thief: one.thief.as_ref().map(|thief| named(&engine, &thief.id)),
        is_error: one.failure.is_error(),
    };
    Ok(render(&ConfusionsPage {
        frame: Frame::new(text::CONFUSIONS, HERE, &signed),
        summary: text::confusions(report.entries, report.held_out, report.failed_checks.len()),
        columns,
        matrix,
        pairs: report.confusions.iter().take(MOST).map(pair).collect(),
        failed: report.failed_checks.iter().take(MOST).map(failed).collect(),
    }))
}

fn named(engine: &Engine, id: &EntryId) -> Named {
    let knowledge = engine.knowledge_base();
    let entry = knowledge.entry(id.as_str()).map(|entry| entry.question.clone());
    let is_entry = entry.is_some();
    let topic = || knowledge.orientations.iter().find(|one| one.id == *id).map(|one| one.topic.clone());
    Named { id: id.to_string(), title: entry.or_else(topic).unwrap_or_else(|| id.to_string()), is_entry }
}

/// By category: rows lose, columns take.
fn matrix(engine: &Engine, confusions: &[Confusion]) -> (Vec<String>, Matrix) {
    let category = |id: &EntryId| match engine.knowledge_base().entry(id.as_str()) {
        Some(entry) => entry.category.clone(),
        None => text::ELSEWHERE.to_owned(),
    };
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    for one in confusions {
        let (loser, taker) = (category(&one.pair[0]), category(&one.pair[1]));
        *counts.entry((loser.clone(), taker.clone())).or_default() += one.taken;
        *counts.entry((taker, loser)).or_default() += one.given_back;
    }
    counts.retain(|_, count| *count > 0);
    let mut names: Vec<String> = counts.keys().flat_map(|(loser, taker)| [loser.clone(), taker.clone()]).collect();
    names.sort();
    names.dedup();
    let most = counts.values().copied().max().unwrap_or(1).max(1);
    let cell = |loser: &String, taker: &String| {
        let count = counts.get(&(loser.clone(), taker.clone())).copied().unwrap_or_default();
        Cell { count, shade: (count * 4).div_ceil(most), is_own: loser == taker }
    };
    let rows = names
        .iter()
        .map(|loser| Row { name: loser.clone(), cells: names.iter().map(|taker| cell(loser, taker)).collect() });
    (names.clone(), rows.collect())
}
