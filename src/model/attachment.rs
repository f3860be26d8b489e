//! A file that somebody sent.

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
