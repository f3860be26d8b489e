//! A file that somebody sent.

use serde::{Deserialize, Serialize};

use super::TicketRef;

/// What is known of a file, without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attachment {
    pub(crate) id: String,
    /// The conversation it was sent in.
    pub(crate) conversation: String,
    /// Its name, safe to be saved under.
    pub(crate) name: String,
    pub(crate) media_type: String,
    /// In bytes.
    pub(crate) size: i64,
    /// The ticket it belongs to; none while it was only sent.
    pub(crate) ticket: Option<TicketRef>,
    /// The comment it came with; none when it came with the ticket itself.
    pub(crate) comment: Option<String>,
}

/// A file that comes with an answer of the staff, as the conversation tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SentFile {
    pub(crate) id: String,
    pub(crate) name: String,
    /// In bytes.
    pub(crate) size: i64,
}

/// A file that is kept with the change that brings it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewFile {
    pub(crate) id: String,
    pub(crate) file: File,
}

impl NewFile {
    /// What is told of it.
    pub(crate) fn shown(&self) -> SentFile {
        let size = i64::try_from(self.file.content.len()).unwrap_or(i64::MAX);
        SentFile { id: self.id.clone(), name: self.file.name.clone(), size }
    }
}

/// A file as it is handed over.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) media_type: String,
    pub(crate) content: Vec<u8>,
}

impl std::fmt::Debug for File {
    /// Without the content, which is long and somebody's.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "File({}, {} bytes)", self.media_type, self.content.len())
    }
}
