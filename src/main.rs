//! `guichet`: a French support assistant that answers from a curated FAQ, or says that it does not know.

mod answer;
mod cli;
mod knowledge;
mod model;
mod policy;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
