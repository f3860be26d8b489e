//! Where others wrote somebody's address, and where questions are quoted.

use std::collections::BTreeSet;

use sqlx::{AnyConnection, AssertSqlSafe, Row};

use super::keys::Keys;
use crate::model::Elsewhere;
use crate::store::StoreError;
use crate::store::inbox::{contains, holds};

/// What stands where the address stood: an address too, so that what is read as one can be read.
const NO_ADDRESS: &str = "adresse-effacee@anonyme.example";
/// Shorter questions are everybody's.
const OWN_WORDING: usize = 20;

/// Texts that people wrote: table, key, the column that says to which conversation or ticket a row belongs, columns.
const TEXTS: [(&str, &str, &str, &[&str]); 12] = [
    ("messages", "id", "conversation_id", &["text", "reply"]),
    ("conversations", "id", "id", &["state"]),
    ("conversation_notes", "id", "conversation_id", &["text"]),
    ("feedback", "message_id", "conversation_id", &["reason"]),
    ("turns", "id", "conversation_id", &["question"]),
    ("attachments", "id", "conversation_id", &["name"]),
    ("tickets", "reference", "reference", &["subject", "draft"]),
    ("ticket_comments", "id", "reference", &["author", "text"]),
    ("ticket_history", "id", "reference", &["who", "what"]),
    ("incidents", "id", "id", &["title", "text", "keywords", "questions"]),
    ("jobs", "id", "id", &["payload", "last_error"]),
    ("publications", "id", "id", &["reason", "report"]),
];
/// The log of what the staff did; it keeps the addresses of the staff.
const LOG: (&str, &str, &str, &[&str]) = ("audit_log", "id", "id", &["object", "before_text", "after_text"]);

/// A text that names an address.
pub(super) struct Mention {
    table: &'static str,
    key: &'static str,
    column: &'static str,
    id: String,
    text: String,
}

/// The texts of others that name one of the addresses. What is being worked on is left alone.
pub(super) async fn find(connection: &mut AnyConnection, keys: &Keys) -> Result<Vec<Mention>, StoreError> {
    let mut found = Vec::new();
    let log = Some(LOG).filter(|_| !keys.emails.is_empty());
    let log = if keys.has_staff(connection).await? { None } else { log };
    for (table, key, owner, columns) in TEXTS.into_iter().chain(log) {
        for column in columns {
            for email in &keys.emails {
                let select = format!(
                    "SELECT {key} AS id, {owner} AS owner, {column} AS text FROM {table} \
                     WHERE LOWER({column}) LIKE $1 ESCAPE '\\'"
                );
                let rows = sqlx::query(AssertSqlSafe(select)).bind(contains(email)).fetch_all(&mut *connection).await?;
                for row in rows {
                    let (owner, text): (String, String) = (row.try_get("owner")?, row.try_get("text")?);
                    let is_own = keys.conversations.contains(&owner) || keys.tickets.contains(&owner);
                    if !is_own && without(&text, email) != text {
                        found.push(Mention { table, key, column, id: row.try_get("id")?, text });
                    }
                }
            }
        }
    }
    Ok(found)
}

/// Takes the addresses out of these texts, as far as they are still there.
pub(super) async fn replace(
    connection: &mut AnyConnection,
    keys: &Keys,
    mentions: &[Mention],
) -> Result<(), StoreError> {
    for Mention { table, key, column, id, text } in mentions {
        let left = keys.emails.iter().fold(text.clone(), |text, email| without(&text, email));
        sqlx::query(AssertSqlSafe(format!("UPDATE {table} SET {column} = $1 WHERE {key} = $2 AND {column} = $3")))
            .bind(left)
            .bind(id)
            .bind(text)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Takes the questions out of the reports of publications, which quote what people asked.
pub(super) async fn remove_questions(
    connection: &mut AnyConnection,
    questions: &BTreeSet<String>,
) -> Result<(), StoreError> {
    let rows = sqlx::query("SELECT id, report FROM publications WHERE report LIKE '%\"times\":%'");
    for row in rows.fetch_all(&mut *connection).await? {
        let (id, report): (String, String) = (row.try_get("id")?, row.try_get("report")?);
        let Ok(mut read) = serde_json::from_str::<serde_json::Value>(&report) else { continue };
        let Some(list) = read.pointer_mut("/impact/list").and_then(|list| list.as_array_mut()) else { continue };
        let before = list.len();
        list.retain(|one| one["question"].as_str().is_none_or(|text| !questions.contains(text.trim())));
        if list.len() < before {
            sqlx::query("UPDATE publications SET report = $1 WHERE id = $2")
                .bind(read.to_string())
                .bind(id)
                .execute(&mut *connection)
                .await?;
        }
    }
    Ok(())
}

/// Documents of the knowledge base that quote the person: what curators wrote is theirs to change.
pub(super) async fn documents(
    connection: &mut AnyConnection,
    keys: &Keys,
    questions: &BTreeSet<String>,
) -> Result<Vec<Elsewhere>, StoreError> {
    let long = questions.iter().filter(|text| text.chars().count() >= OWN_WORDING);
    let mut found = Vec::new();
    for wording in long.chain(&keys.emails) {
        let rows = sqlx::query("SELECT document, number FROM revisions WHERE content LIKE $1 ESCAPE '\\'")
            .bind(holds(wording))
            .fetch_all(&mut *connection)
            .await?;
        for row in rows {
            found.push(Elsewhere::Document { document: row.try_get("document")?, revision: row.try_get("number")? });
        }
    }
    Ok(found)
}

/// `text` without the address, which is in lower case; an address that only ends or begins like it is another one.
fn without(text: &str, email: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let is_part = |c: u8| c.is_ascii_alphanumeric() || b"!#$%&*+/=?^_`{|}~-".contains(&c);
    let (mut left, mut from) = (String::with_capacity(text.len()), 0);
    for (at, _) in lower.match_indices(email) {
        let end = at + email.len();
        let (before, after) = lower.as_bytes().split_at(at);
        let (before, after) = (before.last(), &after[email.len()..]);
        let is_longer = match after {
            [b'.', next, ..] => next.is_ascii_alphanumeric(),
            [next, ..] => next.is_ascii_alphanumeric() || *next == b'-',
            [] => false,
        };
        let is_other = before.is_some_and(|c| is_part(*c) || *c == b'.') || is_longer;
        if at >= from && !is_other {
            left.push_str(&text[from..at]);
            left.push_str(NO_ADDRESS);
            from = end;
        }
    }
    left.push_str(&text[from..]);
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_address_itself_is_taken_out() {
        for (text, expected) in [
            ("écris à Lea@X.example.", "écris à adresse-effacee@anonyme.example."),
            (r#"{"email":"lea@x.example"}"#, r#"{"email":"adresse-effacee@anonyme.example"}"#),
            (
                "olea@x.example, lea@x.example.example, p.lea@x.example",
                "olea@x.example, lea@x.example.example, p.lea@x.example",
            ),
            ("lea@x.example lea@x.example", "adresse-effacee@anonyme.example adresse-effacee@anonyme.example"),
            ("rien", "rien"),
        ] {
            assert_eq!(without(text, "lea@x.example"), expected);
        }
    }
}
