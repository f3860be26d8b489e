//! `guichet`: a French support assistant that answers from a curated FAQ, or says that it does not know.

mod answer;
mod app;
mod channels;
mod cli;
mod config;
mod conversation;
mod eval;
mod http;
mod knowledge;
mod live;
mod model;
mod policy;
mod reply;
mod store;
mod telemetry;
mod text;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
