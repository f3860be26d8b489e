//! Comments: the person's own, and added once.

use serde_json::json;

use super::fault::{Act, Server};
use super::tests::{comment, forgetful, impatient, zendesk};
use crate::clients::tickets::{DeskComment, DeskError, Part, TicketDesk};
use crate::text::ticket::tests::draft;

#[tokio::test]
async fn a_comment_is_the_persons_own_and_is_added_once() {
    for fault in [|| Act::Silence, || Act::Reset, || Act::Answer(200, Vec::new(), "oui".to_owned())] {
        let server = forgetful("PUT", fault).await;
        let desk = impatient(&server);
        desk.create(&draft(), &Part::Alone).await.expect("there is a ticket");
        let failure = desk.comment("42", &comment()).await.expect_err("nothing comes back");
        assert!(matches!(failure, DeskError::Unavailable { .. }), "{failure:?}");
        desk.comment("42", &comment()).await.expect("it is found");
        assert_eq!(server.count("PUT /api/v2/tickets/42"), 1);

        let seen = server.seen();
        let sent = seen.iter().find(|seen| seen.is("PUT")).expect("it was sent");
        assert_eq!(sent.header("idempotency-key"), Some("comment-0001"));
        let expected = json!({
            "comment": { "body": "Toujours bloqué {\u{2060}{ticket.id}\u{2060}}", "public": true, "author_id": 7 },
            "metadata": { "custom": { "guichet_key": "comment-0001" } },
            "safe_update": true,
            "updated_stamp": "2026-11-24T08:00:00Z",
        });
        assert_eq!(sent.json()["ticket"], expected);
    }
}

#[tokio::test]
async fn a_note_is_ours_and_only_agents_see_it() {
    let server = forgetful("nothing", || Act::Reset).await;
    let desk = zendesk(&server);
    desk.create(&draft(), &Part::Alone).await.expect("there is a ticket");
    desk.comment("42", &DeskComment { author: None, ..comment() }).await.expect("it is added");
    let seen = server.seen();
    let sent = &seen.iter().find(|seen| seen.is("PUT")).expect("it was sent").json()["ticket"];
    let expected = json!({ "body": "Toujours bloqué {\u{2060}{ticket.id}\u{2060}}", "public": false });
    assert_eq!((&sent["comment"], sent.get("status")), (&expected, None));
}

#[tokio::test]
async fn a_comment_without_a_known_author_waits_and_one_without_a_ticket_is_refused() {
    let server = Server::start(|seen| match seen {
        seen if seen.is("GET /api/v2/users") => {
            Act::json(200, &json!({ "users": [{ "id": 1, "email": "x@y.example" }] }))
        }
        seen if seen.is("GET /api/v2/tickets/42/audits") => Act::json(200, &json!({ "audits": [] })),
        _ => Act::json(
            200,
            &json!({ "ticket": { "id": 42, "status": "pending", "updated_at": "2026-11-24T08:00:00Z" } }),
        ),
    })
    .await;
    for id in ["42/../43", ""] {
        let failure = zendesk(&server).comment(id, &comment()).await.expect_err("it cannot be added");
        assert!(matches!(failure, DeskError::Refused { status: 404, .. }), "{id}: {failure:?}");
    }
    // The search of Zendesk finds somebody new only after a while.
    let failure = zendesk(&server).comment("42", &comment()).await.expect_err("it cannot be added yet");
    assert!(matches!(failure, DeskError::Unavailable { .. }), "{failure:?}");
    assert_eq!(server.count("PUT"), 0);
}

/// Zendesk's times have whole seconds: a change that lands in the second of the last one could not be told from it.
#[tokio::test]
async fn a_comment_is_written_when_the_second_of_the_last_change_is_over() {
    let check = async |date: &'static str, expected: usize| {
        let server = Server::start(move |seen| match seen {
            seen if seen.is("GET /api/v2/tickets/42/audits") => Act::json(200, &json!({ "audits": [] })),
            seen if seen.is("GET /api/v2/users") => {
                Act::json(200, &json!({ "users": [{ "id": 7, "email": comment().author }] }))
            }
            _ => {
                let ticket = json!({ "id": 42, "status": "open", "updated_at": "2026-11-24T08:00:00Z" });
                Act::Answer(200, vec![("Date", date.to_owned())], json!({ "ticket": ticket }).to_string())
            }
        })
        .await;
        let added = zendesk(&server).comment("42", &comment()).await;
        assert_eq!(server.count("PUT"), expected, "{date}");
        if expected == 0 {
            assert!(matches!(added, Err(DeskError::Unavailable { retry_after: Some(_), .. })), "{added:?}");
        }
    };
    check("Tue, 24 Nov 2026 08:00:00 GMT", 0).await;
    check("Tue, 24 Nov 2026 08:00:01 GMT", 0).await;
    check("Tue, 24 Nov 2026 08:00:02 GMT", 1).await;
    check("soon", 1).await;
}

