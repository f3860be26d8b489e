//! What is too much, or too late: refused with what to do, and nothing is lost.

use std::fs;

use reqwest::{Method, StatusCode};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::guichet::{Guichet, answer, directory};
use crate::tickets::{mails, open_ticket, staff, start};

#[tokio::test]
async fn too_many_messages_are_refused_until_a_moment_later() {
    let dir = directory();
    let config = dir.path().join("guichet.toml");
    fs::write(&config, "[limits]\nmessages_per_minute = 2\nconversations_per_minute = 2\n").expect("a file");
    let guichet = Guichet::start_with(dir.path(), &["--config", config.to_str().expect("UTF-8")]);
    let (one, other) = (guichet.partner().await, guichet.partner().await);
    one.ask("bonjour").await;
    one.ask("bonjour").await;
    let request = guichet.post(&one.messages()).bearer_auth(&one.token).json(&json!({"text": "bonjour"}));
    let refused = request.send().await.expect("it answers");
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    let wait: u64 = refused.headers()["retry-after"].to_str().expect("text").parse().expect("seconds");
    assert!((1..=31).contains(&wait), "two a minute: {wait}");
    assert_eq!(refused.headers()["content-type"], "application/problem+json");
    other.ask("bonjour").await;
    assert_eq!(one.history().await.len(), 4, "reading is free, and what was refused was not half done");
    let (status, problem) = answer(guichet.post("/api/v1/conversations")).await;
    assert_eq!((status, &problem["code"]), (StatusCode::TOO_MANY_REQUESTS, &json!("too-many-requests")));
}

#[tokio::test]
async fn an_address_is_written_to_a_few_times_a_day_whoever_types_it() {
    let dir = directory();
    let config = dir.path().join("guichet.toml");
    fs::write(&config, "[mail]\nacknowledgements_per_day = 2\n[jobs]\npoll_ms = 50\n").expect("a file");
    let mut guichet = Guichet::start_with(dir.path(), &["--config", config.to_str().expect("UTF-8")]);
    let partner = guichet.partner().await;
    for number in 0..3 {
        let asked = json!({
            "request_key": number.to_string(), "name": "Léa Martin", "email": "lea@revendeur.example",
            "subject": format!("Clé {number}"), "description": "Où est la clé ?",
        });
        let path = format!("/api/v1/conversations/{}/tickets", partner.id);
        let (status, ticket) = answer(guichet.post(&path).bearer_auth(&partner.token).json(&asked)).await;
        assert_eq!(status, StatusCode::CREATED, "{ticket}");
    }
    guichet.wait_for_log("mail.acknowledgements_per_day");
    mails(dir.path(), 2).await;
}

#[tokio::test]
async fn a_key_is_for_one_request_and_a_closed_ticket_takes_nothing_more() {
    let dir = directory();
    let guichet = start(dir.path());
    let partner = guichet.partner().await;
    let tickets = format!("/api/v1/conversations/{}/tickets", partner.id);
    let asked = |subject: &str| {
        let asked = json!({
            "request_key": "k", "name": "Léa Martin", "email": "lea@revendeur.example",
            "subject": subject, "description": "Où est la clé ?",
        });
        answer(guichet.post(&tickets).bearer_auth(&partner.token).json(&asked))
    };
    assert_eq!(asked("Clé").await.0, StatusCode::CREATED);
    let (status, problem) = asked("Autre chose").await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("request-key-used")));

    let reference = open_ticket(&partner).await;
    let path = format!("/tickets/{reference}");
    let closed = staff(&guichet, Method::PATCH, &path).json(&json!({"status": "closed"})).send().await;
    assert_eq!(closed.expect("it answers").status(), StatusCode::NO_CONTENT);
    let comment = json!({"text": "Encore une chose", "request_key": "c"});
    let path = format!("{tickets}/{reference}/comments");
    let (status, problem) = answer(guichet.post(&path).bearer_auth(&partner.token).json(&comment)).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("ticket-closed")));
}

