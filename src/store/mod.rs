//! Where everything is kept. The only place with SQL: one method = one transaction = one meaning.
//!
//! One SQL text for SQLite and PostgreSQL: ids and JSON are text, times are milliseconds, truth values are 0 and 1,
//! parameters are `$n`, nothing belongs to one engine alone.

mod attachments;
mod audit;
mod backup;
mod channels;
mod comments;
mod condition;
mod conversations;
mod error;
mod external;
mod feedback;
mod forgetting;
mod group;
mod holds;
mod images;
mod inbox;
mod incidents;
mod jobs;
mod live;
mod lookups;
mod person;
mod presence;
mod publications;
mod retention;
mod revisions;
mod secrets;
mod sessions;
mod settings;
mod staff;
mod statistics;
mod tickets;
mod turns;
mod visitors;

#[cfg(test)]
mod contract;

use std::time::Duration;

use anyhow::Context;
use sqlx::any::AnyPoolOptions;
use sqlx::{AnyConnection, AnyPool, Connection};

pub(crate) use backup::Copied;
pub(crate) use condition::Trouble;
pub(crate) use error::StoreError;
use group::Group;
pub(crate) use holds::Hold;
pub(crate) use inbox::{InboxFilter, InboxLine};
pub(crate) use jobs::Claimed;
pub(crate) use live::{LiveFilter, LiveLine};
pub(crate) use retention::Ends;
pub(crate) use revisions::DocumentFilter;
pub(crate) use tickets::{HeldElsewhere, TicketFilter};
pub(crate) use turns::{HOUR_MS, LASTING_MS};

/// Connections that read (SQLite), or that do anything (PostgreSQL).
const READERS: u32 = 8;

/// How long a request waits for a server that does not answer: shorter than the request may take, so that it is told why.
const SERVER_PATIENCE: Duration = Duration::from_secs(5);

/// Write-ahead log: readers and the writer do not wait for each other. A commit is on the disk when it returns (FULL).
/// Another process (a backup, a command) may hold the file for a moment: wait for it. What is removed is overwritten.
const PRAGMAS: [&str; 5] = [
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA busy_timeout = 10000",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
];

/// The database. Cheap to clone.
///
/// SQLite has one writer: all writes go through one connection, so that they wait for each other here and never meet
/// "database is locked"; reads have their own connections and do not wait.
#[derive(Clone)]
pub(crate) struct Store {
    readers: AnyPool,
    writer: AnyPool,
    is_shared: bool,
    /// Writes turns of one moment together (SQLite). PostgreSQL does so itself.
    group: Option<Group>,
}

impl Store {
    /// Opens the database at `url` (made when it is a file that does not exist) and brings its tables up to date.
    ///
    /// # Errors
    /// When the database cannot be reached or is of a later version.
    pub(crate) async fn open(url: &str) -> anyhow::Result<Self> {
        sqlx::any::install_default_drivers();
        let is_sqlite = url.starts_with("sqlite:");
        let url = if is_sqlite && !url.contains('?') { format!("{url}?mode=rwc") } else { url.to_owned() };
        let writers = if is_sqlite { 1 } else { READERS };
        let writer = connect(&url, writers, is_sqlite).await.context("the database cannot be opened: see store.url")?;
        sqlx::migrate!("src/store/migrations")
            .run(&writer)
            .await
            .context("the tables of the database cannot be brought up to date")?;
        let readers = match is_sqlite {
            true => connect(&url, READERS, true).await.context("the database cannot be opened")?,
            false => writer.clone(),
        };
        let group = is_sqlite.then(|| Group::over(writer.clone()));
        Ok(Self { readers, writer, is_shared: !is_sqlite, group })
    }

    /// Whether other machines may use it too.
    pub(crate) fn is_shared(&self) -> bool {
        self.is_shared
    }
}

async fn connect(url: &str, connections: u32, is_sqlite: bool) -> Result<AnyPool, sqlx::Error> {
    let options = AnyPoolOptions::new().max_connections(connections);
    let options = if is_sqlite {
        let options = options.after_release(|connection, _| Box::pin(is_clean(connection)));
        options.after_connect(|connection, _| {
            Box::pin(async move {
                for pragma in PRAGMAS {
                    sqlx::query(pragma).execute(&mut *connection).await?;
                }
                Ok(())
            })
        })
    } else {
        options.acquire_timeout(SERVER_PATIENCE)
    };
    options.connect(url).await
}

/// Whether a connection to SQLite may be used again. SQLite ends the transaction itself when the disk is full or fails; sqlx
/// then counts one that it cannot end, and what is committed later would be part of one that never ends: confirmed, and
/// lost. Such a connection is closed.
async fn is_clean(connection: &mut AnyConnection) -> Result<bool, sqlx::Error> {
    // What was begun to be taken back is taken back before this returns.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("our own values have string keys and no failing serializer")
}

/// Reads JSON of a row of `table`.
fn parse<T: serde::de::DeserializeOwned>(table: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|source| StoreError::Corrupt { table, source })
}

/// The name of a unit variant, as serde writes it.
fn name(value: &impl serde::Serialize) -> String {
    json(value).trim_matches('"').to_owned()
}

/// The unit variant that serde calls `name`.
fn named<T: serde::de::DeserializeOwned>(table: &'static str, name: &str) -> Result<T, StoreError> {
    parse(table, &format!("\"{name}\""))
}
