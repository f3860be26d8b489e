//! Every request of the client, held against Zendesk's own description of its API. `scripts/check-zendesk` runs this with
//! a Prism that validates what it is sent.

use reqwest::{Client, Method};
use serde_json::Value;

use super::fault::{Act, Seen};
use super::tests::{comment, forgetful, zendesk};
use crate::clients::tickets::{Part, TicketDesk};
use crate::model::{File, TicketDraft, TicketRef};
use crate::text::ticket::tests::draft;

/// What a request is, up to what follows the fixed part.
const EXPECTED: [&str; 21] = [
    "GET /api/v2/users/me",
    "GET /api/v2/tickets?external_id=",
    "POST /api/v2/uploads?filename=",
    "POST /api/v2/uploads?filename=",
    "POST /api/v2/tickets",
    "GET /api/v2/tickets/42",
    "GET /api/v2/tickets/42/audits?",
    "GET /api/v2/users/search?query=",
    "PUT /api/v2/tickets/42",
    "GET /api/v2/tickets?external_id=",
    "GET /api/v2/search?query=",
    "GET /api/v2/tickets/show_many?ids=42",
    "GET /api/v2/tickets/42/comments?include=users&",
    "GET /api/v2/tickets?external_id=",
    "GET /api/v2/tickets/42",
    "PUT /api/v2/tickets/42",
    "POST /api/v2/uploads?filename=",
    "POST /api/v2/tickets",
    "GET /api/v2/tickets?external_id=",
    "POST /api/v2/uploads?filename=",
    "POST /api/v2/tickets",
];

#[tokio::test]
#[ignore = "needs Prism: scripts/check-zendesk"]
async fn every_request_is_as_zendesk_describes_it() {
    let prism = std::env::var("GUICHET_PRISM_URL").expect("scripts/check-zendesk sets GUICHET_PRISM_URL");
    // The requests are made with a server that remembers, which Prism does not, and shown to Prism afterwards.
    let server = forgetful("nothing", || Act::Reset).await;
    let desk = zendesk(&server);
    desk.find_own_user().await.expect("it is told");
    let file = File { name: "écran.png".to_owned(), media_type: "image/png".to_owned(), content: vec![0, 255] };
    let with_file = TicketDraft { attachments: vec![file], ..draft() };
    let ticket = desk.create(&with_file, &Part::Alone).await.expect("it is created");
    desk.comment(&ticket.id, &comment()).await.expect("it is added");
    desk.create(&draft(), &Part::Alone).await.expect("it is found");
    desk.list_open(&draft().requester.email).await.expect("they are found");
    desk.read(&["42".to_owned()]).await.expect("they can be read");
    desk.list_answers("42").await.expect("they can be read");
    let another = |number| TicketDraft { reference: TicketRef::from_random(number), ..draft() };
    desk.create(&another(1), &Part::Report(Some("42".to_owned()))).await.expect("it is created");
    desk.create(&another(2), &Part::Problem).await.expect("it is created");

    let seen = server.seen();
    assert_eq!(seen.len(), EXPECTED.len(), "{seen:?}");
    let client = Client::builder().no_proxy().build().expect("a client");
    for (seen, expected) in seen.iter().zip(EXPECTED) {
        assert!(seen.is(expected), "{} instead of {expected}", seen.line);
        let violations = violations(&client, &prism, seen).await;
        assert!(violations.is_empty(), "{}: {violations:#?}", seen.line);
        eprintln!("as described: {}", seen.line);
    }

    // A mock that accepts everything would prove nothing.
    let mut spoiled = seen[4].clone();
    spoiled.headers.retain(|header| header.0 != "idempotency-key");
    spoiled.body = String::from_utf8(spoiled.body).expect("JSON is text").replace("\"high\"", "\"hot\"").into_bytes();
    let found = format!("{:?}", violations(&client, &prism, &spoiled).await);
    assert!(found.contains("idempotency-key") && found.contains("priority"), "{found}");
}

/// What Prism finds wrong with the request; what it finds wrong with its own answer does not count.
async fn violations(client: &Client, prism: &str, seen: &Seen) -> Vec<Value> {
    let (method, path) = seen.line.split_once(' ').expect("a method and a path");
    let method: Method = method.parse().expect("a method");
    let mut request = client.request(method, format!("{prism}{path}")).body(seen.body.clone());
    for (name, value) in seen.headers.iter().filter(|(name, _)| !matches!(name.as_str(), "host" | "content-length")) {
        request = request.header(name, value);
    }
    let response = request.send().await.expect("Prism answers");
    assert_ne!(response.status(), 404, "Prism does not know {path}");
    let Some(header) = response.headers().get("sl-violations") else { return Vec::new() };
    let all: Vec<Value> = serde_json::from_slice(header.as_bytes()).expect("the header is a list");
    all.into_iter().filter(|violation| violation["location"][0] == "request").collect()
}
