//! The client against a server that fails in every way, and against one that keeps what it is told.

use std::sync::Mutex;
use std::time::Duration;

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::fault::{Act, Seen, Server};
use super::{Settings, Zendesk};
use crate::clients::tickets::{DeskComment, DeskError, Part, TicketDesk};
use crate::model::{Secret, TicketStatus};
use crate::text::ticket::tests::draft;

pub(super) fn settings(base_url: &str) -> Settings {
    Settings {
        base_url: base_url.to_owned(),
        user: Secret::new("robot@editeur.example"),
        token: Secret::new("jeton"),
        connect_timeout: Duration::from_secs(5),
        request_timeout: Duration::from_secs(10),
        deadline: Duration::from_secs(20),
        product_field: Some(11),
        reference_field: Some(12),
        brand: Some(13),
        group: Some(14),
        tags: vec!["guichet".to_owned()],
        zone: TimeZone::UTC,
    }
}

pub(super) fn zendesk(server: &Server) -> Zendesk {
    Zendesk::new(settings(&server.url)).expect("right settings")
}

/// Gives up soon: for servers that never answer.
pub(super) fn impatient(server: &Server) -> Zendesk {
    let request_timeout = Duration::from_millis(300);
    Zendesk::new(Settings { request_timeout, ..settings(&server.url) }).expect("right settings")
}

pub(super) fn comment() -> DeskComment {
    let author = Some("lea.martin@revendeur.example".parse().expect("a right address"));
    let text = "Toujours bloqué {{ticket.id}}".to_owned();
    DeskComment { key: "comment-0001".to_owned(), author, text, attachments: Vec::new() }
}

/// Zendesk as far as the client knows it: one ticket and its history.
#[derive(Default)]
struct Account {
    ticket: Option<Value>,
    history: Vec<Value>,
}

impl Account {
    fn act(&mut self, seen: &Seen) -> Act {
        if seen.is("GET /api/v2/tickets?external_id=") {
            Act::json(200, &json!({ "tickets": self.ticket.iter().collect::<Vec<_>>() }))
        } else if seen.is("POST /api/v2/uploads?filename=") {
            Act::json(201, &json!({ "upload": { "token": "t1" } }))
        } else if seen.is("POST /api/v2/tickets") {
            let mut ticket = seen.json()["ticket"].take();
            ticket["id"] = json!(42);
            ticket["status"] = json!("new");
            ticket["updated_at"] = json!("2026-11-24T08:00:00Z");
            self.ticket = Some(ticket.clone());
            Act::json(201, &json!({ "ticket": ticket }))
        } else if seen.is("GET /api/v2/tickets/42/audits?") {
            Act::json(200, &json!({ "audits": self.history, "next_page": null }))
        } else if seen.is("GET /api/v2/users/search?query=") {
            Act::json(200, &json!({ "users": [{ "id": 7, "email": "lea.martin@revendeur.example" }] }))
        } else if seen.is("GET /api/v2/tickets/42/comments?") {
            Act::json(200, &json!({ "comments": [], "users": [], "next_page": null }))
        } else if seen.is("GET /api/v2/tickets/show_many?ids=") {
            Act::json(200, &json!({ "tickets": self.ticket.iter().collect::<Vec<_>>() }))
        } else if seen.is("GET /api/v2/tickets/42") {
            Act::json(200, &json!({ "ticket": self.ticket }))
        } else if seen.is("PUT /api/v2/tickets/42") {
            self.history.push(json!({ "id": 1, "metadata": seen.json()["ticket"]["metadata"] }));
            Act::json(200, &json!({ "ticket": self.ticket }))
        } else if seen.is("GET /api/v2/users/me") {
            Act::json(200, &json!({ "user": { "id": 99, "email": null } }))
        } else if seen.is("GET /api/v2/search?query=") {
            Act::json(200, &json!({ "results": [] }))
        } else {
            Act::json(404, &json!({ "error": "RecordNotFound" }))
        }
    }
}

