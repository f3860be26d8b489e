//! Zendesk, through its public API.
//!
//! **A ticket is created once.** Its reference is its `external_id` and its `Idempotency-Key`. Zendesk keeps keys for two
//! hours; since no caller knows how old an earlier try is, each try first looks for a ticket with that `external_id`.
//! What remains: an earlier try that Zendesk still works on more than two hours after it began, or a list that does not
//! show a ticket two hours after it was created. A ticket that an agent has deleted is not found, and made again.
//!
//! **A comment is added once.** `Idempotency-Key` is for creating only, so the key goes into the metadata of the change,
//! which Zendesk keeps in the ticket's history. Each try reads the ticket, then its history, and does nothing when the
//! key is there; otherwise it asks to write only if the ticket has not changed since it was read (`safe_update`). An
//! earlier try that lands in between makes this one fail with 409, and the next one finds the key. Zendesk's times have whole
//! seconds, so two tries that land within the second in which the ticket had changed would both be taken: a ticket that has
//! just changed is left alone for a moment.

mod escape;
mod http;
mod settings;
mod wire;

#[cfg(test)]
mod comment_tests;
#[cfg(test)]
mod contract;
#[cfg(test)]
pub(crate) mod fault;
#[cfg(test)]
mod file_tests;
#[cfg(test)]
mod reading_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod upload_tests;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;

use self::http::{Api, unavailable};
use self::wire::{
    AuditsIn, CommentOut, CommentsIn, FieldOut, KindOut, MarkOut, MeIn, MetadataOut, NewTicketOut, RequesterOut,
    ResultsIn, Ticket, TicketIn, TicketsIn, UpdateOut, UploadIn, UsersIn,
};
use super::{DeskAnswer, DeskComment, DeskError, DeskFile, DeskState, DeskTicket, MOST_READ, Part, TicketDesk};
use crate::model::{EmailAddress, File, TicketDraft, TicketRef, TicketStatus};
use crate::text;

pub(in crate::clients) use http::retry_after;
pub(crate) use settings::{Settings, SettingsError};
pub(super) use wire::{millis, status};

const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// In the error's code when a key comes back with another body.
const KEY_REUSED: &str = "idempoten";

/// After this time no other change of a ticket gets the same stamp: a second, and one for clocks that differ.
const SETTLED: SignedDuration = SignedDuration::from_secs(2);

/// How much of a ticket's history is searched, and how much of what was said is read, a hundred a page. No ticket of ours
/// comes near.
const MAX_PAGES: u32 = 20;

/// What a ticket is called that stands for others, and what they are called.
const PROBLEM: &str = "problem";
const INCIDENT: &str = "incident";

/// The desk at Zendesk.
#[derive(Debug)]
pub(crate) struct Zendesk {
    api: Api,
    settings: Settings,
}

impl Zendesk {
    /// The desk that `settings` name.
    ///
    /// # Errors
    /// When the settings contradict themselves, or the certificates of the system cannot be read.
    pub(crate) fn new(settings: Settings) -> Result<Self, SettingsError> {
        Ok(Self { api: Api::new(&settings)?, settings })
    }

    async fn within_deadline<T>(&self, work: impl Future<Output = Result<T, DeskError>>) -> Result<T, DeskError> {
        let late = |_| unavailable("it takes too long", None);
        tokio::time::timeout(self.settings.deadline, work).await.map_err(late)?
    }

    async fn create_once(&self, draft: &TicketDraft, part: &Part) -> Result<DeskTicket, DeskError> {
        if let Some(ticket) = self.find(&draft.reference).await? {
            return Ok(ticket);
        }
        let (kind, problem) = match part {
            Part::Alone => (None, None),
            Part::Problem => (Some(PROBLEM), None),
            Part::Report(None) => (Some(INCIDENT), None),
            Part::Report(Some(id)) => (Some(INCIDENT), self.make_problem(id).await?),
        };
        let mut uploads = vec![self.upload_transcript(draft).await?];
        uploads.extend(self.upload_all(&draft.attachments).await?);
        let body = Ticket { ticket: NewTicketOut { kind, problem_id: problem, ..self.new_ticket(draft, uploads) } };
        let request = self.api.request(Method::POST, "/api/v2/tickets");
        let answer = self.api.send(request.header(IDEMPOTENCY_KEY, draft.reference.as_str()).json(&body)).await?;
        if answer.error_code().is_some_and(|code| code.to_ascii_lowercase().contains(KEY_REUSED)) {
            // The key is known with another body: the token of the upload differs from one try to the next. So an
            // earlier try did arrive, between our look and now or too late for us to hear.
            let found = self.find(&draft.reference).await?;
            return found.ok_or_else(|| unavailable("an earlier try is under way", None));
        }
        answer.read::<Ticket<TicketIn>>().map(|created| created.ticket.into())
    }

