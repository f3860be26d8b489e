//! What is heard of the tickets of another desk, by its events and by reading there. Pure.

use super::{Heard, TicketChange};
use crate::model::{Comment, CommentAuthor, TicketRef};
use crate::text;

/// An agent has said something at the other desk, where it has the id `id`. However often it is heard of, and whether an
/// event or a reading tells it, it is said once. The desk itself writes to the requester: no mail of ours follows.
///
/// `said_at` is by the desk's clock, `now` by ours, in milliseconds since 1970.
pub(crate) fn answered_elsewhere(
    reference: &TicketRef,
    id: &str,
    text: String,
    said_at: i64,
    now: i64,
) -> TicketChange {
    let comment = Comment {
        id: format!("zendesk/{id}"),
        reference: reference.clone(),
        author: CommentAuthor::Agent(text::DESK.to_owned()),
        is_public: true,
        text,
        created_at: said_at.min(now),
    };
    TicketChange {
        who: text::DESK.to_owned(),
        comment: Some(comment),
        heard: Some(Heard::Undated),
        delivery: Some(format!("zendesk/comment/{id}")),
        at: now,
        ..TicketChange::default()
    }
}
