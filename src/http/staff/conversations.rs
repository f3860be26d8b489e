//! Conversations that go on: followed, taken over, given back.

use std::convert::Infallible;

use axum::Json as JsonOut;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, Sse};
use futures_util::Stream;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Staff, limit};
use crate::app::App;
use crate::conversation::TurnError;
use crate::http::conversations::MessageOut;
use crate::http::events::Reader;
use crate::http::extract::{Json, Path, Query};
use crate::http::problem::Problem;
use crate::http::{events, tickets};
use crate::model::{Note, Question};
use crate::store::{LiveFilter, LiveLine};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct LiveIn {
    since: Option<i64>,
    #[serde(default)]
    taken: bool,
    before: Option<i64>,
    before_id: Option<String>,
    limit: Option<i64>,
}

/// Conversations, the one in which something was said last first.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct LiveOut {
    conversations: Vec<ConversationLineOut>,
}

/// A conversation in one line.
#[derive(Serialize, ToSchema)]
struct ConversationLineOut {
    id: String,
    channel: String,
    /// When something was said last, in milliseconds since 1970.
    updated_at: i64,
    /// Who of the staff holds it.
    agent: Option<String>,
    /// The company whose user it is, when that was proved.
    partner: Option<String>,
    /// What the partner said last.
    asked: Option<String>,
    /// How the assistant answered last, as `decision` of a reply.
    decision: Option<String>,
    /// With which entry.
    entry: Option<String>,
    /// The last word is the partner's.
    waiting: bool,
}

/// A conversation with everything that was said in it.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct ConversationOut {
    id: String,
    channel: String,
    /// Who of the staff holds it; nobody: the assistant answers.
    agent: Option<String>,
    messages: Vec<MessageOut>,
    notes: Vec<NoteOut>,
}

/// What staff tell each other.
#[derive(Serialize, ToSchema)]
struct NoteOut {
    who: String,
    text: String,
    /// Milliseconds since 1970.
    at: i64,
}

/// What is said.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct SaidIn {
    /// 1 to 4,000 characters.
    #[schema(min_length = 1, max_length = 4000)]
    text: String,
    /// Chosen by you, unique in the conversation: sent again, nothing is said twice.
    #[schema(min_length = 1, max_length = 200)]
    request_key: String,
}

impl From<LiveLine> for ConversationLineOut {
    fn from(line: LiveLine) -> Self {
        Self {
            id: line.id,
            channel: line.channel,
            updated_at: line.updated_at,
            agent: line.agent,
            partner: line.visitor.map(|visitor| visitor.partner.into()),
            asked: line.asked,
            decision: line.decision,
            entry: line.entry,
            waiting: line.is_waiting,
        }
    }
}

impl From<Note> for NoteOut {
    fn from(note: Note) -> Self {
        Self { who: note.who, text: note.text, at: note.at }
    }
}

