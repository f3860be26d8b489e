//! Every error is problem+json with a stable code (RFC 9457).

use reqwest::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use reqwest::{RequestBuilder, StatusCode};
use serde_json::Value;

use crate::guichet::{Guichet, directory};

async fn check(request: RequestBuilder, status: u16, code: &str) {
    let response = request.send().await.expect("the service answers");
    assert_eq!(response.status().as_u16(), status, "{code}");
    assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json", "{code}");
    assert!(
        response.headers()[CONTENT_SECURITY_POLICY].to_str().is_ok_and(|policy| policy.contains("default-src 'self'"))
    );
    let problem: Value = response.json().await.expect("a problem is JSON");
    assert_eq!(problem["code"], code);
    assert_eq!(problem["status"], status);
    assert_eq!(problem["type"], format!("urn:guichet:problem:{code}"));
    assert!(problem["title"].as_str().is_some_and(|title| !title.is_empty()));
}

#[tokio::test]
async fn every_refusal_is_a_problem_with_its_code() {
    let dir = directory();
    let guichet = Guichet::start(dir.path());
    let partner = guichet.partner().await;
    let post = |body: &'static [u8]| {
        let request = guichet.post(&partner.messages()).bearer_auth(&partner.token);
        request.header(CONTENT_TYPE, "application/json").body(body)
    };
    check(guichet.get("/nowhere"), 404, "not-found").await;
    check(guichet.get("/nowhere/at/all"), 404, "not-found").await;
    check(guichet.get("/api/v1/nowhere"), 404, "not-found").await;
    check(guichet.get("/api/v1/entries/n-existe-pas"), 404, "entry-not-found").await;
    check(guichet.get("/api/v1/entries/%FF"), 404, "not-found").await;
    check(guichet.get("/api/v1/suggest"), 400, "invalid-parameter").await;
    check(guichet.get("/api/v1/conversations"), 405, "method-not-allowed").await;
    check(guichet.post("/healthz"), 405, "method-not-allowed").await;
    check(post(b"{"), 400, "invalid-json").await;
    check(post(b""), 400, "invalid-json").await;
    check(post(b"{\"text\": \"\xff\xfe\"}"), 400, "invalid-json").await;
    check(post(b"[]"), 422, "invalid-body").await;
    // The fields in their order, as serde would take them.
    check(post(b"[\"bonjour\", null, null]"), 422, "invalid-body").await;
    for list in ["[null]", "[\"a\"]"] {
        let open = guichet.post("/api/v1/conversations").header(CONTENT_TYPE, "application/json");
        check(open.body(list), 422, "invalid-body").await;
    }
    let open = guichet.post("/api/v1/conversations").header(CONTENT_TYPE, "application/json");
    assert_eq!(open.body("null").send().await.expect("it answers").status(), StatusCode::CREATED);
    check(post(b"{}"), 422, "invalid-body").await;
    check(post(b"{\"text\": 1}"), 422, "invalid-body").await;
    check(post(b"{\"text\": \"a\", \"txet\": \"b\"}"), 422, "invalid-body").await;
    check(post(b"{\"text\": \"a\", \"option\": \"n-existe-pas\"}"), 422, "option-unknown").await;
    check(post(b"{\"text\": \"a\", \"option\": \"../../etc/passwd\"}"), 422, "option-unknown").await;
    check(post(b"{\"text\": \" \"}"), 422, "question-empty").await;
    check(post(b"{\"text\": \"a\", \"client_id\": \"\"}"), 422, "invalid-body").await;
    check(post(b"{\"text\": \"a\", \"client_id\": \"\\u0000\"}"), 422, "invalid-body").await;
    check(guichet.get("/api/v1/conversations/%00/messages").bearer_auth("x"), 404, "conversation-not-found").await;
    let request = guichet.post(&partner.messages()).bearer_auth(&partner.token);
    check(request.body("{\"text\": \"a\"}"), 415, "unsupported-media-type").await;
    let long = format!("{{\"text\": \"{}\"}}", "a".repeat(100_000));
    let request = guichet.post(&partner.messages()).bearer_auth(&partner.token);
    check(request.header(CONTENT_TYPE, "application/json").body(long), 413, "body-too-large").await;
}

#[tokio::test]
async fn the_api_describes_itself() {
    let dir = directory();
    let guichet = Guichet::start(dir.path());
    let (status, api) = crate::guichet::answer(guichet.get("/openapi.json")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(api["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")));
    for (path, method) in [
        ("/api/v1/conversations", "post"),
        ("/api/v1/conversations/{id}/messages", "post"),
        ("/api/v1/conversations/{id}/messages", "get"),
        ("/api/v1/suggest", "get"),
        ("/api/v1/entries/{id}", "get"),
        ("/api/v1/incidents", "get"),
        ("/api/v1/staff/incidents", "post"),
        ("/api/v1/staff/incidents/{id}", "patch"),
        ("/api/v1/conversations/{id}/attachments", "post"),
        ("/api/v1/conversations/{id}/attachments/{attachment}", "get"),
        ("/api/v1/staff/attachments/{id}", "get"),
        ("/healthz", "get"),
        ("/readyz", "get"),
    ] {
        assert!(api["paths"][path][method]["responses"].is_object(), "{method} {path}");
    }
    // What is refused before a handler runs is described for all of them.
    for (path, item) in api["paths"].as_object().expect("paths").iter().filter(|(path, _)| path.starts_with("/api/")) {
        for (method, operation) in item.as_object().expect("methods") {
            let of_bodies: &[&str] =
                if operation["requestBody"].is_object() { &["400", "413", "415", "422"] } else { &[] };
            for status in of_bodies.iter().chain(&["429", "503"]) {
                assert!(operation["responses"][*status].is_object(), "{method} {path}: {status}");
            }
        }
    }
    for schema in ["Reply", "Block", "Span", "Source", "Choice", "Problem"] {
        assert!(api["components"]["schemas"][schema].is_object(), "{schema}");
    }
    for (page, media_type) in [
        ("/", "text/html"),
        ("/docs", "text/html"),
        ("/contact", "text/html"),
        ("/accessibilite", "text/html"),
        ("/confidentialite", "text/html"),
        ("/guichet.js", "text/javascript"),
        ("/docs/docs.js", "text/javascript"),
    ] {
        let response = guichet.get(page).send().await.expect("the service answers");
        assert_eq!(response.status(), StatusCode::OK, "{page}");
        let found = response.headers()[CONTENT_TYPE].to_str().expect("text").to_owned();
        assert!(found.starts_with(media_type), "{page}: {found}");
    }
}
