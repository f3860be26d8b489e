//! What a partner says of an answer, and a conversation that is forgotten.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::guichet::{Guichet, Partner, answer, client, directory};
use crate::tickets::{open_ticket, staff, start};

async fn judge(partner: &Partner<'_>, said: &Value) -> (StatusCode, Value) {
    let path = format!("/api/v1/conversations/{}/feedback", partner.id);
    answer(partner.guichet.post(&path).bearer_auth(&partner.token).json(said)).await
}

#[tokio::test]
async fn an_answer_is_judged_and_judged_again() {
    let dir = directory();
    let guichet = Guichet::start(dir.path());
    let partner = guichet.partner().await;
    partner.ask("comment créer un ticket zendesk ?").await;
    let history = partner.history().await;
    let id = &history[1]["id"];
    assert_eq!(history[1].get("helpful"), None);

    let secret = "Mon mot de passe est tournesol42";
    let (status, kept) = judge(&partner, &json!({"message_id": id, "helpful": false, "reason": secret})).await;
    assert_eq!((status, &kept["helpful"]), (StatusCode::OK, &json!(false)), "{kept}");
    assert!(!kept["reason"].as_str().expect("a reason").contains("tournesol42"), "{kept}");
    assert_eq!(partner.history().await[1]["helpful"], json!(false));
    let (status, kept) = judge(&partner, &json!({"message_id": id, "helpful": true})).await;
    assert_eq!((status, kept), (StatusCode::OK, json!({"message_id": id, "helpful": true})));
    assert_eq!(partner.history().await[1]["helpful"], json!(true));

    // Neither what the partner said, nor what is elsewhere, nor a novel.
    let other = guichet.partner().await;
    other.ask("bonjour").await;
    let theirs = other.history().await[1]["id"].clone();
    for (said, expected) in [
        (json!({"message_id": history[0]["id"], "helpful": true}), "message-not-found"),
        (json!({"message_id": theirs, "helpful": true}), "message-not-found"),
        (json!({"message_id": id, "helpful": false, "reason": "é".repeat(1_001)}), "invalid-body"),
        (json!({"message_id": id}), "invalid-body"),
    ] {
        assert_eq!(judge(&partner, &said).await.1["code"], expected, "{said}");
    }
    let stranger = Partner { guichet: &guichet, id: partner.id.clone(), token: other.token.clone() };
    let (_, problem) = judge(&stranger, &json!({"message_id": id, "helpful": true})).await;
    assert_eq!(problem["code"], "conversation-not-found");
}

#[tokio::test]
async fn no_to_an_answer_leads_to_the_next_ones_or_to_a_person() {
    let dir = directory();
    let guichet = Guichet::start(dir.path());
    let partner = guichet.partner().await;
    assert_eq!(partner.ask("comment créer un ticket zendesk ?").await["decision"], "answer");
    // The words of the button.
    let next = partner.ask("Non, cette réponse ne m’aide pas").await;
    assert!(next["options"].as_array().is_some_and(|options| !options.is_empty()), "{next}");
    assert!(next["sources"].as_array().expect("sources").iter().all(|source| source["id"] != "zendesk-creer-demande"));
}

#[tokio::test]
async fn a_forgotten_conversation_is_gone_but_its_ticket_goes_on() {
    let dir = directory();
    let guichet = start(dir.path());
    let partner = guichet.partner().await;
    let reference = open_ticket(&partner).await;
    let url = format!("{}/api/v1/conversations/{}", guichet.url, partner.id);
    let forget = |token: &str| client().delete(&url).bearer_auth(token).send();
    assert_eq!(forget("x").await.expect("it answers").status(), StatusCode::NOT_FOUND);
    assert_eq!(forget(&partner.token).await.expect("it answers").status(), StatusCode::NO_CONTENT);
    assert_eq!(forget(&partner.token).await.expect("it answers").status(), StatusCode::NOT_FOUND);
    let (status, _) = answer(guichet.get(&partner.messages()).bearer_auth(&partner.token)).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, _) = partner.send(&json!({"text": "bonjour"})).await;
    assert_eq!(status, StatusCode::NOT_FOUND);

    let ticket = staff(&guichet, Method::GET, &format!("/tickets/{reference}"));
    assert_eq!(answer(ticket).await.1["ticket"]["reference"], json!(reference));
    let said = json!({"text": "Bonjour.", "public": true, "request_key": "k"});
    let comment = staff(&guichet, Method::POST, &format!("/tickets/{reference}/comments")).json(&said);
    let answered = comment.send().await.expect("it answers");
    assert!(answered.status().is_success(), "an agent may still write to who asked: {}", answered.status());
}
