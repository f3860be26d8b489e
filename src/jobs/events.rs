//! Which events come of what happens to a ticket. Pure: the same happening makes the same events with the same ids.

use crate::model::{CommentAuthor, EventComment, EventKind, Ticket, TicketCommit, TicketEvent};

/// A ticket was asked for.
pub(super) fn created(ticket: &Ticket) -> TicketEvent {
    event(EventKind::Created, ticket, None)
}

/// What `commit` makes of `before`: somebody wrote, something changed, or both.
pub(super) fn changed(before: &Ticket, commit: &TicketCommit) -> Vec<TicketEvent> {
    let after = &commit.after;
    let has_changed = before.status != after.status
        || before.urgency != after.urgency
        || before.assignee != after.assignee
        || before.tags != after.tags;
    let said = commit.comment.as_ref().map(|comment| {
        let is_agent = matches!(comment.author, CommentAuthor::Agent(_));
        let comment = EventComment { id: comment.id.clone(), is_agent, public: comment.is_public };
        event(EventKind::Commented, after, Some(comment))
    });
    said.into_iter().chain(has_changed.then(|| event(EventKind::Changed, after, None))).collect()
}

/// The time of a ticket's last change is different for each change, so it makes the id.
fn event(kind: EventKind, ticket: &Ticket, comment: Option<EventComment>) -> TicketEvent {
    let (reference, at) = (ticket.draft.reference.clone(), ticket.updated_at);
    let id = format!("{}/{reference}/{at}", kind.name());
    TicketEvent { id, kind, reference, status: ticket.status, at, comment }
}
