//! `guichet`: a French support assistant that answers from a curated FAQ, or says that it does not know.

mod cli;
mod knowledge;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
