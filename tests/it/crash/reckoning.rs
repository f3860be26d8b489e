//! What was confirmed, held against what is outside and against what is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use reqwest::StatusCode;
use serde_json::Value;

use super::SUPPORT_BOX;
use super::partners::Told;
use crate::guichet::{Guichet, answer};
use crate::outside::Outside;
use crate::staff;

/// How many findings are shown.
const SHOWN: usize = 20;

/// Figures and findings.
#[derive(Default)]
pub(super) struct Reckoning {
    conversations: usize,
    confirmed: usize,
    outside: usize,
    comments: usize,
    mails: usize,
    /// What the support box was told of because the desk was silent.
    box_mails: usize,
    /// The same mail accepted again: SMTP has nothing to prevent it, and both copies have one Message-ID.
    mail_duplicates: usize,
    faults: u64,
    doubled: Vec<String>,
    lost: Vec<String>,
    /// What is outside and was never asked for, and what should not have been answered.
    strange: Vec<String>,
}

impl Reckoning {
    pub(super) fn is_right(&self) -> bool {
        self.doubled.is_empty() && self.lost.is_empty() && self.strange.is_empty()
    }

    /// One of `what` is right.
    fn count(&mut self, count: usize, what: impl FnOnce() -> String) {
        match count {
            1 => {}
            0 => self.lost.push(what()),
            more => self.doubled.push(format!("{more} times {}", what())),
        }
    }
}

impl fmt::Display for Reckoning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "conversations={} confirmed={} outside={} comments={} doubles={} lost={} strange={} mails={} \
             box_mails={} mail_duplicates={} faults={}",
            self.conversations,
            self.confirmed,
            self.outside,
            self.comments,
            self.doubled.len(),
            self.lost.len(),
            self.strange.len(),
            self.mails,
            self.box_mails,
            self.mail_duplicates,
            self.faults
        )
    }
}

impl fmt::Debug for Reckoning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, findings) in [("doubled", &self.doubled), ("lost", &self.lost), ("strange", &self.strange)] {
            for finding in findings.iter().take(SHOWN) {
                writeln!(f, "{name}: {finding}")?;
            }
        }
        Ok(())
    }
}

/// Compares. All work must be at its end.
pub(super) async fn compare(guichet: &Guichet, told: &[Told], outside: &Outside) -> Reckoning {
    let mut reckoning = Reckoning {
        conversations: told.len(),
        confirmed: told.iter().filter(|told| !told.reference.is_empty()).count(),
        faults: outside.desk.faults(),
        ..Reckoning::default()
    };
    compare_tickets(&mut reckoning, guichet, told, outside).await;
    compare_mails(&mut reckoning, told, outside);
    for told in told {
        compare_box(&mut reckoning, guichet, told, outside).await;
        compare_history(&mut reckoning, guichet, told).await;
        reckoning.strange.extend(told.complaints.iter().cloned());
        if told.reference.is_empty() {
            reckoning.lost.push(format!("the reference of {}", told.mark));
        }
    }
    let (_, dead) = answer(staff::get(guichet, "/jobs?state=dead")).await;
    let dead = dead["jobs"].as_array().expect("a list");
    reckoning.lost.extend(dead.iter().map(|job| format!("work that was given up: {job}")));
    reckoning
}

/// Each confirmed ticket and each comment is outside once, with the conversation.
async fn compare_tickets(reckoning: &mut Reckoning, guichet: &Guichet, told: &[Told], outside: &Outside) {
    let tickets = outside.desk.tickets();
    reckoning.outside = tickets.len();
    let references: BTreeSet<&str> = told.iter().map(|told| told.reference.as_str()).collect();
    for ticket in tickets.iter().filter(|ticket| !references.contains(ticket.reference.as_str())) {
        let (status, _) = answer(staff::get(guichet, &format!("/tickets/{}", ticket.reference))).await;
        if status != StatusCode::OK {
            reckoning.strange.push(format!("a ticket {} that is not kept", ticket.reference));
        }
    }
    let mut by_reference: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for ticket in &tickets {
        by_reference.entry(&ticket.reference).or_default().push(ticket);
    }
    for told in told {
        let held = by_reference.get(told.reference.as_str()).map_or(&[][..], Vec::as_slice);
        reckoning.count(held.len(), || format!("the ticket {} of {}", told.reference, told.mark));
        for text in &told.comments {
            reckoning.comments += 1;
            let count = held.iter().flat_map(|held| &held.comments).filter(|comment| *comment == text).count();
            reckoning.count(count, || format!("the comment {text:?} of {}", told.reference));
        }
        let has_all = |what: &str| held.iter().all(|held| held.transcript.contains(what) && !held.first.is_empty());
        if !has_all(&told.mark) {
            reckoning.lost.push(format!("the conversation of {}", told.reference));
        }
    }
}

