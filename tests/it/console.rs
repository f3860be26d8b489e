//! The staff console from outside: who may open what, and sessions that end.

use reqwest::{Client, Method, Response, StatusCode, redirect};

use crate::guichet::{Guichet, directory, run};

const PASSWORD: &str = "trois canards verts";

/// Who may open what, once more: what the service has in its tables is compared with this.
/// r: reader, a: agent, c: curator, w: reviewer, d: admin.
const PAGES: [(&str, &str, &str); 68] = [
    ("GET", "/console/horaires?quand=2026-12-25T10:00", "racwd"),
    ("POST", "/console/horaires", "wd"),
    ("GET", "/console/conversations", "acwd"),
    ("GET", "/console/conversations/x", "acwd"),
    ("GET", "/console/conversations/x/suite", "acwd"),
    ("POST", "/console/conversations/x/prise", "ad"),
    ("POST", "/console/conversations/x/retour", "ad"),
    ("POST", "/console/conversations/x/messages", "ad"),
    ("POST", "/console/conversations/x/notes", "ad"),
    ("POST", "/console/conversations/x/ecriture", "ad"),
    ("GET", "/console/conversations/x/dossier", "ad"),
    ("GET", "/console/reponses", "ad"),
    ("GET", "/console/demandes", "acwd"),
    ("GET", "/console/demandes/G-0000-0000", "acwd"),
    ("POST", "/console/demandes/G-0000-0000", "ad"),
    ("POST", "/console/demandes/G-0000-0000/reponses", "ad"),
    ("GET", "/console/fichiers/x", "acwd"),
    ("GET", "/console/essai", "racwd"),
    ("GET", "/console/essai/confusions", "racwd"),
    ("GET", "/console/statistiques", "racwd"),
    ("GET", "/console/statistiques/export", "racwd"),
    ("GET", "/console/lacunes", "acwd"),
    ("GET", "/console/lacunes/x", "acwd"),
    ("POST", "/console/lacunes/x", "cwd"),
    ("GET", "/console/fiches", "racwd"),
    ("GET", "/console/fiches?sante=temoins", "racwd"),
    ("GET", "/console/fiches?quoi=orientations&q=api", "racwd"),
    ("POST", "/console/fiches", "cwd"),
    ("GET", "/console/nouvelle-fiche", "cwd"),
    ("GET", "/console/fiches/x", "racwd"),
    ("POST", "/console/fiches/x", "cwd"),
    ("GET", "/console/fiches/x/simulation", "racwd"),
    ("POST", "/console/apercu", "cwd"),
    ("POST", "/console/images", "cwd"),
    ("GET", "/console/textes", "racwd"),
    ("GET", "/console/textes/contacts", "racwd"),
    ("POST", "/console/textes/x", "cwd"),
    ("GET", "/console/documents/x/versions", "racwd"),
    ("GET", "/console/documents/x/comparer?de=1&a=1", "racwd"),
    ("POST", "/console/documents/x/reprise", "cwd"),
    ("GET", "/console/documents/x/retour?version=1", "wd"),
    ("POST", "/console/documents/x/retour", "wd"),
    ("GET", "/console/documents/x/archiver", "wd"),
    ("POST", "/console/documents/x/archiver", "wd"),
    ("GET", "/console/documents/x/conflit", "cwd"),
    ("POST", "/console/documents/x/conflit", "cwd"),
    ("GET", "/console/publications", "racwd"),
    ("GET", "/console/publications/x", "racwd"),
    ("POST", "/console/publications/x/annulation", "wd"),
    ("POST", "/console/publications/x/publication", "wd"),
    ("GET", "/console/incidents", "acwd"),
    ("POST", "/console/incidents", "awd"),
    ("GET", "/console/incidents/x", "awd"),
    ("POST", "/console/incidents/x", "awd"),
    ("GET", "/console/envois", "ad"),
    ("POST", "/console/envois/x", "ad"),
    ("GET", "/console/equipe", "d"),
    ("POST", "/console/equipe", "d"),
    ("POST", "/console/equipe/x/role", "d"),
    ("POST", "/console/equipe/x/lien", "d"),
    ("POST", "/console/equipe/x/depart", "d"),
    ("GET", "/console/personnes", "d"),
    ("POST", "/console/personnes", "d"),
    ("POST", "/console/personnes/export", "d"),
    ("POST", "/console/personnes/liens", "d"),
    ("POST", "/console/personnes/effacement", "d"),
    ("GET", "/console/journal", "d"),
    ("POST", "/console/confirmation", "racwd"),
];

