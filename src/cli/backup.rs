//! `guichet backup` and `guichet restore`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::Common;
use crate::store::{Copied, Store};

#[derive(Args)]
pub(super) struct Backup {
    /// The file to write; it must not exist. The service may be running.
    file: PathBuf,
}

#[derive(Args)]
pub(super) struct Restore {
    /// A file that `guichet backup` wrote.
    file: PathBuf,
}

pub(super) fn back_up(backup: &Backup, common: &Common) -> anyhow::Result<ExitCode> {
    super::runtime()?.block_on(async {
        let store = Store::open(&common.config()?.store_url()).await?;
        print(&store.back_up(&backup.file).await?)
    })
}

pub(super) fn restore(restore: &Restore, common: &Common) -> anyhow::Result<ExitCode> {
    super::runtime()?.block_on(async {
        let store = Store::open(&common.config()?.store_url()).await?;
        print(&store.restore(&restore.file).await?)
    })
}

fn print(copied: &[Copied]) -> anyhow::Result<ExitCode> {
    for table in copied.iter().filter(|table| table.rows > 0) {
        super::print(&format!("{:>10}  {}\n", table.rows, table.name))?;
    }
    super::print(&format!("{:>10}  rows, all as they were\n", copied.iter().map(|table| table.rows).sum::<i64>()))?;
    Ok(ExitCode::SUCCESS)
}
