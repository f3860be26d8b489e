//! What has been collected for a ticket, and where the dialogue stands. It is kept in the state of the conversation.

use serde::{Deserialize, Serialize};

use super::action::{Action, Field};
use super::{Context, NewTicket, Way, subject, urgency};
use crate::model::{EmailAddress, IncidentId, Requester, TicketRef, TicketStatus, Urgency};

/// Why the dialogue began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Reason {
    /// No entry answered.
    #[default]
    NoAnswer,
    /// The answer did not help.
    Refused,
    /// A person was asked for.
    AskedForPerson,
    /// A known incident was told.
    Incident,
}

/// What was said last, and so what the next message is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    /// Whether to write to an adviser at all.
    #[default]
    Offer,
    /// Whether to add to an open ticket.
    Existing,
    /// One thing is asked for.
    Ask(Field),
    /// Which thing is to be corrected.
    Correct,
    /// Everything is shown and waits for a yes.
    Summary,
}

/// An open request that only the other desk has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct HeldThere {
    /// The desk's id of it.
    pub(crate) id: String,
    /// What it is called here once something is added to it.
    pub(crate) reference: TicketRef,
    /// In one line.
    pub(crate) subject: String,
    /// Where it stands.
    pub(crate) status: TicketStatus,
    /// What was said there up to this moment, by the desk's clock, in milliseconds since 1970, is no news.
    pub(crate) read_to: i64,
}

/// What has been collected so far. A field that is absent has its default; one that is unknown is ignored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Form {
    /// Why it began.
    pub(crate) reason: Reason,
    /// Where it stands.
    pub(crate) stage: Stage,
    /// How the person wants to be answered.
    pub(crate) way: Way,
    /// The request in the person's words: the question that led here, and what was added. Empty until something is said.
    pub(crate) request: String,
    /// First and last name.
    pub(crate) name: Option<String>,
    /// Where to answer.
    pub(crate) email: Option<EmailAddress>,
    /// The partner company.
    pub(crate) company: Option<String>,
    /// In one line, when the person chose it; otherwise it is made from the request.
    pub(crate) subject: Option<String>,
    /// The product it is about.
    pub(crate) product: Option<String>,
    /// How much it presses.
    pub(crate) urgency: Urgency,
    /// The product was asked for and left out.
    pub(crate) without_product: bool,
    /// The company was asked for and left out.
    pub(crate) without_company: bool,
    /// A subject was asked for and left out.
    pub(crate) without_subject: bool,
    /// Somebody said how much it presses; otherwise it is asked for, beside the summary.
    pub(crate) has_said_urgency: bool,
    /// An open ticket on the same was shown and a new one was preferred.
    pub(crate) keeps_apart: bool,
    /// The incident that is reported.
    pub(crate) incident: Option<IncidentId>,
    /// What the person has open at the other desk only; none when nobody has looked.
    pub(crate) elsewhere: Option<Vec<HeldThere>>,
    /// The choices that were shown last, in order: "2" is the second.
    pub(crate) offered: Vec<Action>,
}

impl Form {
    /// A form about `question`, with what its words already say.
    pub(super) fn new(reason: Reason, question: &str, context: &Context<'_>) -> Self {
        let mut form = Self { reason, ..Self::default() };
        form.add(question, context);
        form
    }

    /// Whether only an incident was told, and nothing begun.
    pub(crate) fn only_tells_an_incident(&self) -> bool {
        self.reason == Reason::Incident && self.stage == Stage::Offer
    }

    /// Whether it is time to look at the other desk for what it could be added to, which nobody has done.
    pub(crate) fn wants_what_is_elsewhere(&self) -> bool {
        let has_begun = !matches!(self.stage, Stage::Offer | Stage::Ask(Field::Request));
        has_begun && self.elsewhere.is_none() && !self.keeps_apart && !self.request.is_empty()
    }

    /// What only the other desk has and would be called `reference` here.
    pub(crate) fn held_there(&self, reference: &TicketRef) -> Option<&HeldThere> {
        self.elsewhere.iter().flatten().find(|there| there.reference == *reference)
    }

    /// Adds `text` to the request, and takes the product and the urgency that it names.
    pub(super) fn add(&mut self, text: &str, context: &Context<'_>) {
        let text = text.trim();
        if !self.request.is_empty() && !text.is_empty() {
            self.request.push_str("\n\n");
        }
        self.request.push_str(text);
        self.product = self.product.take().or_else(|| subject::named(text, context.products));
        self.hear_urgency(urgency::said(text));
    }

    /// Takes the urgency that some words say. It only grows, unless they say that it can wait.
    pub(super) fn hear_urgency(&mut self, said: Option<Urgency>) {
        self.has_said_urgency |= said.is_some();
        self.urgency = match said {
            None => self.urgency,
            Some(Urgency::Low) => Urgency::Low,
            Some(urgency) => self.urgency.max(urgency),
        };
    }

    /// Fills in who the person is, as far as it is known from elsewhere and was not said here.
    pub(super) fn recognise(&mut self, context: &Context<'_>) {
        let known = context.known;
        self.name = self.name.take().or_else(|| known.name.clone());
        self.email = self.email.take().or_else(|| known.email.clone());
        self.company = self.company.take().or_else(|| known.company.clone());
    }

    /// The request in one line.
    pub(super) fn subject(&self) -> String {
        self.subject.clone().unwrap_or_else(|| subject::shorten(&self.request))
    }

    /// Nobody can tell what it is about.
    pub(super) fn says_too_little(&self) -> bool {
        self.subject.is_none() && !subject::is_telling(&self.request)
    }

    /// The first thing that must still be asked for. The subject follows from the request, unless that says too little. The
    /// company may be left out: it is asked for once, and not of whom is known. How much it presses is asked beside the
    /// summary.
    pub(super) fn missing(&self, context: &Context<'_>) -> Option<Field> {
        if self.request.is_empty() {
            return Some(Field::Request);
        }
        if !self.without_subject && self.says_too_little() {
            return Some(Field::Subject);
        }
        if self.name.is_none() {
            return Some(Field::Name);
        }
        if self.email.is_none() {
            return Some(Field::Email);
        }
        if self.company.is_none() && !self.without_company && context.known.email.is_none() {
            return Some(Field::Company);
        }
        let asks_for_product = self.product.is_none() && !self.without_product && !context.products.is_empty();
        asks_for_product.then_some(Field::Product)
    }

    /// The ticket, once nothing is missing.
    pub(super) fn ticket(&self) -> Option<NewTicket> {
        let requester =
            Requester { name: self.name.clone()?, email: self.email.clone()?, company: self.company.clone() };
        (!self.request.is_empty()).then(|| NewTicket {
            requester,
            subject: self.subject(),
            description: self.request.clone(),
            product: self.product.clone(),
            urgency: self.urgency,
            way: self.way,
            incident: self.incident.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_of_another_version_is_still_read() {
        let form: Form = serde_json::from_str(r#"{"stage":{"ask":"email"},"name":"Léa","later":1}"#).expect("a form");
        assert_eq!(form.stage, Stage::Ask(Field::Email));
        assert_eq!((form.name.as_deref(), form.urgency), (Some("Léa"), Urgency::Normal));
        assert_eq!(serde_json::from_str::<Form>("{}").expect("a form"), Form::default());
        let json = serde_json::to_string(&form).expect("JSON");
        assert_eq!(serde_json::from_str::<Form>(&json).expect("and back"), form);
    }
}
