//! Tickets of a conversation: asked for, read, added to by the person whose conversation it is.

use guichet_bots::Outbound;

use super::{Conversations, TurnError, new_id, now};
use crate::desk::{self, TicketChange};
use crate::escalation::{NewTicket, Way};
use crate::measure;
use crate::model::{
    Asker, Comment, CommentAuthor, Commit, Conversation, IncidentId, Message, Question, Requester, Said, Speaker,
    State, Ticket, TicketCommit, TicketDraft, TicketNotice, TicketRef, TicketStatus, TranscriptLine, Urgency,
};
use crate::redact::{Kind, Redacted};
use crate::store::{StoreError, TicketFilter};
use crate::{reply, text};

/// Tag of a ticket whose requester wants to be answered by mail.
const BY_MAIL: &str = "par-mail";
/// How long the same words in the same conversation are the same request. An hour.
const SAME_AGAIN_MS: i64 = 3_600_000;
/// How many open tickets of a conversation are compared.
const MOST_OPEN: i64 = 20;

/// A request for a ticket.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// Chosen by whoever asks: asking twice with one key is one ticket.
    pub(crate) key: String,
    pub(crate) requester: Requester,
    pub(crate) subject: String,
    pub(crate) description: String,
    pub(crate) product: Option<String>,
    pub(crate) urgency: Urgency,
    /// Ids of files that were sent.
    pub(crate) attachments: Vec<String>,
}

impl Request {
    /// Whether `ticket` was made of the same request.
    fn is_of(&self, ticket: &Ticket) -> bool {
        let made = &ticket.draft;
        self.requester == made.requester
            && (&self.subject, &self.description) == (&made.subject, &made.description)
            && (&self.product, self.urgency) == (&made.product, made.urgency)
    }
}

impl Conversations {
    /// Makes a ticket of `request`, or gives the one that was made of it before.
    pub(crate) async fn request_ticket(&self, id: &str, token: &str, request: Request) -> Result<Ticket, TurnError> {
        let (request, masked) = self.masked(request);
        for attempt in 1.. {
            let conversation = self.find(id, token).await?;
            if let Some(ticket) = self.store.find_requested(id, &request.key).await? {
                return if request.is_of(&ticket) { Ok(ticket) } else { Err(TurnError::KeyUsed) };
            }
            if let Some(ticket) = self.made_just_now(id, &request).await? {
                return Ok(ticket);
            }
            let messages = self.store.list_messages(id, 0).await?;
            let asker = self.asker(&conversation).await?;
            let ticket = self.new_ticket(&conversation, asker, &messages, request.clone());
            let last_ticket = Some(ticket.draft.reference.clone());
            // What the dialogue was collecting is asked for now.
            let state = State { last_ticket, unanswered: None, form: None, ..conversation.state.clone() };
            let notice = TicketNotice { ticket: ticket.draft.reference.clone(), status: ticket.status };
            let mut told = vec![Said::Ticket(notice)];
            told.extend(noted(&masked).map(Said::Assistant));
            let told = super::said(&conversation, told, ticket.draft.created_at);
            let commit = Commit {
                ticket: Some(ticket.clone()),
                ticket_files: self.for_ticket(id, &request.attachments).await?,
                jobs: self.outgoing.created(&ticket),
                ..super::commit(&conversation, state, told)
            };
            match self.store.commit_turn(&commit).await {
                Ok(()) => {
                    measure::ticket(&conversation.channel);
                    self.bell.ring(id);
                    self.wake.wake();
                    return Ok(ticket);
                }
                Err(StoreError::Conflict) if attempt < super::ATTEMPTS => {}
                Err(error) => return Err(error.into()),
            }
        }
        unreachable!("the last attempt returns")
    }

    /// The ticket that was made of the same words a moment ago: who did not hear the answer, comes back and fills the form
    /// in again has forgotten the key of the first request. Files make it another request: they must go somewhere.
    async fn made_just_now(&self, conversation: &str, request: &Request) -> Result<Option<Ticket>, TurnError> {
        if !request.attachments.is_empty() {
            return Ok(None);
        }
        let conversation = Some(conversation.to_owned());
        let open = TicketFilter { conversation, is_open: true, limit: MOST_OPEN, ..TicketFilter::default() };
        let is_again = |it: &Ticket| request.is_of(it) && now() - it.draft.created_at < SAME_AGAIN_MS;
        Ok(self.store.list_tickets(&open).await?.into_iter().find(is_again))
    }