#[tokio::test]
async fn what_cannot_be_read_is_told_in_french_and_exactly_to_programmers() {
    let dir = directory();
    let guichet = start(dir.path());
    let partner = guichet.partner().await;
    let (status, problem) = partner.send(&json!({"txt": "bonjour"})).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(problem["detail"].as_str().is_some_and(|text| text.contains("/docs")), "{problem}");
    assert!(problem["reason"].as_str().is_some_and(|text| text.contains("txt")), "{problem}");
    let replayed = staff(&guichet, Method::POST, "/jobs/replay").json(&json!({"kind": "mail.support"}));
    assert_eq!(answer(replayed).await, (StatusCode::OK, json!({"count": 0})));
}

#[tokio::test]
async fn who_never_ends_a_request_head_is_let_go() {
    let dir = directory();
    let config = dir.path().join("guichet.toml");
    fs::write(&config, "[http]\nheader_timeout_ms = 300\n").expect("a file");
    let guichet = Guichet::start_with(dir.path(), &["--config", config.to_str().expect("UTF-8")]);
    let address = guichet.url.trim_start_matches("http://");
    for begun in ["", "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: a"] {
        let mut slow = TcpStream::connect(address).await.expect("it listens");
        slow.write_all(begun.as_bytes()).await.expect("it is sent");
        let mut said = String::new();
        // It ends: the service closes it, whether it says why or not.
        let _ = slow.read_to_string(&mut said).await;
        assert!(!said.contains("200 OK"), "{said}");
    }
    // Who asks again in time keeps the connection.
    let mut steady = TcpStream::connect(address).await.expect("it listens");
    for _ in 0..3 {
        steady.write_all(b"HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await.expect("it is sent");
        let mut said = Vec::new();
        while !said.ends_with(b"\r\n\r\n") {
            said.push(steady.read_u8().await.expect("it is answered"));
        }
        assert!(said.starts_with(b"HTTP/1.1 200 OK"));
    }
}

#[tokio::test]
async fn more_requests_at_once_than_can_be_worked_on_are_told_when_to_come_back() {
    let dir = directory();
    let config = dir.path().join("guichet.toml");
    fs::write(&config, "[limits]\nrequests_at_once = 1\ntrusted_proxies = 1\n").expect("a file");
    let guichet = Guichet::start_with(dir.path(), &["--config", config.to_str().expect("UTF-8")]);
    let partner = guichet.partner().await;
    // A message that comes slowly.
    let (head, body) = (
        format!(
            "POST {} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\
             Content-Type: application/json\r\nContent-Length: 19\r\n\r\n{{",
            partner.messages(),
            partner.token
        ),
        "\"text\": \"bonjour\"}",
    );
    let mut slow = TcpStream::connect(guichet.url.trim_start_matches("http://")).await.expect("it listens");
    slow.write_all(head.as_bytes()).await.expect("it is sent");
    // It must be the first to be worked on, or it is the one that is refused.
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let mut refused = None;
    for _ in 0..500 {
        let response = guichet.get("/api/v1/suggest?q=a").send().await.expect("it answers");
        if response.status() == StatusCode::SERVICE_UNAVAILABLE {
            refused = Some(response);
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let refused = refused.expect("one is being worked on");
    assert!(refused.headers()["retry-after"].to_str().is_ok_and(|wait| wait.parse::<u64>().is_ok()));
    assert_eq!(guichet.get("/healthz").send().await.expect("it answers").status(), StatusCode::OK);
    slow.write_all(body.as_bytes()).await.expect("it is sent");
    let mut said = String::new();
    slow.read_to_string(&mut said).await.expect("it is answered");
    assert!(said.starts_with("HTTP/1.1 200"), "{said}");
    partner.ask("bonjour").await;

    // Who came by https, as the proxy says, comes by https from then on.
    for (proto, expected) in [("https", true), ("http", false)] {
        let page = guichet.get("/").header("x-forwarded-proto", proto).send().await.expect("it answers");
        assert_eq!(page.headers().contains_key("strict-transport-security"), expected, "{proto}");
    }
}
