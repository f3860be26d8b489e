//! `guichet staff …`

use std::process::ExitCode;

use anyhow::Context;
use clap::Subcommand;

use super::Common;
use crate::model::{EmailAddress, Role};
use crate::staff::{Door, DoorError};
use crate::store::Store;

/// Who invites, as the audit log says it.
const OPERATOR: &str = "guichet staff";

#[derive(Subcommand)]
pub(super) enum Command {
    /// Invites somebody; prints the link by which that person chooses a password. With an address that is known: a link
    /// to choose a new password.
    Add {
        /// The address that is typed to sign in.
        email: EmailAddress,
        /// As colleagues and partners see it.
        #[arg(long)]
        name: String,
        /// reader, agent, curator, reviewer or admin.
        #[arg(long, default_value = "agent")]
        role: Role,
    },
    /// Sends somebody away: all sessions end at once.
    Remove {
        /// The address that is typed to sign in.
        email: EmailAddress,
    },
    /// Lists who may sign in.
    List,
}

pub(super) fn run(command: Command, common: &Common) -> anyhow::Result<ExitCode> {
    let config = common.config()?;
    super::runtime()?.block_on(async {
        let store = Store::open(&config.store_url()).await?;
        let door = Door::new(store.clone(), config.console.clone());
        let now = jiff::Timestamp::now().as_millisecond();
        match command {
            Command::Add { email, name, role } => {
                let secret = match door.invite(&name, &email, role, OPERATOR, now).await {
                    Err(DoorError::Taken) => {
                        let account = store.find_account(&email).await?.context("the account was removed meanwhile")?;
                        door.renew(&account, OPERATOR, now).await?
                    }
                    invited => invited?,
                };
                super::print(&format!("/console/acces?jeton={secret}\n"))?;
            }
            Command::Remove { email } => {
                let Some(account) = store.find_account(&email).await? else {
                    eprintln!("guichet: nobody has the address {}", email.as_str());
                    return Ok(ExitCode::FAILURE);
                };
                door.remove(&account, OPERATOR, now).await?;
            }
            Command::List => {
                for account in store.list_accounts().await? {
                    let state = match (&account.external, account.has_entered()) {
                        (Some(_), _) => "\tfrom the provider",
                        (None, true) => "",
                        (None, false) => "\tinvited",
                    };
                    let (email, name, role) = (account.email.as_str(), &account.name, account.role.name());
                    super::print(&format!("{email}\t{name}\t{role}{state}\n"))?;
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}
