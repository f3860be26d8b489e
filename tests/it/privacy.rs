//! A conversation with all that people tell, from the first question to a request that is closed: nothing of it reaches the
//! log, all of it is handed out to the person, and nothing of it is left when the person wants it gone.

use std::fs;
use std::path::Path;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::guichet::{Guichet, answer, directory, run};
use crate::staff::{self, SETTINGS};
use crate::tickets;

/// What people tell; each stands in what is sent, and none in what a file of this repository logs.
const TOLD: [&str; 14] = [
    "zoe.xylandre",
    "Xylandre",
    "Xylophonie",
    "xyloquestion",
    "xylosujet",
    "xylodétail",
    "xyloraison",
    "xylofichier",
    "xylocontenu",
    "xyloréponse",
    "xylonote",
    "xylopasse42",
    "FR7630006000011234567890189",
    "30006000011234567890189",
];
const EMAIL: &str = "zoe.xylandre@revendeur.example";

/// Everything a partner and an agent can say; the reference of the request, which is closed in the end.
async fn told(guichet: &Guichet, dir: &Path) -> (String, Vec<String>) {
    let partner = guichet.partner().await;
    partner.ask("comment créer un ticket zendesk pour xyloquestion ?").await;
    partner.ask("mon mot de passe est xylopasse42 et mon IBAN FR76 3000 6000 0112 3456 7890 189").await;
    let answered = partner.history().await[1]["id"].clone();
    let vote = json!({"message_id": answered, "helpful": false, "reason": "xyloraison, FR7630006000011234567890189"});
    let feedback = format!("/api/v1/conversations/{}/feedback", partner.id);
    let (status, _) = answer(guichet.post(&feedback).bearer_auth(&partner.token).json(&vote)).await;
    assert_eq!(status, StatusCode::OK);

    let files = format!("/api/v1/conversations/{}/attachments?name=xylofichier.txt", partner.id);
    let file = guichet.post(&files).bearer_auth(&partner.token).header("content-type", "text/plain");
    let (status, kept) = answer(file.body("xylocontenu")).await;
    assert_eq!(status, StatusCode::CREATED, "{kept}");
    let asked = json!({
        "request_key": "k", "name": "Zoé Xylandre", "email": EMAIL, "company": "Xylophonie",
        "subject": "xylosujet", "description": "xylodétail", "attachments": [kept["id"]],
    });
    let path = format!("/api/v1/conversations/{}/tickets", partner.id);
    let (status, opened) = answer(guichet.post(&path).bearer_auth(&partner.token).json(&asked)).await;
    assert_eq!(status, StatusCode::CREATED, "{opened}");
    let reference = tickets::reference(&opened);

    for (text, is_public) in [("xyloréponse", true), ("xylonote", false)] {
        let comment = json!({"text": text, "public": is_public, "request_key": text});
        let path = format!("/tickets/{reference}/comments");
        let sent = tickets::staff(guichet, Method::POST, &path).json(&comment).send().await.expect("an answer");
        assert!(sent.status().is_success(), "{}", sent.status());
    }
    let closed = tickets::staff(guichet, Method::PATCH, &format!("/tickets/{reference}"));
    let closed = closed.json(&json!({"status": "closed"})).send().await.expect("an answer");
    assert_eq!(closed.status(), StatusCode::NO_CONTENT);

    // What fails is logged most: wrong passwords, forms, tokens, bodies, addresses.
    for (path, form) in [
        ("/console/connexion", format!("email={EMAIL}&password=xylopasse42")),
        ("/contact", format!("email={EMAIL}&name=Xylandre")),
    ] {
        let form = guichet.post(path).header("content-type", "application/x-www-form-urlencoded").body(form);
        form.send().await.expect("an answer");
    }
    partner.send(&json!({"texte": "xyloquestion"})).await;
    guichet.post(&partner.messages()).bearer_auth("xylopasse42").body("{xyloquestion").send().await.expect("an answer");
    answer(guichet.get("/api/v1/suggest?q=xyloquestion")).await;
    guichet.get(&format!("/{EMAIL}?q=xyloquestion")).send().await.expect("an answer");
    answer(guichet.get("/api/v1/staff/jobs").bearer_auth("xylopasse42")).await;
    staff::wait_for_work(guichet).await;
    assert!(!tickets::mails(dir, 2).await.is_empty());
    (reference, vec![partner.id.clone(), partner.token.clone()])
}

