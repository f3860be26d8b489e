//! From the form and a message to the next form. Each message is, in this order: a choice, a question, facts, or words
//! that are not understood.

use guichet_bots::Choice;

use super::action::{Action, Field};
use super::facts::{Facts, Wanted};
use super::form::{Form, Reason, Stage};
use super::{Context, Effect, Input, Step, Way, prompt, shape, subject, typed, words};
use crate::model::{IncidentId, TicketRef};
use crate::text::Phrase;
use crate::text::escalation as say;

/// Begins the dialogue. `question` is what led to it; empty when the message only asked for a person.
pub(crate) fn begin(reason: Reason, question: &str, context: &Context<'_>) -> Step {
    let mut form = Form::new(reason, question, context);
    form.recognise(context);
    match reason {
        Reason::NoAnswer | Reason::Refused | Reason::Incident => ask(form, Stage::Offer, Vec::new(), context),
        // Whoever asked for a person is not asked whether he wants one.
        Reason::AskedForPerson => {
            let offer = prompt::ask(&form, context);
            go_on(form, offer, context)
        }
    }
}

/// Offers to report `incident`, which `question` is about and which was told.
pub(crate) fn offer_to_report(incident: &IncidentId, question: &str, context: &Context<'_>) -> Step {
    let mut step = begin(Reason::Incident, question, context);
    if let Some(form) = &mut step.form {
        form.incident = Some(incident.clone());
    }
    step
}

/// Takes one message.
pub(crate) fn advance(form: Form, input: Input<'_>, context: &Context<'_>) -> Step {
    let chosen = input.action.cloned().or_else(|| typed::choice(input.text, &form));
    match chosen {
        Some(action) => choose(form, action, context),
        // A slip of the finger is no name, no product and no message.
        None if typed::is_past_the_choices(input.text, &form) => {
            let stage = form.stage;
            ask(form, stage, vec![say::NO_SUCH_CHOICE.into()], context)
        }
        None => hear(form, input.text, context),
    }
}

/// Says again what was asked, after something else was answered.
pub(crate) fn resume(form: Form, context: &Context<'_>) -> Step {
    let stage = form.stage;
    ask(form, stage, vec![say::BACK.into()], context)
}

/// A choice of a dialogue that is over: a double click, an old tab. `sent` is the last ticket of the conversation.
pub(crate) fn too_late(action: &Action, sent: Option<&TicketRef>) -> Step {
    let phrase = match (action, sent) {
        (Action::Confirm, Some(reference)) => say::already_sent(reference),
        (Action::Add(asked), Some(reference)) if asked == reference => say::already_added(reference),
        _ => say::OVER.into(),
    };
    over(vec![phrase], Effect::None)
}

fn choose(mut form: Form, action: Action, context: &Context<'_>) -> Step {
    match action {
        Action::Cancel => return over(vec![say::CANCELLED.into()], Effect::Cancelled),
        Action::Ticket | Action::Mail => {
            form.way = if action == Action::Mail { Way::Mail } else { Way::Ticket };
            return go_on(form, Vec::new(), context);
        }
        Action::Confirm => {
            let is_seen = form.stage == Stage::Summary && next_stage(&form, context) == Stage::Summary;
            if let Some(ticket) = form.ticket().filter(|_| is_seen) {
                return over(Vec::new(), Effect::Create(ticket));
            }
        }
        Action::Correct => return ask(form, Stage::Correct, Vec::new(), context),
        Action::Edit(field) => return ask(form, Stage::Ask(field), Vec::new(), context),
        Action::Skip => match form.stage {
            Stage::Ask(Field::Product) => (form.product, form.without_product) = (None, true),
            Stage::Ask(Field::Company) => (form.company, form.without_company) = (None, true),
            Stage::Ask(Field::Subject) => form.without_subject = true,
            Stage::Ask(_) | Stage::Offer | Stage::Existing | Stage::Correct | Stage::Summary => {}
        },
        Action::Urgency(urgency) => (form.urgency, form.has_said_urgency) = (urgency, true),
        Action::Product(name) if context.products.contains(&name) => form.product = Some(name),
        Action::Add(reference) => {
            if let Some(ticket) = context.open_tickets.iter().find(|ticket| ticket.reference == reference) {
                let elsewhere = ticket.is_elsewhere.then(|| say::ANSWERED_ELSEWHERE.into());
                let called = ticket.number.is_some().then(|| say::called_here(&reference));
                let said = [say::added(&ticket.shown())].into_iter().chain(elsewhere).chain(called).collect();
                return over(said, Effect::AddTo { reference, text: form.request });
            }
        }
        // A product that is no longer there.
        Action::Product(_) => {}
        Action::New => form.keeps_apart = true,
    }
    match form.stage {
        // Only an offer that was accepted leads further.
        Stage::Offer => ask(form, Stage::Offer, Vec::new(), context),
        Stage::Existing | Stage::Ask(_) | Stage::Correct | Stage::Summary => go_on(form, Vec::new(), context),
    }
}

