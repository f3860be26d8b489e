//! What agents say and how far requests are, brought to where they were asked.

use async_trait::async_trait;
use serde_json::{Value, json};
use serenity::model::id::{ChannelId, UserId};

use super::fault::{Attempt, Fault};
use super::missed::Missed;
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
        match spot {
            Spot::User(_) => self.bring_in_private(owner, &bodies, delivery).await?,
            Spot::Thread(_) | Spot::Channel(..) if delivery.is_private => {
                self.bring_apart(spot, owner, &bodies, delivery).await?;
            }
            Spot::Thread(_) | Spot::Channel(..) => match self.bring_to(spot, &bodies, delivery).await {
                // The thread or the channel was deleted: the person is still there.
                Err(Fault::Gone) => self.bring_in_private(owner, &bodies, delivery).await?,
                other => other?,
            },
        }
        if let (Spot::Thread(thread), News::Status { progress, .. }) = (spot, &delivery.news) {
            match self.mark(thread, *progress).await {
                // What was to be said is said; the mark is worth no second message.
                Err(fault @ (Fault::MissingPermission { .. } | Fault::Gone | Fault::Refused { .. })) => {
                    self.report(&self.explained(fault, thread, None).await);
                }
                other => other?,
            }
        }
        Ok(())
    }

    async fn catch_up(&self, what: &str) -> Result<(), DeliveryError> {
        let never = |_| DeliveryError::Never { reason: "this is nothing that was put off".to_owned() };
        let missed: Missed = what.parse().map_err(never)?;
        match self.make_up_for(&missed).await {
            // What is gone needs no answer.
            Err(Fault::Gone) => Ok(()),
            other => Ok(other?),
        }
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
            if let Err(fault) = self.api.send(channel, body, &super::nonce(&delivery.id, number), attempt).await {
                return Err(self.explained(fault, channel, None).await);
            }
        }
        Ok(())
    }

    async fn bring_to(&self, spot: Spot, bodies: &[Value], delivery: &Delivery) -> Result<(), Fault> {
        match spot {
            Spot::User(_) => Err(Fault::Gone),
            Spot::Thread(thread) => self.bring(thread, bodies, delivery, Attempt::SendInThread).await,
            Spot::Channel(channel, _) => self.bring(channel, bodies, delivery, Attempt::Send).await,
        }
    }

    async fn bring_in_private(&self, owner: UserId, bodies: &[Value], delivery: &Delivery) -> Result<(), Fault> {
        let direct = self.api.private_channel(owner).await?;
        self.bring(direct, bodies, delivery, Attempt::Send).await
    }

    /// Brings what must not be read by others to its reader, and tells where it was asked that it has come.
    async fn bring_apart(&self, spot: Spot, owner: UserId, bodies: &[Value], delivery: &Delivery) -> Result<(), Fault> {
        let agent = match &delivery.news {
            News::Answer { agent, .. } => markdown::escape(agent),
            News::Notice { .. } | News::Status { .. } => String::new(),
        };
        let (told, is_brought) = match self.bring_in_private(owner, bodies, delivery).await {
            Ok(()) => (text::answered_in_private(&agent), Ok(())),
            Err(fault @ Fault::MessagesClosed) => (text::cannot_answer_in_private(&agent), Err(fault)),
            Err(fault) => return Err(fault),
        };
        let notice = Delivery { id: format!("{}/apart", delivery.id), ..delivery.clone() };
        match self.bring_to(spot, &[render::said(&told)], &notice).await {
            Ok(()) | Err(Fault::Gone) => is_brought,
            Err(fault) => Err(fault),
        }
    }

    /// Shows by its title how far a thread is, and puts it away when it is done for good; what is open again, is.
    pub(super) async fn mark(&self, thread: ChannelId, progress: Progress) -> Result<(), Fault> {
        let Some(known) = self.api.channel(thread).await?.guild() else { return Err(Fault::Gone) };
        let is_archived = known.thread_metadata.is_some_and(|state| state.archived);
        let mut body = json!({});
        match (progress, known.name.strip_prefix(text::SOLVED_MARK)) {
            (Progress::Open, Some(title)) => body["name"] = json!(title),
            (Progress::Open, None) | (Progress::Solved | Progress::Closed, Some(_)) => {}
            (Progress::Solved | Progress::Closed, None) => {
                body["name"] = json!(shortened(&format!("{}{}", text::SOLVED_MARK, known.name), MAX_TITLE));
            }
        }
        if is_archived != (progress == Progress::Closed) {
            body["archived"] = json!(!is_archived);
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