/// Keeps what it is told, and does `fault` after that with the requests that begin with `beginning`.
pub(super) async fn forgetful(beginning: &'static str, fault: fn() -> Act) -> Server {
    let state = Mutex::new((Account::default(), false));
    Server::start(move |seen| {
        let mut state = state.lock().expect("no test panics with the lock");
        let (account, has_failed) = &mut *state;
        let answer = account.act(seen);
        if !seen.is(beginning) || *has_failed {
            return answer;
        }
        *has_failed = true;
        fault()
    })
    .await
}

#[tokio::test]
async fn everything_is_told_at_creation() {
    let server = forgetful("nothing", || Act::Reset).await;
    let ticket = zendesk(&server).create(&draft(), &Part::Alone).await.expect("it is created");
    assert_eq!((ticket.id.as_str(), ticket.status), ("42", TicketStatus::New));
    assert_eq!(ticket.reference, Some(draft().reference));

    let seen = server.seen();
    let [look, upload, create] = seen.as_slice() else { panic!("{seen:?}") };
    assert_eq!(look.line, "GET /api/v2/tickets?external_id=G-T4YC-5T82");
    // `robot@editeur.example/token:jeton`
    assert_eq!(look.header("authorization"), Some("Basic cm9ib3RAZWRpdGV1ci5leGFtcGxlL3Rva2VuOmpldG9u"));
    assert!(String::from_utf8_lossy(&upload.body).contains("Bonjour, l’activation échoue"));
    assert_eq!(create.header("idempotency-key"), Some("G-T4YC-5T82"));
    let sent = &create.json()["ticket"];
    let body = sent["comment"]["body"].as_str().expect("a body");
    assert!(body.starts_with("L’activation échoue avec le code 42."), "{body}");
    let mut rest = sent.clone();
    rest["comment"]["body"] = json!("…");
    let expected = json!({
        "external_id": "G-T4YC-5T82",
        "subject": "Licence bloquée",
        "requester": { "name": "Léa Martin", "email": "lea.martin@revendeur.example" },
        "comment": { "body": "…", "public": true, "uploads": ["t1"] },
        "priority": "high",
        "tags": ["guichet", "activation_de_licence"],
        "custom_fields": [{ "id": 12, "value": "G-T4YC-5T82" }, { "id": 11, "value": "Gestion commerciale" }],
        "brand_id": 13,
        "group_id": 14,
    });
    assert_eq!(rest, expected);
}

#[tokio::test]
async fn a_creation_that_was_not_heard_of_is_found_and_not_repeated() {
    for fault in [|| Act::Silence, || Act::Reset, || Act::Stall, || Act::Answer(201, Vec::new(), "<html>".to_owned())] {
        let server = forgetful("POST /api/v2/tickets", fault).await;
        let desk = impatient(&server);
        let failure = desk.create(&draft(), &Part::Alone).await.expect_err("nothing comes back");
        assert!(matches!(failure, DeskError::Unavailable { .. }), "{failure:?}");
        assert_eq!(desk.create(&draft(), &Part::Alone).await.expect("it is found").id, "42");
        assert_eq!(server.count("POST /api/v2/tickets"), 1);
    }
}

#[tokio::test]
async fn a_key_that_zendesk_knows_gives_the_first_ticket_or_asks_to_wait() {
    // The list does not show the ticket yet: Zendesk replays its answer.
    let server = Server::start(|seen| match seen {
        seen if seen.is("GET") => Act::json(200, &json!({ "tickets": [] })),
        seen if seen.is("POST /api/v2/uploads") => Act::json(201, &json!({ "upload": { "token": "t2" } })),
        _ => {
            let body = json!({ "ticket": { "id": 42, "external_id": "G-T4YC-5T82", "status": "open" } });
            Act::Answer(201, vec![("x-idempotency-lookup", "hit".to_owned())], body.to_string())
        }
    })
    .await;
    assert_eq!(zendesk(&server).create(&draft(), &Part::Alone).await.expect("it is replayed").id, "42");

    // It was given with another body: an earlier try is under way.
    let server = Server::start(|seen| match seen {
        seen if seen.is("GET") => Act::json(200, &json!({ "tickets": [] })),
        seen if seen.is("POST /api/v2/uploads") => Act::json(201, &json!({ "upload": { "token": "t2" } })),
        _ => Act::json(400, &json!({ "error": "IdempotentRequestError" })),
    })
    .await;
    let failure = zendesk(&server).create(&draft(), &Part::Alone).await.expect_err("it must wait");
    assert!(matches!(failure, DeskError::Unavailable { .. }), "{failure:?}");
    assert_eq!(server.count("GET /api/v2/tickets?external_id="), 2);
}

