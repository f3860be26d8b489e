//! `guichet ask`

use std::io::{BufRead, Write};
use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::Args;
use guichet_kb::reference;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Common;
use crate::answer::{Engine, Outcome};
use crate::knowledge;
use crate::model::Decision;

/// Longest question, in bytes.
const MAX_QUESTION: usize = 16 * 1024;

#[derive(Args)]
pub(super) struct Ask {
    /// The question, in French.
    #[arg(required_unless_present = "jsonl")]
    question: Option<String>,
    /// One JSON object instead of text.
    #[arg(long, conflicts_with = "jsonl")]
    json: bool,
    /// Reads {"q": "…"} lines on the standard input, writes one line each, in order.
    #[arg(long, conflicts_with = "question")]
    jsonl: bool,
}

#[derive(Deserialize)]
struct Line {
    q: String,
}

pub(super) fn run(ask: &Ask, common: &Common) -> anyhow::Result<ExitCode> {
    let loaded = knowledge::load(common.kb.as_deref())?;
    for problem in loaded.diagnostics.iter().filter(|problem| problem.is_error()) {
        eprintln!("{problem}");
    }
    let engine = Engine::new(loaded.knowledge_base).context("cannot index the knowledge base")?;
    let mut out = std::io::stdout().lock();
    if ask.jsonl {
        for (number, line) in std::io::stdin().lock().split(b'\n').enumerate() {
            let line = line.context("cannot read the standard input")?;
            let place = || format!("line {} of the standard input", number + 1);
            let line = String::from_utf8(line).with_context(|| format!("{} is not UTF-8", place()))?;
            if line.trim().is_empty() {
                continue;
            }
            let Line { q } =
                serde_json::from_str(&line).with_context(|| format!("{} is not {{\"q\": \"…\"}}", place()))?;
            let outcome = outcome(&engine, &q).with_context(place)?;
            writeln!(out, "{}", machine_readable(&q, &outcome)).context("cannot write to the standard output")?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let question = ask.question.as_deref().unwrap_or_default();
    let outcome = outcome(&engine, question)?;
    let text =
        if ask.json { format!("{:#}\n", machine_readable(question, &outcome)) } else { readable(&engine, &outcome) };
    out.write_all(text.as_bytes()).context("cannot write to the standard output")?;
    Ok(ExitCode::SUCCESS)
}

fn outcome(engine: &Engine, question: &str) -> anyhow::Result<Outcome> {
    ensure!(!question.trim().is_empty(), "the question is empty: type one");
    let length = question.len();
    ensure!(length <= MAX_QUESTION, "the question has {length} bytes, at most {MAX_QUESTION} are read: shorten it");
    Ok(engine.ask(question)?)
}

fn machine_readable(question: &str, outcome: &Outcome) -> Value {
    let ranked: Vec<Value> =
        outcome.candidates.iter().map(|candidate| json!([candidate.entry.as_str(), candidate.score])).collect();
    let mut line = json!({
        "q": question,
        "decision": outcome.decision.name(),
        "confidence": outcome.confidence,
        "ranked": ranked,
        "options": [],
    });
    match &outcome.decision {
        Decision::Answer(id) | Decision::Lookup(Some(id)) => line["answer_id"] = json!(id),
        Decision::Clarify(options) => line["options"] = json!(options),
        Decision::Lookup(None) | Decision::SmallTalk(_) | Decision::Handoff | Decision::NoAnswer => {}
    }
    line
}

fn readable(engine: &Engine, outcome: &Outcome) -> String {
    let knowledge_base = engine.knowledge_base();
    let question = |id: &str| knowledge_base.entry(id).map_or("", |entry| &entry.question);
    let body = match &outcome.decision {
        Decision::Answer(id) | Decision::Lookup(Some(id)) => {
            let answer = knowledge_base.entry(id.as_str()).map_or("", |entry| &entry.answer);
            format!(
                "{}\n\nFiche : {} ({id})",
                reference::expand(answer, &knowledge_base.contacts),
                question(id.as_str())
            )
        }
        Decision::Clarify(options) => {
            let options = options.iter().enumerate();
            let lines: Vec<String> =
                options.map(|(number, id)| format!("{}. {}", number + 1, question(id.as_str()))).collect();
            format!("Que voulez-vous savoir ?\n\n{}", lines.join("\n"))
        }
        Decision::SmallTalk(id) => {
            let intent = knowledge_base.small_talk.intent.iter().find(|intent| intent.id == *id);
            intent.map(|intent| intent.reply.clone()).unwrap_or_default()
        }
        Decision::Handoff => "Vous souhaitez parler à un conseiller.".to_owned(),
        Decision::Lookup(None) => {
            "Cette question porte sur un client précis : je ne peux pas consulter le portail.".to_owned()
        }
        Decision::NoAnswer => "Je n'ai pas de fiche qui réponde à cette question.".to_owned(),
    };
    let reasons: String = outcome
        .candidates
        .iter()
        .take(3)
        .map(|candidate| {
            let features = candidate.features;
            format!(
                "  {:<36} {:6.2}  (mots {:.1}, lettres {:.2}, formulation {})\n",
                candidate.entry.as_str(),
                candidate.score,
                features.best_formulation,
                features.char_ngrams,
                features.best_formulation_index,
            )
        })
        .collect();
    format!("{body}\n\n[{}, confiance {:.2}]\n{reasons}", outcome.decision.name(), outcome.confidence)
}
