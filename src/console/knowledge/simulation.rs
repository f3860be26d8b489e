//! What a composed entry says, case by case: every state of a contract with every product, on a day.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use guichet_kb::front_matter;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use super::super::refusal::render;
use super::super::{Frame, Refusal, Signed};
use super::{ENTRIES, drawn, entry_key};
use crate::app::App;
use crate::simulation::{Simulated, simulate};
use crate::text::{dates, knowledge as text};

#[derive(Deserialize)]
pub(in crate::console) struct Wanted {
    #[serde(default)]
    jour: String,
}

struct Said {
    /// States of a contract with their products.
    cases: Vec<String>,
    /// Made of blocks: everything in it is escaped.
    body: String,
}

#[derive(Template)]
#[template(path = "knowledge/simulation.html")]
struct SimulationPage {
    frame: Frame,
    page: String,
    day: String,
    /// None when the last version has no composed answer that can be trusted.
    said: Option<Vec<Said>>,
}

pub(in crate::console) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let key = entry_key(&id)?;
    let document = app.store.find_document(&key).await?.ok_or(Refusal::NotFound)?;
    let latest = app.store.find_revision(&key, document.latest).await?.and_then(|latest| latest.content);
    let entry = latest.and_then(|text| front_matter::parse("", &text).0).map(|(entry, _)| entry);
    let today = dates::day(Timestamp::now());
    // A demo is dated within the years that a clock shows.
    let day: Date = wanted.jour.parse().ok().filter(|day: &Date| (2000..=2100).contains(&day.year())).unwrap_or(today);
    let engine = app.live.engine();
    // A hundred contracts take some milliseconds.
    let simulated = tokio::task::spawn_blocking(move || simulate(&entry?, engine.knowledge_base(), &[day]).ok());
    let simulated = simulated.await.map_err(Refusal::failed)?;
    Ok(render(&SimulationPage {
        frame: Frame::new(text::simulation_of(&document.title), ENTRIES, &signed),
        page: super::page_of(&key),
        day: day.to_string(),
        said: simulated.map(|texts| texts.into_iter().map(said).collect()),
    }))
}

fn said(simulated: Simulated) -> Said {
    let mut states: Vec<(String, Vec<String>)> = Vec::new();
    for case in simulated.cases {
        match states.iter_mut().find(|(state, _)| *state == case.state) {
            Some((_, products)) => products.push(case.product),
            None => states.push((case.state, vec![case.product])),
        }
    }
    let case = |(state, products): (String, Vec<String>)| text::case(&state, &products);
    Said { cases: states.into_iter().map(case).collect(), body: drawn::html(&simulated.reply.blocks) }
}
