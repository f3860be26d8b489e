//! What the law gives people: what is kept of somebody is found, handed out, removed. As `guichet person` does it.
//!
//! Who it is about stands in forms, never in an address: browsers and proxies remember addresses.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::refusal::render;
use super::{Frame, Refusal, Signed, now};
use crate::app::App;
use crate::http::to_save;
use crate::model::{File, Holding, Person};
use crate::privacy::{self, Known};
use crate::text::privacy as text;

/// The section of the menu.
const HERE: &str = "/console/personnes";

/// By what the person is known; several names of one kind are set apart by spaces or commas.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(default)]
pub(super) struct KnownBy {
    email: String,
    utilisateur: String,
    conversation: String,
    compte: String,
    /// The box that says that nothing can be brought back.
    sur: String,
}

/// What became of what one table holds.
struct Line {
    table: &'static str,
    name: String,
    holding: Holding,
}

/// What is kept, and what was or would be done with it.
struct Report {
    lines: Vec<Line>,
    mentions: usize,
    mail_files: usize,
    elsewhere: Vec<String>,
    is_empty: bool,
    /// An account of another channel is linked.
    is_linked: bool,
    /// What was said when links were undone.
    unlinked: Option<String>,
    /// It was done.
    is_erased: bool,
}

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    frame: Frame,
    known_by: KnownBy,
    wrong: Option<String>,
    report: Option<Report>,
}

/// `GET /console/personnes`
pub(super) async fn form(signed: Signed) -> Response {
    page(&signed, KnownBy::default(), None, None)
}

/// `POST /console/personnes`: what is kept, and what removing it would do.
pub(super) async fn find(
    State(app): State<App>,
    signed: Signed,
    Form(known_by): Form<KnownBy>,
) -> Result<Response, Refusal> {
    let person = match known_by.person() {
        Ok(person) => person,
        Err(wrong) => return Ok(refused(&signed, known_by, wrong)),
    };
    let known = privacy::erase(&app.store, &app.config, &person, signed.name(), now(), true).await;
    let report = Report::new(&known.map_err(Refusal::failed)?, false);
    Ok(page(&signed, known_by, None, Some(report)))
}

/// `POST /console/personnes/export`: all of it, as a file to save.
pub(super) async fn export(
    State(app): State<App>,
    signed: Signed,
    Form(known_by): Form<KnownBy>,
) -> Result<Response, Refusal> {
    let person = match known_by.person() {
        Ok(person) => person,
        Err(wrong) => return Ok(refused(&signed, known_by, wrong)),
    };
    let exported = privacy::export(&app.store, &app.config, &person, signed.name(), now()).await;
    let (_, written) = exported.map_err(Refusal::failed)?;
    Ok(to_save(File {
        name: format!("personne-{}.json", person.fingerprint()),
        media_type: "application/json".to_owned(),
        content: serde_json::to_vec_pretty(&written).map_err(Refusal::failed)?,
    }))
}

/// `POST /console/personnes/liens`: accounts of other channels are the person's no longer.
pub(super) async fn unlink(
    State(app): State<App>,
    signed: Signed,
    Form(known_by): Form<KnownBy>,
) -> Result<Response, Refusal> {
    let person = match known_by.person() {
        Ok(person) => person,
        Err(wrong) => return Ok(refused(&signed, known_by, wrong)),
    };
    let unlinked = privacy::unlink(&app.store, &person, signed.name(), now()).await.map_err(Refusal::failed)?;
    let known = privacy::erase(&app.store, &app.config, &person, signed.name(), now(), true).await;
    let report =
        Report { unlinked: Some(text::unlinked(unlinked)), ..Report::new(&known.map_err(Refusal::failed)?, false) };
    Ok(page(&signed, known_by, None, Some(report)))
}

/// `POST /console/personnes/effacement`
pub(super) async fn erase(
    State(app): State<App>,
    signed: Signed,
    Form(known_by): Form<KnownBy>,
) -> Result<Response, Refusal> {
    let person = match known_by.person() {
        Ok(person) => person,
        Err(wrong) => return Ok(refused(&signed, known_by, wrong)),
    };
    if known_by.sur.is_empty() {
        return Ok(refused(&signed, known_by, text::NOT_SURE.to_owned()));
    }
    let known = privacy::erase(&app.store, &app.config, &person, signed.name(), now(), false).await;
    let report = Report::new(&known.map_err(Refusal::failed)?, true);
    Ok(page(&signed, KnownBy::default(), None, Some(report)))
}

fn page(signed: &Signed, known_by: KnownBy, wrong: Option<String>, report: Option<Report>) -> Response {
    let frame = Frame::new(text::PEOPLE, HERE, signed);
    render(&PeoplePage { frame, known_by, wrong, report })
}

fn refused(signed: &Signed, known_by: KnownBy, wrong: String) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, page(signed, known_by, Some(wrong), None)).into_response()
}

impl KnownBy {
    /// Who it is about, or what cannot be understood.
    fn person(&self) -> Result<Person, String> {
        let person = Person {
            emails: read(&self.email, |name| name.parse().ok())?,
            users: read(&self.utilisateur, |name| name.parse().ok())?,
            conversations: read(&self.conversation, |name| Some(uuid::Uuid::parse_str(name).ok()?.to_string()))?,
            accounts: read(&self.compte, Person::account)?,
        };
        if person.is_nobody() { Err(text::NOBODY.to_owned()) } else { Ok(person) }
    }
}

/// The names in `typed`.
fn read<T>(typed: &str, parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, String> {
    let names =
        typed.split(|sign: char| sign.is_whitespace() || matches!(sign, ',' | ';')).filter(|name| !name.is_empty());
    names.map(|name| parse(name).ok_or_else(|| format!("{} {name}", text::UNREADABLE))).collect()
}

impl Report {
    fn new(known: &Known, is_erased: bool) -> Self {
        let line = |holding: &Holding| Line {
            table: holding.table,
            name: text::table(holding.table).to_owned(),
            holding: holding.clone(),
        };
        Self {
            lines: known.report.tables.iter().map(line).collect(),
            mentions: known.report.mentions,
            mail_files: known.mail_files.len(),
            elsewhere: known.report.elsewhere.iter().map(text::elsewhere).collect(),
            is_empty: known.is_empty(),
            is_linked: known.report.tables.iter().any(|holding| holding.table == "account_links" && holding.found > 0),
            unlinked: None,
            is_erased,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_apart_and_what_is_none_is_quoted() {
        let known_by = KnownBy {
            email: " lea@societe.example, l.martin@societe.example\n".to_owned(),
            utilisateur: "U-11".to_owned(),
            compte: "discord:7;discord:8".to_owned(),
            ..KnownBy::default()
        };
        let person = known_by.person().expect("they are read");
        assert_eq!((person.emails.len(), person.users.len(), person.accounts.len()), (2, 1, 2));
        let wrong = KnownBy { email: "lea@societe.example léa".to_owned(), ..KnownBy::default() };
        assert!(wrong.person().expect_err("it is no address").ends_with(" léa"));
        assert!(KnownBy { conversation: "x".to_owned(), ..KnownBy::default() }.person().is_err());
        assert_eq!(KnownBy::default().person(), Err(text::NOBODY.to_owned()));
    }
}
