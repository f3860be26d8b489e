//! What a change makes of a ticket, of its history and of what the partner is told. Pure.

use guichet_bots::Outbound;

use crate::conversation::Support;
use crate::jobs::{self, Outgoing};
use crate::model::{
    AgentMessage, Comment, CommentAuthor, NewFile, NewJob, Said, Ticket, TicketCommit, TicketNotice, TicketStatus,
    Urgency,
};

/// How the other desk said what is changed. Its clock counts whole seconds, in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Heard {
    /// Something happened there at this moment. It may be told late, twice, and after what happened later.
    Event(i64),
    /// Something happened there and nobody knows when.
    Undated,
    /// The ticket was read there, as it stood after its last change, at this moment.
    Reading(i64),
}

/// What somebody changes on a ticket, at once.
#[derive(Debug, Clone, Default)]
pub(crate) struct TicketChange {
    /// Who changes it, as staff see it.
    pub(crate) who: String,
    pub(crate) status: Option<TicketStatus>,
    pub(crate) urgency: Option<Urgency>,
    /// `Some(None)`: nobody.
    pub(crate) assignee: Option<Option<String>>,
    pub(crate) tags: Option<Vec<String>>,
    pub(crate) comment: Option<Comment>,
    /// Files of the conversation that the comment takes.
    pub(crate) files: Vec<String>,
    /// Files that come with the comment.
    pub(crate) sent: Vec<NewFile>,
    /// What the partner is told besides.
    pub(crate) told: Option<Outbound>,
    /// What the history says besides.
    pub(crate) notes: Vec<String>,
    /// Solving it solves the reports that are attached to it.
    pub(crate) spreads: bool,
    /// How the other desk said it, when it comes from there.
    pub(crate) heard: Option<Heard>,
    /// Nothing is changed when the ticket has changed after this moment.
    pub(crate) if_unchanged_since: Option<i64>,
    /// Work that follows.
    pub(crate) jobs: Vec<NewJob>,
    /// The delivery from outside that asks for it: one that was taken before changes nothing.
    pub(crate) delivery: Option<String>,
    /// When, in milliseconds since 1970.
    pub(crate) at: i64,
}

/// Everything that `change` brings to a ticket.
pub(crate) fn plan(before: &Ticket, change: &TicketChange, outgoing: &Outgoing, support: &Support) -> TicketCommit {
    let after = changed(before, change, support);
    let mut history = differences(before, &after, change.comment.as_ref());
    history.extend(change.notes.iter().cloned());
    let mut commit = TicketCommit {
        seen: before.updated_at,
        history,
        told: told(before, &after, change),
        after,
        who: change.who.clone(),
        comment: change.comment.clone(),
        files: change.files.clone(),
        sent: change.sent.clone(),
        jobs: change.jobs.clone(),
        delivery: change.delivery.clone(),
        at: change.at,
    };
    commit.jobs.extend(outgoing.changed(before, &commit));
    if is_in_doubt(before, change) {
        commit.jobs.push(jobs::read_again(&commit));
    }
    commit
}

/// Whether the status that `change` brings is later than what is known. A reading is of the moment at which it is read: it
/// may say more than an event of the same second.
fn is_news(before: &Ticket, heard: Option<Heard>) -> bool {
    match heard {
        None => true,
        Some(Heard::Event(at)) => at > before.external_at,
        Some(Heard::Undated) => false,
        Some(Heard::Reading(at)) => at >= before.external_at,
    }
}

/// Whether another status is heard of and nobody can say which of the two is the later one.
fn is_in_doubt(before: &Ticket, change: &TicketChange) -> bool {
    let is_other = change.status.is_some_and(|status| status != before.status);
    let is_undecided = match change.heard {
        Some(Heard::Event(at)) => at == before.external_at,
        Some(Heard::Undated) => true,
        Some(Heard::Reading(_)) | None => false,
    };
    is_other && is_undecided
}

/// The ticket after `change`. The first public answer of an agent stops the clock of the promise; an answer of the
/// partner opens a ticket that waited for it or was thought done. Another desk says by itself what its comments change.
fn changed(before: &Ticket, change: &TicketChange, support: &Support) -> Ticket {
    let mut after = before.clone();
    if let Some(comment) = &change.comment {
        let is_answer = matches!(comment.author, CommentAuthor::Agent(_)) && comment.is_public;
        if is_answer && after.answered_at.is_none() {
            after.answered_at = Some(change.at);
        }
        let waited = matches!(before.status, TicketStatus::Pending | TicketStatus::Solved);
        if matches!(comment.author, CommentAuthor::Partner(_)) && waited {
            after.status = TicketStatus::Open;
        }
        if is_answer && before.status == TicketStatus::New && change.heard.is_none() {
            after.status = TicketStatus::Open;
        }
    }
    if let Some(status) = change.status.filter(|_| is_news(before, change.heard)) {
        after.status = status;
        if let Some(Heard::Event(at) | Heard::Reading(at)) = change.heard {
            after.external_at = at;
        }
    }
    mind_clock(before, &mut after, change.at, support);
    after.urgency = change.urgency.unwrap_or(after.urgency);
    if let Some(assignee) = &change.assignee {
        after.assignee.clone_from(assignee);
    }
    if let Some(tags) = &change.tags {
        after.tags.clone_from(tags);
    }
    // It must differ, even within one millisecond: it tells whether somebody else was faster.
    after.updated_at = change.at.max(before.updated_at + 1);
    after
}

