//! The test bench: what is made of a question, step by step, and which entries take each other's questions.

mod confusions;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

pub(super) use confusions::confusions;

use super::knowledge::drawn;
use super::refusal::render;
use super::{Frame, Refusal, Signed};
use crate::answer::Engine;
use crate::answer::explanation::{Explained, Explanation};
use crate::answer::language;
use crate::app::App;
use crate::model::Question;
use crate::publishing::candidate;
use crate::reply;
use crate::text::{bench as text, console, explanation, insight};

/// The section of the menu.
const HERE: &str = "/console/essai";
/// Candidates that are shown.
const SHOWN: usize = 5;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Wanted {
    q: String,
    /// `apercu`: compared with what was tried last.
    avec: String,
}

/// What a knowledge base makes of the question.
struct Made {
    /// Which knowledge base.
    name: String,
    decision: &'static str,
    /// For the colour.
    decision_name: &'static str,
    because: String,
    /// Made of blocks: everything in it is escaped.
    reply: String,
    options: Vec<String>,
    sentence: String,
    words: String,
    readings: Vec<String>,
    topic: Option<String>,
    measures: Vec<Measure>,
    candidates: Vec<Line>,
}

/// A figure and what it is compared with.
struct Measure {
    name: &'static str,
    value: String,
    threshold: String,
    is_reached: bool,
}

/// One candidate.
struct Line {
    id: String,
    question: String,
    why: String,
    bars: Vec<Bar>,
}

/// A closeness; the width is one of the style sheet's steps, as pages carry no styles.
struct Bar {
    name: &'static str,
    value: String,
    share: usize,
}

/// What was tried last.
struct Tried {
    name: String,
    is_compared: bool,
}

#[derive(Template)]
#[template(path = "bench.html")]
struct BenchPage {
    frame: Frame,
    asked: String,
    tried: Option<Tried>,
    /// It is no longer there to compare with.
    is_gone: bool,
    /// The question cannot be asked.
    is_refused: bool,
    made: Vec<Made>,
    differs: Option<bool>,
}

/// `GET /console/essai`
pub(super) async fn show(
    State(app): State<App>,
    signed: Signed,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let question = Question::parse(&wanted.q).ok();
    let is_compared = wanted.avec == "apercu";
    let tried = candidate::last_tried(&app.store).await?;
    let (mut made, mut is_gone) = (Vec::new(), false);
    if let Some(question) = &question {
        let engine = app.live.engine();
        made.push(make(engine, question, text::IN_FORCE.to_owned()).await?);
        if let Some(tried) = tried.as_ref().filter(|_| is_compared) {
            match candidate::open(&app.store, &app.live, tried).await.map_err(Refusal::failed)? {
                Some(engine) => made.push(make(engine.into(), question, text::TRIED.to_owned()).await?),
                None => is_gone = true,
            }
        }
    }
    let zone = &app.conversations.support.zone;
    let name = |at: i64, reason: &str| text::tried(&console::moment(at, zone), reason);
    let differs = match made.as_slice() {
        [one, other] => Some(one.reply != other.reply || one.options != other.options),
        _ => None,
    };
    Ok(render(&BenchPage {
        frame: Frame::new(insight::BENCH, HERE, &signed),
        is_refused: question.is_none() && !wanted.q.trim().is_empty(),
        asked: wanted.q,
        tried: tried.map(|tried| Tried { name: name(tried.created_at, &tried.reason), is_compared }),
        is_gone,
        made,
        differs,
    }))
}

async fn make(engine: std::sync::Arc<Engine>, question: &Question, name: String) -> Result<Made, Refusal> {
    let question = question.clone();
    let made = tokio::task::spawn_blocking(move || made(&engine, question.as_str(), name));
    made.await.map_err(Refusal::failed)?.map_err(Refusal::failed)
}

fn made(engine: &Engine, question: &str, name: String) -> Result<Made, guichet_index::IndexError> {
    let outcome = engine.ask(question)?;
    let explained = Explanation::of(engine, &outcome);
    let said = reply::compose(&outcome, language::detect(question), engine.knowledge_base());
    let (measures, thresholds) = (&explained.measures, &explained.thresholds);
    let share = |name, value: f32, least: f32| Measure {
        name,
        value: text::percent(value),
        threshold: text::percent(least),
        is_reached: value >= least,
    };
    let telling = Measure {
        name: text::TELLING_WORDS,
        value: measures.telling_words.to_string(),
        threshold: thresholds.telling_words.to_string(),
        is_reached: measures.telling_words >= thresholds.telling_words,
    };
    let line = |one: &Explained| {
        let bar = |name, value: f32| Bar { name, value: text::decimal(value), share: steps(value) };
        Line {
            id: one.entry.to_string(),
            question: one.question.clone(),
            why: text::why(one, &explained.read.synonyms, &explained.read.corrections),
            bars: vec![bar(text::LETTERS, one.letters), bar(text::WORDS, one.words), bar(text::MEANING, one.meaning)],
        }
    };
    Ok(Made {
        name,
        decision: text::decision(explained.decision),
        decision_name: explained.decision,
        because: crate::text::french(&explanation::because(&explained)),
        reply: drawn::html(&said.blocks),
        options: said.options.into_iter().map(|option| option.label).collect(),
        sentence: explained.read.sentence.trim().to_owned(),
        words: explained.read.words.trim().to_owned(),
        readings: text::readings(&explained.read.corrections, &explained.read.synonyms),
        topic: explained.orientation.as_ref().map(|topic| topic.topic.clone()),
        measures: vec![
            share(text::TO_ANSWER, measures.confidence, thresholds.answer),
            share(text::TO_OFFER, measures.confidence, thresholds.offer),
            share(text::KNOWN_WORDS, measures.known_share, thresholds.known_share),
            telling,
            share(text::FORESEEN, measures.letters, thresholds.foreseen),
        ],
        candidates: explained.candidates.iter().take(SHOWN).map(line).collect(),
    })
}

/// A share in steps of five hundredths.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 20")]
fn steps(share: f32) -> usize {
    (share.clamp(0.0, 1.0) * 20.0).round() as usize * 5
}
