//! A mail server in memory, for tests.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::{Mail, MailError, Mailer};

/// How one sending goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing is taken; later it may be.
    Unavailable,
    /// The mail is taken and the sender does not hear of it.
    UnavailableAfterTaking,
    /// It will never be taken.
    Refused,
}

/// Keeps what it is given.
#[derive(Debug, Default)]
pub(crate) struct MemoryMailer {
    sent: Mutex<Vec<Mail>>,
    faults: Mutex<VecDeque<Option<Fault>>>,
}

impl MemoryMailer {
    /// Every mail that was taken, in order; one that was sent twice is there twice.
    pub(crate) fn sent(&self) -> Vec<Mail> {
        lock(&self.sent).clone()
    }

    /// What happens to the next mails, one after the other; `None` is no fault. After them all goes well.
    pub(crate) fn fail_next(&self, faults: impl IntoIterator<Item = Option<Fault>>) {
        lock(&self.faults).extend(faults);
    }
}

#[async_trait]
impl Mailer for MemoryMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let fault = lock(&self.faults).pop_front().flatten();
        let is_taken = matches!(fault, None | Some(Fault::UnavailableAfterTaking));
        if is_taken {
            lock(&self.sent).push(mail.clone());
        }
        match fault {
            None => Ok(()),
            Some(Fault::Unavailable | Fault::UnavailableAfterTaking) => {
                Err(MailError::Unavailable("script".to_owned()))
            }
            Some(Fault::Refused) => Err(MailError::Refused("script".to_owned())),
        }
    }

    fn message_id(&self, key: &str) -> String {
        format!("<{key}@guichet.example>")
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A test that panicked with the lock has failed already.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::super::message::tests::mail;
    use super::*;

    #[tokio::test]
    async fn faults_come_in_the_order_of_the_script() {
        let mailer = MemoryMailer::default();
        mailer.fail_next([Some(Fault::Unavailable), None, Some(Fault::UnavailableAfterTaking), Some(Fault::Refused)]);
        assert!(matches!(mailer.send(&mail()).await, Err(MailError::Unavailable(_))));
        assert!(mailer.send(&mail()).await.is_ok());
        assert!(matches!(mailer.send(&mail()).await, Err(MailError::Unavailable(_))));
        assert!(matches!(mailer.send(&mail()).await, Err(MailError::Refused(_))));
        assert_eq!(mailer.sent(), [mail(), mail()]);
    }
}
