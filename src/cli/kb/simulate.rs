//! `guichet kb simulate`

use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::cli::{Common, print};
use crate::knowledge;
use crate::simulation::{Simulated, simulate};
use crate::text::dates;

#[derive(Args)]
pub(in crate::cli) struct Simulate {
    /// Id of the entry.
    entry: String,
    /// A day on which to look (YYYY-MM-DD); several may be given; today by default.
    #[arg(long, value_name = "DATE")]
    today: Vec<Date>,
    /// JSON instead of text.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(wanted: &Simulate, common: &Common) -> anyhow::Result<ExitCode> {
    let loaded = knowledge::load(common.kb.as_deref())?;
    let knowledge_base = &loaded.knowledge_base;
    let entry = knowledge_base.entry(&wanted.entry).context("there is no such entry")?;
    let today = [dates::day(Timestamp::now())];
    let days = if wanted.today.is_empty() { &today[..] } else { &wanted.today };
    let texts = simulate(entry, knowledge_base, days)?;
    if wanted.json {
        print(&format!("{}\n", serde_json::to_string_pretty(&texts).context("the texts as JSON")?))?;
    } else {
        print(&table(&texts))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn table(texts: &[Simulated]) -> String {
    let mut out = String::new();
    for (number, Simulated { cases, text, .. }) in texts.iter().enumerate() {
        out.push_str(&format!("── {} ──\n", number + 1));
        for case in cases {
            out.push_str(&format!("{} | {} | {}\n", case.today, case.state, case.product));
        }
        out.push_str(&format!("\n{}\n\n", text.trim_end()));
    }
    out
}
