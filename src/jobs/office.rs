//! What the kinds of work about tickets share: where things are, and who is outside.

use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;

use super::Failure;
use super::outgoing::{self, LINKED, NOTE, Outgoing, Payload, SUPPORT};
use crate::attachments::Limits;
use crate::clients::mail::{Attachment, Mail, MailError, Mailer};
use crate::clients::subscribers::{Courier, Subscriber};
use crate::clients::tickets::{DeskError, TicketDesk};
use crate::conversation::Support;
use crate::model::{Comment, EmailAddress, JobState, NewJob, Ticket, TicketRef};
use crate::store::{Claimed, Store, StoreError};
use crate::text::mail::MailText;

/// How long to wait for a mail to the support box before what follows it.
const UNTIL_MAIL: Duration = Duration::from_secs(5);

/// How the keys of work begin that brings something to the other desk.
pub(crate) const TO_THE_DESK: &str = "ticket.";

/// How many mails of a thread are named.
const LONGEST_THREAD: usize = 12;

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
    /// Which files are kept, and how large they may be.
    pub(crate) files: Limits,
    pub(crate) max_file_bytes: usize,
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

    /// The desk did not take what was said: when that lasts, or is for ever, the support box is told instead, once. An attempt
    /// that has lost its lease tells nobody: the one that has it may have been taken by the desk already, and nothing would
    /// tell the box where.
    pub(super) async fn make_up(
        &self,
        claimed: &Claimed,
        reference: &TicketRef,
        comment: Option<&Comment>,
        said_at: i64,
        failure: &Failure,
    ) -> Result<(), Failure> {
        let now = super::now();
        let is_lost = matches!(failure, Failure::GiveUp { .. });
        if self.support_box.is_some() && (is_lost || now - said_at >= self.mail_after_ms) {
            let mail = outgoing::job(SUPPORT, reference, comment.map(|it| it.id.as_str()), now);
            match self.store.queue_beside(claimed, &[mail], now).await {
                Ok(()) | Err(StoreError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// The desk has taken what was said: what follows when the support box was told of it. Both are then told of each
    /// other.
    pub(super) async fn link(&self, reference: &TicketRef, comment: Option<&str>) -> Result<Vec<NewJob>, Failure> {
        let now = super::now();
        let mail = outgoing::job(SUPPORT, reference, comment, now);
        let is_told = self.store.find_job(&mail.key).await?.is_some();
        let jobs = [NOTE, LINKED].map(|kind| outgoing::job(kind, reference, comment, now));
        Ok(if is_told { jobs.into() } else { Vec::new() })
    }

    /// When the support box was told of a ticket or a comment; nothing when it never will be.
    pub(super) async fn told_at(&self, reference: &TicketRef, comment: Option<&str>) -> Result<Option<i64>, Failure> {
        let key = outgoing::job(SUPPORT, reference, comment, 0).key;
        let Some(job) = self.store.find_job(&key).await? else { return Ok(None) };
        match job.state {
            JobState::Done => Ok(Some(job.updated_at)),
            JobState::Dead => Ok(None),
            JobState::Queued | JobState::Running => {
                let reason = "the mail to the support box is not yet on its way".to_owned();
                Err(Failure::Retry { reason, after: Some(UNTIL_MAIL) })
            }
        }
    }

    /// Hands a mail over and completes the work.
    pub(super) async fn send(&self, claimed: &Claimed, mut to: Addressed<'_>, text: MailText) -> Result<(), Failure> {
        let MailText { subject, text, html } = text;
        let mail = Mail {
            key: to.key,
            to: to.to.clone(),
            reply_to: to.reply_to.cloned(),
            subject,
            text,
            html,
            in_reply_to: to.follows.pop(),
            thread: to.follows,
            attachments: to.files,
        };
        self.mailer.send(&mail).await?;
        self.store.complete_job(claimed, super::now()).await?;
        Ok(())
    }

    /// The thread that a mail about `comment` follows: the mail `first`, and those of the same kind of work about what was
    /// said before.
    pub(super) async fn thread(
        &self,
        kind: &'static str,
        comment: &Comment,
        first: String,
        key: impl Fn(&str) -> String,
    ) -> Result<Vec<String>, Failure> {
        let mut thread = vec![first];
        let said = self.store.list_comments(&comment.reference).await?;
        for earlier in said.iter().take_while(|earlier| earlier.id != comment.id) {
            let job = outgoing::job(kind, &comment.reference, Some(&earlier.id), 0).key;
            if self.store.find_job(&job).await?.is_some_and(|job| job.state == JobState::Done) {
                thread.push(key(&earlier.id));
            }
        }
        // The header has one line of a thousand bytes: the first one and the last ones say where a mail belongs.
        let too_many = thread.len().saturating_sub(LONGEST_THREAD);
        thread.drain(1..=too_many);
        Ok(thread)
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
    /// Keys of the mails of its thread, oldest first; the last one is the one that it follows.
    pub(super) follows: Vec<String>,
    pub(super) files: Vec<Attachment>,
}

/// How the keys of work begin that goes to the other desk.
pub(super) fn to_the_desk() -> Vec<String> {
    [TO_THE_DESK, "desk.reconcile/"].map(str::to_owned).into()
}

/// How the keys of work begin that goes to the mail server.
pub(super) fn to_the_mail_server() -> Vec<String> {
    vec!["mail.".to_owned()]
}

impl From<MailError> for Failure {
    fn from(error: MailError) -> Self {
        let reason = error.to_string();
        match error {
            MailError::Unavailable(_) => Self::Retry { reason, after: None },
            MailError::ToBeMended(_) => Self::ToBeMended { reason, is_all: true },
            MailError::Refused(_) | MailError::Invalid(_) => Self::GiveUp { reason },
        }
    }
}

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Self {
        let reason = error.to_string();
        match error {
            DeskError::RateLimited { retry_after: Some(wait) } => Self::Busy { reason, wait },
            DeskError::RateLimited { retry_after: None } => Self::Retry { reason, after: None },
            // It may be this one ticket that asks for patience.
            DeskError::Unavailable { retry_after, .. } => Self::Retry { reason, after: retry_after },
            DeskError::NotAllowed { is_unknown, .. } => Self::ToBeMended { reason, is_all: is_unknown },
            DeskError::Refused { .. } => Self::GiveUp { reason },
        }
    }
}
