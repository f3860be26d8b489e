//! Everything that one turn changes, written in one transaction.

use guichet_bots::Outbound;

use super::{
    Audit, Comment, EmailAddress, HistoryLine, Lookup, Message, NewFile, NewJob, Said, State, Ticket, TurnRecord,
};

/// What one turn changes.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Commit {
    /// The conversation.
    pub(crate) conversation: String,
    /// Number of the last message that the turn knew: when there is a later one, nothing is written.
    pub(crate) seen: i64,
    /// Chosen by whoever sent the message: the same one sent again is not a new one.
    pub(crate) client_id: Option<String>,
    /// What the next turn must know.
    pub(crate) state: State,
    /// The new messages, numbered from `seen` + 1.
    pub(crate) messages: Vec<Message>,
    /// What is counted of it; none when no turn was taken.
    pub(crate) turn: Option<TurnRecord>,
    /// What was known when the ticket was decided on: when more was asked for since, nothing is written.
    pub(crate) known: Option<KnownRequests>,
    /// A ticket that was asked for.
    pub(crate) ticket: Option<Ticket>,
    /// Files of the conversation that it takes.
    pub(crate) ticket_files: Vec<String>,
    /// What its history says besides that it was created.
    pub(crate) ticket_history: Vec<HistoryLine>,
    /// A change of a ticket that was there before.
    pub(crate) ticket_change: Option<TicketCommit>,
    /// Work that follows.
    pub(crate) jobs: Vec<NewJob>,
    /// What was looked up in the portal for it.
    pub(crate) lookup: Option<Lookup>,
    /// Until when facts of the portal in its replies and its state may stay, in milliseconds since 1970.
    pub(crate) facts_until: Option<i64>,
    /// Earlier replies, by id, without what came from the portal: the person wants it forgotten.
    pub(crate) emptied: Vec<(String, Outbound)>,
    /// What somebody of the staff did with the conversation.
    pub(crate) audit: Option<Audit>,
    /// When, in milliseconds since 1970.
    pub(crate) at: i64,
}

/// How many tickets were asked for with an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownRequests {
    pub(crate) email: EmailAddress,
    pub(crate) count: i64,
}

/// What one change of a ticket brings.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TicketCommit {
    /// When the ticket that was looked at had changed last: when it has changed since, nothing is written.
    pub(crate) seen: i64,
    /// The ticket afterwards.
    pub(crate) after: Ticket,
    /// Who changes it, as staff see it.
    pub(crate) who: String,
    /// What the history says of it.
    pub(crate) history: Vec<String>,
    /// What is added.
    pub(crate) comment: Option<Comment>,
    /// Files of the conversation that the comment takes.
    pub(crate) files: Vec<String>,
    /// Files that come with the comment.
    pub(crate) sent: Vec<NewFile>,
    /// What the partner is told in the conversation.
    pub(crate) told: Vec<Said>,
    /// Work that follows.
    pub(crate) jobs: Vec<NewJob>,
    /// The delivery from outside that asks for it: one that was taken before changes nothing.
    pub(crate) delivery: Option<String>,
    /// When, in milliseconds since 1970.
    pub(crate) at: i64,
}