    /// The ticket `id` as one that reports can be linked to: Zendesk takes only problems, and an agent may have named any
    /// ticket. None when it is gone or closed for good: a report is worth more than its link.
    async fn make_problem(&self, id: &str) -> Result<Option<u64>, DeskError> {
        let id: u64 = id.parse().map_err(|_| refused(404, "this is no id of a ticket"))?;
        let path = format!("/api/v2/tickets/{id}");
        let ticket = match self.api.call::<Ticket<TicketIn>>(self.api.request(Method::GET, &path)).await {
            Ok(found) => found.ticket,
            Err(DeskError::Refused { status: 404, .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        if ticket.status.as_deref().and_then(status) == Some(TicketStatus::Closed) {
            return Ok(None);
        }
        if ticket.kind.as_deref() == Some(PROBLEM) {
            return Ok(Some(id));
        }
        let request = self.api.request(Method::PUT, &path).json(&Ticket { ticket: KindOut { kind: PROBLEM } });
        match self.api.call::<Ticket<TicketIn>>(request).await {
            Ok(_) => Ok(Some(id)),
            Err(DeskError::Refused { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The ticket with our reference; the first one, should there be several.
    async fn find(&self, reference: &TicketRef) -> Result<Option<DeskTicket>, DeskError> {
        let request = self.api.request(Method::GET, "/api/v2/tickets").query(&[("external_id", reference.as_str())]);
        let found: TicketsIn = self.api.call(request).await?;
        let ours = |ticket: &TicketIn| ticket.external_id.as_deref() == Some(reference.as_str());
        Ok(found.tickets.into_iter().filter(ours).min_by_key(|ticket| ticket.id).map(DeskTicket::from))
    }

    /// Hands the conversation over as a file.
    async fn upload_transcript(&self, draft: &TicketDraft) -> Result<String, DeskError> {
        let transcript = text::ticket::transcript(draft, &self.settings.zone);
        self.upload(&text::ticket::transcript_name(draft), "text/plain; charset=utf-8", transcript.into()).await
    }

    async fn upload_all(&self, files: &[File]) -> Result<Vec<String>, DeskError> {
        let mut tokens = Vec::new();
        for file in files {
            tokens.push(self.upload(&file.name, &file.media_type, file.content.clone()).await?);
        }
        Ok(tokens)
    }

    /// Hands a file over; its token. Zendesk forgets it after an hour when no ticket takes it.
    async fn upload(&self, name: &str, media_type: &str, content: Vec<u8>) -> Result<String, DeskError> {
        let request = self
            .api
            .request(Method::POST, "/api/v2/uploads")
            .query(&[("filename", name)])
            .header(CONTENT_TYPE, media_type)
            .body(content);
        let uploaded: UploadIn = self.api.call(request).await?;
        Ok(uploaded.upload.token)
    }

    fn new_ticket<'a>(&self, draft: &'a TicketDraft, uploads: Vec<String>) -> NewTicketOut<'a> {
        let settings = &self.settings;
        let field = |id: Option<u64>, value: Option<&str>| Some(FieldOut { id: id?, value: value?.to_owned() });
        let fields = [
            field(settings.reference_field, Some(draft.reference.as_str())),
            field(settings.product_field, draft.product.as_deref()),
        ];
        let name = draft.requester.name.trim();
        let email = draft.requester.email.as_str();
        NewTicketOut {
            external_id: draft.reference.as_str(),
            subject: escape::subject(&draft.subject),
            // A name is required; the address is what a person without one is known by.
            requester: RequesterOut { name: if name.is_empty() { email } else { name }, email },
            comment: CommentOut {
                body: escape::comment(&text::ticket::first_comment(draft)),
                public: true,
                author_id: None,
                uploads,
            },
            priority: wire::priority(draft.urgency),
            kind: None,
            problem_id: None,
            tags: settings.tags.iter().chain(&draft.tags).filter_map(|tag| escape::tag(tag)).collect(),
            custom_fields: fields.into_iter().flatten().collect(),
            brand_id: settings.brand,
            group_id: settings.group,
        }
    }

    async fn comment_once(&self, id: &str, comment: &DeskComment) -> Result<(), DeskError> {
        let id: u64 = id.parse().map_err(|_| refused(404, "this is no id of a ticket"))?;
        let path = format!("/api/v2/tickets/{id}");
        // The order matters: what arrives after this reading makes the writing fail.
        let answer = self.api.send(self.api.request(Method::GET, &path)).await?;
        let now = answer.date();
        let ticket = answer.read::<Ticket<TicketIn>>()?.ticket;
        if self.history_holds(id, &comment.key).await? {
            return Ok(());
        }
        let Some(stamp) = &ticket.updated_at else {
            return Err(unavailable("the answer cannot be understood", None));
        };
        if has_just_changed(stamp, now) {
            return Err(unavailable("the ticket has just changed", Some(SETTLED.unsigned_abs())));
        }
        let uploads = self.upload_all(&comment.attachments).await?;
        let author_id = match &comment.author {
            Some(author) => Some(self.author(&ticket, author).await?),
            None => None,
        };
        let body = UpdateOut {
            comment: CommentOut {
                body: escape::comment(&comment.text),
                public: author_id.is_some(),
                author_id,
                uploads,
            },
            metadata: MetadataOut { custom: MarkOut { guichet_key: &comment.key } },
            safe_update: true,
            updated_stamp: stamp,
            status: author_id.and_then(|_| reopened(&ticket)),
        };
        let request = self.api.request(Method::PUT, &path).header(IDEMPOTENCY_KEY, &comment.key);
        self.api.call::<Ticket<TicketIn>>(request.json(&Ticket { ticket: body })).await.map(|_| ())
    }

    async fn history_holds(&self, id: u64, key: &str) -> Result<bool, DeskError> {
        for page in 1..=MAX_PAGES {
            let request = self.api.request(Method::GET, &format!("/api/v2/tickets/{id}/audits"));
            // `next_page` is a URL of Zendesk's: only whether there is one counts, our token goes to our address.
            let audits: AuditsIn = self.api.call(request.query(&[("per_page", 100), ("page", page)])).await?;
            if audits.holds(key) {
                return Ok(true);
            }
            if audits.next_page.is_none() {
                return Ok(false);
            }
        }
        Err(refused(422, "the history of the ticket is too long to be searched"))
    }

    async fn read_states(&self, ids: &[String]) -> Result<Vec<DeskState>, DeskError> {
        let is_id = |id: &&String| id.parse::<u64>().is_ok();
        let ids: Vec<&str> = ids.iter().filter(is_id).take(MOST_READ).map(String::as_str).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let request = self.api.request(Method::GET, "/api/v2/tickets/show_many").query(&[("ids", ids.join(","))]);
        let answer = self.api.send(request).await?;
        let now = answer.date();
        let state = |ticket: TicketIn| {
            let stamp = ticket.updated_at.as_deref()?;
            Some(DeskState {
                id: ticket.id.to_string(),
                status: ticket.status.as_deref().and_then(status)?,
                changed_at: millis(stamp)?,
                is_settled: !has_just_changed(stamp, now),
            })
        };
        Ok(answer.read::<TicketsIn>()?.tickets.into_iter().filter_map(state).collect())
    }

    async fn read_answers(&self, id: &str) -> Result<Vec<DeskAnswer>, DeskError> {
        let id: u64 = id.parse().map_err(|_| refused(404, "this is no id of a ticket"))?;
        let mut answers = Vec::new();
        for page in 1..=MAX_PAGES {
            let request = self.api.request(Method::GET, &format!("/api/v2/tickets/{id}/comments"));
            let request = request.query(&[("include", "users")]).query(&[("per_page", 100), ("page", page)]);
            let said: CommentsIn = self.api.call(request).await?;
            let is_last = said.next_page.is_none();
            answers.extend(said.answers());
            if is_last {
                return Ok(answers);
            }
        }
        Err(refused(422, "more was said about the ticket than can be read"))
    }

    /// Who writes a comment: the requester, whom the ticket names. A search does not find somebody new at once.
    async fn author(&self, ticket: &TicketIn, address: &EmailAddress) -> Result<u64, DeskError> {
        match ticket.requester_id {
            Some(id) => Ok(id),
            None => self.find_user(address).await,
        }
    }

    /// Without an author the comment would be the assistant's own, as if an agent had written it.
    async fn find_user(&self, address: &EmailAddress) -> Result<u64, DeskError> {
        let query = format!("email:\"{}\"", address.as_str());
        let request = self.api.request(Method::GET, "/api/v2/users/search").query(&[("query", query)]);
        let found: UsersIn = self.api.call(request).await?;
        let has_address =
            |email: &Option<String>| email.as_deref().is_some_and(|e| e.eq_ignore_ascii_case(address.as_str()));
        let user = found.users.into_iter().find(|user| has_address(&user.email));
        user.map(|user| user.id).ok_or_else(|| unavailable("no user of the desk has the author's address yet", None))
    }
}

#[async_trait]
impl TicketDesk for Zendesk {
    async fn create(&self, draft: &TicketDraft, part: &Part) -> Result<DeskTicket, DeskError> {
        self.within_deadline(self.create_once(draft, part)).await
    }

    async fn comment(&self, id: &str, comment: &DeskComment) -> Result<(), DeskError> {
        self.within_deadline(self.comment_once(id, comment)).await
    }

    async fn read(&self, ids: &[String]) -> Result<Vec<DeskState>, DeskError> {
        self.within_deadline(self.read_states(ids)).await
    }

    async fn list_answers(&self, id: &str) -> Result<Vec<DeskAnswer>, DeskError> {
        self.within_deadline(self.read_answers(id)).await
    }

    async fn fetch(&self, file: &DeskFile, most: usize) -> Result<Vec<u8>, DeskError> {
        let url = file.url.as_deref().ok_or_else(|| refused(403, "the desk does not give the file away"))?;
        self.within_deadline(self.api.fetch(url, most)).await
    }

    /// Zendesk's search knows a new ticket a minute or two later. An address that has a meaning in its search language
    /// finds nothing: a `*` would find the tickets of others.
    async fn find_own_user(&self) -> Result<String, DeskError> {
        let request = self.api.request(Method::GET, "/api/v2/users/me");
        let me: MeIn = self.within_deadline(self.api.call(request)).await?;
        Ok(me.user.id.to_string())
    }

    async fn list_open(&self, requester: &EmailAddress) -> Result<Vec<DeskTicket>, DeskError> {
        if !requester.as_str().chars().all(|c| c.is_ascii_alphanumeric() || "@._+-".contains(c)) {
            return Ok(Vec::new());
        }
        let query = format!("type:ticket requester:\"{}\" status<solved", requester.as_str());
        let query = [("query", query.as_str()), ("sort_by", "created_at"), ("sort_order", "desc")];
        let request = self.api.request(Method::GET, "/api/v2/search").query(&query);
        let found: ResultsIn = self.within_deadline(self.api.call(request)).await?;
        let tickets = found.results.into_iter().filter_map(|result| {
            let is_ticket = result.get("result_type").is_some_and(|kind| kind == "ticket");
            is_ticket.then(|| serde_json::from_value::<TicketIn>(result).ok())?
        });
        let is_open = |ticket: &DeskTicket| !matches!(ticket.status, TicketStatus::Solved | TicketStatus::Closed);
        Ok(tickets.map(DeskTicket::from).filter(is_open).collect())
    }
}

/// A partner who writes takes the ticket up again. Zendesk does that by itself when the partner writes there; a change
/// through the API is an agent's, and changes only what it names.
fn reopened(ticket: &TicketIn) -> Option<&'static str> {
    let status = ticket.status.as_deref().and_then(status);
    matches!(status, Some(TicketStatus::Pending | TicketStatus::Solved)).then_some("open")
}

/// Whether another change may still get the same `stamp`. A date that Zendesk does not tell keeps nobody waiting.
fn has_just_changed(stamp: &str, now: Option<Timestamp>) -> bool {
    let changed = stamp.parse::<Timestamp>().ok();
    changed.zip(now).is_some_and(|(changed, now)| now.duration_since(changed) < SETTLED)
}

fn refused(status: u16, reason: &str) -> DeskError {
    DeskError::Refused { status, reason: reason.to_owned() }
}
