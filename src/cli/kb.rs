//! `guichet kb …`

use std::process::ExitCode;

use anyhow::Context;
use clap::Subcommand;
use guichet_kb::check;

use super::Common;
use crate::knowledge;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Validates entries, references, near duplicates and review dates; exit code 1 when there is an error.
    Check {
        /// The day for review dates (YYYY-MM-DD); today by default.
        #[arg(long, value_name = "DATE")]
        today: Option<jiff::civil::Date>,
    },
}

pub(super) fn run(command: &Command, common: &Common) -> anyhow::Result<ExitCode> {
    match command {
        Command::Check { today } => {
            let loaded = knowledge::load(common.kb.as_deref())?;
            let today = today.unwrap_or_else(|| jiff::ZonedDateTime::now().date());
            let found = check::run(&loaded, today);
            let errors = found.iter().filter(|finding| finding.is_error()).count();
            let mut report: String = found.iter().map(|finding| format!("{finding}\n")).collect();
            report.push_str(&format!(
                "{} entries: {errors} errors, {} warnings\n",
                loaded.knowledge_base.entries.len(),
                found.len() - errors,
            ));
            std::io::Write::write_all(&mut std::io::stdout(), report.as_bytes()).context("cannot write the report")?;
            Ok(if errors == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
        }
    }
}
