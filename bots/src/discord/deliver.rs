//! What agents say and how far requests are, brought to where they were asked.

use async_trait::async_trait;
use serde_json::{Value, json};
use serenity::model::id::ChannelId;

use super::fault::{Attempt, Fault};
use super::split::shortened;
use super::spot::{self, Spot};
use super::{Discord, markdown, render, text};
use crate::{Channel, Delivery, DeliveryError, News, Place, Progress};

/// Discord's limit for titles of threads.
const MAX_TITLE: usize = 100;

#[async_trait]
impl Channel for Discord {
    async fn deliver(&self, place: &Place, delivery: &Delivery) -> Result<(), DeliveryError> {
        let never = |reason: &str| DeliveryError::Never { reason: reason.to_owned() };
        let spot: Spot = place.id.parse().map_err(|_| never("the place is none of Discord"))?;
        let owner = spot::user(&place.owner).ok_or_else(|| never("the owner is nobody of Discord"))?;
        let bodies = bodies(delivery);
        let there = match spot {
            Spot::User(_) => Err(Fault::Gone),
            Spot::Thread(thread) => self.bring(thread, &bodies, delivery, Attempt::SendInThread).await,
            Spot::Channel(channel, _) => self.bring(channel, &bodies, delivery, Attempt::Send).await,
        };
        match there {
            // The thread or the channel was deleted: the person is still there.
            Err(Fault::Gone) => {
                let direct = self.api.private_channel(owner).await?;
                self.bring(direct, &bodies, delivery, Attempt::Send).await?;
            }
            other => other?,
        }
        if let (Spot::Thread(thread), News::Status { progress: Progress::Solved | Progress::Closed, .. }) =
            (spot, &delivery.news)
        {
            let is_closed = matches!(delivery.news, News::Status { progress: Progress::Closed, .. });
            match self.mark(thread, is_closed).await {
                // What was to be said is said; the mark is worth no second message.
                Err(fault @ (Fault::MissingPermission { .. } | Fault::Gone | Fault::Refused { .. })) => {
                    self.report(&fault);
                }
                other => other?,
            }
        }
        Ok(())
    }
}

impl Discord {
    async fn bring(
        &self,
        channel: ChannelId,
        bodies: &[Value],
        delivery: &Delivery,
        attempt: Attempt,
    ) -> Result<(), Fault> {
        for (number, body) in bodies.iter().enumerate() {
            self.api.send(channel, body, &super::nonce(&delivery.id, number), attempt).await?;
        }
        Ok(())
    }

    /// Shows by its title that a thread is done, and puts it away when it is done for good.
    pub(super) async fn mark(&self, thread: ChannelId, is_closed: bool) -> Result<(), Fault> {
        let title = self.api.channel(thread).await?.guild().map(|thread| thread.name).unwrap_or_default();
        let mut body = json!({});
        if !title.starts_with(text::SOLVED_MARK) {
            body["name"] = json!(shortened(&format!("{}{title}", text::SOLVED_MARK), MAX_TITLE));
        }
        if is_closed {
            body["archived"] = json!(true);
        }
        if body.as_object().is_some_and(serde_json::Map::is_empty) {
            return Ok(());
        }
        self.api.edit_thread(thread, &body).await
    }
}

fn bodies(delivery: &Delivery) -> Vec<Value> {
    match &delivery.news {
        News::Answer { agent, ticket, text } => {
            let agent = markdown::escape(agent);
            let mut paragraphs = vec![match ticket {
                Some(ticket) => text::answer_of(&agent, ticket),
                None => text::message_of(&agent),
            }];
            paragraphs.extend(markdown::plain(text));
            render::said_at_length(&paragraphs)
        }
        News::Notice { text } => render::said_at_length(&markdown::plain(text)),
        News::Status { ticket, label, .. } => vec![render::said(&text::status(ticket, label))],
    }
}
