//! The staff console: pages made here, plain forms, one style sheet. One file per page.
//!
//! A page is one line of [`pages`]: its method, its path, who may open it, and its handler. The guard asks before any
//! handler runs: nothing can be added without saying who may.

mod audit;
mod bench;
mod frame;
mod gaps;
mod guard;
mod incidents;
mod jobs;
mod knowledge;
mod link;
mod live;
mod opening;
mod people;
mod refusal;
mod sign_in;
mod sso;
mod statistics;
mod team;
mod ticket;
mod tickets;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, Method, header};
use axum::middleware;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get, post};

use crate::app::App;
use crate::model::Permission as P;
use frame::Frame;
use guard::{Access, Signed};
use refusal::Refusal;

pub(crate) use sso::RETURN as SSO_RETURN;

use Access::{Anybody, Confirmed, May, Signed as SignedIn};

/// A page or what a form of one does.
struct Page {
    #[cfg_attr(not(test), expect(dead_code, reason = "the handler knows its method; tests read the table"))]
    method: Method,
    path: &'static str,
    access: Access,
    handler: MethodRouter<App>,
}

fn page(method: Method, path: &'static str, access: Access, handler: MethodRouter<App>) -> Page {
    Page { method, path, access, handler }
}

/// Everything under `/console`, and who may.
fn pages() -> Vec<Page> {
    const GET: Method = Method::GET;
    const POST: Method = Method::POST;
    vec![
        page(GET, "/console", SignedIn, get(home)),
        page(GET, "/console/console.css", Anybody, get(style)),
        page(GET, "/console/connexion", Anybody, get(sign_in::form)),
        page(POST, "/console/connexion", Anybody, post(sign_in::sign_in)),
        page(GET, "/console/connexion/entreprise", Anybody, get(sso::leave)),
        page(GET, sso::RETURN, Anybody, get(sso::arrive)),
        page(POST, "/console/deconnexion", SignedIn, post(sign_in::sign_out)),
        page(GET, "/console/confirmation", SignedIn, get(sign_in::confirm_form)),
        page(POST, "/console/confirmation", SignedIn, post(sign_in::confirm)),
        page(GET, "/console/confirmation/entreprise", SignedIn, get(sso::leave_to_confirm)),
        page(GET, "/console/acces", Anybody, get(link::form)),
        page(POST, "/console/acces", Anybody, post(link::enter)),
        page(GET, "/console/live.js", Anybody, get(live::script)),
        page(GET, "/console/conversations", May(P::ReadRequests), get(live::list::list)),
        page(GET, "/console/conversations/{id}", May(P::ReadRequests), get(live::show::show)),
        page(GET, "/console/conversations/{id}/suite", May(P::ReadRequests), get(live::follow::follow)),
        page(POST, "/console/conversations/{id}/prise", May(P::Answer), post(live::act::take)),
        page(POST, "/console/conversations/{id}/retour", May(P::Answer), post(live::act::give_back)),
        page(POST, "/console/conversations/{id}/messages", May(P::Answer), post(live::act::write)),
        page(POST, "/console/conversations/{id}/notes", May(P::Answer), post(live::act::note)),
        page(POST, "/console/conversations/{id}/ecriture", May(P::Answer), post(live::act::tell_writing)),
        page(GET, "/console/conversations/{id}/dossier", May(P::Answer), get(live::dossier::show)),
        page(GET, "/console/reponses", May(P::Answer), get(live::canned::list)),
        page(GET, "/console/demandes", May(P::ReadRequests), get(tickets::list)),
        page(GET, "/console/demandes/{reference}", May(P::ReadRequests), get(ticket::show)),
        page(POST, "/console/demandes/{reference}", May(P::Answer), post(ticket::change)),
        page(GET, "/console/ticket.js", Anybody, get(ticket::script)),
        page(POST, ANSWERS, May(P::Answer), post(ticket::answer)),
        page(GET, "/console/fichiers/{id}", May(P::ReadRequests), get(ticket::file)),
        page(GET, "/console/knowledge.css", Anybody, get(knowledge::style)),
        page(GET, "/console/knowledge.js", Anybody, get(knowledge::script)),
        page(GET, "/console/fiches", May(P::ReadKnowledge), get(knowledge::list::list)),
        page(POST, "/console/fiches", May(P::Write), post(knowledge::editor::create)),
        page(GET, "/console/nouvelle-fiche", May(P::Write), get(knowledge::editor::new)),
        page(GET, "/console/fiches/{id}", May(P::ReadKnowledge), get(knowledge::editor::show)),
        page(POST, "/console/fiches/{id}", May(P::Write), post(knowledge::editor::save)),
        page(GET, "/console/fiches/{id}/simulation", May(P::ReadKnowledge), get(knowledge::simulation::show)),
        page(GET, "/console/horaires", May(P::ReadKnowledge), get(opening::show)),
        page(POST, "/console/horaires", May(P::Publish), post(opening::save)),
        page(GET, "/console/textes", May(P::ReadKnowledge), get(knowledge::texts::list)),
        page(GET, "/console/textes/{key}", May(P::ReadKnowledge), get(knowledge::texts::show)),
        page(POST, "/console/textes/{key}", May(P::Write), post(knowledge::texts::save)),
        page(GET, "/console/documents/{key}/versions", May(P::ReadKnowledge), get(knowledge::history::list)),
        page(GET, "/console/documents/{key}/comparer", May(P::ReadKnowledge), get(knowledge::history::compare)),
        page(POST, "/console/documents/{key}/reprise", May(P::Write), post(knowledge::history::take_up)),
        page(GET, "/console/documents/{key}/retour", Confirmed(P::Publish), get(knowledge::history::ask_back)),
        page(POST, "/console/documents/{key}/retour", Confirmed(P::Publish), post(knowledge::history::put_back)),
        page(GET, "/console/documents/{key}/archiver", Confirmed(P::Publish), get(knowledge::archive::ask)),
        page(POST, "/console/documents/{key}/archiver", Confirmed(P::Publish), post(knowledge::archive::archive)),
        page(GET, "/console/documents/{key}/conflit", May(P::Write), get(knowledge::conflict::show)),
        page(POST, "/console/documents/{key}/conflit", May(P::Write), post(knowledge::conflict::choose)),
        page(POST, "/console/apercu", May(P::Write), post(knowledge::preview::preview)),
        page(POST, "/console/images", May(P::Write), post(knowledge::image::bring)),
        page(GET, "/console/publications", May(P::ReadKnowledge), get(knowledge::publications::list)),
        page(GET, "/console/publications/{id}", May(P::ReadKnowledge), get(knowledge::publication::show)),
        page(POST, "/console/publications/{id}/annulation", May(P::Publish), post(knowledge::publication::cancel)),
        page(POST, "/console/publications/{id}/publication", May(P::Publish), post(knowledge::publication::publish)),
        page(GET, "/console/incidents", May(P::ReadRequests), get(incidents::list)),
        page(POST, "/console/incidents", May(P::Announce), post(incidents::create)),
        page(GET, "/console/incidents/{id}", May(P::Announce), get(incidents::show)),
        page(POST, "/console/incidents/{id}", May(P::Announce), post(incidents::change)),
        page(GET, "/console/insight.css", Anybody, get(insight_style)),
        page(GET, "/console/essai", May(P::ReadKnowledge), get(bench::show)),
        page(GET, "/console/essai/confusions", May(P::ReadKnowledge), get(bench::confusions)),
        page(GET, "/console/lacunes", May(P::ReadRequests), get(gaps::list)),
        page(GET, "/console/lacunes/{id}", May(P::ReadRequests), get(gaps::show)),
        page(POST, "/console/lacunes/{id}", May(P::Write), post(gaps::act)),
        page(GET, "/console/statistiques", May(P::ReadStatistics), get(statistics::show)),
        page(GET, "/console/statistiques/export", May(P::ReadStatistics), get(statistics::export)),
        page(GET, "/console/envois", May(P::Replay), get(jobs::list)),
        page(POST, "/console/envois/{id}", May(P::Replay), post(jobs::replay)),
        page(GET, "/console/equipe", Confirmed(P::ManageStaff), get(team::list)),
        page(POST, "/console/equipe", Confirmed(P::ManageStaff), post(team::invite)),
        page(POST, "/console/equipe/{id}/role", Confirmed(P::ManageStaff), post(team::change_role)),
        page(POST, "/console/equipe/{id}/lien", Confirmed(P::ManageStaff), post(team::renew)),
        page(POST, "/console/equipe/{id}/depart", Confirmed(P::ManageStaff), post(team::remove)),
        page(GET, "/console/personnes", Confirmed(P::Privacy), get(people::form)),
        page(POST, "/console/personnes", Confirmed(P::Privacy), post(people::find)),
        page(POST, "/console/personnes/export", Confirmed(P::Privacy), post(people::export)),
        page(POST, "/console/personnes/liens", Confirmed(P::Privacy), post(people::unlink)),
        page(POST, "/console/personnes/effacement", Confirmed(P::Privacy), post(people::erase)),
        page(GET, "/console/journal", May(P::Audit), get(audit::list)),
    ]
}

