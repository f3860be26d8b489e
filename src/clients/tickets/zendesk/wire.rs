//! What goes over the wire: the parts of Zendesk's types that are used.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clients::tickets::{DeskAnswer, DeskFile, DeskTicket};
use crate::model::{TicketStatus, Urgency};

/// The envelope of a ticket, both ways.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Ticket<T> {
    pub(super) ticket: T,
}

#[derive(Debug, Serialize)]
pub(super) struct NewTicketOut<'a> {
    pub(super) external_id: &'a str,
    pub(super) subject: String,
    pub(super) requester: RequesterOut<'a>,
    pub(super) comment: CommentOut,
    pub(super) priority: &'static str,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) problem_id: Option<u64>,
    pub(super) tags: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) custom_fields: Vec<FieldOut>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) brand_id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) group_id: Option<u64>,
}

#[derive(Debug, Serialize)]
pub(super) struct RequesterOut<'a> {
    pub(super) name: &'a str,
    pub(super) email: &'a str,
}

#[derive(Debug, Serialize)]
pub(super) struct CommentOut {
    pub(super) body: String,
    pub(super) public: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) author_id: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) uploads: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct FieldOut {
    pub(super) id: u64,
    pub(super) value: String,
}

#[derive(Debug, Serialize)]
pub(super) struct UpdateOut<'a> {
    pub(super) comment: CommentOut,
    pub(super) metadata: MetadataOut<'a>,
    /// With `updated_stamp`: 409 when the ticket has changed since.
    pub(super) safe_update: bool,
    pub(super) updated_stamp: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<&'static str>,
}

/// What a ticket is made, and nothing else of it.
#[derive(Debug, Serialize)]
pub(super) struct KindOut {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
}

#[derive(Debug, Serialize)]
pub(super) struct MetadataOut<'a> {
    pub(super) custom: MarkOut<'a>,
}

/// Kept with the change in the ticket's history, where a later try finds it.
#[derive(Debug, Serialize)]
pub(super) struct MarkOut<'a> {
    pub(super) guichet_key: &'a str,
}

#[derive(Debug, Deserialize)]
pub(super) struct TicketIn {
    pub(super) id: u64,
    pub(super) external_id: Option<String>,
    pub(super) subject: Option<String>,
    pub(super) status: Option<String>,
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    pub(super) requester_id: Option<u64>,
    pub(super) updated_at: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct TicketsIn {
    pub(super) tickets: Vec<TicketIn>,
}

#[derive(Debug, Deserialize)]
pub(super) struct CommentsIn {
    pub(super) comments: Vec<CommentIn>,
    /// Who wrote them.
    #[serde(default)]
    pub(super) users: Vec<WriterIn>,
    pub(super) next_page: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct CommentIn {
    pub(super) id: u64,
    pub(super) author_id: u64,
    pub(super) body: String,
    pub(super) public: bool,
    pub(super) created_at: String,
    #[serde(default)]
    pub(super) attachments: Vec<AttachmentIn>,
}

#[derive(Debug, Deserialize)]
pub(super) struct AttachmentIn {
    pub(super) file_name: String,
    pub(super) content_url: Option<String>,
    pub(super) content_type: Option<String>,
    pub(super) size: Option<u64>,
    pub(super) malware_scan_result: Option<String>,
}

impl From<AttachmentIn> for DeskFile {
    fn from(file: AttachmentIn) -> Self {
        let is_harmful = file.malware_scan_result.as_deref() == Some("malware_found");
        Self {
            name: file.file_name,
            url: file.content_url.filter(|_| !is_harmful),
            media_type: file.content_type.unwrap_or_default(),
            size: file.size.unwrap_or_default(),
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct WriterIn {
    pub(super) id: u64,
    pub(super) role: Option<String>,
}

impl CommentsIn {
    /// What agents say publicly. Whoever is not said to be one is none: what the partner wrote is not to come back as an
    /// answer.
    pub(super) fn answers(self) -> impl Iterator<Item = DeskAnswer> {
        let is_staff = |user: &&WriterIn| matches!(user.role.as_deref(), Some("agent" | "admin"));
        let agents: Vec<u64> = self.users.iter().filter(is_staff).map(|user| user.id).collect();
        let answers = self.comments.into_iter().filter(move |it| it.public && agents.contains(&it.author_id));
        answers.map(|comment| DeskAnswer {
            id: comment.id.to_string(),
            author: comment.author_id.to_string(),
            said_at: millis(&comment.created_at).unwrap_or_default(),
            files: comment.attachments.into_iter().map(DeskFile::from).collect(),
            text: comment.body,
        })
    }
}

/// Results may be tickets, people and more: those that are no tickets are passed over.
#[derive(Debug, Deserialize)]
pub(super) struct ResultsIn {
    pub(super) results: Vec<Value>,
}

#[derive(Debug, Deserialize)]
pub(super) struct UsersIn {
    #[serde(default)]
    pub(super) users: Vec<UserIn>,
}

#[derive(Debug, Deserialize)]
pub(super) struct UserIn {
    pub(super) id: u64,
    pub(super) email: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct MeIn {
    pub(super) user: UserIn,
}

#[derive(Debug, Deserialize)]
pub(super) struct UploadIn {
    pub(super) upload: TokenIn,
}

#[derive(Debug, Deserialize)]
pub(super) struct TokenIn {
    pub(super) token: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct AuditsIn {
    /// Each as it comes: what their events hold differs, and only the mark is looked for.
    pub(super) audits: Vec<Value>,
    pub(super) next_page: Option<String>,
}

impl AuditsIn {
    pub(super) fn holds(&self, key: &str) -> bool {
        let mark = |audit: &Value| audit.pointer("/metadata/custom/guichet_key").and_then(Value::as_str) == Some(key);
        self.audits.iter().any(mark)
    }
}

impl From<TicketIn> for DeskTicket {
    fn from(ticket: TicketIn) -> Self {
        Self {
            id: ticket.id.to_string(),
            reference: ticket.external_id.and_then(|id| id.parse().ok()),
            subject: ticket.subject.unwrap_or_default(),
            status: ticket.status.as_deref().and_then(status).unwrap_or_default(),
            changed_at: ticket.updated_at.as_deref().and_then(millis).unwrap_or_default(),
        }
    }
}

/// A moment as Zendesk writes it, in whole seconds, in milliseconds since 1970.
pub(in crate::clients::tickets) fn millis(moment: &str) -> Option<i64> {
    moment.parse::<Timestamp>().ok().map(|at| at.as_second() * 1_000)
}

/// The status that Zendesk names so, in any case (its events write capitals).
pub(in crate::clients::tickets) fn status(name: &str) -> Option<TicketStatus> {
    match name.to_ascii_lowercase().as_str() {
        "new" => Some(TicketStatus::New),
        // On hold: the agent waits for somebody else. The partner has nothing to do: for him it is open.
        "open" | "hold" => Some(TicketStatus::Open),
        "pending" => Some(TicketStatus::Pending),
        "solved" => Some(TicketStatus::Solved),
        "closed" => Some(TicketStatus::Closed),
        _ => None,
    }
}

pub(super) fn priority(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Low => "low",
        Urgency::Normal => "normal",
        Urgency::High => "high",
        Urgency::Urgent => "urgent",
    }
}
