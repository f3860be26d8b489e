//! Files that a person sends: kept with the conversation, then given to a ticket.

use guichet_bots::Outbound;

use super::tickets::noted;
use super::{Conversations, TurnError, new_id, now};
use crate::attachments::{self, FileError};
use crate::model::{Attachment, File, Said, Ticket};
use crate::store::StoreError;

impl Conversations {
    /// Keeps a file of this conversation until a ticket takes it.
    pub(crate) async fn send_file(
        &self,
        id: &str,
        token: &str,
        declared: &str,
        name: &str,
        content: Vec<u8>,
    ) -> Result<Attachment, TurnError> {
        self.find(id, token).await?;
        let mut file = attachments::accept(declared, name, content, &self.files.media_types)?;
        let masked = self.redaction.redact_name(&file.name);
        file.name = masked.text;
        let attachment = Attachment {
            id: new_id(),
            conversation: id.to_owned(),
            name: file.name.clone(),
            media_type: file.media_type.clone(),
            size: i64::try_from(file.content.len()).unwrap_or(i64::MAX),
            ticket: None,
            comment: None,
        };
        let is_kept = self.store.create_attachment(&attachment.id, id, &file, self.files.per_ticket, now()).await?;
        if !is_kept {
            return Err(TurnError::TooManyFiles);
        }
        if let Some(note) = noted(&masked.kinds) {
            self.say_by_itself(id, token, note).await?;
        }
        Ok(attachment)
    }

    /// Says something that no message asked for.
    async fn say_by_itself(&self, id: &str, token: &str, reply: Outbound) -> Result<(), TurnError> {
        for attempt in 1.. {
            let conversation = self.find(id, token).await?;
            let said = super::said(&conversation, vec![Said::Assistant(reply.clone())], now());
            match self.store.commit_turn(&super::commit(&conversation, conversation.state.clone(), said)).await {
                Ok(()) => break,
                Err(StoreError::Conflict) if attempt < super::ATTEMPTS => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.bell.ring(id);
        Ok(())
    }

    /// A file of this conversation.
    pub(crate) async fn file(&self, id: &str, token: &str, attachment: &str) -> Result<File, TurnError> {
        self.find(id, token).await?;
        let found = self.store.find_attachment(attachment).await?;
        if found.is_none_or(|found| found.conversation != id) {
            return Err(TurnError::NoFile);
        }
        self.store.find_file(attachment).await?.ok_or(TurnError::NoFile)
    }

    /// The files of this conversation that no ticket has yet.
    pub(crate) async fn list_waiting(&self, id: &str, token: &str) -> Result<Vec<Attachment>, TurnError> {
        self.find(id, token).await?;
        Ok(self.store.list_waiting_attachments(id).await?)
    }

    /// Removes a file of this conversation that no ticket has yet.
    pub(crate) async fn remove_waiting(&self, id: &str, token: &str, attachment: &str) -> Result<(), TurnError> {
        self.find(id, token).await?;
        let is_removed = self.store.remove_waiting_attachment(id, attachment).await?;
        if is_removed { Ok(()) } else { Err(TurnError::NoFile) }
    }

    /// The files of this conversation that no ticket has: the next one takes them.
    pub(super) async fn waiting_files(&self, id: &str) -> Result<Vec<String>, TurnError> {
        let waiting = self.store.list_waiting_attachments(id).await?;
        Ok(waiting.into_iter().map(|attachment| attachment.id).collect())
    }

    /// `wanted`, when a new ticket may have them.
    pub(super) async fn for_ticket(&self, id: &str, wanted: &[String]) -> Result<Vec<String>, TurnError> {
        let wanted = distinct(wanted);
        let waiting = self.waiting_files(id).await?;
        if !wanted.iter().all(|file| waiting.contains(file)) {
            return Err(TurnError::UnknownFile);
        }
        self.check_count(wanted.len())?;
        Ok(wanted)
    }

    /// Those of `wanted` that a comment of `ticket` takes. Some may be there already: the comment is sent again.
    pub(super) async fn for_comment(&self, ticket: &Ticket, wanted: &[String]) -> Result<Vec<String>, TurnError> {
        let mut wanted = distinct(wanted);
        if wanted.is_empty() {
            return Ok(wanted);
        }
        let there = self.store.list_attachments(&ticket.draft.reference).await?;
        wanted.retain(|file| !there.iter().any(|attachment| attachment.id == *file));
        let waiting = self.waiting_files(&ticket.draft.conversation).await?;
        if !wanted.iter().all(|file| waiting.contains(file)) {
            return Err(TurnError::UnknownFile);
        }
        self.check_count(there.len() + wanted.len())?;
        Ok(wanted)
    }

    pub(super) fn check_count(&self, count: usize) -> Result<(), TurnError> {
        let may_be = i64::try_from(count).is_ok_and(|count| count <= self.files.per_ticket);
        if may_be { Ok(()) } else { Err(TurnError::TooManyFiles) }
    }
}

fn distinct(wanted: &[String]) -> Vec<String> {
    let mut distinct: Vec<String> = Vec::new();
    for id in wanted {
        if !distinct.contains(id) {
            distinct.push(id.clone());
        }
    }
    distinct
}

impl From<FileError> for TurnError {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}
