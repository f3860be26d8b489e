//! Tells the support box that there is a request, with the whole conversation, or what the requester adds to one. An
//! answer goes to the requester.

use std::sync::Arc;

use async_trait::async_trait;

use super::office::{self, Addressed, Office};
use super::outgoing::SUPPORT;
use super::{Failure, Kind};
use crate::clients::mail::Attachment;
use crate::model::{Comment, File, TicketRef};
use crate::store::Claimed;
use crate::text;

pub(crate) struct MailSupport(pub(crate) Arc<Office>);

#[async_trait]
impl Kind for MailSupport {
    fn name(&self) -> &'static str {
        SUPPORT
    }

    fn goes_to(&self, _claimed: &Claimed) -> Vec<String> {
        office::to_the_mail_server()
    }

    async fn run(&self, claimed: &Claimed) -> Result<(), Failure> {
        let (ticket, comment) = self.0.subject(claimed).await?;
        let Some(to) = &self.0.support_box else {
            return Err(Failure::GiveUp { reason: "there is no support.box".to_owned() });
        };
        let of_comment = comment.as_ref().map(|said| said.id.as_str());
        let files = self.0.store.list_files(&ticket.draft.reference, of_comment).await?;
        let (files, left_out) = fitting(files, self.0.max_mail_bytes);
        let key = key(&ticket.draft.reference, of_comment);
        let (mail, follows) = match &comment {
            Some(said) => (text::mail::addition(&ticket.draft, &said.text, &left_out), thread(&self.0, said).await?),
            None => (text::mail::for_support(&ticket.draft, &left_out, self.0.zone()), Vec::new()),
        };
        let addressed = Addressed { key, to, reply_to: Some(&ticket.draft.requester.email), follows, files };
        self.0.send(claimed, addressed, mail).await
    }
}

/// The key of the mail about a ticket or a comment.
pub(super) fn key(reference: &TicketRef, comment: Option<&str>) -> String {
    match comment {
        Some(comment) => format!("{reference}/support/{comment}"),
        None => format!("{reference}/support"),
    }
}

/// The mails to the support box that the one about `comment` follows.
pub(super) async fn thread(office: &Office, comment: &Comment) -> Result<Vec<String>, Failure> {
    let reference = &comment.reference;
    office.thread(SUPPORT, comment, key(reference, None), |id| key(reference, Some(id))).await
}

/// The files that go with a mail, in their order, and the names of those for which there is no room. A mail that is too
/// large would never arrive.
pub(super) fn fitting(files: Vec<File>, room: usize) -> (Vec<Attachment>, Vec<String>) {
    let (mut fitting, mut left_out, mut used) = (Vec::new(), Vec::new(), 0);
    for File { name, media_type, content } in files {
        if used + content.len() <= room {
            used += content.len();
            fitting.push(Attachment { name, media_type, bytes: content });
        } else {
            left_out.push(name);
        }
    }
    (fitting, left_out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_go_with_the_mail_as_long_as_there_is_room() {
        let file =
            |name: &str, size| File { name: name.into(), media_type: "image/png".into(), content: vec![0; size] };
        let (fits, left_out) = fitting(vec![file("a", 6), file("b", 5), file("c", 4)], 10);
        assert_eq!(fits.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["a", "c"]);
        assert_eq!(left_out, ["b"]);
    }
}