const API: [(&str, &str, &str); 33] = [
    ("GET", "/attachments/x", "acwd"),
    ("GET", "/conversations", "acwd"),
    ("GET", "/conversations/x", "acwd"),
    ("GET", "/conversations/x/events", "acwd"),
    ("PUT", "/conversations/x/agent", "ad"),
    ("DELETE", "/conversations/x/agent", "ad"),
    ("POST", "/conversations/x/messages", "ad"),
    ("POST", "/conversations/x/notes", "ad"),
    ("PUT", "/conversations/x/writing", "ad"),
    ("GET", "/documents", "racwd"),
    ("GET", "/documents/x", "racwd"),
    ("PUT", "/documents/x", "cwd"),
    ("POST", "/documents/x/submit", "cwd"),
    ("POST", "/documents/x/rollback", "cwd"),
    ("GET", "/documents/x/revisions", "racwd"),
    ("GET", "/documents/x/revisions/1", "racwd"),
    ("GET", "/documents/x/diff", "racwd"),
    ("GET", "/images", "racwd"),
    ("POST", "/images", "cwd"),
    ("GET", "/publications", "racwd"),
    ("POST", "/publications", "wd"),
    ("GET", "/publications/x", "racwd"),
    ("POST", "/publications/x/cancel", "wd"),
    ("GET", "/incidents", "acwd"),
    ("POST", "/incidents", "awd"),
    ("PATCH", "/incidents/x", "awd"),
    ("GET", "/tickets", "acwd"),
    ("GET", "/tickets/G-0000-0000", "acwd"),
    ("PATCH", "/tickets/G-0000-0000", "ad"),
    ("POST", "/tickets/G-0000-0000/comments", "ad"),
    ("GET", "/jobs", "ad"),
    ("POST", "/jobs/replay", "ad"),
    ("POST", "/jobs/x/replay", "ad"),
];

const ROLES: [(char, &str); 5] = [('r', "reader"), ('a', "agent"), ('c', "curator"), ('w', "reviewer"), ('d', "admin")];

/// Somebody's browser: it keeps a cookie and follows nothing.
pub(crate) struct Browser {
    client: Client,
    url: String,
    cookie: String,
    token: String,
}

