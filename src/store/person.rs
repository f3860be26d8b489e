//! What is kept of one person: found by what the person is known by, handed out, and removed.

mod erasing;
mod keys;
mod mentions;
mod rows;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use sqlx::{AnyConnection, AssertSqlSafe};

use super::{Store, StoreError, audit};
use crate::model::{Audit, Elsewhere, Holding, KnownAs, Person, PersonReport};
use keys::{By, Keys};

/// Where something of a person can stand.
struct Part {
    table: &'static str,
    by: By,
    /// `$1` (and `$2`) is what [`By`] says.
    condition: &'static str,
    /// Rows stay and lead to nobody; otherwise they go.
    is_anonymised: bool,
}

const fn goes(table: &'static str, by: By, condition: &'static str) -> Part {
    Part { table, by, condition, is_anonymised: false }
}

const fn stays(table: &'static str, by: By, condition: &'static str) -> Part {
    Part { table, by, condition, is_anonymised: true }
}

/// Every place. A new table with something of people is a line here; a test holds the tables of the store against it.
const PARTS: [Part; 23] = [
    goes("conversations", By::Conversation, "id = $1"),
    goes("messages", By::Conversation, "conversation_id = $1"),
    goes("conversation_notes", By::Conversation, "conversation_id = $1"),
    goes("feedback", By::Conversation, "conversation_id = $1"),
    goes("visitors", By::Conversation, "conversation_id = $1"),
    goes("attachments", By::Conversation, "conversation_id = $1"),
    goes("places", By::Conversation, "conversation_id = $1"),
    goes("posts", By::Conversation, "place_id IN (SELECT p.id FROM places p WHERE p.conversation_id = $1)"),
    goes("jobs", By::ConversationInside, "LOWER(payload) LIKE $1 ESCAPE '\\'"),
    stays("turns", By::Conversation, "conversation_id = $1"),
    stays("lookups", By::Conversation, "conversation_id = $1"),
    stays("lookups", By::User, "user_id = $1"),
    stays("audit_log", By::Conversation, "object = $1"),
    goes("tickets", By::Ticket, "reference = $1"),
    goes("ticket_comments", By::Ticket, "reference = $1"),
    goes("ticket_history", By::Ticket, "reference = $1"),
    goes("ticket_tags", By::Ticket, "reference = $1"),
    goes("jobs", By::TicketInside, "LOWER(idempotency_key || payload) LIKE $1 ESCAPE '\\'"),
    goes("inbox", By::TicketInside, "LOWER(id) LIKE $1 ESCAPE '\\'"),
    stays("incidents", By::Ticket, "problem = $1"),
    stays("audit_log", By::Ticket, "object = $1"),
    goes("account_links", By::Account, "channel = $1 AND account = $2"),
    goes("link_codes", By::UserInside, "LOWER(visitor) LIKE $1 ESCAPE '\\'"),
];

/// Rows of tables, by what makes each of them one row.
type Rows = BTreeMap<&'static str, BTreeMap<String, Map<String, Value>>>;

/// Everything that is kept of somebody.
pub(crate) struct PersonExport {
    pub(crate) report: PersonReport,
    /// The rows, by table.
    pub(crate) tables: Value,
}

impl Store {
    /// Everything that is kept of somebody, as of one moment; `line` goes to the audit log, when it is handed out.
    pub(crate) async fn export_person(
        &self,
        person: &Person,
        line: Option<&Audit>,
    ) -> Result<PersonExport, StoreError> {
        if let Some(line) = line {
            let mut connection = self.writer.acquire().await?;
            audit::insert(&mut connection, line).await?;
        }
        let mut transaction = self.readers.begin().await?;
        let keys = Keys::of(&mut transaction, person).await?;
        let rows = find(&mut transaction, &keys).await?;
        let mentions = mentions::find(&mut transaction, &keys).await?;
        let elsewhere = elsewhere(&mut transaction, &keys, &rows).await?;
        transaction.rollback().await?;
        let (tables, requests) = (holdings(&rows, &rows), keys.finished());
        let report = PersonReport { tables, requests, mentions: mentions.len(), elsewhere };
        let list = |rows: &BTreeMap<String, Map<String, Value>>| rows.values().cloned().map(Value::Object).collect();
        let tables = rows.iter().map(|(table, rows)| ((*table).to_owned(), Value::Array(list(rows)))).collect();
        Ok(PersonExport { report, tables: Value::Object(tables) })
    }

    /// Removes what is kept of somebody, or, of what figures need, what leads there; all or nothing, with `line` in the
    /// audit log. What is a trial changes nothing and says what would be done.
    pub(crate) async fn erase_person(
        &self,
        person: &Person,
        line: &Audit,
        is_trial: bool,
    ) -> Result<PersonReport, StoreError> {
        let mut transaction = self.writer.begin().await?;
        let keys = Keys::of(&mut transaction, person).await?;
        let before = find(&mut transaction, &keys).await?;
        let elsewhere = elsewhere(&mut transaction, &keys, &before).await?;
        erasing::erase(&mut transaction, &keys, &questions(&before)).await?;
        let mentions = mentions::find(&mut transaction, &keys).await?;
        mentions::replace(&mut transaction, &keys, &mentions).await?;
        let tables = holdings(&before, &find(&mut transaction, &keys).await?);
        let report = PersonReport { tables, requests: keys.finished(), mentions: mentions.len(), elsewhere };
        if is_trial {
            transaction.rollback().await?;
            return Ok(report);
        }
        let sum = |of: fn(&Holding) -> usize| report.tables.iter().map(of).sum::<usize>();
        let after = format!("removed {}, anonymised {}", sum(|it| it.removed), sum(|it| it.anonymised));
        audit::insert(&mut transaction, &Audit { after, ..line.clone() }).await?;
        transaction.commit().await?;
        if !self.is_shared {
            // What was overwritten still stands in the log beside the file, until that is emptied. Somebody who reads may
            // hold it up: then the next checkpoint does it.
            sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.writer).await?;
        }
        Ok(report)
    }
}

