//! The chat on pages of others, and the form for browsers without scripts.

use std::fs;

use reqwest::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, CONTENT_TYPE, ORIGIN,
};
use reqwest::{Client, Method, StatusCode, redirect};

use crate::guichet::{Guichet, directory};

const PORTAL: &str = "https://portail.editeur.example";

/// A service that one portal may embed.
fn start(dir: &std::path::Path) -> Guichet {
    let config = dir.join("guichet.toml");
    fs::write(&config, format!("[widget]\norigins = [\"{PORTAL}\"]\n")).expect("a file");
    Guichet::start_with(dir, &["--config", config.to_str().expect("UTF-8")])
}

#[tokio::test]
async fn only_the_pages_of_allowed_origins_may_talk_to_the_api_of_partners() {
    let dir = directory();
    let guichet = start(dir.path());
    let asked = async |path: &str, origin: &str| {
        let request = Client::new().request(Method::OPTIONS, format!("{}{path}", guichet.url)).header(ORIGIN, origin);
        let request = request.header(ACCESS_CONTROL_REQUEST_METHOD, "POST");
        let request = request.header(ACCESS_CONTROL_REQUEST_HEADERS, "authorization,content-type,last-event-id");
        let response = request.send().await.expect("the service answers");
        let headers = response.headers();
        headers.get(ACCESS_CONTROL_ALLOW_ORIGIN).map(|allowed| {
            let named = headers[ACCESS_CONTROL_ALLOW_HEADERS].to_str().expect("text").to_owned();
            (allowed.to_str().expect("text").to_owned(), named)
        })
    };
    let (origin, headers) = asked("/api/v1/conversations", PORTAL).await.expect("the portal is allowed");
    assert_eq!(origin, PORTAL);
    assert_eq!(headers, "authorization,content-type,last-event-id");
    assert_eq!(asked("/api/v1/conversations", "https://autre.example").await, None);
    assert_eq!(asked("/api/v1/conversations", "null").await, None);
    assert_eq!(asked("/api/v1/staff/tickets", PORTAL).await, None);
    assert_eq!(asked("/contact", PORTAL).await, None);

    let response =
        guichet.get("/api/v1/conversations/x/messages").header(ORIGIN, PORTAL).send().await.expect("a reply");
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(response.headers()[ACCESS_CONTROL_ALLOW_ORIGIN], PORTAL, "a refusal can be read too");
    let response = guichet.get("/guichet.js").header(ORIGIN, "https://autre.example").send().await.expect("a reply");
    assert_eq!(response.headers()[ACCESS_CONTROL_ALLOW_ORIGIN], "*", "the files of the chat are for all");
}

#[tokio::test]
async fn each_site_has_an_address_origins_and_a_limit_of_its_own() {
    let dir = directory();
    let config = dir.path().join("guichet.toml");
    let settings = format!(
        "[limits]\nsite_requests_per_minute = 5\n[widget]\norigins = [\"{PORTAL}\"]\n\
         [[widget.sites]]\nkey = \"nord\"\norigins = [\"https://nord.example\"]\n\
         [[widget.sites]]\nkey = \"sud\"\norigins = [\"https://sud.example\"]\n"
    );
    fs::write(&config, settings).expect("a file");
    let guichet = Guichet::start_with(dir.path(), &["--config", config.to_str().expect("UTF-8")]);
    let opened = async |path: &str, origin: &'static str| {
        let request = guichet.post(&format!("{path}/api/v1/conversations")).header(ORIGIN, origin);
        let response = request.header(CONTENT_TYPE, "application/json").body("{}").send().await.expect("a reply");
        let allowed = response.headers().get(ACCESS_CONTROL_ALLOW_ORIGIN);
        (response.status().as_u16(), allowed.map(|origin| origin.to_str().expect("text").to_owned()))
    };
    let allowed = |origin: &str| (201, Some(origin.to_owned()));
    assert_eq!(opened("/s/nord", "https://nord.example").await, allowed("https://nord.example"));
    assert_eq!(opened("/s/sud", "https://sud.example").await, allowed("https://sud.example"));
    assert_eq!(opened("", PORTAL).await, allowed(PORTAL));
    assert_eq!(opened("/s/nord", "https://sud.example").await, (201, None), "no page of another site reads the answer");
    assert_eq!(opened("/s/nord", PORTAL).await, (201, None));
    assert_eq!(opened("", "https://nord.example").await, (201, None));
    assert_eq!(opened("/s/ouest", "https://nord.example").await.0, 404);

    let script = guichet.get("/s/nord/guichet.js").send().await.expect("a reply");
    assert_eq!(script.status(), StatusCode::OK, "the launcher knows the address by where it came from");
    for closed in ["/s/nord/console", "/s/nord/api/v1/staff/tickets"] {
        let response = guichet.get(closed).send().await.expect("a reply");
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{closed}");
    }

    let mut last = 0;
    for _ in 0..3 {
        last = opened("/s/nord", "https://nord.example").await.0;
    }
    assert_eq!(last, 429, "the share of this site is used up");
    assert_eq!(opened("/s/sud", "https://sud.example").await.0, 201, "that of another is not");
}

#[tokio::test]
async fn a_form_without_scripts_becomes_a_ticket() {
    let dir = directory();
    let guichet = start(dir.path());
    let client = Client::builder().redirect(redirect::Policy::none()).build().expect("a client");
    let post = |origin: &str, body: String| {
        let request = client.post(format!("{}/contact", guichet.url)).header(ORIGIN, origin.to_owned());
        request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body)
    };
    let filled = "name=L%C3%A9a+Martin&email=lea.martin%40societe.example&subject=Boutique&description=Page+blanche";
    let response = post(&guichet.url, filled.to_owned()).send().await.expect("a reply");
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    let place = response.headers()["location"].to_str().expect("text").to_owned();
    assert!(place.starts_with("/contact?reference=G-"), "{place}");
    let page = guichet.get(&place).send().await.expect("a page").text().await.expect("text");
    assert!(page.contains(&place["/contact?reference=".len()..]), "{page}");

    let response = post("https://autre.example", filled.to_owned()).send().await.expect("a reply");
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    let response = post(&guichet.url, format!("{filled}&website=spam")).send().await.expect("a reply");
    assert_eq!(response.headers()["location"], "/contact?reference=", "a program learns nothing");
    let response = post(&guichet.url, "name=%3Cb%3E&email=x".to_owned()).send().await.expect("a reply");
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(response.text().await.expect("text").contains("value=\"&lt;b&gt;\""));
}
