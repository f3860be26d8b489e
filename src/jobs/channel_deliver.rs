//! Brings what agents say, and how far requests are, to the place where the conversation is held.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use guichet_bots::{Channel, Delivery, DeliveryError, News, Progress, terminal};
use serde::{Deserialize, Serialize};

use super::{Failure, Kind};
use crate::model::{Message, NewJob, Said, TicketCommit, TicketStatus};
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
            for message in self.store.list_messages(&payload.conversation, held.delivered).await? {
                let number = message.number;
                if let Some(delivery) = delivery(message) {
                    match channel.deliver(&held.place, &delivery).await {
                        Ok(()) => {}
                        Err(DeliveryError::Later { reason, after }) => return Err(Failure::Retry { reason, after }),
                        // What cannot be delivered must not hold back what follows.
                        Err(DeliveryError::Never { reason }) => given_up = Some(reason),
                    }
                }
                self.store.mark_delivered(&held.place.id, number).await?;
            }
            if let Some(reason) = given_up {
                return Err(Failure::GiveUp { reason });
            }
        }
        self.store.complete_job(claimed, super::now()).await?;
        Ok(())
    }
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
    Some(Delivery { id: message.id, news })
}
