//! The command line. Exit code 0: ok; 1: findings; 2: usage or environment.

mod ask;
mod kb;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

/// A French support assistant: right or silent.
#[derive(Parser)]
#[command(name = "guichet", version, about)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// Options that every command takes.
#[derive(Args)]
struct Common {
    /// Directory of the knowledge base; by default the one that the binary carries.
    #[arg(long, global = true, value_name = "DIR", env = "GUICHET_KB")]
    kb: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Answers a question in the terminal, with its source and the reasons.
    Ask(ask::Ask),
    /// Works on the knowledge base.
    #[command(subcommand)]
    Kb(kb::Command),
}

/// Reads the arguments and runs the command.
pub(crate) fn run() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match cli.command {
        Command::Ask(ask) => ask::run(&ask, &cli.common),
        Command::Kb(command) => kb::run(&command, &cli.common),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("guichet: {error:#}");
            ExitCode::from(2)
        }
    }
}
