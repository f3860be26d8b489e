//! The store in SQL that SQLite and PostgreSQL both understand.
//!
//! SQLite has one writer: all writes go through one connection, so that they wait for each other here and never meet
//! "database is locked"; reads have their own connections and do not wait (WAL).

use anyhow::Context;
use async_trait::async_trait;
use sqlx::any::{AnyPoolOptions, AnyRow};
use sqlx::{AnyPool, Row};

use super::{Store, StoreError};
use crate::model::{Commit, Conversation, Message, Said};

const READERS: u32 = 4;

/// Write-ahead log: readers and the writer do not wait for each other. A commit is on the disk when it returns (FULL).
/// Another process (a backup, a command) may hold the file for a moment: wait for it.
const PRAGMAS: [&str; 4] = [
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA busy_timeout = 10000",
    "PRAGMA foreign_keys = ON",
];

/// A store in a SQL database.
pub(crate) struct SqlStore {
    readers: AnyPool,
    writer: AnyPool,
}

impl SqlStore {
    /// Opens the database at `url` (made when it is a file that does not exist) and brings its tables up to date.
    ///
    /// # Errors
    /// When the database cannot be reached or is of a later version.
    pub(crate) async fn open(url: &str) -> anyhow::Result<Self> {
        sqlx::any::install_default_drivers();
        let url = if url.contains('?') { url.to_owned() } else { format!("{url}?mode=rwc") };
        let writer = connect(&url, 1).await.context("the database cannot be opened: see store.url")?;
        sqlx::migrate!("src/store/migrations")
            .run(&writer)
            .await
            .context("the tables of the database cannot be brought up to date")?;
        let readers = connect(&url, READERS).await.context("the database cannot be opened")?;
        Ok(Self { readers, writer })
    }
}

async fn connect(url: &str, connections: u32) -> Result<AnyPool, sqlx::Error> {
    AnyPoolOptions::new()
        .max_connections(connections)
        .after_connect(|connection, _| {
            Box::pin(async move {
                for pragma in PRAGMAS {
                    sqlx::query(pragma).execute(&mut *connection).await?;
                }
                Ok(())
            })
        })
        .connect(url)
        .await
}

#[async_trait]
impl Store for SqlStore {
    async fn create_conversation(&self, conversation: &Conversation) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO conversations (id, token_hash, channel, state, last_message, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $6)",
        )
        .bind(&conversation.id)
        .bind(&conversation.token_hash)
        .bind(&conversation.channel)
        .bind(json(&conversation.state))
        .bind(conversation.last_message)
        .bind(conversation.created_at)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    async fn find_conversation(&self, id: &str) -> Result<Option<Conversation>, StoreError> {
        let row = sqlx::query(
            "SELECT id, token_hash, channel, state, last_message, created_at FROM conversations WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(conversation).transpose()
    }

    async fn list_messages(&self, conversation: &str) -> Result<Vec<Message>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, number, text, reply, sent_at FROM messages WHERE conversation_id = $1 ORDER BY number",
        )
        .bind(conversation)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(message).collect()
    }

    async fn commit_turn(&self, commit: &Commit) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        let last = commit.messages.last().map_or(commit.seen, |message| message.number);
        let updated = sqlx::query(
            "UPDATE conversations SET state = $1, last_message = $2, updated_at = $3 \
             WHERE id = $4 AND last_message = $5",
        )
        .bind(json(&commit.state))
        .bind(last)
        .bind(commit.at)
        .bind(&commit.conversation)
        .bind(commit.seen)
        .execute(&mut *transaction)
        .await?;
        if updated.rows_affected() == 0 {
            return Err(StoreError::Conflict);
        }
        for message in &commit.messages {
            let (author, text, reply) = match &message.said {
                Said::Visitor(text) => ("visitor", Some(text.clone()), None),
                Said::Assistant(reply) => ("assistant", None, Some(json(reply))),
            };
            sqlx::query(
                "INSERT INTO messages (id, conversation_id, number, author, text, reply, sent_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(&message.id)
            .bind(&commit.conversation)
            .bind(message.number)
            .bind(author)
            .bind(text)
            .bind(reply)
            .bind(message.sent_at)
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.readers).await?;
        Ok(())
    }
}