/// The output of `guichet person …`, and whether something was found.
fn person(dir: &Path, arguments: &[&str]) -> (bool, String) {
    let config = dir.join("guichet.toml");
    let config = ["--config", config.to_str().expect("UTF-8")];
    let output = run(dir, &[&["person"], arguments, &config].concat());
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() != Some(2), "{said}");
    (output.status.success(), said)
}

#[tokio::test]
async fn what_a_person_tells_is_in_no_log_and_can_be_handed_out_and_removed() {
    let dir = directory();
    let database = dir.path().join("told.db");
    let settings = format!(
        "[store]\nurl = \"sqlite://{}\"\n[log]\nfilter = \"trace\"\nformat = \"json\"\n[jobs]\npoll_ms = 50\n{SETTINGS}",
        database.display()
    );
    let config = dir.path().join("guichet.toml");
    fs::write(&config, settings).expect("a file");
    let guichet = Guichet::start_with(dir.path(), &["--config", config.to_str().expect("UTF-8")]);
    let (reference, secrets) = told(&guichet, dir.path()).await;
    let log = guichet.stop().to_lowercase();
    assert!(log.contains("/api/v1/conversations/{id}/messages"), "the log is at its most talkative");
    for secret in TOLD.into_iter().chain(secrets[1..].iter().map(String::as_str)) {
        assert!(!log.contains(&secret.to_lowercase()), "{secret}");
    }

    let (is_known, said) = person(dir.path(), &["find", "--email", EMAIL]);
    assert!(is_known && said.contains("tickets") && said.contains("messages"), "{said}");
    let file = dir.path().join("export.json");
    let file = file.to_str().expect("UTF-8");
    let (_, said) = person(dir.path(), &["export", "--email", EMAIL, "--output", file]);
    assert!(said.contains("ticket_comments"), "{said}");
    let written = fs::read_to_string(file).expect("a file");
    let export: Value = serde_json::from_str(&written).expect("JSON");
    assert_eq!(export["tables"]["tickets"][0]["reference"], json!(reference));
    assert_eq!(export["mail_files"].as_array().map(Vec::len), Some(2), "{written}");
    // What is masked before it is kept is nowhere; what a file holds is base64.
    let is_kept = |text: &&str| !matches!(*text, "xylocontenu" | "xylopasse42") && !text.contains("30006");
    for text in TOLD.iter().filter(|text| is_kept(text)) {
        assert!(written.contains(text), "{text}: {written}");
    }
    assert!(written.contains("eHlsb2NvbnRlbnU="), "{written}");
    assert!(!written.contains("xylopasse42") && !written.contains(&secrets[1]), "secrets are no data of a person");

    let (_, trial) = person(dir.path(), &["erase", "--email", EMAIL, "--dry-run"]);
    assert!(trial.contains("nothing was changed"), "{trial}");
    let (_, done) = person(dir.path(), &["erase", "--email", EMAIL]);
    assert!(done.contains("done"), "{done}");
    let (is_known, said) = person(dir.path(), &["find", "--email", EMAIL]);
    assert!(!is_known && said.contains("nothing is kept"), "{said}");
    let mut left = Vec::new();
    for entry in [dir.path().to_owned(), dir.path().join("mail")] {
        let files = fs::read_dir(entry).expect("a directory").map(|entry| entry.expect("an entry").path());
        left.extend(files.filter(|path| path.is_file() && !path.ends_with("export.json")));
    }
    for path in left {
        let content = String::from_utf8_lossy(&fs::read(&path).expect("a file")).to_lowercase();
        for text in TOLD.into_iter().chain([reference.as_str(), secrets[0].as_str()]) {
            assert!(!content.contains(&text.to_lowercase()), "{text} is left in {}", path.display());
        }
    }
}