#[tokio::test]
async fn failures_say_what_the_caller_can_do_and_nothing_personal() {
    let in_90_s =
        || (jiff::Timestamp::now() + Duration::from_secs(90)).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let check = async |status: u16, headers: Vec<(&'static str, String)>, expected: &str| {
        let body = r#"{"error":"RecordInvalid","description":"lea.martin@revendeur.example"}"#;
        let server = Server::start(move |_| Act::Answer(status, headers.clone(), body.to_owned())).await;
        let failure = zendesk(&server).create(&draft(), &Part::Alone).await.expect_err("it fails");
        let text = format!("{failure} {failure:?}");
        assert!(text.contains(expected) && !text.contains("revendeur"), "{status}: {text}");
    };
    check(429, vec![("Retry-After", "7".to_owned())], "RateLimited { retry_after: Some(7s) }").await;
    check(429, Vec::new(), "RateLimited { retry_after: None }").await;
    check(429, vec![("Retry-After", in_90_s())], "RateLimited { retry_after: Some(8").await;
    check(503, vec![("Retry-After", "1".to_owned())], "retry_after: Some(1s)").await;
    check(500, Vec::new(), "Unavailable").await;
    check(409, Vec::new(), "Unavailable").await;
    for (status, is_unknown) in [(401, true), (403, false)] {
        let expected = format!("NotAllowed {{ is_unknown: {is_unknown}, reason: \"RecordInvalid\"");
        check(status, Vec::new(), &expected).await;
    }
    for status in [301, 400, 404, 422] {
        check(status, Vec::new(), &format!("Refused {{ status: {status}, reason: \"RecordInvalid\"")).await;
    }
    check(200, Vec::new(), "Unavailable").await;
    let closed = Zendesk::new(settings("http://127.0.0.1:1")).expect("right settings");
    assert!(matches!(closed.create(&draft(), &Part::Alone).await, Err(DeskError::Unavailable { .. })));
}

#[tokio::test]
async fn the_open_tickets_of_a_person_are_found_and_nobody_elses() {
    let server = Server::start(|_| {
        let ticket =
            |id: u64, status: &str| json!({ "result_type": "ticket", "id": id, "subject": "S", "status": status });
        let results =
            [ticket(3, "hold"), ticket(2, "solved"), json!({ "result_type": "user", "id": 9 }), ticket(1, "pending")];
        Act::json(200, &json!({ "results": results }))
    })
    .await;
    let desk = zendesk(&server);
    let found = desk.list_open(&draft().requester.email).await.expect("they are found");
    let found: Vec<_> = found.iter().map(|ticket| (ticket.id.as_str(), ticket.status)).collect();
    assert_eq!(found, [("3", TicketStatus::Open), ("1", TicketStatus::Pending)]);
    let line = &server.seen()[0].line;
    assert!(
        line.contains("query=type%3Aticket+requester%3A%22lea.martin%40revendeur.example%22+status%3Csolved"),
        "{line}"
    );

    let others = desk.list_open(&"*@revendeur.example".parse().expect("a right address")).await;
    assert_eq!(others.expect("nothing is asked"), []);
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn the_client_knows_who_it_is() {
    let server = forgetful("nothing", || Act::Reset).await;
    assert_eq!(zendesk(&server).find_own_user().await.expect("it is told"), "99");
}

#[tokio::test]
async fn all_requests_of_a_call_have_one_deadline() {
    let server = Server::start(|_| Act::Silence).await;
    let deadline = Duration::from_millis(200);
    let desk = Zendesk::new(Settings { deadline, ..settings(&server.url) }).expect("right settings");
    let failure = desk.create(&draft(), &Part::Alone).await.expect_err("it takes too long");
    assert!(matches!(failure, DeskError::Unavailable { .. }), "{failure:?}");
    assert_eq!(server.seen().len(), 1);
}
