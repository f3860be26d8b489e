//! A backup is a SQLite database with the same tables, whatever the engine: what one engine keeps can be restored into the
//! other, and an older backup is brought up to date like an older database.
//!
//! It is read in one transaction: what people say meanwhile is in it whole, or not at all.

mod columns;
mod part;

use std::path::Path;

use anyhow::{Context, bail, ensure};
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Row};

use super::Store;
use columns::Columns;
use part::Part;

/// What is kept, in an order that the references allow. What belongs to one process (leases), to one machine (indexes,
/// which are built again) or to people who must come in anew (their sessions and links) is left out.
const KEPT: [&str; 28] = [
    "conversations",
    "messages",
    "conversation_notes",
    "tickets",
    "ticket_comments",
    "ticket_history",
    "ticket_tags",
    "jobs",
    "inbox",
    "incidents",
    "attachments",
    "visitors",
    "used_tokens",
    "lookups",
    "account_links",
    "places",
    "posts",
    "feedback",
    "staff_accounts",
    "audit_log",
    "revisions",
    "documents",
    "pictures",
    "images",
    "knowledge",
    "publications",
    "turns",
    "settings",
];
/// What is not.
#[cfg(test)]
const LEFT_OUT: [&str; 8] =
    ["leases", "indexes", "staff_sessions", "staff_links", "sign_in_failures", "link_codes", "secrets", "holds"];

/// What a backup says of itself: a table that only backups have.
const MANIFEST: &str =
    "CREATE TABLE backup_manifest (name TEXT PRIMARY KEY, rows BIGINT NOT NULL, digest TEXT NOT NULL)";

/// One table of a backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Copied {
    /// The table.
    pub(crate) name: &'static str,
    /// Its rows.
    pub(crate) rows: i64,
    /// Sum of the hashes of its rows: the order of rows, which engines see differently, does not matter.
    digest: u128,
}

impl Store {
    /// Writes everything to the new file `to`, which only its owner may read. Others may write to the store meanwhile.
    ///
    /// # Errors
    /// When the file exists or cannot be written, or the database fails; then there is no file.
    pub(crate) async fn back_up(&self, to: &Path) -> anyhow::Result<Vec<Copied>> {
        ensure!(!to.exists(), "{} exists: choose another name", to.display());
        let part = Part::new(to)?;
        let copied = self.write_backup(&part.0).await?;
        std::fs::rename(&part.0, to).with_context(|| format!("cannot write {}", to.display()))?;
        Ok(copied)
    }

    async fn write_backup(&self, part: &Path) -> anyhow::Result<Vec<Copied>> {
        let backup = Self::open(&address(part)?).await?;
        // A snapshot: in SQLite from the first reading on.
        let begin = if self.is_shared { "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY" } else { "BEGIN" };
        let mut from = self.readers.begin_with(begin).await.context("the database cannot be read")?;
        let mut to = backup.writer.begin().await?;
        let copied = copy(&mut from, &mut to).await?;
        sqlx::query(MANIFEST).execute(&mut *to).await?;
        for table in &copied {
            sqlx::query("INSERT INTO backup_manifest (name, rows, digest) VALUES ($1, $2, $3)")
                .bind(table.name)
                .bind(table.rows)
                .bind(format!("{:032x}", table.digest))
                .execute(&mut *to)
                .await?;
        }
        to.commit().await?;
        // One file that can be carried away: nothing stays in a log beside it. That takes the last connection.
        backup.readers.close().await;
        sqlx::query("PRAGMA journal_mode = DELETE").execute(&backup.writer).await?;
        backup.close().await;
        std::fs::File::open(part)?.sync_all()?;
        Ok(copied)
    }