/// Until the first answer, the clock of the promise stands still while the partner must answer.
fn mind_clock(before: &Ticket, after: &mut Ticket, at: i64, support: &Support) {
    let waits = after.status == TicketStatus::Pending && after.answered_at.is_none();
    match before.paused_at {
        None if waits => after.paused_at = Some(at),
        Some(paused) if !waits => {
            after.paused_at = None;
            if after.answered_at.is_none() {
                after.due_at = support.due_after_pause(before.due_at, paused, at);
            }
        }
        None | Some(_) => {}
    }
}

/// What the history says of a change; never what people wrote.
fn differences(before: &Ticket, after: &Ticket, comment: Option<&Comment>) -> Vec<String> {
    let mut lines = Vec::new();
    if before.status != after.status {
        lines.push(format!("status: {} → {}", before.status.name(), after.status.name()));
    }
    if before.urgency != after.urgency {
        lines.push(format!("urgency: {} → {}", before.urgency.name(), after.urgency.name()));
    }
    if before.assignee != after.assignee {
        let shown = |assignee: &Option<String>| assignee.clone().unwrap_or_else(|| "-".to_owned());
        lines.push(format!("assignee: {} → {}", shown(&before.assignee), shown(&after.assignee)));
    }
    if before.tags != after.tags {
        lines.push(format!("tags: {} → {}", before.tags.join(" "), after.tags.join(" ")));
    }
    if let Some(comment) = comment {
        lines.push(if comment.is_public { "public comment" } else { "internal comment" }.to_owned());
    }
    lines
}

