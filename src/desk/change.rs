//! What a change makes of a ticket, of its history and of what the partner is told. Pure.

use crate::jobs::Outgoing;
use crate::model::{
    AgentMessage, Comment, CommentAuthor, NewJob, Said, Ticket, TicketCommit, TicketNotice, TicketStatus, Urgency,
};

/// What somebody changes on a ticket, at once.
#[derive(Debug, Clone, Default)]
pub(crate) struct TicketChange {
    /// Who changes it, as staff see it.
    pub(crate) who: String,
    pub(crate) status: Option<TicketStatus>,
    pub(crate) urgency: Option<Urgency>,
    /// `Some(None)`: nobody.
    pub(crate) assignee: Option<Option<String>>,
    pub(crate) tags: Option<Vec<String>>,
    pub(crate) comment: Option<Comment>,
    /// Files of the conversation that the comment takes.
    pub(crate) files: Vec<String>,
    /// What the history says besides.
    pub(crate) notes: Vec<String>,
    /// Solving it solves the reports that are attached to it.
    pub(crate) spreads: bool,
    /// Work that follows.
    pub(crate) jobs: Vec<NewJob>,
    /// The delivery from outside that asks for it: one that was taken before changes nothing.
    pub(crate) delivery: Option<String>,
    /// When, in milliseconds since 1970.
    pub(crate) at: i64,
}

/// Everything that `change` brings to a ticket.
pub(crate) fn plan(before: &Ticket, change: &TicketChange, outgoing: &Outgoing) -> TicketCommit {
    let after = changed(before, change);
    let mut history = differences(before, &after, change.comment.as_ref());
    history.extend(change.notes.iter().cloned());
    let mut commit = TicketCommit {
        seen: before.updated_at,
        history,
        told: told(before, &after, change.comment.as_ref()),
        after,
        who: change.who.clone(),
        comment: change.comment.clone(),
        files: change.files.clone(),
        jobs: change.jobs.clone(),
        delivery: change.delivery.clone(),
        at: change.at,
    };
    commit.jobs.extend(outgoing.changed(before, &commit));
    commit
}

/// The ticket after `change`. The first public answer of an agent stops the clock of the promise; an answer of the
/// partner opens a ticket that waited for it or was thought done.
fn changed(before: &Ticket, change: &TicketChange) -> Ticket {
    let mut after = before.clone();
    if let Some(comment) = &change.comment {
        let is_answer = matches!(comment.author, CommentAuthor::Agent(_)) && comment.is_public;
        if is_answer && after.answered_at.is_none() {
            after.answered_at = Some(change.at);
        }
        let waited = matches!(before.status, TicketStatus::Pending | TicketStatus::Solved);
        if matches!(comment.author, CommentAuthor::Partner(_)) && waited {
            after.status = TicketStatus::Open;
        }
        if is_answer && before.status == TicketStatus::New {
            after.status = TicketStatus::Open;
        }
    }
    after.status = change.status.unwrap_or(after.status);
    after.urgency = change.urgency.unwrap_or(after.urgency);
    if let Some(assignee) = &change.assignee {
        after.assignee.clone_from(assignee);
    }
    if let Some(tags) = &change.tags {
        after.tags.clone_from(tags);
    }
    // It must differ, even within one millisecond: it tells whether somebody else was faster.
    after.updated_at = change.at.max(before.updated_at + 1);
    after
}

/// What the history says of a change; never what people wrote.
fn differences(before: &Ticket, after: &Ticket, comment: Option<&Comment>) -> Vec<String> {
    let mut lines = Vec::new();
    if before.status != after.status {
        lines.push(format!("status: {} → {}", before.status.name(), after.status.name()));
    }
    if before.urgency != after.urgency {
        lines.push(format!("urgency: {} → {}", before.urgency.name(), after.urgency.name()));
    }
    if before.assignee != after.assignee {
        let shown = |assignee: &Option<String>| assignee.clone().unwrap_or_else(|| "-".to_owned());
        lines.push(format!("assignee: {} → {}", shown(&before.assignee), shown(&after.assignee)));
    }
    if before.tags != after.tags {
        lines.push(format!("tags: {} → {}", before.tags.join(" "), after.tags.join(" ")));
    }
    if let Some(comment) = comment {
        lines.push(if comment.is_public { "public comment" } else { "internal comment" }.to_owned());
    }
    lines
}

