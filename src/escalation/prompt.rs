//! What is said at each stage, and what can be chosen there.

use super::action::{Action, Field, URGENCIES};
use super::form::{Form, Reason, Stage};
use super::{Context, OpenTicket, Way};
use crate::model::Urgency;
use crate::text::escalation::{self as say, label};
use crate::text::{self, Phrase};

/// Longest piece of the request that the summary shows, in characters.
const SHOWN: usize = 300;

/// What is asked at the stage of `form`.
pub(super) fn ask(form: &Form, context: &Context<'_>) -> Vec<Phrase> {
    match form.stage {
        Stage::Offer => {
            let offer = match form.reason {
                Reason::Incident => return vec![say::OFFER_TO_REPORT.into()],
                Reason::NoAnswer => say::OFFER_NO_ANSWER,
                Reason::Refused => say::OFFER_REFUSED,
                Reason::AskedForPerson => say::ASKED_FOR_PERSON,
            };
            vec![offer.into(), text::opening::answer_expected(context.expected, context.now)]
        }
        Stage::Existing => existing(form, context)
            .map(|ticket| say::ask_to_add(&ticket.shown(), &ticket.subject, ticket.is_solved))
            .into_iter()
            .collect(),
        Stage::Ask(field) => vec![ask_for(field, form)],
        Stage::Correct => vec![say::ASK_WHAT_TO_CORRECT.into()],
        Stage::Summary => vec![summary(form), say::ASK_TO_SEND.into()],
    }
}

/// What can be chosen at the stage of `form`.
pub(super) fn actions(form: &Form, context: &Context<'_>) -> Vec<Action> {
    let mut actions = match form.stage {
        Stage::Offer if form.reason == Reason::Incident => vec![Action::Ticket],
        Stage::Offer => vec![Action::Ticket, Action::Mail],
        Stage::Existing => {
            let add = existing(form, context).map(|ticket| Action::Add(ticket.reference.clone()));
            add.into_iter().chain([Action::New]).collect()
        }
        Stage::Ask(Field::Product) => {
            let products = context.products.iter().cloned().map(Action::Product);
            products.chain([Action::Skip]).collect()
        }
        Stage::Ask(Field::Company | Field::Subject) => vec![Action::Skip],
        Stage::Ask(Field::Urgency) => URGENCIES.map(Action::Urgency).to_vec(),
        Stage::Ask(_) => Vec::new(),
        Stage::Correct => {
            let has_product = !context.products.is_empty();
            Field::ALL.into_iter().filter(|field| *field != Field::Product || has_product).map(Action::Edit).collect()
        }
        // Asked without a question of its own: most requests are as urgent as others.
        Stage::Summary if !form.has_said_urgency => {
            vec![Action::Confirm, Action::Correct, Action::Urgency(Urgency::Urgent)]
        }
        Stage::Summary => vec![Action::Confirm, Action::Correct],
    };
    actions.push(Action::Cancel);
    actions
}

/// What a button says.
pub(super) fn label(action: &Action, form: &Form) -> String {
    let label = match action {
        Action::Ticket if form.only_tells_an_incident() => label::REPORT,
        Action::Ticket => label::TICKET,
        Action::Mail => label::MAIL,
        Action::Confirm => label::SEND,
        Action::Cancel if form.only_tells_an_incident() => label::NOT_NEEDED,
        Action::Cancel if form.stage == Stage::Offer => label::NO_THANKS,
        Action::Cancel => label::CANCEL,
        Action::Skip => label::SKIP,
        Action::Correct => label::CORRECT,
        Action::Edit(field) => label_of(*field),
        Action::Urgency(Urgency::Urgent) if form.stage == Stage::Summary => label::URGENT,
        Action::Urgency(urgency) => return super::subject::capitalised(say::urgency(*urgency)),
        Action::Product(name) => name,
        Action::Add(_) => label::ADD,
        Action::New => label::NEW,
    };
    label.to_owned()
}

/// The open ticket that the request of `form` could be added to.
pub(super) fn existing<'a>(form: &Form, context: &Context<'a>) -> Option<&'a OpenTicket> {
    super::subject::same(&form.subject(), &form.request, context.open_tickets)
}

fn ask_for(field: Field, form: &Form) -> Phrase {
    match field {
        Field::Name | Field::Email => match missing_of_identity(form).as_slice() {
            [] | [_] if field == Field::Name => say::ASK_NAME.into(),
            [] | [_] => say::ASK_EMAIL.into(),
            missing => say::ask_identity(missing),
        },
        Field::Company => say::ASK_COMPANY.into(),
        Field::Request if form.request.is_empty() => say::ASK_REQUEST.into(),
        Field::Request => say::ASK_DETAILS.into(),
        Field::Subject if form.says_too_little() => say::ASK_ABOUT.into(),
        Field::Subject => say::ASK_SUBJECT.into(),
        Field::Product => say::ASK_PRODUCT.into(),
        Field::Urgency => say::ASK_URGENCY.into(),
    }
}

/// What is asked for in one go. When only one of name and address is missing, nothing else is asked beside it.
fn missing_of_identity(form: &Form) -> Vec<&'static str> {
    let mut missing = Vec::new();
    if form.name.is_none() {
        missing.push(say::NAME);
    }
    if form.email.is_none() {
        missing.push(say::EMAIL);
    }
    if missing.len() == 2 && form.company.is_none() {
        missing.push(say::COMPANY);
    }
    missing
}

fn summary(form: &Form) -> Phrase {
    let subject = form.subject();
    let request = shown(&form.request);
    let email = form.email.as_ref().map(|email| email.as_str());
    let answer = match form.way {
        Way::Ticket => label::ANSWER_HERE,
        Way::Mail => label::ANSWER_BY_MAIL,
    };
    let lines = [
        (label::SUBJECT, Some(subject.as_str())),
        (label::NAME, form.name.as_deref()),
        (label::COMPANY, form.company.as_deref()),
        (label::EMAIL, email),
        (label::PRODUCT, form.product.as_deref()),
        (label::URGENCY, Some(say::urgency(form.urgency))),
        (label::ANSWER, Some(answer)),
        // Last, because it may have several lines.
        (label::REQUEST, Some(request.as_str()).filter(|_| !is_all_of(&form.request, &subject))),
    ];
    let lines: Vec<(&str, &str)> = lines.into_iter().filter_map(|(label, value)| Some((label, value?))).collect();
    say::summary(&lines)
}

/// The subject says it all: the request need not be shown beside it.
fn is_all_of(request: &str, subject: &str) -> bool {
    super::words::words(request) == super::words::words(subject)
}

fn shown(request: &str) -> String {
    let request = request.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join("\n");
    if request.chars().count() <= SHOWN {
        return request;
    }
    format!("{}…", request.chars().take(SHOWN).collect::<String>().trim_end())
}

fn label_of(field: Field) -> &'static str {
    match field {
        Field::Name => label::NAME,
        Field::Email => label::EMAIL,
        Field::Company => label::COMPANY,
        Field::Subject => label::SUBJECT,
        Field::Request => label::REQUEST,
        Field::Product => label::PRODUCT,
        Field::Urgency => label::URGENCY,
    }
}
