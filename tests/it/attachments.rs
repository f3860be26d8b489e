//! Files of partners: sent, taken by a ticket, read by the partner and by staff, and by nobody else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::guichet::{Guichet, Partner, answer, client, directory};
use crate::tickets::{mails, open_ticket, staff, start};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\x01\x02\xff";

async fn send(partner: &Partner<'_>, name: &str, media_type: &str, content: Vec<u8>) -> (StatusCode, Value) {
    let path = format!("/api/v1/conversations/{}/attachments", partner.id);
    let request = partner.guichet.post(&path).bearer_auth(&partner.token).query(&[("name", name)]);
    answer(request.header("content-type", media_type).body(content)).await
}

/// Sends a picture; its id.
async fn send_picture(partner: &Partner<'_>) -> String {
    let (status, sent) = send(partner, "capture.png", "image/png", PNG.to_vec()).await;
    assert_eq!((status, &sent["bytes"]), (StatusCode::CREATED, &json!(PNG.len())), "{sent}");
    sent["id"].as_str().expect("an id").to_owned()
}

async fn seen_by_staff(guichet: &Guichet, reference: &str) -> Value {
    answer(staff(guichet, Method::GET, &format!("/tickets/{reference}"))).await.1["ticket"]["attachments"].take()
}

#[tokio::test]
async fn a_file_goes_with_the_next_ticket_of_the_dialogue() {
    let dir = directory();
    let guichet = start(dir.path());
    let partner = guichet.partner().await;
    let id = send_picture(&partner).await;
    let reference = open_ticket(&partner).await;
    let history = partner.history().await;
    assert!(history.last().expect("a reply").to_string().contains("Votre fichier y est joint."), "{history:?}");
    let seen = seen_by_staff(&guichet, &reference).await;
    assert_eq!((&seen[0]["id"], &seen[0]["name"]), (&json!(id), &json!("capture.png")));
    let mails = mails(dir.path(), 2).await;
    let to_support = mails.iter().find(|mail| mail.contains("\nTo: support@editeur.example")).expect("support is told");
    // The picture in base64.
    assert!(to_support.contains("iVBORw0KGgoAAQL/") && to_support.contains("capture.png"), "{to_support}");

    // Its owner and staff may save it; nobody may show it.
    let path = format!("/api/v1/conversations/{}/attachments/{id}", partner.id);
    for request in
        [guichet.get(&path).bearer_auth(&partner.token), staff(&guichet, Method::GET, &format!("/attachments/{id}"))]
    {
        let response = request.send().await.expect("it answers");
        assert_eq!(response.status(), StatusCode::OK);
        let header = |name: &str| response.headers()[name].to_str().expect("ASCII").to_owned();
        assert_eq!(header("content-disposition"), "attachment; filename=\"capture.png\"; filename*=UTF-8''capture.png");
        assert_eq!((header("x-content-type-options"), header("content-type")), ("nosniff".into(), "image/png".into()));
        assert_eq!(response.bytes().await.expect("a body"), PNG);
    }
    let somebody = guichet.partner().await;
    for (owner, token) in [(&partner.id, &somebody.token), (&somebody.id, &somebody.token)] {
        let path = format!("/api/v1/conversations/{owner}/attachments/{id}");
        let (status, problem) = answer(guichet.get(&path).bearer_auth(token)).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{problem}");
    }
    let (status, _) = answer(guichet.get(&format!("/api/v1/staff/attachments/{id}")).bearer_auth(&partner.token)).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn tickets_and_comments_name_the_files_they_take_once() {
    let dir = directory();
    let guichet = start(dir.path());
    let partner = guichet.partner().await;
    let (first, second) = (send_picture(&partner).await, send_picture(&partner).await);
    let asked = json!({
        "request_key": "k", "name": "Léa Martin", "email": "lea@revendeur.example",
        "subject": "Clé", "description": "Où est la clé ?", "attachments": [first],
    });
    let tickets = format!("/api/v1/conversations/{}/tickets", partner.id);
    let post = |body: Value| answer(guichet.post(&tickets).bearer_auth(&partner.token).json(&body));
    let (status, ticket) = post(asked.clone()).await;
    assert_eq!(status, StatusCode::CREATED, "{ticket}");
    assert_eq!(post(asked.clone()).await.1["reference"], ticket["reference"], "sent again, it is the same");
    let mut other = asked;
    other["request_key"] = json!("other");
    assert_eq!(post(other).await.1["code"], "attachment-unknown", "a file belongs to one ticket");

    let reference = ticket["reference"].as_str().expect("a reference");
    let comments = format!("{tickets}/{reference}/comments");
    let comment = json!({"text": "La voici.", "request_key": "c", "attachments": [second]});
    for _ in 0..2 {
        let request = guichet.post(&comments).bearer_auth(&partner.token).json(&comment);
        assert_eq!(request.send().await.expect("it answers").status(), StatusCode::NO_CONTENT);
    }
    let (_, read) = answer(guichet.get(&format!("{tickets}/{reference}")).bearer_auth(&partner.token)).await;
    assert_eq!(read["comments"].as_array().map(Vec::len), Some(1), "{read}");
    let listed = &read["attachments"];
    assert_eq!((&listed[0]["id"], &listed[1]["id"]), (&json!(first), &json!(second)), "{read}");
    assert_eq!(listed[1]["comment"], read["comments"][0]["id"]);
}

#[tokio::test]
async fn what_is_too_large_forbidden_or_not_what_it_says_is_refused() {
    let dir = directory();
    let guichet = start(dir.path());
    let partner = guichet.partner().await;
    for (media_type, content, status, code) in [
        ("image/png", b"<html>".to_vec(), StatusCode::UNPROCESSABLE_ENTITY, "attachment-mismatch"),
        ("image/png", Vec::new(), StatusCode::UNPROCESSABLE_ENTITY, "attachment-empty"),
        ("text/html", b"<html>".to_vec(), StatusCode::UNSUPPORTED_MEDIA_TYPE, "attachment-type-refused"),
        ("text/plain", vec![b'a'; 5_000_001], StatusCode::PAYLOAD_TOO_LARGE, "body-too-large"),
    ] {
        let (found, problem) = send(&partner, "a", media_type, content).await;
        assert_eq!((found, &problem["code"]), (status, &json!(code)), "{problem}");
    }
    let (status, sent) = send(&partner, "../../a\u{202e}txt.exe", "text/plain", vec![b'a'; 5_000_000]).await;
    assert_eq!((status, &sent["name"]), (StatusCode::CREATED, &json!("atxt.exe.txt")), "{sent}");
    for _ in 0..4 {
        send_picture(&partner).await;
    }
    let (status, problem) = send(&partner, "a.png", "image/png", PNG.to_vec()).await;
    assert_eq!((status, &problem["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("attachments-too-many")));
    // The limit of other bodies stays small.
    let (status, _) = partner.send(&json!({"text": "a".repeat(70_000)})).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn files_that_wait_are_listed_and_one_can_be_taken_back() {
    let dir = directory();
    let guichet = start(dir.path());
    let (partner, stranger) = (guichet.partner().await, guichet.partner().await);
    let (kept, removed) = (send_picture(&partner).await, send_picture(&partner).await);
    let path = format!("/api/v1/conversations/{}/attachments", partner.id);
    let list = async || answer(guichet.get(&path).bearer_auth(&partner.token)).await.1;
    let listed = list().await;
    assert_eq!((&listed["attachments"][0]["id"], &listed["attachments"][1]["id"]), (&json!(kept), &json!(removed)));
    assert_eq!((&listed["max_bytes"], &listed["max_files"]), (&json!(5_000_000), &json!(5)));

    let url = format!("{}{path}/{removed}", guichet.url);
    let remove =
        async |token: &str| client().delete(&url).bearer_auth(token).send().await.expect("it answers").status();
    assert_eq!(remove(&stranger.token).await, StatusCode::NOT_FOUND);
    assert_eq!(remove(&partner.token).await, StatusCode::NO_CONTENT);
    assert_eq!(remove(&partner.token).await, StatusCode::NOT_FOUND);
    assert_eq!(list().await["attachments"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn an_agents_answer_comes_with_files_for_the_one_who_asked() {
    let dir = directory();
    let guichet = start(dir.path());
    let (partner, somebody) = (guichet.partner().await, guichet.partner().await);
    let reference = open_ticket(&partner).await;
    let path = format!("/tickets/{reference}/comments");
    let post = |comment: Value| {
        let request = staff(&guichet, Method::POST, &path).json(&comment);
        async move { request.send().await.expect("it answers") }
    };
    let pdf =
        json!({"name": "../procédure.pdf", "media_type": "application/pdf", "content": STANDARD.encode(b"%PDF-1.7\n")});
    let said = json!({"text": "Voici la procédure.", "public": true, "request_key": "1", "files": [pdf]});
    // Sent twice by accident.
    for _ in 0..2 {
        assert_eq!(post(said.clone()).await.status(), StatusCode::NO_CONTENT);
    }
    let answers: Vec<Value> =
        partner.history().await.into_iter().filter(|message| message["author"] == "agent").collect();
    assert_eq!(answers.len(), 1, "{answers:?}");
    let file = &answers[0]["files"][0];
    assert_eq!((&file["name"], &file["bytes"]), (&json!("procédure.pdf"), &json!(9)), "{answers:?}");

    let download = |who: &Partner<'_>| {
        let id = file["id"].as_str().expect("an id");
        guichet.get(&format!("/api/v1/conversations/{}/attachments/{id}", who.id)).bearer_auth(&who.token)
    };
    let got = download(&partner).send().await.expect("it answers");
    assert!(got.headers()["content-disposition"].to_str().expect("ASCII").starts_with("attachment;"));
    assert_eq!(got.bytes().await.expect("it can be read").as_ref(), b"%PDF-1.7\n");
    let (status, problem) = answer(download(&somebody)).await;
    assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("attachment-not-found")));
    // What staff sent is not what the partner's next request takes.
    let waiting = guichet.get(&format!("/api/v1/conversations/{}/attachments", partner.id)).bearer_auth(&partner.token);
    assert_eq!(answer(waiting).await.1["attachments"], json!([]));
    // The mail of the answer carries it.
    let mails = mails(dir.path(), 3).await;
    assert_eq!(mails.iter().filter(|mail| mail.contains("application/pdf")).count(), 1);

    let note = json!({"text": "interne", "public": false, "request_key": "2", "files": [pdf]});
    assert_eq!(post(note).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = json!({"name": "a.html", "media_type": "text/html", "content": STANDARD.encode("<html>")});
    let page = json!({"text": "x", "public": true, "request_key": "3", "files": [page]});
    assert_eq!(post(page).await.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let rubbish = json!({"name": "a.pdf", "media_type": "application/pdf", "content": "é"});
    let rubbish = json!({"text": "x", "public": true, "request_key": "4", "files": [rubbish]});
    assert_eq!(post(rubbish).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let (_, ticket) = answer(staff(&guichet, Method::GET, &format!("/tickets/{reference}"))).await;
    assert_eq!(ticket["comments"].as_array().map(Vec::len), Some(1), "{ticket}");
}
