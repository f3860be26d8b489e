//! A problem is solved: each report that is attached to it and still open gets its status and the public answer, one
//! transaction each.

use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::office::Office;
use super::{Failure, Kind};
use crate::desk::{self, DeskError, TicketChange};
use crate::model::{Comment, NewJob, TicketCommit, TicketRef, TicketStatus};
use crate::store::Claimed;
use crate::text;

const PROPAGATE: &str = "desk.propagate";

#[derive(Debug, Serialize, Deserialize)]
struct Payload {
    problem: TicketRef,
    status: TicketStatus,
    /// The public answer that came with it.
    comment: Option<String>,
}

/// The work that follows when `commit` solves the ticket that stands for others.
pub(crate) fn propagate(commit: &TicketCommit) -> NewJob {
    let problem = commit.after.draft.reference.clone();
    // A problem may be solved twice.
    let key = format!("{PROPAGATE}/{problem}/{}", commit.after.updated_at);
    let comment = commit.comment.as_ref().filter(|comment| comment.is_public).map(|comment| comment.id.clone());
    let payload = Payload { problem, status: commit.after.status, comment };
    let payload = serde_json::to_string(&payload).expect("a payload is JSON");
    NewJob { kind: PROPAGATE, version: 1, payload, key, run_at: commit.at }
}

pub(crate) struct DeskPropagate(pub(crate) Arc<Office>);

#[async_trait]
impl Kind for DeskPropagate {
    fn name(&self) -> &'static str {
        PROPAGATE
    }

    async fn run(&self, claimed: &Claimed) -> Result<(), Failure> {
        let payload: Payload = serde_json::from_str(&claimed.job.payload)
            .map_err(|error| Failure::GiveUp { reason: format!("the payload cannot be read: {error}") })?;
        let store = &self.0.store;
        let comment = match &payload.comment {
            Some(id) => store.find_comment(id).await?,
            None => None,
        };
        for incident in store.list_incidents_of(&payload.problem).await? {
            for report in store.list_unsolved_with_tag(&incident.id.tag()).await? {
                if report == payload.problem {
                    continue;
                }
                let change = self.change(claimed, &payload, &report, comment.as_ref());
                match desk::change(store, &self.0.outgoing, &self.0.support, &report, &change).await {
                    Ok(_) | Err(DeskError::NoTicket | DeskError::Closed) => {}
                    Err(DeskError::Store(error)) => return Err(error.into()),
                }
            }
        }
        store.complete_job(claimed, super::now()).await?;
        Ok(())
    }
}

