//! Somebody of the staff answers in place of the assistant.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::guichet::{Guichet, Partner, answer, directory};
use crate::staff::{SETTINGS, TOKEN, get};

const QUESTION: &str = "comment créer un ticket zendesk ?";
/// How long something that happens by itself may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// A service whose staff is Inès, and Paul, with more `settings`.
fn start(dir: &std::path::Path, settings: &str) -> Guichet {
    let path = dir.join("guichet.toml");
    let paul =
        "[[staff.token]]\nname = \"Paul Roy\"\nrole = \"agent\"\nsecret = \"pppppppppppppppppppppppppppppppp\"\n";
    std::fs::write(&path, format!("{SETTINGS}{paul}{settings}")).expect("the settings are written");
    Guichet::start_with(dir, &["--config", path.to_str().expect("a path")])
}

/// Inès does something with the conversation.
async fn act(partner: &Partner<'_>, method: Method, what: &str, body: &Value) -> StatusCode {
    act_as(TOKEN, partner, method, what, body).await
}

async fn act_as(token: &str, partner: &Partner<'_>, method: Method, what: &str, body: &Value) -> StatusCode {
    let guichet = partner.guichet;
    let url = format!("{}/api/v1/staff/conversations/{}/{what}", guichet.url, partner.id);
    let request = guichet.client.request(method, url).bearer_auth(token).json(body);
    request.send().await.expect("the service answers").status()
}

async fn take(partner: &Partner<'_>) {
    assert_eq!(act(partner, Method::PUT, "agent", &Value::Null).await, StatusCode::NO_CONTENT);
}

fn authors(history: &[Value]) -> Vec<&str> {
    history.iter().filter_map(|message| message["author"].as_str()).collect()
}

#[tokio::test]
async fn while_a_person_answers_the_assistant_is_silent() {
    let dir = directory();
    let guichet = start(dir.path(), "");
    let partner = guichet.partner().await;
    partner.ask(QUESTION).await;
    let said = json!({"text": "Bonjour, je regarde.", "request_key": "1"});
    assert_eq!(act(&partner, Method::POST, "messages", &said).await, StatusCode::CONFLICT, "nobody has taken it");
    take(&partner).await;
    take(&partner).await;

    let message = json!({"text": QUESTION, "client_id": "a"});
    for _ in 0..2 {
        let (status, reply) = partner.send(&message).await;
        assert_eq!((status, &reply["decision"]), (StatusCode::OK, &json!("person")));
        assert_eq!((&reply["blocks"], &reply["options"]), (&json!([]), &json!([])));
    }
    for _ in 0..2 {
        assert_eq!(act(&partner, Method::POST, "messages", &said).await, StatusCode::NO_CONTENT);
    }
    assert_eq!(partner.send(&message).await.1["decision"], "person", "what follows a message is no reply to it");
    let secret = partner.ask("mon mot de passe : Azerty123!").await;
    assert!(secret.to_string().contains("masqu"), "{secret}");

    let history = partner.history().await;
    let expected = ["visitor", "assistant", "assistant", "visitor", "agent", "visitor", "assistant"];
    assert_eq!(authors(&history), expected, "{history:#?}");
    assert_eq!(history[2]["reply"]["decision"], "joined");
    assert!(history[2].to_string().contains("Inès, de l’équipe"), "{}", history[2]);
    assert_eq!((&history[4]["name"], &history[4]["text"]), (&json!("Inès"), &said["text"]));

    // Colleagues see it, with their notes; a colleague takes it from her.
    assert_eq!(act(&partner, Method::POST, "notes", &json!({"text": "à suivre", "request_key": "1"})).await, 204);
    let (_, seen) = answer(get(&guichet, &format!("/conversations/{}", partner.id))).await;
    assert_eq!((&seen["agent"], &seen["notes"][0]["text"]), (&json!("Inès"), &json!("à suivre")));
    let (_, list) = answer(get(&guichet, "/conversations?taken=true")).await;
    assert_eq!(list["conversations"][0]["id"], *partner.id);
    assert_eq!(
        (&list["conversations"][0]["waiting"], &list["conversations"][0]["agent"]),
        (&json!(false), &json!("Inès"))
    );
    assert_eq!(act_as(&"p".repeat(32), &partner, Method::PUT, "agent", &Value::Null).await, 204);
    assert_eq!(act(&partner, Method::POST, "messages", &json!({"text": "et", "request_key": "2"})).await, 409);

    assert_eq!(act(&partner, Method::DELETE, "agent", &Value::Null).await, StatusCode::NO_CONTENT);
    assert_eq!(act(&partner, Method::DELETE, "agent", &Value::Null).await, StatusCode::NO_CONTENT);
    assert_eq!(partner.ask(QUESTION).await["decision"], "answer");
    let history = partner.history().await;
    assert!(history[7].to_string().contains("Paul, de l’équipe"), "{}", history[7]);
    assert_eq!(history[8]["reply"]["decision"], "left");
    assert_eq!(history.len(), 11);
    assert!(!format!("{history:?}").contains("à suivre"), "a note is not for the partner");
}

#[tokio::test]
async fn what_a_person_holds_survives_a_restart_and_reaches_another_replica() {
    let dir = directory();
    let guichet = start(dir.path(), "");
    let other = start(dir.path(), "");
    let partner = guichet.partner().await;
    partner.ask("bonjour").await;
    take(&partner).await;
    let there = Partner { guichet: &other, id: partner.id.clone(), token: partner.token.clone() };
    assert_eq!(there.ask(QUESTION).await["decision"], "person");
    let (id, token) = (partner.id, partner.token);
    guichet.kill();
    let guichet = start(dir.path(), "");
    let partner = Partner { guichet: &guichet, id, token };
    assert_eq!(partner.ask(QUESTION).await["decision"], "person");
    let said = json!({"text": "Me voici.", "request_key": "1"});
    assert_eq!(act(&partner, Method::POST, "messages", &said).await, StatusCode::NO_CONTENT);
    assert_eq!(authors(&partner.history().await).last(), Some(&"agent"));
}

#[tokio::test]
async fn who_is_gone_or_does_not_answer_loses_the_conversation() {
    for settings in ["[console]\naway_ms = 300\n", "[console]\nanswer_ms = 300\n"] {
        let dir = directory();
        let guichet = start(dir.path(), settings);
        let partner = guichet.partner().await;
        partner.ask("bonjour").await;
        take(&partner).await;
        partner.ask(QUESTION).await;
        let waited = std::time::Instant::now();
        let left = loop {
            let history = partner.history().await;
            let left = history.into_iter().find(|message| message["reply"]["decision"] == "left");
            if let Some(left) = left {
                break left;
            }
            assert!(waited.elapsed() < PATIENCE, "it is never given back: {settings}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        assert!(left.to_string().contains("n’est plus disponible"), "{left}");
        let person = &left["reply"]["options"][0];
        let (_, reply) = partner.send(&json!({"text": person["label"], "option": person["id"]})).await;
        assert_eq!(reply["decision"], "handoff", "a ticket is offered: {reply}");
        let log = answer(get(&guichet, &format!("/conversations/{}", partner.id))).await.1;
        assert_eq!(log["agent"], Value::Null);
    }
}
