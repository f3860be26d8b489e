//! Tables of which only the name is known: what they hold, written to another database, and hashed.

use anyhow::{bail, ensure};
use futures_util::TryStreamExt;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row};

/// What a column holds.
#[derive(Debug, Clone, Copy)]
enum Holds {
    Text,
    Number,
    Bytes,
}

/// The columns of a table.
pub(super) struct Columns {
    table: &'static str,
    columns: Vec<(String, Holds)>,
}

impl Columns {
    /// Of the one of both that is SQLite.
    pub(super) async fn of(
        table: &'static str,
        one: &mut AnyConnection,
        other: &mut AnyConnection,
    ) -> anyhow::Result<Self> {
        if one.backend_name() == "SQLite" {
            Self::of_sqlite(table, one).await
        } else {
            Self::of_sqlite(table, other).await
        }
    }

    /// Of a table of SQLite, as it was declared.
    pub(super) async fn of_sqlite(table: &'static str, connection: &mut AnyConnection) -> anyhow::Result<Self> {
        let rows = sqlx::query("SELECT name, type FROM pragma_table_info($1) ORDER BY cid")
            .bind(table)
            .fetch_all(connection)
            .await?;
        let mut columns = Vec::new();
        for row in rows {
            let (name, declared): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            let holds = match declared.as_str() {
                "TEXT" => Holds::Text,
                "BIGINT" => Holds::Number,
                "BYTEA" => Holds::Bytes,
                other => bail!("{table}.{name} is declared as {other}, which no backup knows"),
            };
            columns.push((name, holds));
        }
        ensure!(!columns.is_empty(), "there is no table {table}");
        Ok(Self { table, columns })
    }

    fn names(&self) -> String {
        self.columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn select(&self) -> AssertSqlSafe<String> {
        AssertSqlSafe(format!("SELECT {} FROM {}", self.names(), self.table))
    }

    /// How many rows there are, and what they add up to.
    pub(super) async fn digest(&self, connection: &mut AnyConnection) -> anyhow::Result<(i64, u128)> {
        let mut rows = sqlx::query(self.select()).fetch(connection);
        let mut sum = (0, 0_u128);
        while let Some(row) = rows.try_next().await? {
            sum = (sum.0 + 1, sum.1.wrapping_add(hash(&self.values(&row)?)));
        }
        Ok(sum)
    }

    /// Writes all rows of `from` to `to`; the same of what was read.
    pub(super) async fn copy(&self, from: &mut AnyConnection, to: &mut AnyConnection) -> anyhow::Result<(i64, u128)> {
        let places: Vec<String> = (1..=self.columns.len()).map(|place| format!("${place}")).collect();
        let insert = format!("INSERT INTO {} ({}) VALUES ({})", self.table, self.names(), places.join(", "));
        let mut rows = sqlx::query(self.select()).fetch(from);
        let mut sum = (0, 0_u128);
        while let Some(row) = rows.try_next().await? {
            let values = self.values(&row)?;
            sum = (sum.0 + 1, sum.1.wrapping_add(hash(&values)));
            let insert = sqlx::query(AssertSqlSafe(insert.clone()));
            let filled = values.into_iter().fold(insert, |insert, value| match value {
                Value::Text(text) => insert.bind(text),
                Value::Number(number) => insert.bind(number),
                Value::Bytes(bytes) => insert.bind(bytes),
            });
            filled.execute(&mut *to).await?;
        }
        Ok(sum)
    }

    fn values(&self, row: &AnyRow) -> Result<Vec<Value>, sqlx::Error> {
        let value = |(at, (_, holds)): (usize, &(String, Holds))| match holds {
            Holds::Text => row.try_get(at).map(Value::Text),
            Holds::Number => row.try_get(at).map(Value::Number),
            Holds::Bytes => row.try_get(at).map(Value::Bytes),
        };
        self.columns.iter().enumerate().map(value).collect()
    }
}

/// What stands in a row under a column.
enum Value {
    Text(Option<String>),
    Number(Option<i64>),
    Bytes(Option<Vec<u8>>),
}

/// Of a row: each value with its length, so that no two rows are written alike.
fn hash(values: &[Value]) -> u128 {
    let mut hasher = blake3::Hasher::new();
    let mut add = |bytes: Option<&[u8]>| {
        let length = bytes.map_or(u64::MAX, |bytes| bytes.len() as u64);
        hasher.update(&length.to_le_bytes()).update(bytes.unwrap_or_default());
    };
    for value in values {
        match value {
            Value::Text(text) => add(text.as_ref().map(String::as_bytes)),
            Value::Number(number) => add(number.map(i64::to_le_bytes).as_ref().map(<[u8; 8]>::as_slice)),
            Value::Bytes(bytes) => add(bytes.as_deref()),
        }
    }
    let hash: [u8; 16] = hasher.finalize().as_bytes()[..16].try_into().expect("a hash has 32 bytes");
    u128::from_le_bytes(hash)
}
