//! From a question without an answer to a ticket, an agent's answer and the mails between.

use std::fs;
use std::path::Path;

use futures_util::StreamExt;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::guichet::{Guichet, Partner, answer, directory};
use crate::staff::{self, TOKEN};

/// A service with one agent and a support box.
pub(crate) fn start(dir: &Path) -> Guichet {
    let config = dir.join("guichet.toml");
    let text = format!("[support]\nbox = \"support@editeur.example\"\n{}[jobs]\npoll_ms = 50\n", staff::SETTINGS);
    fs::write(&config, text).expect("a file");
    Guichet::start_with(dir, &["--config", config.to_str().expect("UTF-8")])
}

/// Asks something that no entry answers and goes through the dialogue; the reference.
pub(crate) async fn open_ticket(partner: &Partner<'_>) -> String {
    open_ticket_about(partner, "xyzzy plugh ?").await
}

/// The same with a question of one's own.
pub(crate) async fn open_ticket_about(partner: &Partner<'_>, question: &str) -> String {
    let offered = partner.ask(question).await;
    assert_eq!(offered["decision"], "noanswer", "{offered}");
    assert_eq!(offered["options"][0]["id"], "do:ticket");
    partner.send(&json!({"text": "Oui", "option": "do:ticket"})).await;
    let summary = partner.ask("Léa Martin, lea@revendeur.example, société Dupond").await;
    assert!(summary.to_string().contains("Léa Martin"), "{summary}");
    let (status, done) = partner.send(&json!({"text": "Envoyer", "option": "do:confirm"})).await;
    assert_eq!(status, StatusCode::OK, "{done}");
    reference(&done)
}

pub(crate) fn reference(reply: &Value) -> String {
    let text = reply.to_string();
    let start = text.find("G-").expect("a reference is told");
    text[start..start + 11].to_owned()
}

pub(crate) fn staff(guichet: &Guichet, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
    Client::new().request(method, format!("{}/api/v1/staff{path}", guichet.url)).bearer_auth(TOKEN)
}

/// The mails in the folder once there are `count`, as one text each with transfer encodings left as they are.
pub(crate) async fn mails(dir: &Path, count: usize) -> Vec<String> {
    for _ in 0..600 {
        let found: Vec<String> = fs::read_dir(dir.join("mail"))
            .map(|files| {
                let files = files.filter_map(|file| Some(file.ok()?.path()));
                let mails = files.filter(|path| path.extension().is_some_and(|ending| ending == "eml"));
                mails.filter_map(|path| fs::read_to_string(path).ok()).collect()
            })
            .unwrap_or_default();
        if found.len() >= count {
            assert_eq!(found.len(), count);
            return found;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("there are never {count} mails");
}

#[tokio::test]
async fn a_question_without_an_answer_becomes_a_ticket_with_a_reference_at_once() {
    let dir = directory();
    let guichet = start(dir.path());
    let partner = guichet.partner().await;
    let reference = open_ticket(&partner).await;

    let path = format!("/api/v1/conversations/{}/tickets/{reference}", partner.id);
    let (status, ticket) = answer(guichet.get(&path).bearer_auth(&partner.token)).await;
    assert_eq!((status, &ticket["status"]), (StatusCode::OK, &json!("new")));
    let somebody = guichet.partner().await;
    let other = format!("/api/v1/conversations/{}/tickets/{reference}", somebody.id);
    let (status, problem) = answer(guichet.get(&other).bearer_auth(&somebody.token)).await;
    assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("ticket-not-found")));

    let (status, seen) = answer(staff(&guichet, reqwest::Method::GET, &format!("/tickets/{reference}"))).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(seen["requester"]["email"], "lea@revendeur.example");
    assert!(seen["transcript"][0]["text"].as_str().is_some_and(|text| text.contains("xyzzy")), "{seen}");

    // One mail to the partner, one to the support box.
    let mails = mails(dir.path(), 2).await;
    assert!(mails.iter().any(|mail| mail.contains("\nTo: lea@revendeur.example")));
    let to_support = mails.iter().find(|mail| mail.contains("\nTo: support@editeur.example")).expect("support is told");
    assert!(to_support.contains("Reply-To: lea@revendeur.example"));
    assert!(mails.iter().all(|mail| mail.contains(&reference) && mail.contains("Auto-Submitted: auto-generated")));
}

