//! Nouns: values without IO, one file each.

mod candidate;
mod commit;
mod conversation;
mod decision;
mod email_address;
mod job;
mod message;
mod question;
mod secret;
mod ticket;

pub(crate) use candidate::Candidate;
pub(crate) use commit::{Commit, TicketCommit};
pub(crate) use conversation::{Conversation, State};
pub(crate) use decision::Decision;
pub(crate) use email_address::EmailAddress;
pub(crate) use job::{Job, JobState, NewJob};
pub(crate) use message::{AgentMessage, Message, Said, TicketNotice};
pub(crate) use question::{MAX_CHARS, Question, QuestionError};
pub(crate) use secret::Secret;
pub(crate) use ticket::{
    Comment, CommentAuthor, HistoryLine, Requester, Ticket, TicketDraft, TicketRef, TicketStatus, TranscriptLine,
    Urgency,
};