    /// What would be masked in `request`.
    pub(crate) fn masked_in(&self, request: &Request) -> Vec<Kind> {
        self.masked(request.clone()).1
    }

    /// The request as it may be kept, and what was masked in it. Its key cannot be one of the dialogue's.
    fn masked(&self, request: Request) -> (Request, Vec<Kind>) {
        let mut kinds = Vec::new();
        let mut mask = |text: String| {
            let masked = self.redaction.redact(&text);
            let new: Vec<Kind> = masked.kinds.into_iter().filter(|kind| !kinds.contains(kind)).collect();
            kinds.extend(new);
            masked.text
        };
        let request = Request {
            key: format!("api/{}", request.key),
            requester: Requester {
                name: mask(request.requester.name),
                company: request.requester.company.map(&mut mask),
                email: request.requester.email,
            },
            subject: mask(request.subject),
            description: mask(request.description),
            product: request.product.map(&mut mask),
            urgency: request.urgency,
            attachments: request.attachments,
        };
        (request, kinds)
    }

    /// The ticket of `request` in `conversation`, with everything said so far.
    pub(super) fn new_ticket(
        &self,
        conversation: &Conversation,
        asker: Option<Asker>,
        messages: &[Message],
        request: Request,
    ) -> Ticket {
        let at = now();
        let draft = TicketDraft {
            reference: new_reference(),
            conversation: conversation.id.clone(),
            requester: request.requester,
            asker,
            subject: request.subject,
            description: request.description,
            product: request.product,
            urgency: request.urgency,
            transcript: messages.iter().filter_map(|message| self.transcript_line(message)).collect(),
            tags: vec![conversation.channel.clone()],
            created_at: at,
            attachments: Vec::new(),
        };
        Ticket {
            request_key: request.key,
            status: TicketStatus::New,
            urgency: draft.urgency,
            assignee: None,
            tags: draft.tags.clone(),
            external_id: None,
            updated_at: at,
            due_at: self.support.due(at),
            answered_at: None,
            paused_at: None,
            external_at: 0,
            draft,
        }
    }

    /// The ticket that the dialogue of a turn ends with; `question` is the message that confirms it.
    pub(super) async fn ticket_of_dialogue(
        &self,
        conversation: &Conversation,
        question: &Question,
        new: NewTicket,
    ) -> Result<Ticket, TurnError> {
        let messages = self.said_so_far(conversation, question).await?;
        let request = Request {
            key: format!("dialogue/{}", conversation.last_message),
            requester: new.requester,
            subject: new.subject,
            description: new.description,
            product: new.product,
            urgency: new.urgency,
            // Those that wait are taken, whatever they are.
            attachments: Vec::new(),
        };
        let mut ticket = self.new_ticket(conversation, self.asker(conversation).await?, &messages, request);
        ticket.draft.tags.extend((new.way == Way::Mail).then(|| BY_MAIL.to_owned()));
        ticket.draft.tags.extend(new.incident.as_ref().map(IncidentId::tag));
        ticket.tags.clone_from(&ticket.draft.tags);
        Ok(ticket)
    }

    /// Everything said in `conversation`, with the message that is being answered.
    pub(super) async fn said_so_far(
        &self,
        conversation: &Conversation,
        question: &Question,
    ) -> Result<Vec<Message>, TurnError> {
        let mut messages = self.store.list_messages(&conversation.id, 0).await?;
        messages.extend(super::said(conversation, vec![Said::Visitor(question.as_str().to_owned())], now()));
        Ok(messages)
    }

    /// Who is signed in, and whom the conversation is about.
    pub(super) async fn asker(&self, conversation: &Conversation) -> Result<Option<Asker>, TurnError> {
        let about = conversation.state.about.as_ref().filter(|about| about.until > now());
        Ok(self.proven(conversation).await?.map(|visitor| Asker {
            partner: visitor.partner,
            user: visitor.user,
            customer: about.map(|about| about.customer.clone()),
            contract: about.and_then(|about| about.contract.clone()),
        }))
    }

