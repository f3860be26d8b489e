//! The form for browsers without JavaScript: it asks what the dialogue of the chat asks, and makes the same ticket.
//!
//! There is no session and no cookie: what a foreign page could send here is no more than anybody could. It is refused
//! all the same, so that nobody is made to send a request without knowing it.

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::extract::Query;
use super::problem::{Code, Problem};
use crate::app::App;
use crate::conversation::Request;
use crate::model::{EmailAddress, Question, QuestionError, Requester, TicketRef, Urgency};
use crate::redact::Kind;
use crate::text::contact as text;
use crate::text::html::escaped;
use crate::text::redact::note;

const FORM: &str = include_str!("contact/form.html");
const SENT: &str = include_str!("contact/sent.html");
/// Longest name, company and subject, in characters.
const LINE: usize = 200;

/// What the form holds; a browser sends every field.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ContactIn {
    name: String,
    email: String,
    company: String,
    subject: String,
    description: String,
    urgency: String,
    /// People do not see this field; programs that fill in forms do.
    website: String,
}

/// What stands after the `?` once a request is made.
#[derive(Deserialize)]
pub(super) struct SentIn {
    /// Reference of the ticket.
    reference: Option<String>,
    /// What was masked in it, by its names, between commas.
    masked: Option<String>,
}

/// A field and what is wrong with it.
type Wrong = (&'static str, &'static str);

/// The empty form; or, once it has been sent, the reference of the ticket.
pub(super) async fn form(Query(sent): Query<SentIn>) -> Html<String> {
    let Some(reference) = sent.reference else { return Html(page(&ContactIn::default(), &[])) };
    let named = reference.parse::<TicketRef>().map(|reference| escaped(&text::recorded(reference.as_str())));
    let masked: Vec<&str> = sent.masked.as_deref().unwrap_or_default().split(',').collect();
    let masked: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| masked.contains(&kind.name())).collect();
    let note = note(&masked).map(|note| format!("<p>{}</p>", escaped(&note.text)));
    Html(SENT.replace("{{reference}}", &named.unwrap_or_default()).replace("{{note}}", &note.unwrap_or_default()))
}

/// Makes a ticket of the form, then shows its reference on a page that can be loaded again.
pub(super) async fn send(
    State(app): State<App>,
    headers: HeaderMap,
    asked: Result<Form<ContactIn>, FormRejection>,
) -> Result<Response, Problem> {
    if is_foreign(&headers) {
        return Err(Problem::new(Code::Forbidden).with_detail(text::FOREIGN));
    }
    let Ok(Form(asked)) = asked else { return Err(Problem::new(Code::InvalidBody)) };
    if !asked.website.is_empty() {
        return Ok(Redirect::to("/contact?reference=").into_response());
    }
    let request = match request(&asked) {
        Ok(request) => request,
        Err(wrong) => return Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page(&asked, &wrong))).into_response()),
    };
    let masked: Vec<&str> = app.conversations.masked_in(&request).into_iter().map(Kind::name).collect();
    let opened = app.conversations.open("form").await?;
    let ticket = app.conversations.request_ticket(&opened.id, &opened.token, request).await?;
    let masked = if masked.is_empty() { String::new() } else { format!("&masked={}", masked.join(",")) };
    Ok(Redirect::to(&format!("/contact?reference={}{masked}", ticket.draft.reference)).into_response())
}

/// Whether a page of another site sends the form. Browsers say where a form comes from; what says nothing is no browser.
pub(crate) fn is_foreign(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => origin.split_once("://").is_none_or(|(_, from)| from != host),
        (Some(_), None) => true,
        (None, _) => false,
    }
}

