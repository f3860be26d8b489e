//! Who may come in: inviting, roles, sending away.

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::refusal::render;
use super::{Frame, Refusal, Signed, now, sso};
use crate::app::App;
use crate::model::{Account, EmailAddress, Role};
use crate::text::console as text;

/// The section of the menu.
const HERE: &str = "/console/equipe";
/// Longest name.
const LONGEST_NAME: usize = 80;

#[derive(Deserialize)]
pub(super) struct Done {
    fait: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Invitation {
    name: String,
    email: String,
    role: String,
}

#[derive(Deserialize)]
pub(super) struct NewRole {
    role: String,
}

struct Line {
    id: String,
    name: String,
    email: String,
    roles: Vec<Choice>,
    has_entered: bool,
    /// The role is given elsewhere, and there is no password.
    is_external: bool,
    role: &'static str,
    is_me: bool,
}

struct Choice {
    value: &'static str,
    label: &'static str,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "team.html")]
struct TeamPage {
    frame: Frame,
    lines: Vec<Line>,
    roles: Vec<Choice>,
    /// Whether people come in by a link and a password.
    local: bool,
    /// Where the others are from.
    provider: Option<String>,
}

#[derive(Template)]
#[template(path = "team_link.html")]
struct LinkPage {
    frame: Frame,
    name: String,
    link: String,
}

pub(super) async fn list(
    State(app): State<App>,
    signed: Signed,
    Query(Done { fait }): Query<Done>,
) -> Result<Response, Refusal> {
    let me = &signed.session.account.id;
    let line = |account: Account| Line {
        is_me: account.id == *me,
        roles: roles(Some(account.role)),
        has_entered: account.has_entered(),
        is_external: account.external.is_some(),
        role: text::role(account.role),
        email: account.email.as_str().to_owned(),
        id: account.id,
        name: account.name,
    };
    let lines = app.store.list_accounts().await?.into_iter().map(line).collect();
    let frame = Frame::new(text::TEAM, HERE, &signed).after(fait.as_deref());
    let provider = sso::provider_name(&app).map(str::to_owned);
    let local = app.config.console.local_sign_in;
    Ok(render(&TeamPage { frame, lines, roles: roles(Some(Role::Agent)), local, provider }))
}

pub(super) async fn invite(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
    Form(typed): Form<Invitation>,
) -> Result<Response, Refusal> {
    let name = typed.name.trim();
    let is_name = !name.is_empty() && name.chars().count() <= LONGEST_NAME && !name.chars().any(char::is_control);
    let email = typed.email.trim().parse::<EmailAddress>().ok().filter(|_| is_name).ok_or(Refusal::Invalid)?;
    let secret = app.door.invite(name, &email, role(&typed.role)?, signed.name(), now()).await?;
    Ok(link_page(&signed, &headers, name, &secret))
}

/// A new link, for who has forgotten the password.
pub(super) async fn renew(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let account = find(&app, &id).await?;
    let secret = app.door.renew(&account, signed.name(), now()).await?;
    Ok(link_page(&signed, &headers, &account.name, &secret))
}

pub(super) async fn change_role(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
    Form(typed): Form<NewRole>,
) -> Result<Response, Refusal> {
    let account = find(&app, &id).await?;
    app.door.change_role(&account, role(&typed.role)?, signed.name(), now()).await?;
    Ok(Redirect::to("/console/equipe?fait=role").into_response())
}

pub(super) async fn remove(
    State(app): State<App>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let account = find(&app, &id).await?;
    app.door.remove(&account, signed.name(), now()).await?;
    Ok(Redirect::to("/console/equipe?fait=depart").into_response())
}

/// The link is shown here, once: it never stands in an address of ours, which browsers remember.
fn link_page(signed: &Signed, headers: &HeaderMap, name: &str, secret: &str) -> Response {
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok()).unwrap_or_default();
    let (name, link) = (name.to_owned(), format!("{origin}/console/acces?jeton={secret}"));
    render(&LinkPage { frame: Frame::new(text::TEAM, HERE, signed), name, link })
}

async fn find(app: &App, id: &str) -> Result<Account, Refusal> {
    uuid::Uuid::parse_str(id).map_err(|_| Refusal::NotFound)?;
    app.store.find_account_by_id(id).await?.ok_or(Refusal::NotFound)
}

fn role(name: &str) -> Result<Role, Refusal> {
    name.parse().map_err(|_| Refusal::Invalid)
}

fn roles(chosen: Option<Role>) -> Vec<Choice> {
    let choice = |role: Role| Choice { value: role.name(), label: text::role(role), is_chosen: Some(role) == chosen };
    Role::ALL.map(choice).into()
}
