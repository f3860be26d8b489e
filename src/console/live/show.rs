//! One conversation as it goes on.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::super::refusal::render;
use super::super::{Frame, Refusal, Signed, now};
use super::HERE;
use crate::app::App;
use crate::model::{Conversation, Message, Note, Permission, Said};
use crate::reply;
use crate::text::{console, live as text, lookup, ticket};

/// How many messages are shown, the last ones.
const MESSAGES: i64 = 200;

#[derive(Deserialize)]
pub(in crate::console) struct Done {
    fait: Option<String>,
}

struct Line {
    who: String,
    text: String,
    at: String,
    /// How it looks.
    kind: &'static str,
    sent_at: i64,
}

#[derive(Template)]
#[template(path = "live/conversation.html")]
struct ConversationPage {
    frame: Frame,
    id: String,
    lines: Vec<Line>,
    facts: Vec<(&'static str, String)>,
    tickets: Vec<String>,
    /// Who holds it.
    holder: Option<String>,
    is_mine: bool,
    may_answer: bool,
    partner_writes: bool,
    key: String,
    note_key: String,
}

/// `GET /console/conversations/{id}`
pub(in crate::console) async fn show(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Query(Done { fait }): Query<Done>,
) -> Result<Response, Refusal> {
    let conversation = app.conversations.find_for_staff(&id).await?;
    let messages = app.store.list_messages_before(&id, i64::MAX, MESSAGES).await?;
    let notes = app.store.list_notes(&id).await?;
    let tickets = app.store.list_tickets_of(&id).await?;
    let visitor = app.store.find_visitor(&id).await?;
    let zone = &app.conversations.support.zone;
    let writes_until = app.store.find_presence(&id).await?.map_or(0, |found| found.partner_writes_until);
    let holder = conversation.state.taken_over.as_ref().map(|taken| taken.who.clone());
    let is_mine = holder.as_deref() == Some(signed.name());
    if is_mine {
        app.store.mark_agent_seen(&id, signed.name(), now()).await?;
    }
    let mut lines: Vec<Line> = messages.into_iter().map(|message| said(message, is_mine, zone)).collect();
    lines.extend(notes.into_iter().map(|note| noted(note, zone)));
    // Stable: messages of one moment stay in their order.
    lines.sort_by_key(|line| line.sent_at);
    let mut facts = facts(&conversation, zone);
    facts.extend(
        visitor
            .map(|(visitor, _)| (text::PARTNER, format!("{} · {}", visitor.partner.as_str(), visitor.user.as_str()))),
    );
    let page = ConversationPage {
        frame: Frame::new(text::CONVERSATION, HERE, &signed).after(fait.as_deref()),
        id,
        lines,
        facts,
        tickets: tickets.into_iter().map(|ticket| ticket.draft.reference.to_string()).collect(),
        partner_writes: holder.is_some() && writes_until > now(),
        holder,
        is_mine,
        may_answer: signed.may(Permission::Answer),
        key: uuid::Uuid::now_v7().to_string(),
        note_key: uuid::Uuid::now_v7().to_string(),
    };
    Ok(render(&page))
}

fn facts(conversation: &Conversation, zone: &TimeZone) -> Vec<(&'static str, String)> {
    vec![
        (text::CHANNEL, text::channel(&conversation.channel).to_owned()),
        (text::BEGUN, console::moment(conversation.created_at, zone)),
    ]
}

/// Facts of the portal are shown to who answers in their light, not to who passes by.
fn said(message: Message, may_see_facts: bool, zone: &TimeZone) -> Line {
    let (who, text, kind) = match message.said {
        Said::Visitor(said) => (text::PARTNER.to_owned(), said, "visitor"),
        Said::Assistant(reply) if reply::holds_facts(&reply) && !may_see_facts => {
            (crate::text::GUICHET.to_owned(), lookup::NOT_PASSED_ON.text.to_owned(), "assistant")
        }
        Said::Assistant(reply) => {
            (crate::text::GUICHET.to_owned(), guichet_bots::terminal::plain(&reply).trim().to_owned(), "assistant")
        }
        Said::Agent(said) => (said.name, said.text, "agent"),
        Said::Ticket(notice) => {
            let text = format!("{}\u{a0}: {}", notice.ticket, ticket::status(notice.status));
            (crate::text::GUICHET.to_owned(), text, "assistant")
        }
    };
    Line { who, text, at: console::moment(message.sent_at, zone), kind, sent_at: message.sent_at }
}

fn noted(note: Note, zone: &TimeZone) -> Line {
    Line {
        who: console::note_of(&note.who),
        text: note.text,
        at: console::moment(note.at, zone),
        kind: "note",
        sent_at: note.at,
    }
}
