//! Durable work: claim (lease) → run → complete, retry or give up. One file per kind.
//!
//! Work is begun at least once and must bear being begun twice: what it does outside carries a key that the outside
//! knows again. A process that dies keeps its lease until it ends; then another one begins the work again.

mod backoff;
mod channel_catch_up;
mod channel_deliver;
mod desk_close;
mod desk_propagate;
mod desk_reconcile;
mod events;
mod knowledge_publish;
mod mail_acknowledge;
mod mail_answer;
mod mail_digest;
mod mail_linked;
mod mail_support;
mod office;
pub(crate) mod outgoing;
mod reminder;
mod retention_purge;
mod runner;
mod ticket_comment;
mod ticket_create;
mod ticket_note;
mod webhook_deliver;

#[cfg(test)]
mod elsewhere_tests;
#[cfg(test)]
mod fallback_tests;
#[cfg(test)]
mod house;
#[cfg(test)]
mod runner_tests;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use crate::publishing::publish::Publisher;
use crate::store::{Claimed, StoreError};

pub(crate) use backoff::Backoff;
pub(crate) use channel_catch_up::{ChannelCatchUp, catch_up};
pub(crate) use channel_deliver::ChannelDeliver;
pub(crate) use desk_close::{DeskClose, remind_to_close};
pub(crate) use desk_propagate::propagate;
pub(crate) use desk_reconcile::{DeskReconcile, read_again, remind_to_reconcile};
pub(crate) use knowledge_publish::publish;
pub(crate) use mail_digest::{MailDigest, remind};
pub(crate) use office::{Office, TO_THE_DESK};
pub(crate) use outgoing::Outgoing;
pub(crate) use retention_purge::{RetentionPurge, remind_to_purge};
pub(crate) use runner::{Runner, Settings, Wake};

/// One kind of work.
#[async_trait]
pub(crate) trait Kind: Send + Sync {
    /// Its name, as the queue writes it.
    fn name(&self) -> &'static str;

    /// The latest version of its payload that it understands.
    fn version(&self) -> i64 {
        1
    }

    /// Whether somebody chose the moment when it begins, which is one of the calendar.
    fn keeps_its_date(&self) -> bool {
        false
    }

    /// To whom it goes: how the keys of all work begin that goes there as well. Empty when it stays in the house.
    fn goes_to(&self, _claimed: &Claimed) -> Vec<String> {
        Vec::new()
    }

    /// Does the work and completes it in the store.
    async fn run(&self, claimed: &Claimed) -> Result<(), Failure>;
}

/// Why work was not done, by what the queue does next.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Whoever it goes to asks all of us to wait: this work is tried again, and none that goes there is begun before.
    Busy {
        /// For the operator; holds nothing personal.
        reason: String,
        /// How long.
        wait: Duration,
    },
    /// Whoever it goes to refuses us as the settings stand: a wrong password, a certificate. Somebody mends that, which
    /// takes minutes or hours: work is tried again with long waits meanwhile, and given up by its age only.
    ToBeMended {
        /// For the operator; holds nothing personal.
        reason: String,
        /// All work that goes there would be refused: none is begun before the wait is over.
        is_all: bool,
    },
    /// Try again, not before the wait when there is one.
    Retry {
        /// For the operator; holds nothing personal.
        reason: String,
        /// How long the outside asks to wait.
        after: Option<Duration>,
    },
    /// Nobody can do it: somebody must look.
    GiveUp {
        /// For the operator; holds nothing personal.
        reason: String,
    },
}

impl Failure {
    /// For the operator; holds nothing personal.
    fn into_reason(self) -> String {
        match self {
            Self::Busy { reason, .. }
            | Self::ToBeMended { reason, .. }
            | Self::Retry { reason, .. }
            | Self::GiveUp { reason } => reason,
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Retry { reason: format!("{:#}", anyhow::Error::from(error)), after: None }
    }
}

/// Every kind of work.
pub(crate) fn kinds(office: &Arc<Office>, publisher: Publisher) -> Vec<Arc<dyn Kind>> {
    vec![
        Arc::new(ticket_create::TicketCreate(Arc::clone(office))),
        Arc::new(ticket_comment::TicketComment(Arc::clone(office))),
        Arc::new(ticket_note::TicketNote(Arc::clone(office))),
        Arc::new(desk_propagate::DeskPropagate(Arc::clone(office))),
        Arc::new(webhook_deliver::WebhookDeliver(Arc::clone(office))),
        Arc::new(mail_acknowledge::MailAcknowledge(Arc::clone(office))),
        Arc::new(mail_support::MailSupport(Arc::clone(office))),
        Arc::new(mail_linked::MailLinked(Arc::clone(office))),
        Arc::new(mail_answer::MailAnswer(Arc::clone(office))),
        Arc::new(knowledge_publish::KnowledgePublish(Arc::new(publisher))),
    ]
}

fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