impl Browser {
    pub(crate) async fn send(&self, method: &str, path: &str, form: &[(&str, &str)]) -> Response {
        let method: Method = method.parse().expect("a method");
        let request = self.client.request(method.clone(), format!("{}{path}", self.url)).header("cookie", &self.cookie);
        let request = if method == Method::GET { request } else { request.body(encoded(form)).header(TYPE.0, TYPE.1) };
        request.send().await.expect("the service answers")
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Response {
        let mut form = form.to_vec();
        form.push(("form_token", &self.token));
        self.send("POST", path, &form).await
    }
}

const TYPE: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// A form as browsers send it.
fn encoded(form: &[(&str, &str)]) -> String {
    let encode = |text: &str| -> String { text.bytes().map(|byte| format!("%{byte:02X}")).collect() };
    form.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect::<Vec<_>>().join("&")
}

/// Somebody who comes in by the link that `guichet staff add` prints.
pub(crate) async fn enter(guichet: &Guichet, data_dir: &std::path::Path, role: &str) -> Browser {
    let email = format!("{role}@editeur.example");
    let mut arguments = vec!["staff", "add", &email, "--name", "Zoé", "--role", role];
    let store = crate::postgres::instead_of_sqlite(data_dir, &[]);
    let output = match &store {
        Some(url) => {
            crate::guichet::command(data_dir, &arguments).env("GUICHET__STORE__URL", url).output().expect("it runs")
        }
        None => run(data_dir, &std::mem::take(&mut arguments)),
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let link = String::from_utf8(output.stdout).expect("a link");
    let secret = link.trim().split_once("jeton=").expect("a secret").1.to_owned();
    crate::guichet::client();
    let client = Client::builder().redirect(redirect::Policy::none()).build().expect("a client");
    let mut browser = Browser { client, url: guichet.url.clone(), cookie: String::new(), token: String::new() };
    let form = [("jeton", secret.as_str()), ("password", PASSWORD), ("again", PASSWORD)];
    let entered = browser.send("POST", "/console/acces", &form).await;
    assert_eq!(entered.status(), StatusCode::SEE_OTHER, "{role}");
    let cookie = entered.headers()["set-cookie"].to_str().expect("ASCII").to_owned();
    for what in ["; HttpOnly", "; Secure", "; SameSite=Lax", "; Path=/console"] {
        assert!(cookie.contains(what), "{what} in the attributes of the cookie");
    }
    browser.cookie = cookie.split(';').next().expect("a value").to_owned();
    let page = browser.send("GET", "/console/confirmation", &[]).await.text().await.expect("a page");
    let after = page.split("name=\"form_token\" value=\"").nth(1).expect("a form");
    browser.token = after.split('"').next().expect("a token").to_owned();
    browser
}

#[tokio::test]
async fn each_role_opens_what_it_may_and_nothing_else() {
    let dir = directory();
    let tokens: String = ROLES
        .iter()
        .map(|(letter, role)| {
            let secret = letter.to_string().repeat(32);
            format!("[[staff.token]]\nname = \"Zoé\"\nsecret = \"{secret}\"\nrole = \"{role}\"\n")
        })
        .collect();
    let settings = dir.path().join("guichet.toml");
    std::fs::write(&settings, format!("{tokens}[limits]\nrequests_per_minute = 0\n"))
        .expect("the settings are written");
    let guichet = Guichet::start_with(dir.path(), &["--config", settings.to_str().expect("a path")]);
    for (letter, role) in ROLES {
        let browser = enter(&guichet, dir.path(), role).await;
        for (method, path, may) in PAGES {
            let found =
                if method == "GET" { browser.send(method, path, &[]).await } else { browser.post(path, &[]).await };
            let is_refused = found.status() == StatusCode::FORBIDDEN;
            assert_eq!(is_refused, !may.contains(letter), "{role} {method} {path}: {}", found.status());
            if method == "POST" {
                let foreign = browser.send(method, path, &[]).await;
                assert_eq!(foreign.status(), StatusCode::FORBIDDEN, "{path} without the token of the form");
            }
        }
        for (method, path, may) in API {
            let request = browser
                .client
                .request(method.parse().expect("a method"), format!("{}/api/v1/staff{path}", guichet.url));
            let found = request.bearer_auth(letter.to_string().repeat(32)).json(&()).send().await.expect("an answer");
            let is_refused = found.status() == StatusCode::FORBIDDEN;
            assert_eq!(is_refused, !may.contains(letter), "API {role} {method} {path}: {}", found.status());
        }
    }
    let stranger = Browser {
        client: Client::builder().redirect(redirect::Policy::none()).build().expect("a client"),
        url: guichet.url.clone(),
        cookie: String::new(),
        token: String::new(),
    };
    for (method, path, _) in PAGES {
        let found = stranger.send(method, path, &[]).await;
        let to = found.headers().get("location").map(|to| to.to_str().expect("ASCII").to_owned()).unwrap_or_default();
        assert!(to.starts_with("/console/connexion?vers="), "a stranger {method} {path}: {} {to}", found.status());
    }
}

#[tokio::test]
async fn who_is_removed_is_out_at_once() {
    let dir = directory();
    let guichet = Guichet::start(dir.path());
    let (admin, agent) = (enter(&guichet, dir.path(), "admin").await, enter(&guichet, dir.path(), "agent").await);
    assert_eq!(agent.send("GET", "/console/demandes", &[]).await.status(), StatusCode::OK);
    let team = admin.send("GET", "/console/equipe", &[]).await.text().await.expect("a page");
    let before = team.split("agent@editeur.example").nth(1).expect("the agent is listed");
    let id = before.split("/console/equipe/").nth(1).and_then(|rest| rest.split('/').next()).expect("an id").to_owned();
    let removed = admin.post(&format!("/console/equipe/{id}/depart"), &[]).await;
    assert_eq!(removed.status(), StatusCode::SEE_OTHER);
    let found = agent.send("GET", "/console/demandes", &[]).await;
    assert_eq!(found.status(), StatusCode::SEE_OTHER, "to the page where people sign in");
    let log = admin.send("GET", "/console/journal?q=agent%40", &[]).await.text().await.expect("a page");
    assert!(log.contains("staff.removed") && log.contains("staff.added"), "{log}");
}