#[tokio::test]
async fn the_author_of_a_comment_is_the_requester_whom_the_ticket_names() {
    let server = Server::start(|seen| match seen {
        seen if seen.is("GET /api/v2/users") => Act::json(200, &json!({ "users": [] })),
        seen if seen.is("GET /api/v2/tickets/42/audits") => Act::json(200, &json!({ "audits": [] })),
        _ => Act::json(
            200,
            &json!({ "ticket": { "id": 42, "status": "open", "requester_id": 9, "updated_at": "2026-11-24T08:00:00Z" } }),
        ),
    })
    .await;
    zendesk(&server).comment("42", &comment()).await.expect("it is added");
    assert_eq!(server.count("PUT"), 1);
    assert_eq!(server.count("GET /api/v2/users"), 0, "nobody is searched for");
}

#[tokio::test]
async fn a_key_on_a_later_page_of_the_history_is_found() {
    let server = Server::start(|seen| match seen {
        seen if seen.is("GET /api/v2/tickets/42/audits?per_page=100&page=1") => {
            let elsewhere = "https://ailleurs.example/api/v2/tickets/42/audits?page=2";
            Act::json(200, &json!({ "audits": [{ "metadata": { "custom": null } }], "next_page": elsewhere }))
        }
        seen if seen.is("GET /api/v2/tickets/42/audits?per_page=100&page=2") => {
            let mark = json!({ "metadata": { "custom": { "guichet_key": "comment-0001" } } });
            Act::json(200, &json!({ "audits": [mark], "next_page": null }))
        }
        _ => Act::json(200, &json!({ "ticket": { "id": 42, "status": "open", "updated_at": "2026-11-24T08:00:00Z" } })),
    })
    .await;
    zendesk(&server).comment("42", &comment()).await.expect("it is there already");
    assert_eq!((server.count("GET"), server.count("PUT")), (3, 0));
}

#[tokio::test]
async fn a_partner_who_writes_takes_the_ticket_up_again() {
    for (status, expected) in
        [("pending", json!("open")), ("solved", json!("open")), ("open", json!(null)), ("hold", json!(null))]
    {
        let server = Server::start(move |seen| match seen {
            seen if seen.is("GET /api/v2/tickets/42/audits") => Act::json(200, &json!({ "audits": [] })),
            seen if seen.is("GET /api/v2/users") => {
                Act::json(200, &json!({ "users": [{ "id": 7, "email": "Lea.Martin@revendeur.example" }] }))
            }
            _ => Act::json(
                200,
                &json!({ "ticket": { "id": 42, "status": status, "updated_at": "2026-11-24T08:00:00Z" } }),
            ),
        })
        .await;
        zendesk(&server).comment("42", &comment()).await.expect("it is added");
        let sent = server.seen().pop().expect("it was sent");
        assert_eq!(sent.json()["ticket"]["status"], expected, "{status}");
    }
}

#[tokio::test]
async fn a_ticket_that_changed_meanwhile_is_tried_again() {
    let server = Server::start(|seen| match seen {
        seen if seen.is("PUT") => Act::json(409, &json!({ "error": "UpdateConflict" })),
        seen if seen.is("GET /api/v2/tickets/42/audits") => Act::json(200, &json!({ "audits": [] })),
        seen if seen.is("GET /api/v2/users") => {
            Act::json(200, &json!({ "users": [{ "id": 7, "email": comment().author }] }))
        }
        _ => Act::json(200, &json!({ "ticket": { "id": 42, "status": "open", "updated_at": "2026-11-24T08:00:00Z" } })),
    })
    .await;
    let failure = zendesk(&server).comment("42", &comment()).await.expect_err("another try is in between");
    assert!(matches!(failure, DeskError::Unavailable { .. }), "{failure:?}");
}