    /// Reads the backup `from` into this database, which must be empty, and compares what arrived with what was written.
    ///
    /// # Errors
    /// When the file is no backup, is damaged, or of a later version; when the database holds something. Nothing was
    /// changed then.
    pub(crate) async fn restore(&self, from: &Path) -> anyhow::Result<Vec<Copied>> {
        ensure!(from.is_file(), "there is no file {}", from.display());
        // A copy is brought up to date: a backup is never changed.
        let part = Part::new(from)?;
        std::fs::copy(from, &part.0).with_context(|| format!("cannot read {}", from.display()))?;
        verify(&part.0).await.with_context(|| format!("{} cannot be restored", from.display()))?;
        let backup = Self::open(&address(&part.0)?).await?;
        let mut source = backup.readers.acquire().await?;
        let mut target = self.writer.begin().await?;
        let copied = copy(&mut source, &mut target).await?;
        target.commit().await?;
        drop(source);
        backup.close().await;
        Ok(copied)
    }

    async fn close(self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

fn address(path: &Path) -> anyhow::Result<String> {
    let path = path.to_str().with_context(|| format!("{} is not UTF-8", path.display()))?;
    ensure!(!path.contains(['?', '#', '%']), "the name {path} has a character that addresses of databases do not take");
    Ok(format!("sqlite://{path}"))
}

/// Copies all tables into those of an empty database, and reads again what was written.
async fn copy(from: &mut AnyConnection, to: &mut AnyConnection) -> anyhow::Result<Vec<Copied>> {
    for name in KEPT {
        let rows = count(to, name).await?;
        // A database that has just been made knows that nothing was published yet.
        let is_new = rows == 0 || name == "knowledge" && rows == 1;
        ensure!(is_new, "the database is not empty ({rows} rows in {name}): restore into a new one");
    }
    sqlx::query("DELETE FROM knowledge").execute(&mut *to).await?;
    let mut copied = Vec::new();
    for name in KEPT {
        // One of the two is a backup: the names of columns are those of its own tables.
        let columns = Columns::of(name, from, to).await?;
        let written = columns.copy(from, to).await.with_context(|| format!("the table {name} cannot be copied"))?;
        ensure!(columns.digest(to).await? == written, "the table {name} does not hold what was written to it");
        copied.push(Copied { name, rows: written.0, digest: written.1 });
    }
    Ok(copied)
}

async fn count(connection: &mut AnyConnection, table: &str) -> anyhow::Result<i64> {
    let rows = sqlx::query_scalar(AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}")));
    Ok(rows.fetch_one(connection).await?)
}

/// Whether a backup holds what it says of itself.
async fn verify(path: &Path) -> anyhow::Result<()> {
    let mut backup =
        AnyConnection::connect(&format!("{}?mode=ro", address(path)?)).await.context("it is no database")?;
    let check: String =
        sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(&mut backup).await.context("it is no database")?;
    ensure!(check == "ok", "it is damaged: {check}");
    let manifest = sqlx::query("SELECT name, rows, digest FROM backup_manifest").fetch_all(&mut backup).await;
    for row in manifest.context("it is no backup of guichet")? {
        let (name, rows, digest): (String, i64, String) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        let Some(name) = KEPT.iter().find(|known| **known == name) else {
            bail!("it is of a later version: it has a table {name}")
        };
        let found = Columns::of_sqlite(name, &mut backup).await?.digest(&mut backup).await?;
        ensure!(
            (found.0, format!("{:032x}", found.1)) == (rows, digest),
            "it is damaged: {name} is not what was written"
        );
    }
    backup.close().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_table_is_kept_or_left_out_for_a_reason() {
        let dir = tempfile::tempdir().expect("a directory");
        let store = Store::open(&address(&dir.path().join("a.db")).expect("an address")).await.expect("a store");
        let tables =
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\' ORDER BY name";
        let found: Vec<String> = sqlx::query_scalar(tables).fetch_all(&store.readers).await.expect("names");
        let mut known: Vec<&str> = KEPT.into_iter().chain(LEFT_OUT).collect();
        known.sort_unstable();
        assert_eq!(found, known);
    }
}