/// What the partner is told in the conversation.
fn told(before: &Ticket, after: &Ticket, comment: Option<&Comment>) -> Vec<Said> {
    let ticket = || before.draft.reference.clone();
    let mut told = Vec::new();
    if let Some(Comment { author: CommentAuthor::Agent(name), is_public: true, text, .. }) = comment {
        told.push(Said::Agent(AgentMessage { name: name.clone(), text: text.clone(), ticket: Some(ticket()) }));
    }
    if before.status != after.status {
        told.push(Said::Ticket(TicketNotice { ticket: ticket(), status: after.status }));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{EventKind, Requester, TicketDraft, TicketRef};

    fn ticket(status: TicketStatus) -> Ticket {
        let draft = TicketDraft {
            reference: TicketRef::from_random(1),
            conversation: "c".into(),
            requester: Requester {
                name: "Léa Martin".into(),
                email: "lea@revendeur.example".parse().expect("an address"),
                company: None,
            },
            asker: None,
            subject: "Clé".into(),
            description: "Où est la clé ?".into(),
            product: None,
            urgency: Urgency::Normal,
            transcript: Vec::new(),
            tags: Vec::new(),
            created_at: 1,
            attachments: Vec::new(),
        };
        Ticket {
            draft,
            request_key: "k".into(),
            status,
            urgency: Urgency::Normal,
            assignee: None,
            tags: Vec::new(),
            external_id: None,
            updated_at: 10,
            due_at: 100,
            answered_at: None,
        }
    }

    /// Everything that happens is told to somebody.
    fn outgoing() -> Outgoing {
        let all = vec![EventKind::Created, EventKind::Changed, EventKind::Commented];
        Outgoing {
            has_desk: false,
            has_support_box: false,
            subscriptions: [("s".to_owned(), all)].into(),
            platforms: &["discord"],
        }
    }

    fn comment(author: CommentAuthor, is_public: bool) -> Comment {
        let reference = TicketRef::from_random(1);
        Comment { id: "x".into(), reference, author, is_public, text: "bonjour".into(), created_at: 20 }
    }

    #[test]
    fn the_first_public_answer_opens_the_ticket_stops_the_clock_and_is_told() {
        let agent = || CommentAuthor::Agent("Inès".into());
        let change = TicketChange { comment: Some(comment(agent(), true)), at: 20, ..TicketChange::default() };
        let commit = plan(&ticket(TicketStatus::New), &change, &outgoing());
        assert_eq!((commit.after.status, commit.after.answered_at), (TicketStatus::Open, Some(20)));
        assert_eq!(commit.told.len(), 2);
        assert_eq!(commit.history, ["status: new → open", "public comment"]);
        let told: Vec<_> = commit.jobs.iter().map(|job| job.key.as_str()).collect();
        let reference = TicketRef::from_random(1);
        let expected = ["commented", "changed"].map(|kind| format!("webhook.deliver/s/ticket.{kind}/{reference}/20"));
        assert_eq!(told, expected);
        assert!(!commit.jobs[0].payload.contains("bonjour"), "what people write is not told");

        let change = TicketChange { comment: Some(comment(agent(), false)), at: 20, ..TicketChange::default() };
        let commit = plan(&ticket(TicketStatus::New), &change, &outgoing());
        assert_eq!((commit.after.status, commit.after.answered_at), (TicketStatus::New, None));
        assert!(commit.told.is_empty(), "an internal comment is not for the partner");
    }

    #[test]
    fn an_answer_of_the_partner_opens_a_ticket_that_waited() {
        let partner = comment(CommentAuthor::Partner("Léa".into()), true);
        let change = TicketChange { comment: Some(partner), at: 5, ..TicketChange::default() };
        let commit = plan(&ticket(TicketStatus::Solved), &change, &outgoing());
        assert_eq!(commit.after.status, TicketStatus::Open);
        assert_eq!(commit.after.updated_at, 11, "it differs although the clock went back");
    }
}
