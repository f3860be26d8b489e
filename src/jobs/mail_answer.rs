//! Brings an agent's answer to the partner, in the thread that the acknowledgement began.

use std::sync::Arc;

use async_trait::async_trait;

use super::mail_acknowledge::thread_key;
use super::mail_support::fitting;
use super::office::{self, Addressed, Office};
use super::outgoing::ANSWER;
use super::{Failure, Kind};
use crate::store::Claimed;
use crate::text;

pub(crate) struct MailAnswer(pub(crate) Arc<Office>);

#[async_trait]
impl Kind for MailAnswer {
    fn name(&self) -> &'static str {
        ANSWER
    }

    fn goes_to(&self, _claimed: &Claimed) -> Vec<String> {
        office::to_the_mail_server()
    }

    async fn run(&self, claimed: &Claimed) -> Result<(), Failure> {
        let (ticket, comment) = self.0.subject(claimed).await?;
        let Some(comment) = comment else {
            return Err(Failure::GiveUp { reason: "no comment is named".to_owned() });
        };
        let draft = &ticket.draft;
        let has_box = self.0.support_box.is_some();
        let name = &draft.requester.name;
        let files = self.0.store.list_files(&draft.reference, Some(&comment.id)).await?;
        let (files, left_out) = fitting(files, self.0.max_mail_bytes);
        let mail = text::mail::answered(&draft.reference, &draft.subject, name, &comment.text, &left_out, has_box);
        let key = |comment: &str| format!("{}/{comment}", draft.reference);
        let follows = self.0.thread(ANSWER, &comment, thread_key(&ticket), key).await?;
        let addressed = Addressed {
            key: key(&comment.id),
            to: &draft.requester.email,
            reply_to: self.0.support_box.as_ref(),
            follows,
            files,
        };
        self.0.send(claimed, addressed, mail).await
    }
}
