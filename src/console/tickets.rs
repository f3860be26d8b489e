//! The inbox: tickets of the filter, a page at a time.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::refusal::render;
use super::{Frame, Refusal, Signed, now};
use crate::app::App;
use crate::model::{TicketStatus, Urgency};
use crate::store::{InboxFilter, InboxLine};
use crate::text::{console as text, escalation};

/// How many tickets one page shows.
const PAGE: i64 = 50;
/// The place of the page after: milliseconds, a dash, the reference.
const SEPARATOR: char = '_';

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Wanted {
    statut: String,
    urgence: String,
    a: String,
    etiquette: String,
    q: String,
    apres: String,
}

/// One line as it is shown.
struct Line {
    reference: String,
    subject: String,
    requester: String,
    status: &'static str,
    status_name: &'static str,
    urgency: &'static str,
    is_pressing: bool,
    assignee: Option<String>,
    tags: Vec<String>,
    created: String,
    /// The promise is broken, and nobody has answered.
    is_late: bool,
}

/// A choice of the filter.
struct Choice {
    value: &'static str,
    label: &'static str,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "tickets.html")]
struct TicketsPage {
    frame: Frame,
    lines: Vec<Line>,
    statuses: Vec<Choice>,
    urgencies: Vec<Choice>,
    assignees: Vec<Choice>,
    wanted: Wanted,
    next: Option<String>,
}

/// `GET /console/demandes`
pub(super) async fn list(
    State(app): State<App>,
    signed: Signed,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Refusal> {
    let mut tickets = app.store.list_inbox(&filter(&wanted, signed.name())).await?;
    let has_more = tickets.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
    tickets.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let next =
        tickets.last().filter(|_| has_more).map(|last| format!("{}{SEPARATOR}{}", last.created_at, last.reference));
    let (zone, now) = (&app.conversations.support.zone, now());
    let choice = |value, label, wanted: &str| Choice { value, label, is_chosen: value == wanted };
    let statuses = TicketStatus::ALL.map(|status| choice(status.name(), text::status(status), &wanted.statut));
    let urgencies = Urgency::ALL.map(|urgency| choice(urgency.name(), escalation::urgency(urgency), &wanted.urgence));
    let page = TicketsPage {
        frame: Frame::new(text::TICKETS, "/console/demandes", &signed),
        lines: tickets.into_iter().map(|ticket| line(ticket, now, zone)).collect(),
        statuses: statuses.into(),
        urgencies: urgencies.into(),
        assignees: vec![choice("moi", "à moi", &wanted.a), choice("personne", "à personne", &wanted.a)],
        next: next.map(|next| wanted.next(&next)),
        wanted,
    };
    Ok(render(&page))
}

fn filter(wanted: &Wanted, me: &str) -> InboxFilter {
    let after = wanted
        .apres
        .split_once(SEPARATOR)
        .and_then(|(at, reference)| Some((at.parse().ok()?, reference.parse().ok()?)));
    InboxFilter {
        status: TicketStatus::ALL.into_iter().find(|status| status.name() == wanted.statut),
        is_open: wanted.statut.is_empty(),
        assignee: match wanted.a.as_str() {
            "moi" => Some(me.to_owned()),
            "personne" => Some(String::new()),
            _ => None,
        },
        urgency: Urgency::ALL.into_iter().find(|urgency| urgency.name() == wanted.urgence),
        tag: wanted.etiquette.trim().to_owned(),
        searched: wanted.q.trim().to_owned(),
        after,
        limit: PAGE + 1,
    }
}

impl Wanted {
    /// The address of the page after, with the same filter.
    fn next(&self, after: &str) -> String {
        let pairs = [
            ("statut", self.statut.as_str()),
            ("urgence", &self.urgence),
            ("a", &self.a),
            ("etiquette", &self.etiquette),
            ("q", &self.q),
            ("apres", after),
        ];
        super::address("/console/demandes", &pairs)
    }
}

fn line(ticket: InboxLine, now: i64, zone: &jiff::tz::TimeZone) -> Line {
    Line {
        reference: ticket.reference.to_string(),
        subject: ticket.subject,
        requester: ticket.requester,
        status: text::status(ticket.status),
        status_name: ticket.status.name(),
        urgency: escalation::urgency(ticket.urgency),
        is_pressing: matches!(ticket.urgency, Urgency::High | Urgency::Urgent),
        assignee: ticket.assignee,
        tags: ticket.tags,
        created: text::moment(ticket.created_at, zone),
        is_late: ticket.answered_at.is_none()
            && ticket.due_at < now
            && matches!(ticket.status, TicketStatus::New | TicketStatus::Open),
    }
}
