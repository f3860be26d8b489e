//! What is known to be broken.

use jiff::Timestamp;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::{Store, StoreError, audit, json, named, parse};
use crate::model::{Audit, Incident, IncidentId, TicketRef};

impl Store {
    /// Keeps a new incident.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when there is one with this id.
    pub(crate) async fn create_incident(&self, incident: &Incident, line: &Audit) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        sqlx::query(
            "INSERT INTO incidents (id, title, text, keywords, questions, starts_at, ends_at, problem, created_at, \
                                    updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(incident.id.as_str())
        .bind(&incident.title)
        .bind(&incident.text)
        .bind(json(&incident.keywords))
        .bind(json(&incident.questions))
        .bind(incident.starts.as_millisecond())
        .bind(incident.ends.map(Timestamp::as_millisecond))
        .bind(incident.problem.as_ref().map(TicketRef::as_str))
        .bind(incident.updated_at.as_millisecond())
        .bind(incident.updated_at.as_millisecond())
        .execute(&mut *transaction)
        .await?;
        audit::insert(&mut transaction, line).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The incident with this id.
    pub(crate) async fn find_incident(&self, id: &str) -> Result<Option<Incident>, StoreError> {
        let row = sqlx::query(
            "SELECT id, title, text, keywords, questions, starts_at, ends_at, problem, updated_at FROM incidents \
             WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(incident).transpose()
    }

    /// Incidents, the one that began last first.
    pub(crate) async fn list_incidents(&self, limit: i64) -> Result<Vec<Incident>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, title, text, keywords, questions, starts_at, ends_at, problem, updated_at FROM incidents \
             ORDER BY starts_at DESC, id LIMIT $1",
        )
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(incident).collect()
    }

    /// The incidents that are not over `now`, in the order of their start: some may not have begun.
    pub(crate) async fn list_current_incidents(&self, now: Timestamp) -> Result<Vec<Incident>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, title, text, keywords, questions, starts_at, ends_at, problem, updated_at FROM incidents \
             WHERE ends_at IS NULL OR ends_at > $1 ORDER BY starts_at, id",
        )
        .bind(now.as_millisecond())
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(incident).collect()
    }

    /// The incidents whose reports this ticket stands for.
    pub(crate) async fn list_incidents_of(&self, problem: &TicketRef) -> Result<Vec<Incident>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, title, text, keywords, questions, starts_at, ends_at, problem, updated_at FROM incidents \
             WHERE problem = $1 ORDER BY id",
        )
        .bind(problem.as_str())
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(incident).collect()
    }

    /// The ticket that stands for all reports of an incident; `report` from now on when there is none. None when there is
    /// no such incident. Two reports at once get the same answer. `line` is kept when `report` becomes it.
    pub(crate) async fn problem_of(
        &self,
        incident: &IncidentId,
        report: &TicketRef,
        line: &Audit,
    ) -> Result<Option<TicketRef>, StoreError> {
        let mut transaction = self.writer.begin().await?;
        let first = sqlx::query(
            "UPDATE incidents SET problem = $1, \
                    updated_at = CASE WHEN updated_at < $2 THEN $3 ELSE updated_at + 1 END \
             WHERE id = $4 AND problem IS NULL",
        )
        .bind(report.as_str())
        .bind(line.at)
        .bind(line.at)
        .bind(incident.as_str())
        .execute(&mut *transaction)
        .await?;
        if first.rows_affected() > 0 {
            audit::insert(&mut transaction, line).await?;
        }
        let row = sqlx::query("SELECT problem FROM incidents WHERE id = $1").bind(incident.as_str());
        let row = row.fetch_optional(&mut *transaction).await?;
        transaction.commit().await?;
        let problem = row.map(|row| row.try_get::<Option<String>, _>("problem")).transpose()?.flatten();
        problem.map(|reference| named("incidents", &reference)).transpose()
    }

    /// Writes an incident that was changed; `seen` is when the one that was looked at had changed last.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody else changed it meanwhile.
    pub(crate) async fn change_incident(
        &self,
        after: &Incident,
        seen: Timestamp,
        line: &Audit,
    ) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        let done = sqlx::query(
            "UPDATE incidents SET title = $1, text = $2, keywords = $3, questions = $4, ends_at = $5, problem = $6, \
                    updated_at = $7 \
             WHERE id = $8 AND updated_at = $9",
        )
        .bind(&after.title)
        .bind(&after.text)
        .bind(json(&after.keywords))
        .bind(json(&after.questions))
        .bind(after.ends.map(Timestamp::as_millisecond))
        .bind(after.problem.as_ref().map(TicketRef::as_str))
        .bind(after.updated_at.as_millisecond())
        .bind(after.id.as_str())
        .bind(seen.as_millisecond())
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Conflict);
        }
        audit::insert(&mut transaction, line).await?;
        transaction.commit().await?;
        Ok(())
    }
}

fn incident(row: &AnyRow) -> Result<Incident, StoreError> {
    let text = |column: &str| row.try_get::<String, _>(column);
    let moment = |millis: i64| Timestamp::from_millisecond(millis).unwrap_or_default();
    let problem: Option<String> = row.try_get("problem")?;
    Ok(Incident {
        id: named("incidents", &text("id")?)?,
        title: text("title")?,
        text: text("text")?,
        keywords: parse("incidents", &text("keywords")?)?,
        questions: parse("incidents", &text("questions")?)?,
        starts: moment(row.try_get("starts_at")?),
        ends: row.try_get::<Option<i64>, _>("ends_at")?.map(moment),
        problem: problem.map(|reference| named("incidents", &reference)).transpose()?,
        updated_at: moment(row.try_get("updated_at")?),
    })
}
