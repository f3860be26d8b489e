//! Answers of entries, to be put into a message.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use guichet_bots::{Outbound, terminal};
use serde::Deserialize;

use super::super::refusal::render;
use super::super::{Frame, Refusal, Signed};
use super::HERE;
use crate::app::App;
use crate::reply;
use crate::text::live as text;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::console) struct Wanted {
    q: String,
}

struct Answer {
    question: String,
    /// Plain, with the source.
    text: String,
}

#[derive(Template)]
#[template(path = "live/canned.html")]
struct CannedPage {
    frame: Frame,
    searched: String,
    answers: Vec<Answer>,
}

/// `GET /console/reponses`
pub(in crate::console) async fn list(
    State(app): State<App>,
    signed: Signed,
    Query(Wanted { q }): Query<Wanted>,
) -> Result<Response, Refusal> {
    let found = app.conversations.suggest(&q).await?;
    let engine = app.live.engine();
    let knowledge_base = engine.knowledge_base();
    let answer = |choice: guichet_bots::Choice| {
        let entry = knowledge_base.entry(&choice.id)?;
        let (blocks, source) = reply::entry(entry, knowledge_base);
        let said = Outbound { blocks, sources: vec![source], ..reply::person() };
        Some(Answer { question: choice.label, text: terminal::plain(&said).trim().to_owned() })
    };
    let page = CannedPage {
        frame: Frame::new(text::CANNED, HERE, &signed),
        answers: found.into_iter().filter_map(answer).collect(),
        searched: q,
    };
    Ok(render(&page))
}
