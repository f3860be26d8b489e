//! Whether the database can do its work, and what is wrong when it cannot.

use sqlx::Row;

use super::{Store, StoreError};

/// What is wrong with the database, by what an operator must do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It does not answer, or answers that it cannot now: start it, look at the network.
    Unreachable,
    /// The disk is full: make room.
    Full,
    /// Nothing may be written: look at the disk, or at which server this is.
    ReadOnly,
    /// The disk cannot be written to or read: it is broken, or the system has made it read-only.
    Failing,
    /// What is read is not what was written: restore a backup.
    Damaged,
    /// The log says more.
    Unknown,
}

/// About what a turn writes: on a disk that is nearly full, a few bytes find room for long.
const PROBE_BYTES: usize = 16_000;

impl Store {
    /// Writes something that nobody needs: what can be read may still not be writable.
    pub(crate) async fn probe(&self, now: i64) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO leases (name, holder, lease_until) VALUES ('probe', $1, $2) \
             ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, lease_until = excluded.lease_until",
        )
        .bind("x".repeat(PROBE_BYTES))
        .bind(now)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Reads the whole file of SQLite; what is wrong with it. A server looks after its own files.
    pub(crate) async fn find_damage(&self) -> Result<Option<String>, StoreError> {
        if self.is_shared {
            return Ok(None);
        }
        let row = sqlx::query("PRAGMA quick_check(1)").fetch_one(&self.readers).await?;
        let found: String = row.try_get(0)?;
        Ok((found != "ok").then_some(found))
    }
}

impl StoreError {
    /// What is wrong, as far as the database says it.
    pub(crate) fn trouble(&self) -> Trouble {
        let Self::Database(error) = self else { return Trouble::Unknown };
        match error {
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Tls(_) => {
                Trouble::Unreachable
            }
            sqlx::Error::Database(reason) => reason.code().map_or(Trouble::Unknown, |code| named(&code)),
            _ => Trouble::Unknown,
        }
    }
}

/// PostgreSQL has codes of five characters (SQLSTATE), SQLite numbers, whose lowest byte is the kind.
fn named(code: &str) -> Trouble {
    if code.len() == 5 {
        return match code {
            "53100" => Trouble::Full,
            "25006" => Trouble::ReadOnly,
            "58030" => Trouble::Failing,
            "XX001" | "XX002" => Trouble::Damaged,
            code if code.starts_with("57P") || code.starts_with("08") || code == "53300" => Trouble::Unreachable,
            _ => Trouble::Unknown,
        };
    }
    match code.parse::<u32>().map(|number| number & 0xff) {
        Ok(13) => Trouble::Full,
        Ok(8) => Trouble::ReadOnly,
        Ok(10) => Trouble::Failing,
        Ok(11 | 26) => Trouble::Damaged,
        // Cannot be opened; somebody holds it for longer than it is waited for.
        Ok(5 | 14) => Trouble::Unreachable,
        _ => Trouble::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_confirmed_after_the_database_was_full_is_kept() {
        let dir = tempfile::tempdir().expect("a directory");
        let url = format!("sqlite://{}/a.db", dir.path().display());
        let store = Store::open(&url).await.expect("a store");
        // Two rows in one transaction, as a turn writes several.
        let write = async |key: String| -> Result<(), StoreError> {
            let mut transaction = store.writer.begin().await?;
            for number in 0..2 {
                sqlx::query("INSERT INTO leases (name, holder, lease_until) VALUES ($1, $2, 0)")
                    .bind(format!("{key}-{number}"))
                    .bind("x".repeat(3_000))
                    .execute(&mut *transaction)
                    .await?;
            }
            Ok(transaction.commit().await?)
        };
        // As if the disk ended a few pages after what there is; a new connection knows no such end.
        let row = sqlx::query("PRAGMA page_count").fetch_one(&store.writer).await.expect("it can be asked");
        let pages: i64 = row.try_get(0).expect("a number");
        let limit = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {}", pages + 4));
        sqlx::query(limit).execute(&store.writer).await.expect("it can be set");
        let mut confirmed = 0;
        let full = loop {
            match write(format!("before{confirmed}")).await {
                Ok(()) => confirmed += 1,
                Err(error) => break error,
            }
        };
        assert_eq!(full.trouble(), Trouble::Full, "{full:?}");
        for number in 0..20 {
            // There is room again; the first may still meet the old limit.
            confirmed += usize::from(write(format!("after{number}")).await.is_ok());
        }
        assert!(confirmed >= 20, "{confirmed}");
        let other = Store::open(&url).await.expect("it opens");
        let row = sqlx::query("SELECT COUNT(*) AS count FROM leases").fetch_one(&other.readers).await.expect("a row");
        assert_eq!(row.try_get::<i64, _>("count").expect("a number"), 2 * i64::try_from(confirmed).expect("few"));
    }

    #[test]
    fn codes_of_both_engines_say_what_to_do() {
        let check = |code: &str, expected: Trouble| assert_eq!(named(code), expected, "{code}");
        check("13", Trouble::Full);
        check("8", Trouble::ReadOnly);
        check("1032", Trouble::ReadOnly);
        check("778", Trouble::Failing);
        check("11", Trouble::Damaged);
        check("267", Trouble::Damaged);
        check("26", Trouble::Damaged);
        check("14", Trouble::Unreachable);
        check("1", Trouble::Unknown);
        check("53100", Trouble::Full);
        check("25006", Trouble::ReadOnly);
        check("XX001", Trouble::Damaged);
        check("57P01", Trouble::Unreachable);
        check("08006", Trouble::Unreachable);
        check("42P01", Trouble::Unknown);
        check("", Trouble::Unknown);
    }
}
