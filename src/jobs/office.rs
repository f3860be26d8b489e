//! What the kinds of work about tickets share: where things are, and who is outside.

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::Failure;
use super::outgoing::{Outgoing, Payload};
use crate::clients::mail::{Attachment, Mail, MailError, Mailer};
use crate::clients::subscribers::{Courier, Subscriber};
use crate::clients::tickets::{DeskError, TicketDesk};
use crate::conversation::Support;
use crate::model::{Comment, EmailAddress, Ticket};
use crate::store::{Claimed, Store};
use crate::text::mail::MailText;

/// What the kinds of work about tickets share.
pub(crate) struct Office {
    pub(crate) store: Store,
    /// The other desk, when there is one.
    pub(crate) desk: Option<Arc<dyn TicketDesk>>,
    pub(crate) mailer: Arc<dyn Mailer>,
    /// Which work follows what.
    pub(crate) outgoing: Outgoing,
    /// Who wants to hear what happens to tickets.
    pub(crate) subscribers: Vec<Subscriber>,
    pub(crate) courier: Courier,
    /// Where requests go that no desk takes.
    pub(crate) support_box: Option<EmailAddress>,
    pub(crate) support: Support,
    /// After how long a desk that does not take a request is made up for by a mail, in milliseconds.
    pub(crate) mail_after_ms: i64,
    /// How many requests an address is told of in a day.
    pub(crate) max_acknowledgements: i64,
    /// How much the files of a mail may be.
    pub(crate) max_mail_bytes: usize,
}

impl Office {
    /// The ticket that the work is about, and the comment when it is about one.
    pub(super) async fn subject(&self, claimed: &Claimed) -> Result<(Ticket, Option<Comment>), Failure> {
        let gone = |what: &str| Failure::GiveUp { reason: format!("{what} is not there") };
        let payload: Payload = serde_json::from_str(&claimed.job.payload)
            .map_err(|error| Failure::GiveUp { reason: format!("the payload cannot be read: {error}") })?;
        let ticket = self.store.find_ticket(&payload.reference).await?.ok_or_else(|| gone("the ticket"))?;
        let comment = match &payload.comment {
            Some(id) => Some(self.store.find_comment(id).await?.ok_or_else(|| gone("the comment"))?),
            None => None,
        };
        Ok((ticket, comment))
    }

    /// Hands a mail over and completes the work.
    pub(super) async fn send(&self, claimed: &Claimed, to: Addressed<'_>, text: MailText) -> Result<(), Failure> {
        let MailText { subject, text, html } = text;
        let mail = Mail {
            key: to.key,
            to: to.to.clone(),
            reply_to: to.reply_to.cloned(),
            subject,
            text,
            html,
            in_reply_to: to.in_reply_to,
            attachments: to.files,
        };
        self.mailer.send(&mail).await?;
        self.store.complete_job(claimed, super::now()).await?;
        Ok(())
    }

    pub(super) fn zone(&self) -> &TimeZone {
        &self.support.zone
    }
}

/// Between whom a mail goes, and what it follows.
pub(super) struct Addressed<'a> {
    pub(super) key: String,
    pub(super) to: &'a EmailAddress,
    pub(super) reply_to: Option<&'a EmailAddress>,
    pub(super) in_reply_to: Option<String>,
    pub(super) files: Vec<Attachment>,
}

impl From<MailError> for Failure {
    fn from(error: MailError) -> Self {
        let reason = error.to_string();
        match error {
            MailError::Unavailable(_) => Self::Retry { reason, after: None },
            MailError::Refused(_) | MailError::Invalid(_) => Self::GiveUp { reason },
        }
    }
}

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Self {
        let reason = error.to_string();
        match error {
            DeskError::RateLimited { retry_after } | DeskError::Unavailable { retry_after, .. } => {
                Self::Retry { reason, after: retry_after }
            }
            DeskError::Refused { .. } => Self::GiveUp { reason },
        }
    }
}
