//! Nouns: values without IO, one file each.

mod candidate;
mod commit;
mod conversation;
mod decision;
mod message;
mod question;

pub(crate) use candidate::Candidate;
pub(crate) use commit::Commit;
pub(crate) use conversation::{Conversation, State};
pub(crate) use decision::Decision;
pub(crate) use message::{Message, Said};
pub(crate) use question::{MAX_CHARS, Question, QuestionError};
