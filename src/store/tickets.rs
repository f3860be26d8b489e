//! Tickets of the built-in desk, and the copy of those of another desk.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::comments::{insert_comment, insert_history};
use super::{Claimed, Store, StoreError, attachments, conversations, jobs, json, name, named, parse};
use crate::model::{
    EmailAddress, HistoryLine, JobState, KnownRequests, NewJob, Ticket, TicketCommit, TicketRef, TicketStatus,
};

/// A ticket that another desk has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HeldElsewhere {
    pub(crate) reference: TicketRef,
    /// The desk's id of it.
    pub(crate) id: String,
    /// Up to which of its changes what was said there is known, by the desk's clock, in milliseconds since 1970.
    pub(crate) read_to: i64,
}

/// Which tickets are listed.
#[derive(Debug, Clone, Default)]
pub(crate) struct TicketFilter {
    pub(crate) status: Option<TicketStatus>,
    /// Neither solved nor closed.
    pub(crate) is_open: bool,
    /// Not closed for good.
    pub(crate) can_be_answered: bool,
    pub(crate) requester: Option<EmailAddress>,
    pub(crate) conversation: Option<String>,
    pub(crate) tag: Option<String>,
    pub(crate) limit: i64,
}

impl Store {
    /// The ticket with this reference.
    pub(crate) async fn find_ticket(&self, reference: &TicketRef) -> Result<Option<Ticket>, StoreError> {
        let row = sqlx::query(
            "SELECT request_key, draft, status, urgency, assignee, tags, external_id, updated_at, due_at, answered_at, \
                    paused_at, external_at \
             FROM tickets WHERE reference = $1",
        )
        .bind(reference.as_str())
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(ticket).transpose()
    }

    /// What the ticket is called that another desk has under this id, the latest when several were made of it.
    pub(crate) async fn find_by_external_id(&self, id: &str) -> Result<Option<TicketRef>, StoreError> {
        let row = sqlx::query("SELECT reference FROM tickets WHERE external_id = $1 ORDER BY created_at DESC LIMIT 1")
            .bind(id)
            .fetch_optional(&self.readers)
            .await?;
        row.map(|row| named("tickets", &row.try_get::<String, _>("reference")?)).transpose()
    }

    /// How many tickets were ever asked for with this address.
    pub(crate) async fn count_requests_of(&self, email: &EmailAddress) -> Result<i64, StoreError> {
        let mut connection = self.readers.acquire().await?;
        count_of(&mut connection, email).await
    }

    /// The ticket that was asked for with this key.
    pub(crate) async fn find_requested(&self, conversation: &str, key: &str) -> Result<Option<Ticket>, StoreError> {
        let row = sqlx::query(
            "SELECT request_key, draft, status, urgency, assignee, tags, external_id, updated_at, due_at, answered_at, \
                    paused_at, external_at \
             FROM tickets WHERE conversation_id = $1 AND request_key = $2",
        )
        .bind(conversation)
        .bind(key)
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(ticket).transpose()
    }

