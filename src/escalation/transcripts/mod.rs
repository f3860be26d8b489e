//! Whole dialogues as they are read: one file each, compared as text. Lines that begin with `>` are what the person sends
//! (`> [do:confirm]` is a button, `> (fiche)` an entry that is opened meanwhile); `#` gives the setting; all else is what
//! comes back. After a change that is meant, `UPDATE_TRANSCRIPTS=1 cargo test transcripts` writes them anew, to be read in
//! the diff.

use std::fmt::Write;

use jiff::ZonedDateTime;
use jiff::civil::DateTime;

use super::*;
use crate::opening::{self, Opening};
use crate::redact::Redaction;
use crate::{text, transcripts};

/// What stands in the `#` lines.
struct Setting {
    now: ZonedDateTime,
    reason: Reason,
    known: Contact,
    open_tickets: Vec<OpenTicket>,
    products: Vec<String>,
}

#[test]
fn dialogues_read_as_they_are_written_down() {
    let all = transcripts::read("src/escalation/transcripts", 10).into_iter().map(|transcript| {
        let played = play(&transcript.written);
        (transcript, played)
    });
    transcripts::assert_unchanged(all.collect());
}

/// The transcript with what is really answered.
fn play(written: &str) -> String {
    let setting = Setting::read(written);
    let expected = Opening::default().answer_expected(&setting.now, 240);
    let context = Context {
        now: &setting.now,
        expected: &expected,
        known: &setting.known,
        open_tickets: &setting.open_tickets,
        products: &setting.products,
        incidents: &[],
    };
    let mut out: String =
        written.lines().take_while(|line| line.starts_with('#')).map(|line| format!("{line}\n")).collect();
    let mut form: Option<Form> = None;
    for (number, sent) in written.lines().filter_map(|line| line.strip_prefix('>')).map(str::trim).enumerate() {
        writeln!(out, "\n> {sent}").expect("a string can be written to");
        let action: Option<Action> =
            sent.strip_prefix('[').and_then(|id| id.strip_suffix(']')).map(|id| id.parse().expect("an action"));
        let redacted = Redaction::default().redact(sent);
        out.extend(text::redact::note(&redacted.kinds).map(|note| format!("{}\n", plain(&note.text))));
        let input = Input { text: &redacted.text, action: action.as_ref() };
        let reference = TicketRef::from_random(0);
        let step = match (form.take(), &action) {
            (Some(form), _) if sent == "(fiche)" => resume(form, &context),
            (Some(form), _) => advance(form, input, &context),
            (None, Some(action)) => too_late(action, Some(&reference)),
            (None, None) => {
                assert_eq!(number, 0, "the dialogue is over before {sent:?}");
                match setting.reason {
                    Reason::AskedForPerson => begin(setting.reason, "", &context),
                    Reason::Incident => {
                        let incident = "boutique-2026-11".parse().expect("an id");
                        offer_to_report(&incident, &redacted.text, &context)
                    }
                    Reason::NoAnswer | Reason::Refused => begin(setting.reason, &redacted.text, &context),
                }
            }
        };
        show(&step, &reference, &context, &mut out);
        form = through_json(step.form);
    }
    out
}

fn show(step: &Step, reference: &TicketRef, context: &Context<'_>, out: &mut String) {
    match &step.effect {
        Effect::None | Effect::Cancelled => {}
        Effect::Question(question) => out.push_str(&format!("(réponse à « {question} »)\n")),
        Effect::AddTo { reference, text } => out.push_str(&format!("(ajout à {reference} : {text})\n")),
        Effect::Create(ticket) => {
            out.push_str(&format!("(demande : {})\n", listed(ticket)));
            out.push_str(&format!("{}\n", plain(&text::escalation::created(reference).text)));
            out.push_str(&format!("{}\n", plain(&text::opening::answer_expected(context.expected, context.now).text)));
        }
    }
    for phrase in &step.say {
        // What the person typed is put right where it is shown; our own sentences must be right as they are.
        let shown = text::french(&phrase.text);
        let quotes = ["escalation/summary", "escalation/ask-to-add", "escalation/bad-email"].contains(&phrase.id);
        assert!(quotes || shown == phrase.text, "{shown}");
        out.push_str(&format!("{}\n", plain(&shown)));
    }
    for (number, option) in step.options.iter().enumerate() {
        out.push_str(&format!("  {}. {} [{}]\n", number + 1, plain(&option.label), option.id));
    }
}

fn listed(ticket: &NewTicket) -> String {
    let requester = &ticket.requester;
    let parts = [
        Some(ticket.subject.clone()),
        Some(requester.name.clone()),
        Some(requester.email.as_str().to_owned()),
        requester.company.clone(),
        ticket.product.clone(),
        Some(format!("{:?}", ticket.urgency)),
        Some(format!("{:?}", ticket.way)),
        Some(format!("« {} »", ticket.description.replace('\n', " / "))),
        ticket.incident.as_ref().map(|incident| incident.tag()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" | ")
}

/// No-break spaces as ordinary ones: they cannot be told apart in a diff.
fn plain(text: &str) -> String {
    text.replace('\u{a0}', " ")
}

/// What is kept between two turns is JSON.
fn through_json(form: Option<Form>) -> Option<Form> {
    form.map(|form| {
        let json = serde_json::to_string(&form).expect("a form is JSON");
        let back = serde_json::from_str(&json).expect("and back");
        assert_eq!(form, back);
        back
    })
}

impl Setting {
    fn read(written: &str) -> Self {
        let mut setting = Self {
            now: at("2026-11-03T10:00"),
            reason: Reason::NoAnswer,
            known: Contact::default(),
            open_tickets: Vec::new(),
            products: Vec::new(),
        };
        let lines =
            written.lines().filter_map(|line| line.strip_prefix("# ")).filter_map(|line| line.split_once(" = "));
        for (name, value) in lines {
            let list = value.split(", ").map(str::to_owned);
            match name {
                "maintenant" => setting.now = at(value),
                "raison" => setting.reason = serde_json::from_value(value.into()).expect("a reason"),
                "nom" => setting.known.name = Some(value.to_owned()),
                "e-mail" => setting.known.email = Some(value.parse().expect("an address")),
                "société" => setting.known.company = Some(value.to_owned()),
                "produits" => setting.products = list.collect(),
                "ouvertes" | "résolues" | "ailleurs" => {
                    let ticket = |(number, subject)| OpenTicket {
                        reference: TicketRef::from_random(number),
                        subject,
                        is_elsewhere: false,
                        is_solved: name == "résolues",
                        number: (name == "ailleurs").then(|| (4_710 + number).to_string()),
                    };
                    setting.open_tickets = (1..).zip(list).map(ticket).collect();
                }
                other => panic!("no setting is called {other}"),
            }
        }
        setting
    }
}

fn at(moment: &str) -> ZonedDateTime {
    moment.parse::<DateTime>().expect("a moment").to_zoned_datetime(opening::paris()).expect("it exists")
}