/// Words that choose nothing.
fn hear(mut form: Form, text: &str, context: &Context<'_>) -> Step {
    let stage = form.stage;
    if words::is_only_polite(text) {
        return ask(form, stage, Vec::new(), context);
    }
    let is_plain = !shape::is_question(text) && !text.contains('@');
    match stage {
        Stage::Ask(Field::Request) => {
            form.add(text, context);
            return go_on(form, Vec::new(), context);
        }
        // It is asked for because nothing was said yet: all of it counts, not only what one line of it says.
        Stage::Ask(Field::Subject) if form.says_too_little() => {
            form.add(text, context);
            form.without_subject = true;
            return go_on(form, Vec::new(), context);
        }
        Stage::Ask(Field::Subject) => {
            form.subject = Some(subject::shorten(text));
            return go_on(form, Vec::new(), context);
        }
        Stage::Ask(Field::Company) if is_plain => {
            let company = Facts::read(text, Wanted::default()).company.unwrap_or_else(|| one_line(text));
            if shape::is_company(&company) {
                form.company = Some(company);
                return go_on(form, Vec::new(), context);
            }
        }
        Stage::Ask(Field::Product) if is_plain => {
            let product = subject::named(text, context.products).unwrap_or_else(|| one_line(text));
            if shape::is_company(&product) {
                form.product = Some(product);
                return go_on(form, Vec::new(), context);
            }
        }
        Stage::Ask(_) | Stage::Offer | Stage::Existing | Stage::Correct | Stage::Summary => {}
    }
    let asks_for_name = stage == Stage::Ask(Field::Name) || (stage == Stage::Ask(Field::Email) && form.name.is_none());
    let asks_who = asks_for_name || stage == Stage::Ask(Field::Email);
    let wanted = Wanted { who: asks_who, name: asks_for_name, company: asks_who && form.company.is_none() };
    let facts = Facts::read(text, wanted);
    if facts.is_empty() { without_facts(form, text, &facts, context) } else { with_facts(form, facts, context) }
}

fn with_facts(mut form: Form, facts: Facts, context: &Context<'_>) -> Step {
    let corrects = matches!(form.stage, Stage::Summary | Stage::Correct);
    let mut notes: Vec<Phrase> = if corrects { vec![say::NOTED.into()] } else { Vec::new() };
    form.name = facts.name.or(form.name);
    form.company = facts.company.or(form.company);
    form.hear_urgency(facts.urgency);
    if let (None, Some(typed)) = (&facts.email, &facts.bad_email) {
        return refuse(form, Stage::Ask(Field::Email), say::bad_email(typed), context);
    }
    // Asked for again, the address must come; the name of the form may have been said beside it.
    let lacks_address = form.stage == Stage::Ask(Field::Email) && facts.email.is_none();
    form.email = facts.email.or(form.email);
    if facts.question.is_some() {
        notes.push(say::BACK.into());
    }
    let mut step =
        if lacks_address { ask(form, Stage::Ask(Field::Email), notes, context) } else { go_on(form, notes, context) };
    step.effect = facts.question.map_or(Effect::None, Effect::Question);
    step
}