fn request(asked: &ContactIn) -> Result<Request, Vec<Wrong>> {
    let mut wrong: Vec<Wrong> = Vec::new();
    let mut line = |name, value: &str, is_needed: bool| {
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        let value: String = value.chars().filter(|c| !c.is_control()).collect();
        if is_needed && value.is_empty() {
            wrong.push((name, text::MISSING));
        } else if value.chars().count() > LINE {
            wrong.push((name, text::TOO_LONG));
        }
        value
    };
    let name = line("name", &asked.name, true);
    let address = line("email", &asked.email, true);
    let company = line("company", &asked.company, false);
    let subject = line("subject", &asked.subject, true);
    let description = match Question::parse(&asked.description) {
        Ok(description) => description.as_str().to_owned(),
        Err(error) => {
            let why = match error {
                QuestionError::Empty => text::MISSING,
                QuestionError::TooLong => text::LONG_DESCRIPTION,
            };
            wrong.push(("description", why));
            String::new()
        }
    };
    let email = address.parse::<EmailAddress>();
    if email.is_err() && !wrong.iter().any(|(name, _)| *name == "email") {
        wrong.push(("email", text::NO_EMAIL));
    }
    match email {
        Ok(email) if wrong.is_empty() => Ok(Request {
            key: "form".to_owned(),
            requester: Requester { name, email, company: Some(company).filter(|company| !company.is_empty()) },
            subject,
            description,
            product: None,
            urgency: match asked.urgency.as_str() {
                "low" => Urgency::Low,
                "high" => Urgency::High,
                "urgent" => Urgency::Urgent,
                _ => Urgency::Normal,
            },
            attachments: Vec::new(),
        }),
        _ => Err(wrong),
    }
}

/// The form with what was typed, and what is wrong with it. Each place is filled in one pass over the template, so that
/// nobody can name another place in what they type.
fn page(asked: &ContactIn, wrong: &[Wrong]) -> String {
    let mut out = String::with_capacity(FORM.len() + 1024);
    let mut rest = FORM;
    while let Some((before, after)) = rest.split_once("{{") {
        let (place, after) = after.split_once("}}").expect("a place of the template is closed");
        out.push_str(before);
        out.push_str(&filled(place, asked, wrong));
        rest = after;
    }
    out.push_str(rest);
    out
}

fn filled(place: &str, asked: &ContactIn, wrong: &[Wrong]) -> String {
    let error = |field: &str| wrong.iter().find(|(name, _)| *name == field).map(|(_, why)| *why);
    if let Some(field) = place.strip_suffix("-state") {
        return match error(field) {
            Some(_) => format!("aria-invalid=\"true\" aria-describedby=\"{field}-error\""),
            None => String::new(),
        };
    }
    if let Some(field) = place.strip_suffix("-error") {
        return error(field).map_or(String::new(), |why| format!("<p class=\"error\" id=\"{field}-error\">{why}</p>"));
    }
    match place {
        "title" if wrong.is_empty() => "Écrire à un conseiller".to_owned(),
        "title" => "Erreur dans le formulaire".to_owned(),
        "alert" if wrong.is_empty() => String::new(),
        "alert" => format!("<p class=\"error\" role=\"alert\">{}</p>", text::WRONG),
        "name" => escaped(&asked.name),
        "email" => escaped(&asked.email),
        "company" => escaped(&asked.company),
        "subject" => escaped(&asked.subject),
        "description" => escaped(&asked.description),
        other => unreachable!("the template has no place {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_comes_back_as_text() {
        let asked = ContactIn { name: "\"><script>{{email}}".into(), email: "x".into(), ..ContactIn::default() };
        let wrong = request(&asked).expect_err("much is missing");
        let page = page(&asked, &wrong);
        assert!(page.contains("value=\"&quot;&gt;&lt;script&gt;{{email}}\""), "{page}");
        assert!(page.contains(text::NO_EMAIL) && page.contains(text::MISSING));
        assert!(page.contains("aria-describedby=\"description-error\""));
    }

    #[test]
    fn a_form_of_another_site_is_foreign() {
        let check = |origin: Option<&str>, expected| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, "guichet.example:8080".parse().expect("a header"));
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, origin.parse().expect("a header"));
            }
            assert_eq!(is_foreign(&headers), expected, "{origin:?}");
        };
        check(None, false);
        check(Some("https://guichet.example:8080"), false);
        check(Some("https://guichet.example"), true);
        check(Some("https://autre.example"), true);
        check(Some("null"), true);
    }
}