/// List conversations in which something is being said.
#[utoipa::path(
    get,
    path = "/api/v1/staff/conversations",
    tag = "staff",
    params(
        ("since" = Option<i64>, Query, description = "Only those in which something was said from then on, in milliseconds since 1970"),
        ("taken" = Option<bool>, Query, description = "Only those that somebody of the staff holds"),
        ("before" = Option<i64>, Query, description = "The page after: `updated_at` of the last line"),
        ("before_id" = Option<String>, Query, description = "And its id"),
        ("limit" = Option<i64>, Query, description = "At most so many; 50, up to 500"),
    ),
    security(("staff" = [])),
    responses(
        (status = 200, description = "Conversations, the latest first", body = LiveOut),
        (status = 400, description = "A parameter is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn list_conversations(
    _: Staff,
    State(app): State<App>,
    Query(wanted): Query<LiveIn>,
) -> Result<JsonOut<LiveOut>, Problem> {
    let filter = LiveFilter {
        since: wanted.since.unwrap_or_default(),
        is_taken: wanted.taken,
        after: wanted.before.map(|at| (at, wanted.before_id.unwrap_or_default())),
        limit: limit(wanted.limit),
    };
    let lines = app.store.list_live(&filter).await?;
    Ok(JsonOut(LiveOut { conversations: lines.into_iter().map(ConversationLineOut::from).collect() }))
}

/// Read a conversation with its notes.
#[utoipa::path(
    get,
    path = "/api/v1/staff/conversations/{id}",
    tag = "staff",
    params(("id" = String, Path, description = "Id of the conversation")),
    security(("staff" = [])),
    responses(
        (status = 200, description = "The conversation", body = ConversationOut),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such conversation", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn find_conversation(
    _: Staff,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<JsonOut<ConversationOut>, Problem> {
    let conversation = app.conversations.find_for_staff(&id).await?;
    let messages = app.store.list_messages(&id, 0).await?;
    let notes = app.store.list_notes(&id).await?;
    Ok(JsonOut(ConversationOut {
        id,
        channel: conversation.channel,
        agent: conversation.state.taken_over.map(|taken| taken.who),
        messages: messages.into_iter().map(MessageOut::from).collect(),
        notes: notes.into_iter().map(NoteOut::from).collect(),
    }))
}

/// Follow a conversation, as whoever holds it on the other side does.
#[utoipa::path(
    get,
    path = "/api/v1/staff/conversations/{id}/events",
    tag = "staff",
    params(
        ("id" = String, Path, description = "Id of the conversation"),
        ("Last-Event-ID" = Option<String>, Header, description = "Number of the last message seen"),
    ),
    security(("staff" = [])),
    responses(
        (status = 200, description = "Events", body = MessageOut, content_type = "text/event-stream"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such conversation", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn follow_conversation(
    _: Staff,
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>> + use<>>, Problem> {
    app.conversations.find_for_staff(&id).await?;
    Ok(events::stream(app, id, Reader::Staff, &headers))
}

/// Take a conversation over, also from a colleague: the assistant is silent, and the partner is told who is there.
/// Repeated, it says that you are still there.
#[utoipa::path(
    put,
    path = "/api/v1/staff/conversations/{id}/agent",
    tag = "staff",
    params(("id" = String, Path, description = "Id of the conversation")),
    security(("staff" = [])),
    responses(
        (status = 204, description = "You hold it"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such conversation", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn take_conversation(
    staff: Staff,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    app.conversations.take_over(&id, &staff.name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give a conversation back to the assistant; the partner is told.
#[utoipa::path(
    delete,
    path = "/api/v1/staff/conversations/{id}/agent",
    tag = "staff",
    params(("id" = String, Path, description = "Id of the conversation")),
    security(("staff" = [])),
    responses(
        (status = 204, description = "The assistant answers"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such conversation", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn give_conversation_back(
    staff: Staff,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    app.conversations.give_back(&id, &staff.name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Write to the partner of a conversation that you hold.
#[utoipa::path(
    post,
    path = "/api/v1/staff/conversations/{id}/messages",
    tag = "staff",
    params(("id" = String, Path, description = "Id of the conversation")),
    security(("staff" = [])),
    request_body = SaidIn,
    responses(
        (status = 204, description = "Said"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such conversation", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "You do not hold it", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Empty or too long", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn write_message(
    staff: Staff,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(said): Json<SaidIn>,
) -> Result<StatusCode, Problem> {
    let (text, key) = read(&said)?;
    app.conversations.write(&id, &staff.name, &text, &key).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Say that you are writing in a conversation that you hold; the partner sees it for some seconds. Repeat it every few seconds
/// while you write.
#[utoipa::path(
    put,
    path = "/api/v1/staff/conversations/{id}/writing",
    tag = "staff",
    params(("id" = String, Path, description = "Id of the conversation")),
    security(("staff" = [])),
    responses(
        (status = 204, description = "The partner sees it"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such conversation", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "You do not hold it", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn tell_writing(
    staff: Staff,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    app.conversations.agent_writes(&id, &staff.name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Leave a note for colleagues; the partner never sees it.
#[utoipa::path(
    post,
    path = "/api/v1/staff/conversations/{id}/notes",
    tag = "staff",
    params(("id" = String, Path, description = "Id of the conversation")),
    security(("staff" = [])),
    request_body = SaidIn,
    responses(
        (status = 204, description = "Kept"),
        (status = 401, description = "No token", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not staff", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such conversation", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Empty or too long", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn write_note(
    staff: Staff,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(said): Json<SaidIn>,
) -> Result<StatusCode, Problem> {
    let (text, key) = read(&said)?;
    app.conversations.note(&id, &staff.name, &text, &key).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn read(said: &SaidIn) -> Result<(Question, String), Problem> {
    let key = tickets::line("request_key", &said.request_key)?;
    Ok((Question::parse(&said.text).map_err(TurnError::from)?, key))
}