    /// What the dialogue of a turn adds to a ticket. One of another conversation is told what was said in this one, too:
    /// whoever answers there has not seen it.
    pub(super) async fn addition(
        &self,
        conversation: &Conversation,
        question: &Question,
        reference: &TicketRef,
        text: String,
        at: i64,
    ) -> Result<TicketCommit, TurnError> {
        let ticket = self.store.find_ticket(reference).await?.ok_or(TurnError::NoTicket)?;
        let text = if ticket.draft.conversation == conversation.id {
            text
        } else {
            let messages = self.said_so_far(conversation, question).await?;
            let lines: Vec<TranscriptLine> =
                messages.iter().filter_map(|message| self.transcript_line(message)).collect();
            text::ticket::addition(&text, &lines, &self.support.zone)
        };
        Ok(desk::plan(&ticket, &self.said_by_partner(&ticket, text, at), &self.outgoing, &self.support))
    }

    /// The partner says `text`.
    pub(super) fn said_by_partner(&self, ticket: &Ticket, text: String, at: i64) -> TicketChange {
        let name = ticket.draft.requester.name.clone();
        let comment = Comment {
            id: new_id(),
            reference: ticket.draft.reference.clone(),
            author: CommentAuthor::Partner(name.clone()),
            is_public: true,
            text,
            created_at: at,
        };
        let jobs = self.outgoing.said(&comment);
        TicketChange { who: name, comment: Some(comment), jobs, at, ..TicketChange::default() }
    }

    /// A ticket of this conversation.
    pub(crate) async fn ticket(&self, id: &str, token: &str, reference: &str) -> Result<Ticket, TurnError> {
        self.find(id, token).await?;
        let reference: TicketRef = reference.parse().map_err(|_| TurnError::NoTicket)?;
        let ticket = self.store.find_ticket(&reference).await?;
        ticket.filter(|ticket| ticket.draft.conversation == id).ok_or(TurnError::NoTicket)
    }

    /// What was said about a ticket, as the partner may read it.
    pub(crate) async fn public_comments(&self, ticket: &Ticket) -> Result<Vec<Comment>, TurnError> {
        let mut comments = self.store.list_comments(&ticket.draft.reference).await?;
        comments.retain(|comment| comment.is_public);
        Ok(comments)
    }

    /// Adds what the partner says to a ticket; `key` makes that it is added once.
    pub(crate) async fn add_to_ticket(
        &self,
        ticket: &Ticket,
        typed: &str,
        files: &[String],
        key: &str,
    ) -> Result<(), TurnError> {
        let question = Question::parse(typed)?;
        let reference = &ticket.draft.reference;
        let Redacted { text, kinds } = self.redaction.redact(question.as_str());
        let delivery = Some(format!("comment/{reference}/{key}"));
        let files = self.for_comment(ticket, files).await?;
        let told = noted(&kinds);
        let change = TicketChange { files, delivery, told, ..self.said_by_partner(ticket, text, now()) };
        desk::change(&self.store, &self.outgoing, &self.support, reference, &change).await?;
        self.bell.ring(&ticket.draft.conversation);
        self.wake.wake();
        Ok(())
    }

    /// What a person wrote was masked before it was stored; what the assistant replied is told as plain text.
    pub(super) fn transcript_line(&self, message: &Message) -> Option<TranscriptLine> {
        let (speaker, text) = match &message.said {
            Said::Visitor(text) => (Speaker::Visitor, text.clone()),
            // Facts live in the conversation only: whoever works on the ticket looks them up.
            Said::Assistant(reply) if reply::holds_facts(reply) => {
                (Speaker::Assistant, text::lookup::NOT_PASSED_ON.text.to_owned())
            }
            Said::Assistant(reply) => {
                let reply = self.read_elsewhere(Outbound::clone(reply));
                (Speaker::Assistant, guichet_bots::terminal::plain(&reply).trim().to_owned())
            }
            Said::Agent(said) => (Speaker::Agent(said.name.clone()), said.text.clone()),
            Said::Ticket(_) => return None,
        };
        Some(TranscriptLine { speaker, text, at: message.sent_at })
    }

    /// A reply as it is read outside of the chat, where an address below that of the service leads nowhere.
    pub(crate) fn read_elsewhere(&self, reply: Outbound) -> Outbound {
        match &self.public_url {
            Some(address) => reply.with_images_at(address),
            None => reply.without_images(),
        }
    }
}

/// What is said of what was masked, when it is said by itself.
pub(super) fn noted(masked: &[Kind]) -> Option<Outbound> {
    let note = text::redact::note(masked)?;
    let mut reply = reply::handoff();
    reply::begin_with(&mut reply, &note);
    Some(reply)
}

pub(super) fn new_reference() -> TicketRef {
    TicketRef::from_random(getrandom::u64().expect("the system gives random bytes"))
}
