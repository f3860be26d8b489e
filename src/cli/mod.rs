//! The command line. Exit code 0: ok; 1: findings; 2: usage or environment.

mod ask;
mod backup;
mod chat;
mod config;
mod health;
mod index;
mod kb;
mod manual;
mod person;
mod portal_demo;
mod progress;
mod serve;
mod staff;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Parser, Subcommand};

use crate::config::{Config, Overrides};

/// A French support assistant: right or silent. Without a command, it serves.
#[derive(Parser)]
#[command(name = "guichet", version, about)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Options that every command takes.
#[derive(Args)]
struct Common {
    /// Configuration file; `guichet config print --default` shows what may stand in it.
    #[arg(long, global = true, value_name = "FILE", env = "GUICHET_CONFIG")]
    config: Option<PathBuf>,
    /// Directory of the knowledge base; by default the one that the binary carries.
    #[arg(long, global = true, value_name = "DIR", env = "GUICHET_KB")]
    kb: Option<PathBuf>,
    /// Directory for the database and the index.
    #[arg(long, global = true, value_name = "DIR", env = "GUICHET_DATA_DIR")]
    data_dir: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the chat and its API (the default).
    Serve(serve::Serve),
    /// Answers a question in the terminal, with its source and the reasons.
    Ask(ask::Ask),
    /// A conversation in the terminal, kept like those of the web chat.
    Chat(chat::Chat),
    /// Works on the knowledge base.
    #[command(subcommand)]
    Kb(kb::Command),
    /// Works on the index.
    #[command(subcommand)]
    Index(index::Command),
    /// Lets people of the staff in.
    #[command(subcommand)]
    Staff(staff::Command),
    /// Finds, hands out or removes what is kept of one person (GDPR).
    #[command(subcommand)]
    Person(person::Command),
    /// Writes everything that the database holds to a file, while the service goes on.
    Backup(backup::Backup),
    /// Reads a backup into a new database, of either engine.
    Restore(backup::Restore),
    /// Shows the settings.
    #[command(subcommand)]
    Config(config::Command),
    /// Serves an invented partner portal, for trying and for tests.
    PortalDemo(portal_demo::PortalDemo),
    /// Asks a running service whether it is ready; exit code 1 when it is not.
    Health(health::Health),
    /// Prints a script with which a shell completes commands and options.
    Completions(manual::Completions),
    /// Writes the manual pages of all commands.
    Man(manual::Man),
}

/// Reads the arguments and runs the command.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let common = &cli.common;
    let outcome = match cli.command.unwrap_or_else(|| Command::Serve(serve::Serve::default())) {
        Command::Serve(serve) => serve::run(&serve, common),
        Command::Ask(ask) => ask::run(&ask, common),
        Command::Chat(chat) => chat::run(&chat, common),
        Command::Kb(command) => kb::run(&command, common),
        Command::Index(command) => index::run(&command, common),
        Command::Staff(command) => staff::run(command, common),
        Command::Person(command) => person::run(&command, common),
        Command::Backup(backup) => backup::back_up(&backup, common),
        Command::Restore(backup) => backup::restore(&backup, common),
        Command::Config(command) => config::run(&command, common),
        Command::PortalDemo(demo) => portal_demo::run(&demo, common),
        Command::Health(health) => health::run(&health),
        Command::Completions(completions) => manual::complete(&completions),
        Command::Man(man) => manual::write_pages(&man),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("guichet: {error:#}");
            ExitCode::from(2)
        }
    }
}

impl Common {
    /// The settings in force.
    fn config(&self) -> anyhow::Result<Config> {
        self.config_with(None)
    }

    fn config_with(&self, listen: Option<std::net::SocketAddr>) -> anyhow::Result<Config> {
        let overrides = Overrides { data_dir: self.data_dir.as_deref(), knowledge_dir: self.kb.as_deref(), listen };
        Config::load(self.config.as_deref(), &overrides)
    }
}

/// A runtime for the commands that wait for the network or the database.
fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("the runtime cannot be started")
}

fn print(text: &str) -> anyhow::Result<()> {
    std::io::stdout().write_all(text.as_bytes()).context("cannot write to the standard output")
}
