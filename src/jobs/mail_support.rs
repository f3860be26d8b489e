//! Tells the support box that there is a request, with the whole conversation, or what the requester adds to one. An
//! answer goes to the requester.

use std::sync::Arc;

use async_trait::async_trait;

use super::office::{Addressed, Office};
use super::outgoing::SUPPORT;
use super::{Failure, Kind};
use crate::store::Claimed;
use crate::text;

pub(crate) struct MailSupport(pub(crate) Arc<Office>);

#[async_trait]
impl Kind for MailSupport {
    fn name(&self) -> &'static str {
        SUPPORT
    }

    async fn run(&self, claimed: &Claimed) -> Result<(), Failure> {
        let (ticket, comment) = self.0.subject(claimed).await?;
        let Some(to) = &self.0.support_box else {
            return Err(Failure::GiveUp { reason: "there is no support.box".to_owned() });
        };
        let thread = format!("{}/support", ticket.draft.reference);
        let (mail, key, in_reply_to) = match comment {
            Some(said) => {
                let mail = text::mail::addition(&ticket.draft, &said.text);
                (mail, format!("{thread}/{}", said.id), Some(thread))
            }
            None => (text::mail::for_support(&ticket.draft, self.0.zone()), thread, None),
        };
        let addressed = Addressed { key, to, reply_to: Some(&ticket.draft.requester.email), in_reply_to };
        self.0.send(claimed, addressed, mail).await
    }
}
