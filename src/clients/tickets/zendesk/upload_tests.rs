//! Files that go with a ticket or a comment are handed over first, and named in it.

use serde_json::json;

use super::fault::{Act, Server};
use super::tests::{comment, zendesk};
use crate::clients::tickets::{DeskComment, Part, TicketDesk};
use crate::model::{File, TicketDraft};
use crate::text::ticket::tests::draft;

fn file() -> File {
    File { name: "capture d’écran.png".into(), media_type: "image/png".into(), content: vec![0, 255, 10, 13] }
}

/// Gives each upload a token of its own: `t` and its number.
async fn server() -> Server {
    let uploads = std::sync::atomic::AtomicUsize::new(0);
    let ticket = json!({ "id": 42, "status": "open", "updated_at": "2026-11-24T08:00:00Z" });
    Server::start(move |seen| {
        if seen.is("POST /api/v2/uploads") {
            let number = uploads.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
            Act::json(201, &json!({ "upload": { "token": format!("t{number}") } }))
        } else if seen.is("GET /api/v2/tickets?") {
            Act::json(200, &json!({ "tickets": [] }))
        } else if seen.is("GET /api/v2/tickets/42/audits") {
            Act::json(200, &json!({ "audits": [], "next_page": null }))
        } else if seen.is("GET /api/v2/users/search") {
            Act::json(200, &json!({ "users": [{ "id": 7, "email": "lea.martin@revendeur.example" }] }))
        } else {
            Act::json(201, &json!({ "ticket": ticket }))
        }
    })
    .await
}

#[tokio::test]
async fn the_files_of_a_ticket_are_uploaded_after_its_transcript() {
    let server = server().await;
    let draft = TicketDraft { attachments: vec![file()], ..draft() };
    zendesk(&server).create(&draft, &Part::Alone).await.expect("it is created");
    let seen = server.seen();
    let [_, _, upload, create] = seen.as_slice() else { panic!("{seen:?}") };
    assert_eq!(upload.line, "POST /api/v2/uploads?filename=capture+d%E2%80%99%C3%A9cran.png");
    assert_eq!(upload.header("content-type"), Some("image/png"));
    assert_eq!(upload.body, file().content);
    assert_eq!(create.json()["ticket"]["comment"]["uploads"], json!(["t1", "t2"]));
}

#[tokio::test]
async fn the_files_of_a_comment_go_with_it() {
    let server = server().await;
    let comment = DeskComment { attachments: vec![file(), file()], ..comment() };
    zendesk(&server).comment("42", &comment).await.expect("it is added");
    let seen = server.seen();
    let change = seen.last().expect("there are requests");
    assert!(change.is("PUT /api/v2/tickets/42"), "{seen:?}");
    assert_eq!(change.json()["ticket"]["comment"]["uploads"], json!(["t1", "t2"]));
}
