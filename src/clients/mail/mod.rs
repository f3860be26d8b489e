//! Outgoing mail.

#[cfg(test)]
mod contract;
pub(crate) mod file;
#[cfg(test)]
pub(crate) mod memory;
pub(crate) mod message;
pub(crate) mod smtp;

use async_trait::async_trait;

use crate::model::EmailAddress;

/// One mail. The parts come from `src/text`; the client makes it a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mail {
    /// Makes the Message-ID, so that a second sending of the same mail can be told by whoever receives it.
    pub(crate) key: String,
    /// To whom.
    pub(crate) to: EmailAddress,
    /// Where an answer goes, when not to the sender.
    pub(crate) reply_to: Option<EmailAddress>,
    /// One line.
    pub(crate) subject: String,
    /// Plain text.
    pub(crate) text: String,
    /// The same as HTML.
    pub(crate) html: String,
    /// Key of the mail that this one follows.
    pub(crate) in_reply_to: Option<String>,
    /// Keys of the mails of the thread before that one, oldest first.
    pub(crate) thread: Vec<String>,
    /// Files.
    pub(crate) attachments: Vec<Attachment>,
}

/// A file of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attachment {
    /// Its name.
    pub(crate) name: String,
    /// Its media type.
    pub(crate) media_type: String,
    /// Its content.
    pub(crate) bytes: Vec<u8>,
}

/// Why a mail was not sent, by what the caller can do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MailError {
    /// Try again later: not reached, or a 4xx answer.
    #[error("the mail server is unavailable: {0}")]
    Unavailable(String),
    /// No mail of ours is taken as the settings stand: a wrong password, a certificate that is not to be trusted.
    #[error("the mail server does not take us, see [mail.smtp]: {0}")]
    ToBeMended(String),
    /// It will never be accepted: a 5xx answer.
    #[error("the mail server refuses: {0}")]
    Refused(String),
    /// The mail itself cannot be made.
    #[error("the mail cannot be written: {0}")]
    Invalid(String),
}

/// Sends mails.
#[async_trait]
pub(crate) trait Mailer: Send + Sync {
    /// Hands the mail over; when this returns, somebody else answers for it.
    async fn send(&self, mail: &Mail) -> Result<(), MailError>;

    /// The Message-ID of the mail with this key.
    fn message_id(&self, key: &str) -> String;
}
