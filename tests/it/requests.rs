//! « Où en est ma demande ? », asked in the conversation.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::guichet::{Guichet, Partner, answer, directory};
use crate::tickets::{open_ticket_about, staff, start};

/// What is said, as one text with ordinary spaces.
fn said(reply: &Value) -> String {
    let blocks = reply["blocks"].as_array().into_iter().flatten();
    let spans = blocks.flat_map(|block| block["spans"].as_array().into_iter().flatten());
    let text: Vec<&str> = spans.filter_map(|span| span["text"].as_str()).collect();
    text.join("\n").replace('\u{a0}', " ")
}

async fn ask(partner: &Partner<'_>, question: &str) -> (String, Value) {
    let reply = partner.ask(question).await;
    assert_eq!(reply["decision"], "request", "{question}: {reply}");
    (said(&reply), reply)
}

async fn agent_says(guichet: &Guichet, reference: &str, comment: &Value) {
    let path = format!("/tickets/{reference}/comments");
    let response = staff(guichet, Method::POST, &path).json(comment).send().await.expect("it answers");
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_partner_is_told_how_far_the_request_is_and_what_was_answered_last() {
    let dir = directory();
    let guichet = start(dir.path());
    let partner = guichet.partner().await;
    // Who has none gets what the knowledge base says of requests, or is told so.
    let faq = partner.ask("statut de mon ticket").await;
    assert_ne!(faq["decision"], "request", "{faq}");
    let none = partner.ask("où en est mon signalement ?").await;
    assert!(none["decision"] != "request" || said(&none).contains("pas de demande en cours"), "{none}");

    let reference = open_ticket_about(&partner, "xyzzy plugh ?").await;
    let (new, reply) = ask(&partner, "Où en est mon ticket ?").await;
    assert!(
        new.contains(&reference) && new.contains("enregistrée") && new.contains("Une réponse est attendue"),
        "{new}"
    );
    assert_eq!(reply["sources"][0]["id"], "request/state", "{reply}");

    let note = json!({"text": "client pressé", "public": false, "request_key": "1"});
    let first = json!({"text": "Redémarrez le poste.", "public": true, "request_key": "2"});
    let last = json!({"text": "Quelle version avez-vous ?", "public": true, "status": "pending", "request_key": "3"});
    for comment in [&note, &first, &last, &json!({"text": "à relancer", "public": false, "request_key": "4"})] {
        agent_says(&guichet, &reference, comment).await;
    }
    let (waiting, _) = ask(&partner, &format!("bonjour, où en est la demande {}", reference.to_lowercase())).await;
    assert!(waiting.contains("attend votre réponse") && waiting.contains("Quelle version avez-vous ?"), "{waiting}");
    assert!(
        !waiting.contains("Redémarrez") && !waiting.contains("pressé") && !waiting.contains("relancer"),
        "{waiting}"
    );

    agent_says(
        &guichet,
        &reference,
        &json!({"text": "C'est fait.", "public": true, "status": "solved", "request_key": "5"}),
    )
    .await;
    let (over, _) = ask(&partner, "statut de ma demande").await;
    assert!(over.contains("Voici la dernière") && over.contains("résolue") && over.contains("C'est fait."), "{over}");
}

#[tokio::test]
async fn somebody_elses_request_is_answered_like_one_that_does_not_exist() {
    let dir = directory();
    let guichet = start(dir.path());
    let reference = open_ticket_about(&guichet.partner().await, "xyzzy plugh ?").await;
    let somebody = guichet.partner().await;
    let (theirs, _) = ask(&somebody, &format!("où en est ma demande {reference} ?")).await;
    let (unknown, _) = ask(&somebody, "où en est ma demande G-0000-0000 ?").await;
    assert_eq!(theirs.replace(&reference, "G-0000-0000"), unknown);
    // The same address, typed by somebody else, proves nothing.
    open_ticket_about(&somebody, "plugh grault ?").await;
    let (theirs, _) = ask(&somebody, &reference).await;
    assert_eq!(theirs.replace(&reference, "G-0000-0000"), unknown);
    let option = json!({"text": "xyzzy", "option": format!("demande:{reference}")});
    let (_, reply) = somebody.send(&option).await;
    assert_eq!(said(&reply), theirs);
}

#[tokio::test]
async fn of_several_requests_one_is_chosen_by_a_button_or_in_words_and_a_form_goes_on_after_it() {
    let dir = directory();
    let guichet = start(dir.path());
    let partner = guichet.partner().await;
    let first = open_ticket_about(&partner, "xyzzy plugh ?").await;
    let asked = json!({
        "request_key": "k", "name": "Léa Martin", "email": "lea@revendeur.example",
        "subject": "Clé absente", "description": "Où est la clé ?",
    });
    let tickets = format!("/api/v1/conversations/{}/tickets", partner.id);
    let (_, made) = answer(guichet.post(&tickets).bearer_auth(&partner.token).json(&asked)).await;
    let second = made["reference"].as_str().expect("a reference").to_owned();

    let (which, reply) = ask(&partner, "où en sont mes demandes ?").await;
    assert!(which.contains("2 demandes en cours"), "{which}");
    let options: Vec<&Value> =
        reply["options"].as_array().expect("a list").iter().map(|option| &option["id"]).collect();
    assert_eq!(options, [&json!(format!("demande:{second}")), &json!(format!("demande:{first}"))]);
    let (told, _) = ask(&partner, "la deuxième").await;
    assert!(told.contains(&first) && !told.contains(&second), "{told}");
    let (_, chosen) = partner.send(&json!({"text": "x", "option": format!("demande:{second}")})).await;
    assert!(said(&chosen).contains(&second), "{chosen}");

    partner.ask("un conseiller").await;
    let (told, reply) = ask(&partner, &format!("où en est ma demande {first} ?")).await;
    assert!(told.contains(&first) && told.contains("Revenons à votre demande"), "{told}");
    assert!(reply["options"].to_string().contains("do:cancel"), "{reply}");
}
