//! `guichet kb eval FILE`

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use crate::cli::{Common, ask, print, progress};
use crate::eval::{self, Figure, Figures, Report, Run};

#[derive(Args)]
pub(in crate::cli) struct Eval {
    /// Labelled questions: JSON lines of `{"q", "gold": [ids], "ok": [ids], "scope", "style"}`.
    file: PathBuf,
    /// One JSON object instead of a table.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(options: &Eval, common: &Common) -> anyhow::Result<ExitCode> {
    let name = options.file.display();
    let text = std::fs::read_to_string(&options.file).with_context(|| format!("cannot read {name}"))?;
    let questions = eval::parse(&text).with_context(|| format!("{name} is not a file of labelled questions"))?;
    let engine = ask::engine(common)?;
    let bar = progress::bar(questions.len(), "questions");
    let runs: Vec<Run> = questions
        .iter()
        .map(|question| {
            bar.inc(1);
            Run::of(&engine, &question.q)
        })
        .collect::<Result<_, _>>()
        .context("a question cannot be answered")?;
    bar.finish_and_clear();
    let report = eval::score(&questions, &runs);
    if options.json {
        let json = serde_json::to_string(&report).context("the figures cannot be written as JSON")?;
        print(&format!("{json}\n"))?;
    } else {
        print(&table(&report))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn table(report: &Report) -> String {
    let metrics = &report.metrics;
    let mut out = String::from("decisions\n");
    figures(&report.decisions, &mut out);
    out.push_str("ranking, in scope\n");
    figures(&metrics.of_in, &mut out);
    for (style, of_style) in &metrics.in_by_style {
        out.push_str(&format!("ranking, in scope, {style}\n"));
        figures(of_style, &mut out);
    }
    out.push_str("ranking, vague\n");
    figures(&metrics.vague, &mut out);
    out.push_str("ranking, account\n");
    figures(&metrics.account, &mut out);
    out.push_str("first score, in scope against\n");
    for (name, area) in
        [("out + chitchat", metrics.auroc), ("out", metrics.auroc_out), ("account", metrics.auroc_account)]
    {
        if let Some(area) = area {
            out.push_str(&format!("  {name:<16} {area:.3}  (area under the ROC curve)\n"));
        }
    }
    out.push_str("can be answered at a precision, with the best threshold for this file\n");
    for (pool, coverages) in &metrics.coverage {
        let at: Vec<String> = coverages
            .iter()
            .map(|(precision, at)| {
                let threshold = at.threshold.map_or_else(|| "-".to_owned(), |threshold| format!("{threshold:.3}"));
                format!("{precision} %: {:.3} (of those in scope {:.3}, from {threshold})", at.share, at.of_in)
            })
            .collect();
        out.push_str(&format!("  {pool}\n    {}\n", at.join("\n    ")));
    }
    out.push_str("confusions: expected, found, questions\n");
    for confusion in &report.confusions {
        let found = confusion.found.as_deref().unwrap_or("(nothing)");
        out.push_str(&format!("  {} < {found}\n", confusion.expected));
        for question in &confusion.questions {
            out.push_str(&format!("      {question}\n"));
        }
    }
    out.push_str("wrong answers: scope, given, expected\n");
    for wrong in &report.wrong_answers {
        let expected = if wrong.expected.is_empty() { "(none)".to_owned() } else { wrong.expected.join(", ") };
        let given = wrong.given.as_deref().unwrap_or("(nothing)");
        out.push_str(&format!("  {:?}: {given}, not {expected}\n      {}\n", wrong.scope, wrong.question));
    }
    out
}

fn figures(figures: &Figures, out: &mut String) {
    for (name, figure) in figures {
        let Figure { value, low, high, n } = figure;
        out.push_str(&format!("  {name:<16} {value:.3}  [{low:.3}, {high:.3}]  n={n}\n"));
    }
}