#[tokio::test]
async fn neither_a_double_click_nor_a_resend_makes_two() {
    let dir = directory();
    let guichet = start(dir.path());
    let partner = guichet.partner().await;
    partner.ask("xyzzy plugh ?").await;
    partner.send(&json!({"text": "Oui", "option": "do:ticket"})).await;
    partner.ask("Léa Martin, lea@revendeur.example, société Dupond").await;
    let confirm = json!({"text": "Envoyer", "option": "do:confirm", "client_id": "a"});
    let ((_, one), (_, two)) = tokio::join!(partner.send(&confirm), partner.send(&confirm));
    assert_eq!(one, two, "the same message sent again gets the same reply");
    let (_, third) = partner.send(&json!({"text": "Envoyer", "option": "do:confirm"})).await;
    assert_eq!(reference(&third), reference(&one), "another click is told that it is done");

    let asked = json!({
        "request_key": "k", "name": "Léa Martin", "email": "lea@revendeur.example",
        "subject": "Clé", "description": "Où est la clé ?",
    });
    let path = format!("/api/v1/conversations/{}/tickets", partner.id);
    let post = || answer(guichet.post(&path).bearer_auth(&partner.token).json(&asked));
    let ((first_status, first), (second_status, second)) = tokio::join!(post(), post());
    assert_eq!((first_status, second_status), (StatusCode::CREATED, StatusCode::CREATED));
    assert_eq!(first["reference"], second["reference"]);
    // The page was loaded again, the key forgotten, the form filled in again.
    let mut again = asked.clone();
    again["request_key"] = json!("another");
    let (status, third) = answer(guichet.post(&path).bearer_auth(&partner.token).json(&again)).await;
    assert_eq!((status, &third["reference"]), (StatusCode::CREATED, &first["reference"]));

    let (_, list) = answer(staff(&guichet, reqwest::Method::GET, "/tickets?status=new")).await;
    assert_eq!(list["tickets"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn two_clicks_at_one_moment_that_nobody_can_tell_are_the_same_make_one_ticket() {
    let dir = directory();
    let guichet = start(dir.path());
    let partner = guichet.partner().await;
    partner.ask("xyzzy plugh ?").await;
    partner.send(&json!({"text": "Oui", "option": "do:ticket"})).await;
    partner.ask("Léa Martin, lea@revendeur.example, société Dupond").await;
    // Two tabs: each gives its message an id of its own.
    let confirm = |id: &str| json!({"text": "Envoyer", "option": "do:confirm", "client_id": id});
    let (a, b) = (confirm("a"), confirm("b"));
    let ((_, one), (_, two)) = tokio::join!(partner.send(&a), partner.send(&b));
    assert_eq!(reference(&one), reference(&two), "{one} {two}");
    let says = |reply: &Value, what: &str| usize::from(reply.to_string().contains(what));
    let (made, known) = ("Votre demande est enregistrée", "Votre demande est déjà enregistrée");
    assert_eq!(says(&one, made) + says(&two, made), 1, "one of them makes it: {one} {two}");
    assert_eq!(says(&one, known) + says(&two, known), 1, "the other one is told so: {one} {two}");
    let (_, list) = answer(staff(&guichet, reqwest::Method::GET, "/tickets")).await;
    assert_eq!(list["tickets"].as_array().map(Vec::len), Some(1));
    staff::wait_for_work(&guichet).await;
    mails(dir.path(), 2).await;
}

#[tokio::test]
async fn staff_change_urgency_assignee_and_tags_and_the_partner_sees_none_of_it() {
    let dir = directory();
    let guichet = start(dir.path());
    let partner = guichet.partner().await;
    let reference = open_ticket(&partner).await;
    let known = partner.history().await.len();
    let path = format!("/tickets/{reference}");
    let change = async |change: Value| {
        let request = staff(&guichet, reqwest::Method::PATCH, &path).json(&change);
        request.send().await.expect("it answers").status()
    };
    let wanted = json!({"urgency": "high", "assignee": "Paul", "tags": ["web", "paie", "vip"]});
    assert_eq!(change(wanted).await, StatusCode::NO_CONTENT);
    let (_, seen) = answer(staff(&guichet, reqwest::Method::GET, &path)).await;
    let ticket = &seen["ticket"];
    assert_eq!((&ticket["urgency"], &ticket["assignee"]), (&json!("high"), &json!("Paul")), "{seen}");
    assert_eq!((&ticket["tags"], &ticket["status"]), (&json!(["web", "paie", "vip"]), &json!("new")), "{seen}");
    let history: Vec<&Value> =
        seen["history"].as_array().expect("a list").iter().filter(|line| line["who"] == "Inès").collect();
    let said: Vec<&Value> = history.iter().map(|line| &line["what"]).collect();
    assert_eq!(said, ["urgency: normal → high", "assignee: - → Paul", "tags: web → web paie vip"], "{seen}");

    // It is found by its tags, and by those only that it has now.
    let found = async |tag: &str| {
        let (_, list) = answer(staff(&guichet, reqwest::Method::GET, &format!("/tickets?tag={tag}"))).await;
        list["tickets"].as_array().map(Vec::len)
    };
    assert_eq!((found("vip").await, found("autre").await), (Some(1), Some(0)));
    assert_eq!(change(json!({"assignee": "", "tags": ["paie"]})).await, StatusCode::NO_CONTENT);
    assert_eq!((found("vip").await, found("paie").await), (Some(0), Some(1)));
    let (_, seen) = answer(staff(&guichet, reqwest::Method::GET, &path)).await;
    assert_eq!((&seen["ticket"]["assignee"], &seen["ticket"]["urgency"]), (&Value::Null, &json!("high")), "{seen}");

    for nonsense in [json!({"urgency": "panic"}), json!({"tags": "paie"}), json!({"owner": "Paul"})] {
        assert_eq!(change(nonsense.clone()).await, StatusCode::UNPROCESSABLE_ENTITY, "{nonsense}");
    }
    // Who works on it and how it is sorted is not told to the partner.
    assert_eq!(partner.history().await.len(), known);
    let path = format!("/api/v1/conversations/{}/tickets/{reference}", partner.id);
    let (_, seen) = answer(guichet.get(&path).bearer_auth(&partner.token)).await;
    assert_eq!((&seen["assignee"], &seen["tags"]), (&Value::Null, &json!([])), "{seen}");
}

#[tokio::test]
async fn a_ticket_of_the_form_is_known_to_the_dialogue() {
    let dir = directory();
    let guichet = start(dir.path());
    let partner = guichet.partner().await;
    let asked = json!({
        "request_key": "k", "name": "Léa Martin", "email": "lea@revendeur.example",
        "subject": "xyzzy plugh", "description": "Où est xyzzy plugh ?",
    });
    let path = format!("/api/v1/conversations/{}/tickets", partner.id);
    let (_, ticket) = answer(guichet.post(&path).bearer_auth(&partner.token).json(&asked)).await;
    partner.ask("xyzzy plugh ?").await;
    let (_, offer) = partner.send(&json!({"text": "Oui", "option": "do:ticket"})).await;
    let add = format!("do:add:{}", reference(&ticket));
    assert!(offer["options"].as_array().is_some_and(|options| options.iter().any(|o| o["id"] == *add)), "{offer}");
    let (_, added) = partner.send(&json!({"text": "Ajouter", "option": add})).await;
    assert_eq!(reference(&added), reference(&ticket));
    let path = format!("{path}/{}", reference(&ticket));
    let (_, seen) = answer(guichet.get(&path).bearer_auth(&partner.token)).await;
    assert_eq!(seen["comments"][0]["text"], "xyzzy plugh ?", "{seen}");
}

#[tokio::test]
async fn an_agents_answer_comes_into_the_conversation_as_it_is_written() {
    let dir = directory();
    let guichet = start(dir.path());
    let partner = guichet.partner().await;
    let reference = open_ticket(&partner).await;
    let known = partner.history().await.len();
    let events = guichet.get(&format!("/api/v1/conversations/{}/events", partner.id));
    let response = events
        .bearer_auth(&partner.token)
        .header("last-event-id", known.to_string())
        .send()
        .await
        .expect("the stream opens");
    let mut stream = response.bytes_stream();

    let comments = format!("/tickets/{reference}/comments");
    let hidden = json!({"text": "client difficile", "public": false, "request_key": "1"});
    let said = json!({"text": "Voici la clé.", "public": true, "status": "pending", "request_key": "2"});
    // The answer is sent twice by accident.
    for comment in [&hidden, &said, &said] {
        let response =
            staff(&guichet, reqwest::Method::POST, &comments).json(comment).send().await.expect("it answers");
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
    }
    let mut heard = String::new();
    while !heard.contains("pending") {
        let bytes = stream.next().await.expect("the stream goes on").expect("it can be read");
        heard.push_str(&String::from_utf8_lossy(&bytes));
    }
    assert!(heard.contains("Voici la clé.") && heard.contains("Inès"), "{heard}");
    assert!(!heard.contains("difficile"), "an internal note is not for the partner");
    assert!(heard.contains(&format!("id: {}", known + 1)), "{heard}");

    // The partner adds something, twice by accident: the ticket is open again and has it once.
    let path = format!("/api/v1/conversations/{}/tickets/{reference}/comments", partner.id);
    for _ in 0..2 {
        let request = guichet.post(&path).bearer_auth(&partner.token);
        let response = request.json(&json!({"text": "Merci !", "request_key": "k"})).send().await.expect("it answers");
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
    }
    let (_, ticket) = answer(staff(&guichet, reqwest::Method::GET, &format!("/tickets/{reference}"))).await;
    assert_eq!(ticket["ticket"]["status"], "open");
    assert_eq!(ticket["comments"].as_array().map(Vec::len), Some(3), "{ticket}");
    let path = format!("/api/v1/conversations/{}/tickets/{reference}", partner.id);
    let (_, seen) = answer(guichet.get(&path).bearer_auth(&partner.token)).await;
    assert_eq!(seen["comments"].as_array().map(Vec::len), Some(2), "{seen}");
    // Acknowledgement, support box, answer, what the partner adds.
    let mails = mails(dir.path(), 4).await;
    assert!(mails.iter().any(|mail| mail.contains("In-Reply-To:")), "the answer is in the thread");
}

#[tokio::test]
async fn the_staff_api_is_for_staff() {
    let dir = directory();
    let guichet = start(dir.path());
    let partner = guichet.partner().await;
    for path in ["/tickets", "/tickets/G-0000-0000", "/jobs"] {
        let url = format!("/api/v1/staff{path}");
        let (status, problem) = answer(guichet.get(&url)).await;
        assert_eq!((status, &problem["code"]), (StatusCode::UNAUTHORIZED, &json!("token-missing")), "{path}");
        let (status, problem) = answer(guichet.get(&url).bearer_auth(&partner.token)).await;
        assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("forbidden")), "{path}");
    }
    let (status, _) = answer(staff(&guichet, reqwest::Method::GET, "/tickets/G-0000-0000")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, jobs) = answer(staff(&guichet, reqwest::Method::GET, "/jobs")).await;
    assert_eq!((status, &jobs["jobs"]), (StatusCode::OK, &json!([])));
    let (status, problem) = answer(staff(&guichet, reqwest::Method::POST, "/jobs/x/replay")).await;
    assert_eq!((status, &problem["code"]), (StatusCode::NOT_FOUND, &json!("job-not-found")));
}
