//! `guichet index …`

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context;
use clap::Subcommand;
use guichet_index::{Content, Index, Stats};

use super::{Common, progress};
use crate::answer::Engine;
use crate::knowledge;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Builds the index again from the knowledge base.
    Rebuild,
    /// Prints sizes and counts, and how long the index takes to open.
    Stats {
        /// One JSON object instead of text.
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(command: &Command, common: &Common) -> anyhow::Result<ExitCode> {
    let config = common.config()?;
    let knowledge_base = knowledge::load(config.knowledge.dir.as_deref())?.knowledge_base;
    let dir = config.index_dir();
    let begun = Instant::now();
    match command {
        Command::Rebuild => {
            let entries = knowledge_base.public_entries();
            let bar = progress::bar(entries.len(), "index");
            let hash = knowledge_base.content_hash();
            let index = Index::rebuild(&dir, &hash, Content::of(&entries, &knowledge_base), &mut |done| {
                bar.set_position(done as u64);
            })
            .context("the index cannot be built")?;
            bar.finish_and_clear();
            super::print(&format!("{}built in {} ms\n", lines(index.stats()), begun.elapsed().as_millis()))?;
        }
        Command::Stats { json } => {
            let engine = Engine::open(knowledge_base, &dir, &mut |_| {}).context("the index cannot be opened")?;
            let (stats, millis) = (engine.index().stats(), begun.elapsed().as_millis());
            if *json {
                let object = serde_json::json!({
                    "entries": stats.entries,
                    "formulations": stats.formulations,
                    "distinct_terms": stats.distinct_terms,
                    "bytes_on_disk": stats.bytes_on_disk,
                    "schema_version": stats.schema_version,
                    "opened_in_ms": millis,
                });
                super::print(&format!("{object}\n"))?;
            } else {
                super::print(&format!("{}opened in {millis} ms\n", lines(stats)))?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn lines(stats: Stats) -> String {
    format!(
        "{} entries, {} formulations, {} distinct terms\n{} kB on disk, schema {}\n",
        stats.entries,
        stats.formulations,
        stats.distinct_terms,
        stats.bytes_on_disk / 1000,
        stats.schema_version
    )
}