    /// Tickets, newest first.
    pub(crate) async fn list_tickets(&self, filter: &TicketFilter) -> Result<Vec<Ticket>, StoreError> {
        let rows = sqlx::query(
            "SELECT request_key, draft, status, urgency, assignee, tags, external_id, updated_at, due_at, answered_at, \
                    paused_at, external_at \
             FROM tickets WHERE ($1 = '' OR status = $2) AND ($3 = '' OR requester_email = $4) \
               AND ($5 = '' OR reference IN (SELECT g.reference FROM ticket_tags g WHERE g.tag = $6)) \
               AND ($7 = '' OR conversation_id = $8) AND ($9 = 0 OR status NOT IN ('solved', 'closed')) \
               AND ($10 = 0 OR status <> 'closed') \
             ORDER BY created_at DESC LIMIT $11",
        )
        .bind(filter.status.as_ref().map(name).unwrap_or_default())
        .bind(filter.status.as_ref().map(name).unwrap_or_default())
        .bind(filter.requester.as_ref().map_or("", EmailAddress::as_str))
        .bind(filter.requester.as_ref().map_or("", EmailAddress::as_str))
        .bind(filter.tag.as_deref().unwrap_or_default())
        .bind(filter.tag.as_deref().unwrap_or_default())
        .bind(filter.conversation.as_deref().unwrap_or_default())
        .bind(filter.conversation.as_deref().unwrap_or_default())
        .bind(i64::from(filter.is_open))
        .bind(i64::from(filter.can_be_answered))
        .bind(filter.limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(ticket).collect()
    }

    /// How many tickets were asked for since `since` with this address, up to and with that of `ticket`.
    pub(crate) async fn count_requested(&self, ticket: &Ticket, since: i64) -> Result<i64, StoreError> {
        let row = sqlx::query(
            "SELECT COUNT(*) AS count FROM tickets WHERE requester_email = $1 AND created_at > $2 AND created_at <= $3",
        )
        .bind(ticket.draft.requester.email.as_str())
        .bind(since)
        .bind(ticket.draft.created_at)
        .fetch_one(&self.readers)
        .await?;
        Ok(row.try_get("count")?)
    }

    /// The tickets with this tag that are not solved, oldest first.
    pub(crate) async fn list_unsolved_with_tag(&self, tag: &str) -> Result<Vec<TicketRef>, StoreError> {
        let rows = sqlx::query(
            "SELECT t.reference FROM ticket_tags g JOIN tickets t ON t.reference = g.reference \
             WHERE g.tag = $1 AND t.status NOT IN ('solved', 'closed') ORDER BY t.created_at, t.reference",
        )
        .bind(tag)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(|row| named("tickets", &row.try_get::<String, _>("reference")?)).collect()
    }

    /// Tickets that have been solved, and unchanged, since `before`, the oldest first.
    pub(crate) async fn list_solved_before(&self, before: i64, limit: i64) -> Result<Vec<TicketRef>, StoreError> {
        let rows = sqlx::query(
            "SELECT reference FROM tickets WHERE status = 'solved' AND updated_at <= $1 \
             ORDER BY updated_at, reference LIMIT $2",
        )
        .bind(before)
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(|row| named("tickets", &row.try_get::<String, _>("reference")?)).collect()
    }

    /// The ticket, when another desk has it and it is not closed there.
    pub(crate) async fn find_elsewhere(&self, reference: &TicketRef) -> Result<Option<HeldElsewhere>, StoreError> {
        let row = sqlx::query(
            "SELECT reference, external_id, external_read_at FROM tickets \
             WHERE reference = $1 AND external_id IS NOT NULL AND status <> 'closed'",
        )
        .bind(reference.as_str())
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(elsewhere).transpose()
    }

    /// Tickets that another desk has and that are not closed there, by their references, from the one after `after` on.
    pub(crate) async fn list_elsewhere(
        &self,
        after: Option<&TicketRef>,
        limit: i64,
    ) -> Result<Vec<HeldElsewhere>, StoreError> {
        let rows = sqlx::query(
            "SELECT reference, external_id, external_read_at FROM tickets \
             WHERE reference > $1 AND external_id IS NOT NULL AND status <> 'closed' ORDER BY reference LIMIT $2",
        )
        .bind(after.map_or("", TicketRef::as_str))
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(elsewhere).collect()
    }

    /// What was said about the ticket at the other desk is known up to its change at `read_to`, by the desk's clock.
    pub(crate) async fn mark_read(&self, reference: &TicketRef, read_to: i64) -> Result<(), StoreError> {
        sqlx::query("UPDATE tickets SET external_read_at = $1 WHERE reference = $2 AND external_read_at < $3")
            .bind(read_to)
            .bind(reference.as_str())
            .bind(read_to)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Writes everything one change of a ticket brings, or nothing. False when the delivery was taken before.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody else changed the ticket meanwhile: load it and decide again.
    pub(crate) async fn commit_ticket(&self, commit: &TicketCommit) -> Result<bool, StoreError> {
        let mut transaction = self.writer.begin().await?;
        if let Some(delivery) = &commit.delivery {
            let taken = sqlx::query("INSERT INTO inbox (id, received_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING")
                .bind(delivery)
                .bind(commit.at)
                .execute(&mut *transaction)
                .await?;
            if taken.rows_affected() == 0 {
                return Ok(false);
            }
        }
        apply(&mut transaction, commit, &commit.after.draft.conversation).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Whether a delivery from outside was taken.
    pub(crate) async fn is_delivered(&self, delivery: &str) -> Result<bool, StoreError> {
        let row = sqlx::query("SELECT 1 FROM inbox WHERE id = $1").bind(delivery).fetch_optional(&self.readers).await?;
        Ok(row.is_some())
    }

    /// A delivery from outside was taken; false when it was before.
    pub(crate) async fn note_delivery(&self, delivery: &str, at: i64) -> Result<bool, StoreError> {
        let done = sqlx::query("INSERT INTO inbox (id, received_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING")
            .bind(delivery)
            .bind(at)
            .execute(&self.writer)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// The work of `claimed` is done: another desk has the ticket under `external_id`. `following` is queued with it.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the lease was lost.
    pub(crate) async fn complete_ticket_job(
        &self,
        claimed: &Claimed,
        reference: &TicketRef,
        external_id: &str,
        following: &[NewJob],
        now: i64,
    ) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        jobs::leave(&mut transaction, claimed, JobState::Done, claimed.job.run_at, None, now).await?;
        sqlx::query("UPDATE tickets SET external_id = $1, updated_at = $2 WHERE reference = $3")
            .bind(external_id)
            .bind(now)
            .bind(reference.as_str())
            .execute(&mut *transaction)
            .await?;
        for job in following {
            jobs::insert(&mut transaction, job, now).await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}

/// Waits for whoever makes a ticket of this address at the same moment.
///
/// # Errors
/// [`StoreError::Conflict`] when one was made since: it may be the same request, from another tab.
pub(super) async fn stay_the_only(
    connection: &mut AnyConnection,
    known: &KnownRequests,
    at: i64,
) -> Result<(), StoreError> {
    // One of 256 places to wait at, so that the row says nothing of anybody.
    let place = format!("asking/{:02x}", blake3::hash(known.email.as_str().as_bytes()).as_bytes()[0]);
    sqlx::query(
        "INSERT INTO inbox (id, received_at) VALUES ($1, $2) \
         ON CONFLICT (id) DO UPDATE SET received_at = excluded.received_at",
    )
    .bind(place)
    .bind(at)
    .execute(&mut *connection)
    .await?;
    if count_of(connection, &known.email).await? == known.count { Ok(()) } else { Err(StoreError::Conflict) }
}

async fn count_of(connection: &mut AnyConnection, email: &EmailAddress) -> Result<i64, StoreError> {
    let row = sqlx::query("SELECT COUNT(*) AS count FROM tickets WHERE requester_email = $1")
        .bind(email.as_str())
        .fetch_one(connection)
        .await?;
    Ok(row.try_get("count")?)
}

/// Keeps a new ticket. `history` is what it says besides that it was created.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    ticket: &Ticket,
    history: &[HistoryLine],
) -> Result<(), StoreError> {
    let draft = &ticket.draft;
    sqlx::query(
        "INSERT INTO tickets (reference, conversation_id, request_key, draft, requester_email, subject, status, urgency, \
                              assignee, tags, external_id, created_at, updated_at, due_at, answered_at, paused_at, \
                              external_at, external_read_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
    )
    .bind(draft.reference.as_str())
    .bind(&draft.conversation)
    .bind(&ticket.request_key)
    .bind(json(draft))
    .bind(draft.requester.email.as_str())
    .bind(&draft.subject)
    .bind(name(&ticket.status))
    .bind(name(&ticket.urgency))
    .bind(&ticket.assignee)
    .bind(json(&ticket.tags))
    .bind(&ticket.external_id)
    .bind(draft.created_at)
    .bind(ticket.updated_at)
    .bind(ticket.due_at)
    .bind(ticket.answered_at)
    .bind(ticket.paused_at)
    .bind(ticket.external_at)
    // What another desk had before it was known here was read there.
    .bind(ticket.external_at)
    .execute(&mut *connection)
    .await?;
    insert_tags(connection, ticket).await?;
    insert_history(connection, &draft.reference, &draft.requester.name, "created", draft.created_at).await?;
    for line in history {
        insert_history(connection, &draft.reference, &line.who, &line.what, line.at).await?;
    }
    Ok(())
}

/// Writes what one change of a ticket brings. Its files are those of `conversation`, where the change was asked for.
pub(super) async fn apply(
    connection: &mut AnyConnection,
    commit: &TicketCommit,
    conversation: &str,
) -> Result<(), StoreError> {
    let draft = &commit.after.draft;
    // The conversation before the ticket, as a turn does: in the other order the two would wait for each other.
    for said in &commit.told {
        let id = uuid::Uuid::now_v7().to_string();
        conversations::append_one(connection, &draft.conversation, &id, said.clone(), commit.at).await?;
    }
    update(connection, &commit.after, commit.seen).await?;
    for what in &commit.history {
        insert_history(connection, &draft.reference, &commit.who, what, commit.at).await?;
    }
    if let Some(comment) = &commit.comment {
        insert_comment(connection, comment).await?;
        let (files, comment) = (&commit.files, Some(comment.id.as_str()));
        attachments::give(connection, conversation, files, &draft.reference, comment).await?;
        for file in &commit.sent {
            attachments::insert(connection, file, &commit.after, comment, commit.at).await?;
        }
    }
    for job in &commit.jobs {
        jobs::insert(connection, job, commit.at).await?;
    }
    Ok(())
}

async fn update(connection: &mut AnyConnection, ticket: &Ticket, seen: i64) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE tickets SET status = $1, urgency = $2, assignee = $3, tags = $4, updated_at = $5, answered_at = $6, \
                due_at = $7, paused_at = $8, external_at = $9 \
         WHERE reference = $10 AND updated_at = $11",
    )
    .bind(name(&ticket.status))
    .bind(name(&ticket.urgency))
    .bind(&ticket.assignee)
    .bind(json(&ticket.tags))
    .bind(ticket.updated_at)
    .bind(ticket.answered_at)
    .bind(ticket.due_at)
    .bind(ticket.paused_at)
    .bind(ticket.external_at)
    .bind(ticket.draft.reference.as_str())
    .bind(seen)
    .execute(&mut *connection)
    .await?;
    if done.rows_affected() == 0 {
        return Err(StoreError::Conflict);
    }
    sqlx::query("DELETE FROM ticket_tags WHERE reference = $1")
        .bind(ticket.draft.reference.as_str())
        .execute(&mut *connection)
        .await?;
    insert_tags(connection, ticket).await
}

/// The tags once more, to find the ticket by them.
async fn insert_tags(connection: &mut AnyConnection, ticket: &Ticket) -> Result<(), StoreError> {
    for tag in &ticket.tags {
        sqlx::query("INSERT INTO ticket_tags (reference, tag) VALUES ($1, $2) ON CONFLICT (reference, tag) DO NOTHING")
            .bind(ticket.draft.reference.as_str())
            .bind(tag)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

fn elsewhere(row: &AnyRow) -> Result<HeldElsewhere, StoreError> {
    Ok(HeldElsewhere {
        reference: named("tickets", &row.try_get::<String, _>("reference")?)?,
        id: row.try_get("external_id")?,
        read_to: row.try_get("external_read_at")?,
    })
}

fn ticket(row: &AnyRow) -> Result<Ticket, StoreError> {
    let text = |column: &str| row.try_get::<String, _>(column);
    Ok(Ticket {
        draft: parse("tickets", &text("draft")?)?,
        request_key: text("request_key")?,
        status: named("tickets", &text("status")?)?,
        urgency: named("tickets", &text("urgency")?)?,
        assignee: row.try_get("assignee")?,
        tags: parse("tickets", &text("tags")?)?,
        external_id: row.try_get("external_id")?,
        updated_at: row.try_get("updated_at")?,
        due_at: row.try_get("due_at")?,
        answered_at: row.try_get("answered_at")?,
        paused_at: row.try_get("paused_at")?,
        external_at: row.try_get("external_at")?,
    })
}
