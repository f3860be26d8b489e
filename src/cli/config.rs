//! `guichet config …`

use std::process::ExitCode;

use clap::Subcommand;

use super::Common;
use crate::config;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Prints the settings in force as TOML.
    Print {
        /// Prints the manual instead: every setting with its default and what it means.
        #[arg(long)]
        default: bool,
    },
}

pub(super) fn run(command: &Command, common: &Common) -> anyhow::Result<ExitCode> {
    let Command::Print { default } = command;
    if *default {
        super::print(config::DEFAULT)?;
    } else {
        super::print(&common.config()?.to_toml()?)?;
    }
    Ok(ExitCode::SUCCESS)
}
