//! Brings what agents say, and how far requests are, to the place where the conversation is held.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use guichet_bots::{Channel, Delivery, DeliveryError, News, Progress, terminal};
use serde::{Deserialize, Serialize};

use super::{Failure, Kind};
use crate::answer::Engine;
use crate::live::Live;
use crate::model::{Message, NewJob, Said, TicketCommit, TicketStatus};
use crate::redact::Redaction;
use crate::store::{Claimed, Store};
use crate::{reply, text};

/// Its name in the queue.
const DELIVER: &str = "channel.deliver";

/// What it needs.
#[derive(Debug, Serialize, Deserialize)]
struct Payload {
    /// Everything new in this conversation is brought, in order.
    conversation: String,
}

pub(crate) struct ChannelDeliver {
    pub(crate) store: Store,
    /// Tells names of customers from words that everybody uses.
    pub(crate) live: Arc<Live>,
    /// The platforms, by name.
    pub(crate) channels: BTreeMap<&'static str, Arc<dyn Channel>>,
}

/// The work that follows a change of a ticket which is told in its conversation.
pub(super) fn deliver(commit: &TicketCommit) -> NewJob {
    let ticket = &commit.after;
    // The time of a ticket's last change is different for each change.
    job(&ticket.draft.conversation, &format!("{}/{}", ticket.draft.reference, ticket.updated_at), commit.at)
}

/// The work that follows what was said in a conversation without being asked; `last` is the number of the message.
pub(super) fn deliver_message(conversation: &str, last: i64, at: i64) -> NewJob {
    job(conversation, &format!("{conversation}/{last}"), at)
}

fn job(conversation: &str, key: &str, run_at: i64) -> NewJob {
    let payload = Payload { conversation: conversation.to_owned() };
    NewJob {
        kind: DELIVER,
        version: 1,
        payload: serde_json::to_string(&payload).expect("a payload is JSON"),
        key: format!("{DELIVER}/{key}"),
        run_at,
    }
}

#[async_trait]
impl Kind for ChannelDeliver {
    fn name(&self) -> &'static str {
        DELIVER
    }

    async fn run(&self, claimed: &Claimed) -> Result<(), Failure> {
        let payload: Payload = serde_json::from_str(&claimed.job.payload)
            .map_err(|error| Failure::GiveUp { reason: format!("the payload cannot be read: {error}") })?;
        if let Some(held) = self.store.find_place_of(&payload.conversation).await? {
            let channel = self.channels.get(held.place.owner.platform.as_str());
            let channel = channel.ok_or_else(|| Failure::Retry {
                reason: format!("{} is not configured here", held.place.owner.platform),
                after: None,
            })?;
            let mut given_up = None;
            // What could not be brought before is tried again: in its order, before what is new.
            let first = held.undelivered.iter().min().map_or(held.delivered, |number| number - 1);
            let mut messages = self.store.list_messages(&payload.conversation, first.min(held.delivered)).await?;
            messages.retain(|message| message.number > held.delivered || held.undelivered.contains(&message.number));
            let mut undelivered: Vec<i64> = Vec::new();
            let still = |number: i64, undelivered: &[i64]| -> Vec<i64> {
                let later = held.undelivered.iter().copied().filter(|earlier| *earlier > number);
                undelivered.iter().copied().chain(later).collect()
            };
            for message in messages {
                let number = message.number;
                if let Some(delivery) = self.delivery(message) {
                    match channel.deliver(&held.place, &delivery).await {
                        Ok(()) => {}
                        Err(DeliveryError::Later { reason, after }) => return Err(Failure::Retry { reason, after }),
                        // What cannot be delivered must not hold back what follows.
                        Err(DeliveryError::Never { reason }) => {
                            undelivered.push(number);
                            given_up = Some(reason);
                        }
                    }
                }
                self.store.mark_delivered(&held.place.id, number, &still(number, &undelivered)).await?;
            }
            if let Some(reason) = given_up {
                return Err(Failure::GiveUp { reason });
            }
        }
        self.store.complete_job(claimed, super::now()).await?;
        Ok(())
    }
}

impl ChannelDeliver {
    /// What is brought of a message, and whether others may read it.
    fn delivery(&self, message: Message) -> Option<Delivery> {
        let delivery = delivery(message)?;
        let is_private = match &delivery.news {
            News::Answer { text, .. } => is_of_a_customer(&self.live.engine(), text),
            News::Notice { .. } | News::Status { .. } => false,
        };
        Some(Delivery { is_private, ..delivery })
    }
}

/// Whether what an agent writes is about one customer: it names one, a contract, a document, or gives an address or
/// something that is nobody's business. In doubt it is said in private.
fn is_of_a_customer(engine: &Engine, text: &str) -> bool {
    text.contains('@') || engine.names_a_customer(text) || !Redaction::default().redact(text).kinds.is_empty()
}

/// What is brought of a message: only what was said without being asked.
fn delivery(message: Message) -> Option<Delivery> {
    let news = match message.said {
        Said::Assistant(reply) if reply::is_unasked(&reply) => News::Notice { text: terminal::plain(&reply) },
        Said::Visitor(_) | Said::Assistant(_) => return None,
        Said::Agent(said) => {
            let names: Vec<String> = said.files.into_iter().map(|file| file.name).collect();
            // The answer goes by mail as well, with what comes with it: here, others may read.
            let files = (!names.is_empty()).then(|| text::ticket::sent_by_mail(&names));
            let text = [Some(said.text), files].into_iter().flatten().collect::<Vec<_>>().join("\n\n");
            News::Answer { ticket: said.ticket.map(Into::into), agent: said.name, text }
        }
        // Whoever asked was told at once.
        Said::Ticket(notice) if notice.status == TicketStatus::New => return None,
        Said::Ticket(notice) => {
            let progress = match notice.status {
                TicketStatus::New | TicketStatus::Open | TicketStatus::Pending => Progress::Open,
                TicketStatus::Solved => Progress::Solved,
                TicketStatus::Closed => Progress::Closed,
            };
            let label = text::ticket::status(notice.status).to_owned();
            News::Status { ticket: notice.ticket.into(), label, progress }
        }
    };
    Some(Delivery { id: message.id, news, is_private: false })
}
