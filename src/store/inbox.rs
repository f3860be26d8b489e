//! The list of tickets as staff work through it: filtered, a page at a time.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Store, StoreError, name, named, parse};
use crate::model::{TicketRef, TicketStatus, Urgency};

/// Which tickets are shown.
#[derive(Debug, Clone, Default)]
pub(crate) struct InboxFilter {
    pub(crate) status: Option<TicketStatus>,
    /// Neither solved nor closed.
    pub(crate) is_open: bool,
    /// The empty text inside: those of nobody.
    pub(crate) assignee: Option<String>,
    pub(crate) urgency: Option<Urgency>,
    pub(crate) tag: String,
    /// In the reference, the subject or the address.
    pub(crate) searched: String,
    /// Those after the ticket with this time and reference.
    pub(crate) after: Option<(i64, TicketRef)>,
    pub(crate) limit: i64,
}

/// One line of the list.
#[derive(Debug, Clone)]
pub(crate) struct InboxLine {
    pub(crate) reference: TicketRef,
    pub(crate) subject: String,
    pub(crate) requester: String,
    pub(crate) status: TicketStatus,
    pub(crate) urgency: Urgency,
    pub(crate) assignee: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) created_at: i64,
    pub(crate) due_at: i64,
    pub(crate) answered_at: Option<i64>,
}

impl Store {
    /// Tickets of the filter, newest first.
    pub(crate) async fn list_inbox(&self, filter: &InboxFilter) -> Result<Vec<InboxLine>, StoreError> {
        let status = filter.status.as_ref().map(name).unwrap_or_default();
        let urgency = filter.urgency.as_ref().map(name).unwrap_or_default();
        let assignee = filter.assignee.as_deref().unwrap_or_default();
        let (at, reference) = match &filter.after {
            Some((at, reference)) => (*at, reference.as_str()),
            None => (i64::MAX, ""),
        };
        // What is looked through is all in one index, in its order; only the lines that are shown are read.
        let rows = sqlx::query(
            "SELECT reference, subject, requester_email, status, urgency, assignee, tags, created_at, due_at, answered_at \
             FROM tickets WHERE reference IN (SELECT reference FROM tickets \
             WHERE created_at <= $1 AND (created_at < $2 OR reference < $3) \
               AND ($4 = '' OR status = $5) AND ($6 = 0 OR status NOT IN ('solved', 'closed')) \
               AND ($7 = 0 OR COALESCE(assignee, '') = $8) AND ($9 = '' OR urgency = $10) \
               AND ($11 = '' OR reference IN (SELECT g.reference FROM ticket_tags g WHERE g.tag = $12)) \
               AND ($13 = '' OR LOWER(reference || ' ' || subject || ' ' || requester_email) LIKE $14 ESCAPE '\\') \
             ORDER BY created_at DESC, reference DESC LIMIT $15) ORDER BY created_at DESC, reference DESC",
        )
        .bind(at)
        .bind(at)
        .bind(reference)
        .bind(&status)
        .bind(&status)
        .bind(i64::from(filter.is_open))
        .bind(i64::from(filter.assignee.is_some()))
        .bind(assignee)
        .bind(&urgency)
        .bind(&urgency)
        .bind(&filter.tag)
        .bind(&filter.tag)
        .bind(&filter.searched)
        .bind(contains(&filter.searched))
        .bind(filter.limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(line).collect()
    }
}

/// What LIKE finds anywhere in lower case, with `\` before its own signs.
pub(super) fn contains(searched: &str) -> String {
    holds(&searched.to_lowercase())
}

/// The same as it is written.
pub(super) fn holds(searched: &str) -> String {
    let escaped = searched.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

fn line(row: &AnyRow) -> Result<InboxLine, StoreError> {
    let text = |column: &str| row.try_get::<String, _>(column);
    Ok(InboxLine {
        reference: named("tickets", &text("reference")?)?,
        subject: text("subject")?,
        requester: text("requester_email")?,
        status: named("tickets", &text("status")?)?,
        urgency: named("tickets", &text("urgency")?)?,
        assignee: row.try_get("assignee")?,
        tags: parse("tickets", &text("tags")?)?,
        created_at: row.try_get("created_at")?,
        due_at: row.try_get("due_at")?,
        answered_at: row.try_get("answered_at")?,
    })
}