/// What the partner is told in the conversation.
fn told(before: &Ticket, after: &Ticket, change: &TicketChange) -> Vec<Said> {
    let ticket = || before.draft.reference.clone();
    let mut told = Vec::new();
    if let Some(Comment { author: CommentAuthor::Agent(name), is_public: true, text, .. }) = &change.comment {
        let files = change.sent.iter().map(NewFile::shown).collect();
        told.push(Said::Agent(AgentMessage { name: name.clone(), text: text.clone(), ticket: Some(ticket()), files }));
    }
    told.extend(change.told.clone().map(Said::Assistant));
    if before.status != after.status {
        told.push(Said::Ticket(TicketNotice { ticket: ticket(), status: after.status }));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::Hours;
    use crate::model::{EventKind, Requester, TicketDraft, TicketRef};
    use crate::opening::{self, Opening};

    fn ticket(status: TicketStatus) -> Ticket {
        let draft = TicketDraft {
            reference: TicketRef::from_random(1),
            conversation: "c".into(),
            requester: Requester {
                name: "Léa Martin".into(),
                email: "lea@revendeur.example".parse().expect("an address"),
                company: None,
            },
            asker: None,
            subject: "Clé".into(),
            description: "Où est la clé ?".into(),
            product: None,
            urgency: Urgency::Normal,
            transcript: Vec::new(),
            tags: Vec::new(),
            created_at: 1,
            attachments: Vec::new(),
        };
        Ticket {
            draft,
            request_key: "k".into(),
            status,
            urgency: Urgency::Normal,
            assignee: None,
            tags: Vec::new(),
            external_id: None,
            updated_at: 10,
            due_at: 100,
            answered_at: None,
            paused_at: None,
            external_at: 0,
        }
    }

    /// Everything that happens is told to somebody.
    fn outgoing() -> Outgoing {
        let all = vec![EventKind::Created, EventKind::Changed, EventKind::Commented];
        Outgoing {
            has_desk: false,
            has_support_box: false,
            subscriptions: [("s".to_owned(), all)].into(),
            platforms: &["discord"],
        }
    }

    fn support() -> Support {
        Support { hours: Hours::new(Opening::default()), products: Vec::new(), zone: opening::paris() }
    }

    fn comment(author: CommentAuthor, is_public: bool) -> Comment {
        let reference = TicketRef::from_random(1);
        Comment { id: "x".into(), reference, author, is_public, text: "bonjour".into(), created_at: 20 }
    }

    #[test]
    fn the_first_public_answer_opens_the_ticket_stops_the_clock_and_is_told() {
        let agent = || CommentAuthor::Agent("Inès".into());
        let change = TicketChange { comment: Some(comment(agent(), true)), at: 20, ..TicketChange::default() };
        let commit = plan(&ticket(TicketStatus::New), &change, &outgoing(), &support());
        assert_eq!((commit.after.status, commit.after.answered_at), (TicketStatus::Open, Some(20)));
        assert_eq!(commit.told.len(), 2);
        assert_eq!(commit.history, ["status: new → open", "public comment"]);
        let told: Vec<_> = commit.jobs.iter().map(|job| job.key.as_str()).collect();
        let reference = TicketRef::from_random(1);
        let expected = ["commented", "changed"].map(|kind| format!("webhook.deliver/s/ticket.{kind}/{reference}/20"));
        assert_eq!(told, expected);
        assert!(!commit.jobs[0].payload.contains("bonjour"), "what people write is not told");

        let change = TicketChange { comment: Some(comment(agent(), false)), at: 20, ..TicketChange::default() };
        let commit = plan(&ticket(TicketStatus::New), &change, &outgoing(), &support());
        assert_eq!((commit.after.status, commit.after.answered_at), (TicketStatus::New, None));
        assert!(commit.told.is_empty(), "an internal comment is not for the partner");
    }

    #[test]
    fn an_answer_of_the_partner_opens_a_ticket_that_waited() {
        let partner = comment(CommentAuthor::Partner("Léa".into()), true);
        let change = TicketChange { comment: Some(partner), at: 5, ..TicketChange::default() };
        let commit = plan(&ticket(TicketStatus::Solved), &change, &outgoing(), &support());
        assert_eq!(commit.after.status, TicketStatus::Open);
        assert_eq!(commit.after.updated_at, 11, "it differs although the clock went back");
    }

    /// The other desk says `status`; where the ticket stands then, and whether it is read again.
    fn hear(before: &Ticket, status: TicketStatus, heard: Heard) -> (Ticket, bool) {
        let change = TicketChange { status: Some(status), heard: Some(heard), at: 20, ..TicketChange::default() };
        let commit = plan(before, &change, &outgoing(), &support());
        (commit.after, commit.jobs.iter().any(|job| job.kind == "desk.reconcile"))
    }

    #[test]
    fn what_the_other_desk_said_earlier_changes_nothing_when_it_comes_later() {
        use TicketStatus::{Open, Pending, Solved};
        let known = Ticket { external_at: 5_000, ..ticket(Pending) };
        for (status, heard, expected) in [
            (Solved, Heard::Event(6_000), (Solved, 6_000, false)),
            (Solved, Heard::Event(4_000), (Pending, 5_000, false)),
            // Two changes of one second: the desk is asked.
            (Solved, Heard::Event(5_000), (Pending, 5_000, true)),
            (Pending, Heard::Event(5_000), (Pending, 5_000, false)),
            (Solved, Heard::Undated, (Pending, 5_000, true)),
            (Solved, Heard::Reading(5_000), (Solved, 5_000, false)),
            (Solved, Heard::Reading(4_000), (Pending, 5_000, false)),
        ] {
            let (after, is_read_again) = hear(&known, status, heard);
            assert_eq!((after.status, after.external_at, is_read_again), expected, "{status:?} {heard:?}");
        }

        // In whatever order the three arrive, and however often, the last one holds.
        let events = [(Open, Heard::Event(1_000)), (Pending, Heard::Event(2_000)), (Solved, Heard::Event(3_000))];
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let mut ticket = ticket(TicketStatus::New);
            for place in order.into_iter().chain(order) {
                ticket = hear(&ticket, events[place].0, events[place].1).0;
            }
            assert_eq!((ticket.status, ticket.external_at), (Solved, 3_000), "{order:?}");
        }
    }

    #[test]
    fn the_clock_of_the_promise_stands_still_while_the_partner_must_answer() {
        let at = |text: &str| text.parse::<jiff::Timestamp>().expect("a time").as_millisecond();
        let step = |before: &Ticket, at: i64, status: TicketStatus| {
            let change = TicketChange { status: Some(status), at, ..TicketChange::default() };
            plan(before, &change, &outgoing(), &support()).after
        };
        // A Monday in November: promised for noon, an hour before that the partner is asked something.
        let due_at = at("2026-11-02T12:00:00+01:00");
        let asked = Ticket { due_at, ..ticket(TicketStatus::Open) };
        let waiting = step(&asked, at("2026-11-02T11:00:00+01:00"), TicketStatus::Pending);
        assert_eq!((waiting.paused_at, waiting.due_at), (Some(at("2026-11-02T11:00:00+01:00")), due_at));
        // He answers in the evening: one open hour is left, and is counted from the next morning on.
        let answered = step(&waiting, at("2026-11-02T20:00:00+01:00"), TicketStatus::Open);
        assert_eq!((answered.paused_at, answered.due_at), (None, at("2026-11-03T10:00:00+01:00")));
        // What was late stays late.
        let late = Ticket { due_at, ..ticket(TicketStatus::Open) };
        let late = step(&late, at("2026-11-02T15:00:00+01:00"), TicketStatus::Pending);
        assert_eq!(step(&late, at("2026-11-02T16:00:00+01:00"), TicketStatus::Open).due_at, due_at);

        // Who is answered and asked something at once waits for nothing more.
        let agent = comment(CommentAuthor::Agent("Inès".into()), true);
        let status = Some(TicketStatus::Pending);
        let change = TicketChange { comment: Some(agent), status, at: 20, ..TicketChange::default() };
        assert_eq!(plan(&asked, &change, &outgoing(), &support()).after.paused_at, None);
    }
}