/// Each confirmed ticket was acknowledged, and nobody else was written to than its author and the support box.
fn compare_mails(reckoning: &mut Reckoning, told: &[Told], outside: &Outside) {
    let mails = outside.mail.mails();
    let ids: BTreeSet<&str> = mails.iter().map(|mail| mail.id.as_str()).collect();
    (reckoning.mails, reckoning.mail_duplicates) = (mails.len(), mails.len() - ids.len());
    let mut by_reference: BTreeMap<&str, BTreeSet<(&str, &str)>> = BTreeMap::new();
    for mail in &mails {
        by_reference.entry(&mail.reference).or_default().insert((&mail.to, &mail.id));
    }
    for told in told {
        let found = by_reference.remove(told.reference.as_str()).unwrap_or_default();
        let to = |whom: &str| found.iter().filter(|mail| mail.0 == whom).count();
        reckoning.count(to(&told.email), || format!("the mail about {} to {}", told.reference, told.email));
        if to(&told.email) + to(SUPPORT_BOX) != found.len() {
            reckoning.strange.push(format!("a mail about {} to somebody else", told.reference));
        }
    }
    reckoning.strange.extend(by_reference.keys().map(|reference| format!("a mail about {reference:?}")));
}

/// The Message-ID of the mail with this key.
fn message_id(key: &str) -> String {
    format!("<{}@editeur.example>", &blake3::hash(key.as_bytes()).to_hex()[..32])
}

/// The support box was told of the ticket and of each comment once or not at all. Of what it was told, it was told once where
/// that is now, and one note at the desk names that mail.
async fn compare_box(reckoning: &mut Reckoning, guichet: &Guichet, told: &Told, outside: &Outside) {
    let mails = outside.mail.mails();
    let to_box = mails.iter().filter(|mail| mail.to == SUPPORT_BOX && mail.reference == told.reference);
    let mut found: BTreeSet<String> = to_box.map(|mail| mail.id.clone()).collect();
    let path = format!("/api/v1/conversations/{}/tickets/{}", told.id, told.reference);
    let (_, ticket) = answer(guichet.get(&path).bearer_auth(&told.token)).await;
    let comments = ticket["comments"].as_array().into_iter().flatten().filter_map(|comment| comment["id"].as_str());
    let of_ticket = format!("{}/support", told.reference);
    let keys: Vec<String> =
        [of_ticket.clone()].into_iter().chain(comments.map(|id| format!("{of_ticket}/{id}"))).collect();
    let tickets = outside.desk.tickets();
    let held: Vec<_> = tickets.iter().filter(|held| held.reference == told.reference).collect();
    for key in keys {
        let (id, linked) = (message_id(&key), message_id(&format!("{key}/linked")));
        let is_told = found.remove(&id);
        let is_linked = found.remove(&linked);
        let notes = held.iter().flat_map(|held| &held.comments).filter(|note| note.contains(&id)).count();
        if is_told {
            reckoning.box_mails += 1;
            reckoning.count(usize::from(is_linked), || format!("the mail that says where {key} is"));
            reckoning.count(notes, || format!("the note at the desk about the mail {key}"));
        } else if is_linked || notes > 0 {
            reckoning.lost.push(format!("the mail {key} to the support box"));
        }
    }
    reckoning.strange.extend(found.into_iter().map(|id| format!("a mail {id} to the support box")));
}

/// The conversation is what was said and replied, each once and in order, and one notice of a ticket that the form asked
/// for; so is what was added to the ticket.
async fn compare_history(reckoning: &mut Reckoning, guichet: &Guichet, told: &Told) {
    let path = format!("/api/v1/conversations/{}", told.id);
    let (_, history) = answer(guichet.get(&format!("{path}/messages")).bearer_auth(&told.token)).await;
    let all = history["messages"].as_array().into_iter().flatten();
    let (notices, kept): (Vec<&Value>, Vec<&Value>) = all.partition(|message| message["author"] == "ticket");
    let of_form = notices.iter().filter(|notice| notice["ticket"] == told.reference.as_str()).count();
    if told.is_by_form {
        reckoning.count(of_form, || format!("the notice of {}", told.reference));
    }
    if notices.len() != usize::from(told.is_by_form) {
        reckoning.strange.push(format!("{} notices in the conversation of {}", notices.len(), told.mark));
    }
    for (number, (text, reply)) in told.messages.iter().enumerate() {
        let is_kept = kept.get(2 * number).is_some_and(|message| message["text"] == text.as_str())
            && kept.get(2 * number + 1).is_some_and(|message| message["reply"] == *reply);
        if !is_kept {
            reckoning.lost.push(format!("message {number} of {}: {text:?}", told.mark));
        }
    }
    if kept.len() > 2 * told.messages.len() {
        reckoning.doubled.push(format!("a message of {}", told.mark));
    }
    let ticket = guichet.get(&format!("{path}/tickets/{}", told.reference)).bearer_auth(&told.token);
    let (_, ticket) = answer(ticket).await;
    for text in &told.comments {
        let comments = ticket["comments"].as_array().into_iter().flatten();
        let count = comments.filter(|comment| comment["text"] == text.as_str()).count();
        reckoning.count(count, || format!("the kept comment {text:?} of {}", told.reference));
    }
}