fn without_facts(mut form: Form, text: &str, facts: &Facts, context: &Context<'_>) -> Step {
    let stage = form.stage;
    let asks_who = matches!(stage, Stage::Ask(Field::Name | Field::Email));
    if stage == Stage::Offer && typed::begins_with_yes(text) && !shape::is_question(text) {
        form.hear_urgency(facts.urgency);
        return go_on(form, Vec::new(), context);
    }
    if stage == Stage::Offer {
        // Nothing was begun: the person asks something else, or says it with other words.
        return over(Vec::new(), Effect::Question(text.to_owned()));
    }
    if facts.question.is_some() || (asks_who && facts.urgency.is_none() && shape::is_sentence(text)) {
        let step = resume(form, context);
        return Step { effect: Effect::Question(text.to_owned()), ..step };
    }
    if let Some(urgency) = facts.urgency.filter(|_| stage != Stage::Summary) {
        match stage {
            Stage::Ask(Field::Urgency) => (form.urgency, form.has_said_urgency) = (urgency, true),
            Stage::Ask(_) | Stage::Offer | Stage::Existing | Stage::Correct | Stage::Summary => {
                form.hear_urgency(Some(urgency));
            }
        }
        let notes = vec![say::NOTED.into()];
        return match stage {
            Stage::Ask(Field::Urgency) | Stage::Correct => go_on(form, notes, context),
            Stage::Ask(_) | Stage::Offer | Stage::Existing | Stage::Summary => ask(form, stage, notes, context),
        };
    }
    match stage {
        Stage::Summary => {
            form.add(text, context);
            go_on(form, vec![say::NOTED.into()], context)
        }
        Stage::Ask(Field::Name) => refuse(form, stage, say::NO_NAME.into(), context),
        Stage::Ask(Field::Email) => refuse(form, stage, say::NO_EMAIL.into(), context),
        Stage::Ask(_) | Stage::Offer | Stage::Existing | Stage::Correct => {
            ask(form, stage, vec![say::NOT_UNDERSTOOD.into()], context)
        }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Goes to what comes next, after `notes`.
fn go_on(form: Form, notes: Vec<Phrase>, context: &Context<'_>) -> Step {
    let next = next_stage(&form, context);
    ask(form, next, notes, context)
}

fn next_stage(form: &Form, context: &Context<'_>) -> Stage {
    match form.missing(context) {
        Some(field @ (Field::Request | Field::Subject)) => Stage::Ask(field),
        // Before anything else is asked for: it may not be needed.
        _ if !form.keeps_apart && prompt::existing(form, context).is_some() => Stage::Existing,
        Some(field) => Stage::Ask(field),
        None => Stage::Summary,
    }
}

/// Says `notes`, then asks what `stage` asks.
fn ask(mut form: Form, stage: Stage, notes: Vec<Phrase>, context: &Context<'_>) -> Step {
    form.stage = stage;
    let question = prompt::ask(&form, context);
    show(form, notes.into_iter().chain(question).collect(), context)
}

/// Says why an answer cannot be taken, which also says what is asked.
fn refuse(mut form: Form, stage: Stage, why: Phrase, context: &Context<'_>) -> Step {
    form.stage = stage;
    show(form, vec![why], context)
}

fn show(mut form: Form, say: Vec<Phrase>, context: &Context<'_>) -> Step {
    form.offered = prompt::actions(&form, context);
    let choice = |action: &Action| Choice { id: action.to_string(), label: prompt::label(action, &form) };
    let options = form.offered.iter().map(choice).collect();
    Step { form: Some(form), say, options, effect: Effect::None }
}

fn over(say: Vec<Phrase>, effect: Effect) -> Step {
    Step { form: None, say, options: Vec::new(), effect }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::escalation::OpenTicket;
    use crate::model::Contact;
    use crate::opening::{self, Expected};

    /// What people send, and what they cannot send but somebody tries.
    fn sent() -> impl Strategy<Value = (String, Option<Action>)> {
        let words = prop_oneof![
            "(oui|non|ok|1|2|9|annuler|passer|corriger|urgent|merci|envoyer|par mail|pourquoi|)",
            "(Léa Martin|lea@x.example|lea@x|société Dupond|, |où sont les clés \\?|corriger l'e-mail){1,3}",
            any::<String>(),
        ];
        let ids =
            "do:(ticket|mail|confirm|cancel|skip|edit|edit:email|edit:name|new|urgency:low|add:G-0000-0007|product:X)";
        let action = prop::option::of(ids.prop_map(|id| id.parse().expect("an action")));
        (words, action)
    }

    proptest! {
        #[test]
        fn whatever_is_sent_the_dialogue_stays_whole(
            first in any::<String>(),
            messages in prop::collection::vec(sent(), 1..12),
            is_known in any::<bool>(),
        ) {
            let now = jiff::Timestamp::UNIX_EPOCH.to_zoned_datetime(opening::paris());
            let open = [OpenTicket { reference: TicketRef::from_random(1), subject: "Léa Martin".into(), is_elsewhere: false, is_solved: false, number: None }];
            let known = Contact { name: is_known.then(|| "Léa".to_owned()), ..Contact::default() };
            let context = Context {
                now: &now, expected: &Expected::Someday, known: &known, open_tickets: &open, products: &["X".to_owned()],
                incidents: &[],
            };
            let mut step = begin(Reason::NoAnswer, &first, &context);
            for (text, action) in &messages {
                let Some(form) = step.form.take() else { break };
                let stage = form.stage;
                step = advance(form, Input { text, action: action.as_ref() }, &context);
                prop_assert_eq!(step.form.is_none(), step.options.is_empty());
                match &step.effect {
                    Effect::Create(ticket) => {
                        prop_assert_eq!(stage, Stage::Summary);
                        prop_assert!(step.form.is_none() && !ticket.subject.is_empty());
                    }
                    Effect::AddTo { reference, .. } => prop_assert_eq!(reference, &open[0].reference),
                    Effect::Cancelled => prop_assert!(step.form.is_none()),
                    Effect::None => prop_assert!(step.form.is_some() && !step.say.is_empty()),
                    Effect::Question(_) => prop_assert!(step.form.is_none() || !step.say.is_empty()),
                }
            }
        }
    }
}
