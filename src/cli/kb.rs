//! `guichet kb …`

mod eval;
mod import;
mod questions;
mod report;
mod simulate;
mod stored;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Subcommand, ValueEnum};
use guichet_kb::{Diagnostic, Loaded, check, export};

use super::{Common, ask, print};
use crate::knowledge;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Validates entries, references, near duplicates, review dates and runs all check questions; exit code 1 when there
    /// is an error.
    Check {
        /// The day for review dates (YYYY-MM-DD); today by default.
        #[arg(long, value_name = "DATE")]
        today: Option<jiff::civil::Date>,
    },
    /// Makes a knowledge base of a FAQ: the text of a page (.txt), .csv, .tsv, .xlsx, .ods or .json.
    Import(import::Import),
    /// Says in French what deserves a curator's look: entries that take each other's questions, contradictions, entries
    /// that are hard to find, twins.
    Report(report::Report),
    /// Scores the engine on labelled questions.
    Eval(eval::Eval),
    /// Shows what a composed entry says: each state of a contract, each product, on given days.
    Simulate(simulate::Simulate),
    /// Writes all entries to the standard output, or as Markdown files with the images that they show.
    Export {
        /// How to write them.
        #[arg(long, value_enum, default_value = "json")]
        format: Format,
        /// Directory for Markdown files.
        #[arg(long, value_name = "DIR", required_if_eq("format", "markdown"), required_if_eq("stored", "true"))]
        to: Option<PathBuf>,
        /// What the service has in force (entries, orientations, synonyms, small talk, contacts, images), file by file, as it was
        /// saved in the console or read from files.
        #[arg(long, conflicts_with = "format")]
        stored: bool,
    },
    /// Brings what has changed in the files into the store of the service; exit code 1 when file and console changed the
    /// same thing. The service does it by itself when it starts.
    Sync,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Format {
    Json,
    Csv,
    Tsv,
    Markdown,
}

pub(super) fn run(command: &Command, common: &Common) -> anyhow::Result<ExitCode> {
    match command {
        Command::Check { today } => {
            let config = common.config()?;
            let loaded = knowledge::load(config.knowledge.dir.as_deref())?;
            let today = today.unwrap_or_else(|| jiff::ZonedDateTime::now().date());
            let mut found = check::run(&loaded, today);
            let engine = ask::indexed(loaded.knowledge_base.clone(), &config)?;
            found.extend(questions::run(&loaded, &engine)?);
            print(&format!("{}{} entries: {}\n", lines(&found), loaded.knowledge_base.entries.len(), summary(&found)))?;
            Ok(exit_code(&found))
        }
        Command::Import(import) => import::run(import),
        Command::Report(report) => report::run(report, common),
        Command::Simulate(simulate) => simulate::run(simulate, common),
        Command::Eval(eval) => eval::run(eval, common),
        Command::Sync => stored::sync(common),
        Command::Export { stored: true, to, .. } => {
            stored::export(common, to.as_deref().context("name a directory with --to")?)
        }
        Command::Export { format, to, .. } => {
            let files = knowledge::files(common.kb.as_deref())?;
            let loaded = Loaded::from_files(&files);
            let entries = &loaded.knowledge_base.entries;
            match format {
                Format::Json => print(&export::json(entries))?,
                Format::Csv => print(&export::table::export(entries, b','))?,
                Format::Tsv => print(&export::table::export(entries, b'\t'))?,
                Format::Markdown => {
                    let to = to.as_deref().context("name a directory with --to")?;
                    import::write(to, entries, export::images(entries, files), true)?;
                }
            }
            eprint!("{}", lines(&loaded.diagnostics));
            Ok(exit_code(&loaded.diagnostics))
        }
    }
}

fn lines(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(|diagnostic| format!("{diagnostic}\n")).collect()
}

fn summary(diagnostics: &[Diagnostic]) -> String {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
    format!("{errors} errors, {} warnings", diagnostics.len() - errors)
}

fn exit_code(diagnostics: &[Diagnostic]) -> ExitCode {
    if diagnostics.iter().any(Diagnostic::is_error) { ExitCode::from(1) } else { ExitCode::SUCCESS }
}
