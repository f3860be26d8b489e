//! `guichet completions` and `guichet man`: what packages install, from the same definitions as the command line itself.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::Cli;

#[derive(Args)]
pub(super) struct Completions {
    /// For which shell.
    shell: Shell,
}

#[derive(Args)]
pub(super) struct Man {
    /// Directory to write to; it is made.
    dir: PathBuf,
}

/// Prints a script that completes commands and options.
pub(super) fn complete(completions: &Completions) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(completions.shell, &mut Cli::command(), "guichet", &mut script);
    super::print(&String::from_utf8(script).context("the script is text")?)?;
    Ok(ExitCode::SUCCESS)
}

/// Writes one page for the program and one for each command.
pub(super) fn write_pages(man: &Man) -> anyhow::Result<ExitCode> {
    let cannot = || format!("the pages cannot be written to {}", man.dir.display());
    std::fs::create_dir_all(&man.dir).with_context(cannot)?;
    clap_mangen::generate_to(Cli::command(), &man.dir).with_context(cannot)?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_page_and_is_completed() {
        Cli::command().debug_assert();
        let dir = tempfile::tempdir().expect("a directory");
        write_pages(&Man { dir: dir.path().to_owned() }).expect("they are written");
        let mut script = Vec::new();
        clap_complete::generate(Shell::Bash, &mut Cli::command(), "guichet", &mut script);
        let script = String::from_utf8(script).expect("text");
        for command in Cli::command().get_subcommands().filter(|command| !command.is_hide_set()) {
            let name = command.get_name();
            assert!(dir.path().join(format!("guichet-{name}.1")).exists(), "{name}");
            assert!(script.contains(name), "{name}");
        }
        let page = std::fs::read_to_string(dir.path().join("guichet.1")).expect("the page of the program");
        assert!(page.contains(".TH guichet 1"), "{page}");
    }
}