/// Where answers to partners go, which may come with files.
const ANSWERS: &str = "/console/demandes/{reference}/reponses";

/// All pages, each behind its guard.
pub(crate) fn router(app: &App) -> Router<App> {
    pages().into_iter().fold(Router::new(), |router, page| {
        let longest = if page.path == ANSWERS { guard::LONGEST_ANSWER } else { guard::LONGEST_FORM };
        let guard = middleware::from_fn_with_state((app.clone(), page.access, longest), guard::guard);
        // The guard reads the form before the handler does: both may read a long one.
        let handler: MethodRouter<App> = page.handler.layer(guard);
        router.route(page.path, handler.layer(DefaultBodyLimit::max(longest)))
    })
}

/// The first page of the menu that the person may open.
async fn home(signed: Signed) -> Result<Response, Refusal> {
    let frame = Frame::new("", "", &signed);
    match frame.menu.first() {
        Some(item) => Ok(Redirect::to(item.href).into_response()),
        None => Err(Refusal::NotFound),
    }
}

async fn insight_style(headers: HeaderMap) -> Response {
    crate::http::static_file(include_bytes!("insight.css"), "text/css; charset=utf-8", &headers)
}

async fn style(headers: HeaderMap) -> Response {
    crate::http::static_file(include_bytes!("console.css"), "text/css; charset=utf-8", &headers)
}

/// Now, in milliseconds since 1970.
fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// Where a form of the console leads afterwards: a page of the console, never another site.
fn inside(wanted: &str) -> &str {
    let is_inside = wanted == "/console" || wanted.starts_with("/console/") && !wanted.contains(['\\', '\r', '\n']);
    if is_inside { wanted } else { "/console" }
}

/// `path` with these parameters; those that are empty are left out.
fn address(path: &str, pairs: &[(&str, &str)]) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.');
    let encoded = |text: &str| -> String {
        text.bytes()
            .map(|byte| if is_bare(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
            .collect()
    };
    let given = pairs.iter().filter(|(_, value)| !value.is_empty());
    let query: Vec<String> = given.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

/// The value of the cookie `name`.
fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
}

#[cfg(test)]
mod tests;
