//! What is read at the desk, and problems with their reports.

use serde_json::{Value, json};

use super::fault::{Act, Server};
use super::tests::zendesk;
use crate::clients::tickets::{DeskAnswer, DeskError, DeskFile, Part, TicketDesk};
use crate::model::TicketStatus;
use crate::text::ticket::tests::draft;

const DATE: &str = "Tue, 24 Nov 2026 08:00:10 GMT";

#[tokio::test]
async fn where_tickets_stand_is_read_at_once() {
    let server = Server::start(|_| {
        let ticket =
            |id: u64, status: &str, updated_at: &str| json!({ "id": id, "status": status, "updated_at": updated_at });
        let tickets = [
            ticket(42, "solved", "2026-11-24T08:00:00Z"),
            ticket(43, "hold", "2026-11-24T08:00:10Z"),
            ticket(44, "a status of tomorrow", "2026-11-24T08:00:00Z"),
        ];
        Act::Answer(200, vec![("Date", DATE.to_owned())], json!({ "tickets": tickets }).to_string())
    })
    .await;
    let ids = ["42", "43", "44", "45", "../1"].map(str::to_owned);
    let states = zendesk(&server).read(&ids).await.expect("they can be read");
    let states: Vec<_> = states.iter().map(|it| (it.id.as_str(), it.status, it.changed_at, it.is_settled)).collect();
    let at = 1_795_507_200_000;
    assert_eq!(states, [("42", TicketStatus::Solved, at, true), ("43", TicketStatus::Open, at + 10_000, false)]);
    assert_eq!(server.seen()[0].line, "GET /api/v2/tickets/show_many?ids=42%2C43%2C44%2C45");
    assert_eq!(zendesk(&server).read(&[]).await.expect("nothing is asked"), []);
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn answers_are_what_agents_say_publicly_on_every_page() {
    let server = Server::start(|seen| {
        let comment = |id: u64, author: u64, public: bool| {
            let body = format!("dit {id}");
            let file = |name: &str, found: &str| {
                json!({
                    "id": 1, "file_name": name, "content_url": "https://x.example/1", "content_type": "application/pdf",
                    "size": 9, "malware_scan_result": found,
                })
            };
            let files = [file("clé.pdf", "malware_not_found"), file("ver.pdf", "malware_found")];
            let files = if id == 3 { json!(files) } else { json!([]) };
            json!({
                "id": id, "author_id": author, "body": body, "public": public, "attachments": files,
                "created_at": "2026-11-24T08:00:00Z",
            })
        };
        let users =
            json!([{ "id": 7, "role": "end-user" }, { "id": 9, "role": "agent" }, { "id": 10, "role": "admin" }]);
        let (comments, next): (Vec<Value>, _) = match seen.line.ends_with("&page=1") {
            true => (vec![comment(1, 7, true), comment(2, 9, false), comment(3, 9, true)], Some("https://x.example/2")),
            // Nobody knows what 11 is.
            false => (vec![comment(4, 10, true), comment(5, 11, true)], None),
        };
        Act::json(200, &json!({ "comments": comments, "users": users, "next_page": next }))
    })
    .await;
    let answers = zendesk(&server).list_answers("42").await.expect("they can be read");
    let file = |name: &str, url: Option<&str>| DeskFile {
        name: name.into(),
        url: url.map(str::to_owned),
        media_type: "application/pdf".into(),
        size: 9,
    };
    let answer = |id: &str, author: &str, files: &[DeskFile]| DeskAnswer {
        id: id.into(),
        author: author.into(),
        text: format!("dit {id}"),
        said_at: 1_795_507_200_000,
        files: files.to_vec(),
    };
    let files = [file("clé.pdf", Some("https://x.example/1")), file("ver.pdf", None)];
    assert_eq!(answers, [answer("3", "9", &files), answer("4", "10", &[])]);
    assert_eq!(server.seen()[1].line, "GET /api/v2/tickets/42/comments?include=users&per_page=100&page=2");
    let failure = zendesk(&server).list_answers("../1").await.expect_err("this is no id");
    assert!(matches!(failure, DeskError::Refused { status: 404, .. }), "{failure:?}");
}

/// What is sent when a report is created for the problem 50, which is as `problem` says.
async fn report(problem: fn() -> Act) -> (Value, usize) {
    let server = Server::start(move |seen| match seen {
        seen if seen.is("GET /api/v2/tickets/50") => problem(),
        seen if seen.is("PUT /api/v2/tickets/50") => {
            assert_eq!(seen.json(), json!({ "ticket": { "type": "problem" } }), "nothing else of it changes");
            Act::json(200, &json!({ "ticket": { "id": 50 } }))
        }
        seen if seen.is("GET") => Act::json(200, &json!({ "tickets": [] })),
        seen if seen.is("POST /api/v2/uploads") => Act::json(201, &json!({ "upload": { "token": "t1" } })),
        _ => Act::json(201, &json!({ "ticket": { "id": 51, "external_id": "G-T4YC-5T82", "status": "new" } })),
    })
    .await;
    let part = Part::Report(Some("50".to_owned()));
    zendesk(&server).create(&draft(), &part).await.expect("it is created");
    let sent = server.seen().pop().expect("it was sent").json()["ticket"].take();
    (sent, server.count("PUT"))
}

#[tokio::test]
async fn a_report_is_linked_to_the_problem_which_is_made_one_when_it_is_none() {
    let problem = || Act::json(200, &json!({ "ticket": { "id": 50, "type": "problem", "status": "open" } }));
    let question = || Act::json(200, &json!({ "ticket": { "id": 50, "type": "question", "status": "open" } }));
    let closed = || Act::json(200, &json!({ "ticket": { "id": 50, "type": "problem", "status": "closed" } }));
    let gone = || Act::json(404, &json!({ "error": "RecordNotFound" }));
    for (problem, id, puts) in [
        (problem as fn() -> Act, json!(50), 0),
        (question, json!(50), 1),
        // It is reported all the same.
        (closed, Value::Null, 0),
        (gone, Value::Null, 0),
    ] {
        let (sent, changed) = report(problem).await;
        assert_eq!((&sent["type"], &sent["problem_id"], changed), (&json!("incident"), &id, puts));
    }
}