impl Store {
    /// Undoes the links of somebody's accounts of other channels, and makes worthless the codes that were not used; how many
    /// links there were. `line` goes to the audit log.
    pub(crate) async fn unlink_person(&self, person: &Person, line: Option<&Audit>) -> Result<u64, StoreError> {
        let mut transaction = self.writer.begin().await?;
        let keys = Keys::of(&mut transaction, person).await?;
        let unlinked = erasing::unlink(&mut transaction, &keys).await?;
        if let Some(line) = line {
            let after = format!("unlinked {unlinked}");
            audit::insert(&mut transaction, &Audit { after, ..line.clone() }).await?;
        }
        transaction.commit().await?;
        Ok(unlinked)
    }
}

async fn find(connection: &mut AnyConnection, keys: &Keys) -> Result<Rows, StoreError> {
    let mut found = Rows::new();
    for part in &PARTS {
        for values in keys.values(part.by) {
            let select = format!("SELECT * FROM {} WHERE {}", part.table, part.condition);
            let query = values.iter().fold(sqlx::query(AssertSqlSafe(select)), |query, value| query.bind(value));
            for row in query.fetch_all(&mut *connection).await? {
                let row = rows::read(&row)?;
                // The same row may be found in two ways.
                found.entry(part.table).or_default().insert(Value::Object(row.clone()).to_string(), row);
            }
        }
    }
    Ok(found)
}

/// What became of the rows of `before`.
fn holdings(before: &Rows, after: &Rows) -> Vec<Holding> {
    let holding = |(table, rows): (&&'static str, &BTreeMap<String, Map<String, Value>>)| {
        let (found, kept) = (rows.len(), after.get(table).map_or(0, BTreeMap::len));
        let gone = found.saturating_sub(kept);
        let is_anonymised = PARTS.iter().any(|part| part.table == *table && part.is_anonymised);
        let (removed, anonymised) = if is_anonymised { (0, gone) } else { (gone, 0) };
        Holding { table, found, removed, anonymised, kept }
    };
    before.iter().map(holding).collect()
}

/// What the person asked, for where questions are quoted.
fn questions(rows: &Rows) -> BTreeSet<String> {
    let of = |table: &str, column: &'static str| {
        let rows = rows.get(table).into_iter().flat_map(BTreeMap::values);
        rows.filter_map(move |row| row.get(column)?.as_str().map(|text| text.trim().to_owned()))
    };
    of("messages", "text").chain(of("turns", "question")).filter(|text| !text.is_empty()).collect()
}

async fn elsewhere(connection: &mut AnyConnection, keys: &Keys, rows: &Rows) -> Result<Vec<Elsewhere>, StoreError> {
    let text = |row: &Map<String, Value>, column: &str| row.get(column).and_then(Value::as_str).map(str::to_owned);
    let mut found: BTreeSet<Elsewhere> =
        keys.unsolved.iter().map(|reference| Elsewhere::OpenTicket { reference: reference.clone() }).collect();
    for ticket in rows.get("tickets").into_iter().flat_map(BTreeMap::values) {
        if let (Some(reference), Some(id)) = (text(ticket, "reference"), text(ticket, "external_id")) {
            found.insert(Elsewhere::OtherDesk { reference, id });
        }
    }
    for post in rows.get("posts").into_iter().flat_map(BTreeMap::values) {
        let place = text(post, "place_id").unwrap_or_default();
        let messages = post.get("messages").and_then(Value::as_array).cloned().unwrap_or_default();
        let messages = messages.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        let platform = place.split('/').next().unwrap_or_default().to_owned();
        found.insert(Elsewhere::Posts { platform, place, messages });
    }
    let all = |table: &str| rows.get(table).into_iter().flat_map(BTreeMap::values);
    let user = |row: &Map<String, Value>| row.get("visitor")?.get("user")?.as_str().map(str::to_owned);
    let emails = all("tickets").filter_map(|row| text(row, "requester_email"));
    let emails = emails.filter(|email| !keys.emails.contains(&email.to_ascii_lowercase()));
    let users = all("visitors").filter_map(user).chain(all("lookups").filter_map(|row| text(row, "user_id")));
    let users = users.filter(|user| !keys.users.contains(user));
    let accounts = all("places").filter_map(|row| Some((text(row, "platform")?, text(row, "owner")?)));
    let accounts = accounts.filter(|account| !keys.accounts.contains(account));
    let also = |name, value| Elsewhere::AlsoKnownAs { name, value };
    found.extend(emails.map(|email| also(KnownAs::Email, email)));
    found.extend(users.map(|user| also(KnownAs::User, user)));
    found.extend(accounts.map(|(platform, id)| also(KnownAs::Account, format!("{platform}:{id}"))));
    if keys.has_staff(connection).await? {
        found.insert(Elsewhere::Staff);
    }
    found.extend(mentions::documents(connection, keys, &questions(rows)).await?);
    Ok(found.into_iter().collect())
}
