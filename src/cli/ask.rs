//! `guichet ask`

use std::io::{BufRead, Write};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use guichet_bots::terminal;
use guichet_kb::KnowledgeBase;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Common;
use crate::answer::explanation::Explanation;
use crate::answer::{Engine, Outcome, language};
use crate::config::Config;
use crate::knowledge;
use crate::model::{Decision, Question, QuestionError};
use crate::{reply, text};

#[derive(Args)]
pub(super) struct Ask {
    /// The question, in French.
    #[arg(required_unless_present = "jsonl")]
    question: Option<String>,
    /// One JSON object instead of text, with the whole explanation.
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
    let engine = engine(common)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    if ask.jsonl {
        return answer_lines(&engine, &mut std::io::stdin().lock(), &mut out);
    }
    let question = Question::parse(ask.question.as_deref().unwrap_or_default())?;
    let outcome = engine.ask(question.as_str()).context("the question cannot be answered")?;
    let shown = if ask.json {
        let mut line = machine_readable(question.as_str(), &outcome);
        let explanation = Explanation::of(&engine, &outcome);
        line["because"] = json!(text::french(&text::explanation::because(&explanation)));
        line["explanation"] = json!(explanation);
        format!("{line}\n")
    } else {
        readable(&engine, &question, &outcome)
    };
    out.write_all(shown.as_bytes()).and_then(|()| out.flush()).context("cannot write to the standard output")?;
    Ok(ExitCode::SUCCESS)
}

/// The engine that the service would use. Its index is kept in the data directory; where that cannot be written, it is
/// built in memory.
pub(super) fn engine(common: &Common) -> anyhow::Result<Engine> {
    let config = common.config()?;
    let loaded = knowledge::load(config.knowledge.dir.as_deref())?;
    for problem in loaded.diagnostics.iter().filter(|problem| problem.is_error()) {
        eprintln!("{problem}");
    }
    indexed(loaded.knowledge_base, &config)
}

/// The same of a knowledge base that was loaded.
pub(super) fn indexed(knowledge_base: KnowledgeBase, config: &Config) -> anyhow::Result<Engine> {
    let bar = super::progress::bar(knowledge_base.entries.len(), "index");
    let opened = Engine::open(knowledge_base.clone(), &config.index_dir(), &mut |done| bar.set_position(done as u64));
    let engine = match opened {
        Ok(engine) => engine,
        Err(error) => {
            eprintln!("guichet: the index is built in memory: {:#}", anyhow::Error::from(error));
            Engine::new(knowledge_base).context("cannot index the knowledge base")?
        }
    };
    bar.finish_and_clear();
    Ok(engine)
}

/// One line out for each line in. A line that is no question is named on the standard error and has an "error" instead
/// of a decision; the others are answered all the same, and the exit code is 1.
fn answer_lines(engine: &Engine, input: &mut dyn BufRead, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    for (number, line) in input.split(b'\n').enumerate() {
        let line = line.context("cannot read the standard input")?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        let answer = match serde_json::from_slice::<Line>(&line) {
            Ok(Line { q }) => answer(engine, &q)?,
            Err(error) => {
                eprintln!("line {}: expected {{\"q\": \"…\"}}: {error}", number + 1);
                code = ExitCode::from(1);
                json!({"error": error.to_string()})
            }
        };
        writeln!(out, "{answer}").context("cannot write to the standard output")?;
    }
    out.flush().context("cannot write to the standard output")?;
    Ok(code)
}

/// A text without anything to read is answered with "noanswer"; of one that is too long the beginning is taken, as
/// nobody is there to shorten it.
fn answer(engine: &Engine, q: &str) -> anyhow::Result<Value> {
    let question = match Question::parse(q) {
        Err(QuestionError::TooLong) => Question::parse(&q.chars().take(crate::model::MAX_CHARS).collect::<String>()),
        parsed => parsed,
    };
    let outcome = match question {
        Ok(question) => engine.ask(question.as_str()).context("a question cannot be answered")?,
        Err(_) => Outcome::certain(Decision::NoAnswer, 0.0),
    };
    Ok(machine_readable(q, &outcome))
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
    if let Some(orientation) = &outcome.orientation {
        line["orientation"] = json!(orientation.id);
    }
    if !outcome.reading.corrections.is_empty() {
        line["corrections"] = json!(outcome.reading.corrections);
    }
    match &outcome.decision {
        Decision::Answer(id) | Decision::Lookup(Some(id)) => line["answer_id"] = json!(id),
        Decision::Clarify(options) => line["options"] = json!(options),
        Decision::Lookup(None) | Decision::SmallTalk(_) | Decision::Handoff | Decision::NoAnswer => {}
    }
    line
}

fn readable(engine: &Engine, question: &Question, outcome: &Outcome) -> String {
    let reply = reply::compose(outcome, language::detect(question.as_str()), engine.knowledge_base());
    let reasons = text::explanation::explanation(&Explanation::of(engine, outcome));
    let decision = outcome.decision.name();
    format!("{}\n[{decision}, confiance {:.2}]\n{reasons}", terminal::plain(&reply), outcome.confidence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_line_has_its_own_error_and_the_others_their_answers() {
        let input = b"{\"q\": \"bonjour\"}\n\nno json\n{\"q\": \"\"}\n\xff\n{\"q\": \"bonjour\"}";
        let mut out = Vec::new();
        let code = answer_lines(Engine::carried(), &mut input.as_slice(), &mut out).expect("it goes on");
        assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::from(1)));
        let lines: Vec<Value> = String::from_utf8(out)
            .expect("UTF-8")
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        let decisions: Vec<_> = lines.iter().map(|line| line["decision"].as_str()).collect();
        assert_eq!(decisions, [Some("smalltalk"), None, Some("noanswer"), None, Some("smalltalk")]);
        assert!(lines[1]["error"].is_string());
    }
}