impl DeskPropagate {
    /// What the report gets, once: the delivery is the same when this work is begun again.
    fn change(
        &self,
        claimed: &Claimed,
        payload: &Payload,
        report: &TicketRef,
        comment: Option<&Comment>,
    ) -> TicketChange {
        let at = super::now();
        let comment = comment.map(|comment| Comment {
            id: uuid::Uuid::now_v7().to_string(),
            reference: report.clone(),
            created_at: at,
            ..comment.clone()
        });
        TicketChange {
            who: text::GUICHET.to_owned(),
            status: Some(payload.status),
            notes: vec![format!("with problem {}", payload.problem)],
            jobs: comment.as_ref().map(|comment| self.0.outgoing.said(comment)).unwrap_or_default(),
            comment,
            delivery: Some(format!("{}/{report}", claimed.job.id)),
            at,
            ..TicketChange::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attachments::Limits;
    use crate::clients::mail::memory::MemoryMailer;
    use crate::clients::subscribers::Courier;
    use crate::conversation::{Hours, Support};
    use crate::jobs::Outgoing;
    use crate::model::{
        CommentAuthor, Commit, Conversation, Incident, Requester, State, Ticket, TicketDraft, TicketNotice, Urgency,
    };
    use crate::opening::{self, Opening};
    use crate::store::Store;

    fn reference(number: u64) -> TicketRef {
        TicketRef::from_random(number)
    }

    fn ticket(number: u64, tags: &[&str]) -> Ticket {
        let draft = TicketDraft {
            reference: reference(number),
            conversation: format!("c{number}"),
            requester: Requester {
                name: "Léa Martin".into(),
                email: "lea@revendeur.example".parse().expect("an address"),
                company: None,
            },
            asker: None,
            subject: "Boutique".into(),
            description: "Elle ne répond plus.".into(),
            product: None,
            urgency: Urgency::Normal,
            transcript: Vec::new(),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            created_at: 1,
            attachments: Vec::new(),
        };
        Ticket {
            request_key: "k".into(),
            status: TicketStatus::New,
            urgency: Urgency::Normal,
            assignee: None,
            tags: draft.tags.clone(),
            external_id: None,
            updated_at: 1,
            due_at: 1,
            answered_at: None,
            paused_at: None,
            external_at: 0,
            draft,
        }
    }

    async fn keep(store: &Store, ticket: Ticket) {
        let id = ticket.draft.conversation.clone();
        let conversation = Conversation {
            id: id.clone(),
            token_hash: String::new(),
            channel: "web".into(),
            state: State::default(),
            last_message: 0,
            created_at: 1,
            agent_seen_at: 0,
        };
        store.create_conversation(&conversation).await.expect("it is kept");
        let commit = Commit { conversation: id, ticket: Some(ticket), at: 1, ..Commit::default() };
        store.commit_turn(&commit).await.expect("it is kept");
    }

    fn comment(number: u64, author: CommentAuthor) -> Comment {
        let id = uuid::Uuid::now_v7().to_string();
        let text = "La boutique est revenue.".to_owned();
        Comment { id, reference: reference(number), author, is_public: true, text, created_at: 5 }
    }

    #[tokio::test]
    async fn work_that_begins_again_changes_no_report_twice() {
        let dir = tempfile::tempdir().expect("a directory");
        let store = Store::open(&format!("sqlite://{}/t.db", dir.path().display())).await.expect("it opens");
        let outgoing = Outgoing { has_desk: false, has_support_box: false, subscriptions: [].into(), platforms: &[] };
        let support = Support { hours: Hours::new(Opening::default()), products: Vec::new(), zone: opening::paris() };
        let office = Office {
            store: store.clone(),
            desk: None,
            mailer: Arc::new(MemoryMailer::default()),
            outgoing: outgoing.clone(),
            subscribers: Vec::new(),
            courier: Courier::new().expect("the certificates can be read"),
            support_box: None,
            support: support.clone(),
            mail_after_ms: 0,
            max_acknowledgements: 20,
            files: Limits { per_ticket: 0, media_types: Vec::new() },
            max_file_bytes: 0,
            max_mail_bytes: 0,
        };
        for (number, tags) in [(1, vec![]), (2, vec!["incident:boutique"]), (3, vec!["incident:autre"])] {
            keep(&store, ticket(number, &tags)).await;
        }
        let incident = Incident {
            id: "boutique".parse().expect("an id"),
            title: "Panne".into(),
            text: "Patience.".into(),
            keywords: Vec::new(),
            questions: Vec::new(),
            starts: jiff::Timestamp::UNIX_EPOCH,
            ends: None,
            problem: Some(reference(1)),
            updated_at: jiff::Timestamp::UNIX_EPOCH,
        };
        store.create_incident(&incident, &crate::model::Audit::default()).await.expect("it is kept");

        let solved = TicketChange {
            who: "Inès".into(),
            status: Some(TicketStatus::Solved),
            comment: Some(comment(1, CommentAuthor::Agent("Inès".into()))),
            spreads: true,
            at: 10,
            ..TicketChange::default()
        };
        desk::change(&store, &outgoing, &support, &reference(1), &solved).await.expect("it is changed");
        let claimed = store.claim_job(20, 30, "l1").await.expect("it can be asked").expect("there is work");
        let claimed_again = store.claim_job(40, 50, "l2").await.expect("it can be asked").expect("the lease has ended");
        let kind = DeskPropagate(Arc::new(office));
        // The first process does it all and dies before it says so.
        assert!(kind.run(&claimed).await.is_err(), "its lease was lost");
        let status = async |number| {
            store.find_ticket(&reference(number)).await.expect("it can be read").expect("it is there").status
        };
        assert_eq!((status(2).await, status(3).await), (TicketStatus::Solved, TicketStatus::New));
        // The partner answers before the second one begins.
        let partner = comment(2, CommentAuthor::Partner("Léa".into()));
        let answered = TicketChange { comment: Some(partner), at: 60, ..TicketChange::default() };
        desk::change(&store, &outgoing, &support, &reference(2), &answered).await.expect("it is changed");
        kind.run(&claimed_again).await.expect("it is done");
        assert_eq!(status(2).await, TicketStatus::Open, "it is not solved a second time");
        assert_eq!(store.list_comments(&reference(2)).await.expect("they can be read").len(), 2);
        let told = store.list_messages("c2", 0).await.expect("they can be read");
        let notice = |status| crate::model::Said::Ticket(TicketNotice { ticket: reference(2), status });
        assert!(told.iter().any(|message| message.said == notice(TicketStatus::Solved)));
    }
}
