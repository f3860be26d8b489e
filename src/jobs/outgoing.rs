//! Which work follows what happens to a ticket.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{channel_deliver, events, webhook_deliver};
use crate::model::{
    Comment, CommentAuthor, Conversation, EventKind, NewJob, Ticket, TicketCommit, TicketEvent, TicketRef,
};

/// Creates the ticket in the other desk.
pub(crate) const CREATE: &str = "ticket.create";
/// Adds what the partner says to the ticket of the other desk.
pub(crate) const COMMENT: &str = "ticket.comment";
/// Tells the partner that the request has arrived.
pub(crate) const ACKNOWLEDGE: &str = "mail.acknowledge";
/// Tells the support box that there is a request.
pub(crate) const SUPPORT: &str = "mail.support";
/// Notes on the ticket of the other desk that the support box has a mail about it.
pub(crate) const NOTE: &str = "ticket.note";
/// Tells the support box where what it was told of is now.
pub(crate) const LINKED: &str = "mail.linked";
/// Brings an agent's answer to the partner.
pub(crate) const ANSWER: &str = "mail.answer";

/// What work about a ticket needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Payload {
    /// The ticket.
    pub(crate) reference: TicketRef,
    /// The comment, when it is about one.
    #[serde(default)]
    pub(crate) comment: Option<String>,
}

/// Which work follows what, in this deployment. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Outgoing {
    /// Tickets go to another desk.
    pub(crate) has_desk: bool,
    /// There is a support box.
    pub(crate) has_support_box: bool,
    /// Ids of those who want to hear what happens to tickets, and what they want to hear.
    pub(crate) subscriptions: Arc<[(String, Vec<EventKind>)]>,
    /// Platforms where conversations are held: what is told there must be brought.
    pub(crate) platforms: &'static [&'static str],
}

impl Outgoing {
    /// A ticket was asked for. The support box is told when no other desk is; when there is one, it is told only if the
    /// desk stays silent (the work that creates the ticket sees to it).
    pub(crate) fn created(&self, ticket: &Ticket) -> Vec<NewJob> {
        let at = ticket.draft.created_at;
        let job = |kind| job(kind, &ticket.draft.reference, None, at);
        let mut jobs = vec![job(ACKNOWLEDGE)];
        if self.has_desk {
            jobs.push(job(CREATE));
        } else if self.has_support_box {
            jobs.push(job(SUPPORT));
        }
        jobs.extend(self.told(&[events::created(ticket)]));
        jobs
    }

    /// A ticket of another desk is known here from now on.
    pub(crate) fn known(&self, ticket: &Ticket) -> Vec<NewJob> {
        self.told(&[events::created(ticket)])
    }

    /// Something was said about a ticket.
    pub(crate) fn said(&self, comment: &Comment) -> Vec<NewJob> {
        let job = |kind| job(kind, &comment.reference, Some(&comment.id), comment.created_at);
        match comment.author {
            CommentAuthor::Agent(_) if comment.is_public => vec![job(ANSWER)],
            CommentAuthor::Partner(_) if self.has_desk => vec![job(COMMENT)],
            CommentAuthor::Partner(_) if self.has_support_box => vec![job(SUPPORT)],
            CommentAuthor::Agent(_) | CommentAuthor::Partner(_) => Vec::new(),
        }
    }

    /// A ticket was changed, or something was said about it.
    pub(crate) fn changed(&self, before: &Ticket, commit: &TicketCommit) -> Vec<NewJob> {
        let mut jobs = self.told(&events::changed(before, commit));
        // The channel of the conversation is one of the first tags, which nobody changes.
        let is_held = before.draft.tags.iter().any(|tag| self.platforms.contains(&tag.as_str()));
        if is_held && !commit.told.is_empty() {
            jobs.push(channel_deliver::deliver(commit));
        }
        jobs
    }

    /// Something was said in a conversation that nobody asked for; `last` is its number.
    pub(crate) fn told_in(&self, conversation: &Conversation, last: i64, at: i64) -> Vec<NewJob> {
        let is_held = self.platforms.contains(&conversation.channel.as_str());
        is_held.then(|| channel_deliver::deliver_message(&conversation.id, last, at)).into_iter().collect()
    }

    /// Each subscriber is told what it wants to hear.
    fn told(&self, events: &[TicketEvent]) -> Vec<NewJob> {
        let wants = |event: &&TicketEvent, wanted: &[EventKind]| wanted.contains(&event.kind);
        let of = |(id, wanted): &(String, Vec<EventKind>)| {
            let heard = events.iter().filter(|event| wants(event, wanted));
            heard.map(|event| webhook_deliver::deliver(id, event)).collect::<Vec<_>>()
        };
        self.subscriptions.iter().flat_map(of).collect()
    }
}

/// Work about a ticket; its key makes that it is queued once.
pub(crate) fn job(kind: &'static str, reference: &TicketRef, comment: Option<&str>, run_at: i64) -> NewJob {
    let payload = Payload { reference: reference.clone(), comment: comment.map(str::to_owned) };
    let key = match comment {
        Some(comment) => format!("{kind}/{reference}/{comment}"),
        None => format!("{kind}/{reference}"),
    };
    let payload = serde_json::to_string(&payload).expect("a payload is JSON");
    NewJob { kind, version: 1, payload, key, run_at }
}
