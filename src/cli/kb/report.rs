//! `guichet kb report`

use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use crate::cli::{Common, ask, print};
use crate::curation;
use crate::text;

/// How much of a list is shown at first.
const SHOWN: usize = 12;

#[derive(Args)]
pub(in crate::cli) struct Report {
    /// Whole lists instead of their beginnings.
    #[arg(long)]
    all: bool,
    /// One JSON object, whole, instead of text.
    #[arg(long, conflicts_with = "all")]
    json: bool,
}

pub(super) fn run(options: &Report, common: &Common) -> anyhow::Result<ExitCode> {
    let engine = ask::engine(common)?;
    let report = curation::report::Report::of(&engine).context("the knowledge base cannot be searched")?;
    if options.json {
        let json = serde_json::to_string(&report).context("the report cannot be written as JSON")?;
        print(&format!("{json}\n"))?;
    } else {
        print(&text::curation::report(&report, if options.all { usize::MAX } else { SHOWN }))?;
    }
    Ok(ExitCode::SUCCESS)
}