fn conversation(row: &AnyRow) -> Result<Conversation, StoreError> {
    let state: String = row.try_get("state")?;
    Ok(Conversation {
        id: row.try_get("id")?,
        token_hash: row.try_get("token_hash")?,
        channel: row.try_get("channel")?,
        state: serde_json::from_str(&state).map_err(corrupt("conversations"))?,
        last_message: row.try_get("last_message")?,
        created_at: row.try_get("created_at")?,
    })
}

fn message(row: &AnyRow) -> Result<Message, StoreError> {
    let said = match row.try_get::<Option<String>, _>("reply")? {
        Some(reply) => Said::Assistant(serde_json::from_str(&reply).map_err(corrupt("messages"))?),
        None => Said::Visitor(row.try_get("text")?),
    };
    Ok(Message { id: row.try_get("id")?, number: row.try_get("number")?, said, sent_at: row.try_get("sent_at")? })
}

fn corrupt(table: &'static str) -> impl Fn(serde_json::Error) -> StoreError {
    move |source| StoreError::Corrupt { table, source }
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("our own values have string keys and no failing serializer")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::State;

    async fn store(dir: &std::path::Path) -> SqlStore {
        SqlStore::open(&format!("sqlite://{}/t.db", dir.display())).await.expect("the store opens")
    }

    fn conversation() -> Conversation {
        Conversation {
            id: "c1".into(),
            token_hash: "h".into(),
            channel: "web".into(),
            state: State::default(),
            last_message: 0,
            created_at: 1,
        }
    }

    fn commit(seen: i64, text: &str) -> Commit {
        let message = |number: i64, said| Message { id: format!("{text}{number}"), number, said, sent_at: 2 };
        Commit {
            conversation: "c1".into(),
            seen,
            state: State { offered: vec!["a-b".parse().expect("an id")], last_entry: None },
            messages: vec![message(seen + 1, Said::Visitor(text.into()))],
            at: 2,
        }
    }

    #[tokio::test]
    async fn what_is_committed_is_there_after_a_restart() {
        let dir = tempfile::tempdir().expect("a directory");
        {
            let store = store(dir.path()).await;
            store.create_conversation(&conversation()).await.expect("it is kept");
            store.commit_turn(&commit(0, "bonjour")).await.expect("it is kept");
        }
        let store = store(dir.path()).await;
        let found = store.find_conversation("c1").await.expect("it can be read").expect("it is there");
        assert_eq!((found.last_message, found.state.offered.len()), (1, 1));
        let messages = store.list_messages("c1").await.expect("they can be read");
        assert_eq!(messages[0].said, Said::Visitor("bonjour".into()));
        assert_eq!(store.find_conversation("c2").await.expect("it can be read"), None);
    }

    #[tokio::test]
    async fn of_two_turns_at_once_one_is_told_to_begin_again() {
        let dir = tempfile::tempdir().expect("a directory");
        let store = store(dir.path()).await;
        store.create_conversation(&conversation()).await.expect("it is kept");
        store.commit_turn(&commit(0, "un")).await.expect("it is kept");
        assert!(matches!(store.commit_turn(&commit(0, "deux")).await, Err(StoreError::Conflict)));
        assert_eq!(store.list_messages("c1").await.expect("they can be read").len(), 1);
    }

    #[tokio::test]
    async fn many_writers_never_meet_a_locked_database() {
        let dir = tempfile::tempdir().expect("a directory");
        let store = std::sync::Arc::new(store(dir.path()).await);
        let tasks: Vec<_> = (0..50)
            .map(|number| {
                let store = std::sync::Arc::clone(&store);
                let conversation = Conversation { id: format!("c{number}"), ..conversation() };
                tokio::spawn(async move { store.create_conversation(&conversation).await })
            })
            .collect();
        for task in tasks {
            task.await.expect("the task ends").expect("it is kept");
        }
    }
}
