//! `guichet person …`: what the law gives people, as commands.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::{Args, Subcommand};
use guichet_bots::Account;

use super::Common;
use crate::model::{Elsewhere, EmailAddress, KnownAs, Person, UserId};
use crate::privacy::{self, Known};
use crate::store::Store;

/// Who asks, as the audit log says it.
const OPERATOR: &str = "guichet person";

#[derive(Subcommand)]
pub(super) enum Command {
    /// Says what is kept of a person: how much in which table, and where else.
    Find(KnownBy),
    /// Writes all that is kept of a person to a file, as JSON.
    Export {
        #[command(flatten)]
        known_by: KnownBy,
        /// The file to write; it must not exist.
        #[arg(long, short, value_name = "FILE")]
        output: PathBuf,
    },
    /// Removes what is kept of a person; what figures need is made anonymous. Requests that are not solved stay, and are named.
    Erase {
        #[command(flatten)]
        known_by: KnownBy,
        /// Says what would be done, and changes nothing.
        #[arg(long)]
        dry_run: bool,
    },
}

/// By what the person is known; all that is given is one person.
#[derive(Args)]
pub(super) struct KnownBy {
    /// An address that requests were asked for with.
    #[arg(long)]
    email: Vec<EmailAddress>,
    /// A user of the portal, by the id there.
    #[arg(long)]
    user: Vec<UserId>,
    /// A conversation, by its id.
    #[arg(long)]
    conversation: Vec<String>,
    /// An account of another channel, as discord:1234.
    #[arg(long, value_parser = account)]
    account: Vec<Account>,
}

fn account(text: &str) -> Result<Account, String> {
    Person::account(text).ok_or_else(|| "an account is written as discord:1234".to_owned())
}

impl KnownBy {
    fn person(&self) -> anyhow::Result<Person> {
        let person = Person {
            emails: self.email.clone(),
            users: self.user.clone(),
            conversations: self.conversation.clone(),
            accounts: self.account.clone(),
        };
        ensure!(!person.is_nobody(), "say who: --email, --user, --conversation or --account");
        Ok(person)
    }
}

pub(super) fn run(command: &Command, common: &Common) -> anyhow::Result<ExitCode> {
    let config = common.config()?;
    super::runtime()?.block_on(async {
        let now = jiff::Timestamp::now().as_millisecond();
        let (Command::Find(known_by) | Command::Export { known_by, .. } | Command::Erase { known_by, .. }) = command;
        let person = known_by.person()?;
        let store = Store::open(&config.store_url()).await?;
        match command {
            Command::Find(_) => print(&privacy::find(&store, &config, &person).await?, ""),
            Command::Export { output, .. } => {
                // Before anything is read and logged: a file that exists is somebody's.
                let mut file = std::fs::OpenOptions::new()
                    .write(true)
                    .create_new(true)
                    .mode(0o600)
                    .open(output)
                    .with_context(|| format!("cannot write {}", output.display()))?;
                let (known, written) = privacy::export(&store, &config, &person, OPERATOR, now).await?;
                let text = serde_json::to_string_pretty(&written).context("the export is JSON")?;
                let told = format!("cannot write {}", output.display());
                file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).context(told)?;
                print(&known, "")
            }
            Command::Erase { dry_run, .. } => {
                let known = privacy::erase(&store, &config, &person, OPERATOR, now, *dry_run).await?;
                print(&known, if *dry_run { "a trial: nothing was changed" } else { "done" })
            }
        }
    })
}

fn print(known: &Known, done: &str) -> anyhow::Result<ExitCode> {
    if known.is_empty() {
        super::print("nothing is kept of this person\n")?;
        return Ok(ExitCode::FAILURE);
    }
    let report = &known.report;
    super::print("     found   removed anonymous      kept  table\n")?;
    for it in &report.tables {
        let line = format!("{:>10}{:>10}{:>10}{:>10}  {}\n", it.found, it.removed, it.anonymised, it.kept, it.table);
        super::print(&line)?;
    }
    super::print(&format!("{:>10}  texts of others that name the address (replaced there)\n", report.mentions))?;
    super::print(&format!("{:>10}  mails that were written as files\n", known.mail_files.len()))?;
    for it in &report.elsewhere {
        super::print(&format!("see to it: {}\n", told(it)))?;
    }
    if !done.is_empty() {
        super::print(&format!("{done}\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn told(elsewhere: &Elsewhere) -> String {
    match elsewhere {
        Elsewhere::OpenTicket { reference } => {
            format!("request {reference} is not solved: it stays, with its conversation; solve or close it, then again")
        }
        Elsewhere::OtherDesk { reference, id } => format!("the desk outside has request {reference} as {id}"),
        Elsewhere::Posts { platform, place, messages } => {
            format!("messages on {platform}, in {place}: {}", messages.join(", "))
        }
        Elsewhere::AlsoKnownAs { name, value } => {
            let option = match name {
                KnownAs::Email => "--email",
                KnownAs::User => "--user",
                KnownAs::Account => "--account",
            };
            format!("what was found is of `{option} {value}` too: if this is the same person, give both")
        }
        Elsewhere::Staff => "somebody of the staff has this address: `guichet staff remove`".to_owned(),
        Elsewhere::Document { document, revision } => {
            format!("revision {revision} of document {document} quotes the person")
        }
    }
}
