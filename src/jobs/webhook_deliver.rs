//! Tells a subscriber what happened to a ticket.

use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::office::Office;
use super::{Failure, Kind};
use crate::clients::subscribers::{Message, SubscriberError};
use crate::model::{CommentAuthor, NewJob, TicketEvent};
use crate::store::Claimed;

const DELIVER: &str = "webhook.deliver";

#[derive(Debug, Serialize, Deserialize)]
struct Payload {
    /// Id of the subscriber.
    subscriber: String,
    event: TicketEvent,
}

/// The work of telling `event` to a subscriber.
pub(super) fn deliver(subscriber: &str, event: &TicketEvent) -> NewJob {
    let key = format!("{DELIVER}/{subscriber}/{}", event.id);
    let payload = Payload { subscriber: subscriber.to_owned(), event: event.clone() };
    let payload = serde_json::to_string(&payload).expect("a payload is JSON");
    NewJob { kind: DELIVER, version: 1, payload, key, run_at: event.at }
}

pub(crate) struct WebhookDeliver(pub(crate) Arc<Office>);

#[async_trait]
impl Kind for WebhookDeliver {
    fn name(&self) -> &'static str {
        DELIVER
    }

    fn goes_to(&self, claimed: &Claimed) -> Vec<String> {
        let payload = serde_json::from_str::<Payload>(&claimed.job.payload);
        payload.map(|payload| format!("{DELIVER}/{}/", payload.subscriber)).into_iter().collect()
    }

    async fn run(&self, claimed: &Claimed) -> Result<(), Failure> {
        let Payload { subscriber, event } = serde_json::from_str(&claimed.job.payload)
            .map_err(|error| Failure::GiveUp { reason: format!("the payload cannot be read: {error}") })?;
        let known = self.0.subscribers.iter().find(|known| known.id == subscriber);
        let Some(subscriber) = known else {
            return Err(Failure::GiveUp { reason: "no [[webhook]] of the settings has this address".to_owned() });
        };
        let mut body = json!(event);
        if subscriber.with_personal_data {
            self.add_personal_data(&mut body, &event).await?;
        }
        let sent_at = jiff::Timestamp::now().as_second();
        let message = Message { event_id: event.id, body: body.to_string(), sent_at };
        self.0.courier.deliver(subscriber, message).await?;
        self.0.store.complete_job(claimed, super::now()).await?;
        Ok(())
    }
}

impl WebhookDeliver {
    /// Who asked what, as it is now, and what was written. The queue does not keep it.
    async fn add_personal_data(&self, body: &mut Value, event: &TicketEvent) -> Result<(), Failure> {
        let gone = |what: &str| Failure::GiveUp { reason: format!("{what} is not there") };
        let ticket = self.0.store.find_ticket(&event.reference).await?.ok_or_else(|| gone("the ticket"))?;
        let draft = &ticket.draft;
        body["ticket"] = json!({
            "subject": draft.subject,
            "description": draft.description,
            "product": draft.product,
            "urgency": ticket.urgency.name(),
            "assignee": ticket.assignee,
            "tags": ticket.tags,
            "requester": {
                "name": draft.requester.name,
                "email": draft.requester.email.as_str(),
                "company": draft.requester.company,
            },
        });
        if let Some(comment) = &event.comment {
            let comment = self.0.store.find_comment(&comment.id).await?.ok_or_else(|| gone("the comment"))?;
            let (CommentAuthor::Agent(author) | CommentAuthor::Partner(author)) = comment.author;
            body["comment"]["author"] = json!(author);
            body["comment"]["text"] = json!(comment.text);
        }
        Ok(())
    }
}

impl From<SubscriberError> for Failure {
    fn from(error: SubscriberError) -> Self {
        let reason = error.to_string();
        match error {
            SubscriberError::Unavailable { retry_after: Some(wait), .. } => Self::Busy { reason, wait },
            SubscriberError::Unavailable { retry_after: None, .. } => Self::Retry { reason, after: None },
            SubscriberError::Refused(_) => Self::GiveUp { reason },
        }
    }
}
