//! What was asked, what was decided and what came of it, by time: for figures and for the questions that curators see.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::{Store, StoreError, audit, parse};
use crate::model::{Audit, Commit, Feedback, Gap, OpenQuestion, Said, TicketRef, TurnKind, TurnRecord, Visitor};

/// An answer is a lasting one when no ticket on it comes within this time, in milliseconds.
pub(crate) const LASTING_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// Turns are summed by hour.
pub(crate) const HOUR_MS: i64 = 60 * 60 * 1000;

/// The last question of a conversation, before or at a reply.
const LAST_QUESTION: &str = "SELECT id, partner, entry FROM turns WHERE conversation_id = $1 AND id <= $2 AND kind = 'question' \
     ORDER BY id DESC LIMIT 1";

impl Store {
    /// Questions of a time that deserve a look and got none, the latest first; those of `from` on and before `until`.
    pub(crate) async fn list_open_questions(
        &self,
        from: i64,
        until: i64,
        limit: i64,
    ) -> Result<Vec<OpenQuestion>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, at, question, gap, entry, partner, conversation_id, ticket FROM turns \
             WHERE gap IS NOT NULL AND handled IS NULL AND question IS NOT NULL AND at >= $1 AND at < $2 \
             ORDER BY at DESC, id DESC LIMIT $3",
        )
        .bind(from)
        .bind(until)
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(open_question).collect()
    }

    /// What was asked and is to be ignored, the latest first.
    pub(crate) async fn list_ignored_questions(&self, limit: i64) -> Result<Vec<String>, StoreError> {
        let rows = sqlx::query(
            "SELECT question FROM turns WHERE handled = 'ignored' AND question IS NOT NULL ORDER BY at DESC LIMIT $1",
        )
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(|row| Ok(row.try_get("question")?)).collect()
    }

    /// Notes what was done about questions.
    pub(crate) async fn handle_questions(&self, ids: &[String], how: &str, line: &Audit) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        for id in ids {
            sqlx::query("UPDATE turns SET handled = $1 WHERE id = $2")
                .bind(how)
                .bind(id)
                .execute(&mut *transaction)
                .await?;
        }
        audit::insert(&mut transaction, line).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// Adds the turn of `commit`.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    commit: &Commit,
    record: &TurnRecord,
) -> Result<(), StoreError> {
    let Some(reply) = commit.messages.iter().find(|message| matches!(message.said, Said::Assistant(_))) else {
        return Ok(());
    };
    let typed = commit.messages.iter().find_map(|message| match &message.said {
        Said::Visitor(text) if record.kind == TurnKind::Question => Some(text.as_str()),
        Said::Visitor(_) | Said::Assistant(_) | Said::Agent(_) | Said::Ticket(_) => None,
    });
    let partner = partner(connection, &commit.conversation).await?;
    sqlx::query(
        "INSERT INTO turns (id, conversation_id, at, channel, kind, decision, confidence, entry, question, partner, \
                            took_ms, reopened, gap, hour) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, $13)",
    )
    .bind(&reply.id)
    .bind(&commit.conversation)
    .bind(commit.at)
    .bind(&record.channel)
    .bind(record.kind.name())
    .bind(&record.decision)
    .bind(thousandths(record.confidence))
    .bind(&record.entry)
    .bind(typed)
    .bind(partner)
    .bind(record.took_ms)
    .bind(Gap::of(record).map(Gap::name))
    .bind(commit.at / HOUR_MS)
    .execute(&mut *connection)
    .await?;
    if let (TurnKind::Choice, Some(entry)) = (record.kind, &record.entry)
        && let Some(last) = last_question(connection, &commit.conversation, &reply.id).await?
    {
        // What was meant by a question that was not clear.
        sqlx::query("UPDATE turns SET entry = $1 WHERE id = $2 AND entry IS NULL AND decision = 'clarify'")
            .bind(entry)
            .bind(last.id)
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// A ticket was made: the last question led to it, and no answer of these days was a lasting one.
pub(super) async fn escalate(
    connection: &mut AnyConnection,
    conversation: &str,
    ticket: &TicketRef,
    at: i64,
) -> Result<(), StoreError> {
    // Ids begin with a hexadecimal digit: all of them come before "g".
    let Some(last) = last_question(connection, conversation, "g").await? else { return Ok(()) };
    // A report of something that is broken is no gap of the knowledge.
    sqlx::query(
        "UPDATE turns SET ticket = $1, gap = CASE WHEN decision = 'incident' THEN gap ELSE 'escalated' END WHERE id = $2",
    )
    .bind(ticket.as_str())
    .bind(&last.id)
    .execute(&mut *connection)
    .await?;
    sqlx::query("UPDATE turns SET reopened = 1 WHERE conversation_id = $1 AND at >= $2")
        .bind(conversation)
        .bind(at - LASTING_MS)
        .execute(&mut *connection)
        .await?;
    if let (Some(partner), Some(entry)) = (last.partner, last.entry) {
        sqlx::query("UPDATE turns SET reopened = 1 WHERE partner = $1 AND entry = $2 AND at >= $3")
            .bind(partner)
            .bind(entry)
            .bind(at - LASTING_MS)
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// Somebody says whether an answer helped: it counts for its turn, and the question that led there may be a gap.
pub(super) async fn judge(connection: &mut AnyConnection, feedback: &Feedback) -> Result<(), StoreError> {
    sqlx::query("UPDATE turns SET helpful = $1 WHERE id = $2")
        .bind(i64::from(feedback.is_helpful))
        .bind(&feedback.message)
        .execute(&mut *connection)
        .await?;
    let Some(last) = last_question(connection, &feedback.conversation, &feedback.message).await? else {
        return Ok(());
    };
    let statement = if feedback.is_helpful {
        "UPDATE turns SET gap = NULL WHERE id = $1 AND gap = 'unhelpful'"
    } else {
        "UPDATE turns SET gap = 'unhelpful' WHERE id = $1 AND (gap IS NULL OR gap <> 'escalated')"
    };
    sqlx::query(statement).bind(last.id).execute(connection).await?;
    Ok(())
}

struct Last {
    id: String,
    partner: Option<String>,
    entry: Option<String>,
}

async fn last_question(
    connection: &mut AnyConnection,
    conversation: &str,
    until: &str,
) -> Result<Option<Last>, StoreError> {
    let row = sqlx::query(LAST_QUESTION).bind(conversation).bind(until).fetch_optional(connection).await?;
    let last = |row: AnyRow| {
        Ok(Last { id: row.try_get("id")?, partner: row.try_get("partner")?, entry: row.try_get("entry")? })
    };
    row.map(last).transpose()
}

/// The company of the visitor, by the last proof.
async fn partner(connection: &mut AnyConnection, conversation: &str) -> Result<Option<String>, StoreError> {
    let row = sqlx::query("SELECT visitor FROM visitors WHERE conversation_id = $1")
        .bind(conversation)
        .fetch_optional(connection)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let visitor: Visitor = parse("visitors", &row.try_get::<String, _>("visitor")?)?;
    Ok(Some(visitor.partner.as_str().to_owned()))
}

#[expect(clippy::cast_possible_truncation, reason = "a share of one, in thousandths")]
fn thousandths(share: f32) -> i64 {
    (share.clamp(0.0, 1.0) * 1e3).round() as i64
}

fn open_question(row: &AnyRow) -> Result<OpenQuestion, StoreError> {
    let gap: String = row.try_get("gap")?;
    Ok(OpenQuestion {
        id: row.try_get("id")?,
        at: row.try_get("at")?,
        text: row.try_get("question")?,
        // One of a later version is still a question to look at.
        gap: Gap::named(&gap).unwrap_or(Gap::Unanswered),
        entry: row.try_get("entry")?,
        partner: row.try_get("partner")?,
        conversation: row.try_get("conversation_id")?,
        ticket: row.try_get("ticket")?,
    })
}
