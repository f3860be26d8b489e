//! What an operator sees: starts, stops, logs.

use std::fs;
use std::path::PathBuf;

use serde_json::json;

use crate::guichet::{Guichet, directory, run};

#[tokio::test]
async fn a_damaged_index_is_built_again_and_the_log_says_so() {
    let dir = directory();
    Guichet::start(dir.path()).stop();
    let index = dir.path().join("index");
    let places: Vec<PathBuf> =
        fs::read_dir(&index).expect("the index is kept").map(|entry| entry.expect("an entry").path()).collect();
    fs::write(places[0].join("guichet.json"), "{").expect("it can be damaged");

    let mut guichet = Guichet::start(dir.path());
    guichet.wait_for_log("the index is built again");
    assert_eq!(guichet.partner().await.ask("comment créer un ticket zendesk ?").await["decision"], "answer");
}

#[tokio::test]
async fn what_people_write_never_reaches_the_log() {
    let dir = directory();
    let config = dir.path().join("guichet.toml");
    fs::write(&config, "[log]\nfilter = \"trace\"\nformat = \"json\"\n").expect("a file");
    let guichet = Guichet::start_with(dir.path(), &["--config", config.to_str().expect("UTF-8")]);
    let partner = guichet.partner().await;
    partner.ask("xylophone-secret contrat 48210753").await;
    partner.send(&json!({"text": "xylophone-secret", "option": "x"})).await;
    partner.send(&json!({"xylophone-secret": 1})).await;
    crate::guichet::answer(guichet.get("/api/v1/suggest?q=xylophone-secret")).await;
    let files = format!("/api/v1/conversations/{}/attachments?name=xylophone-secret.txt", partner.id);
    let file = guichet.post(&files).bearer_auth(&partner.token).header("content-type", "text/plain");
    crate::guichet::answer(file.body("xylophone-secret")).await;
    let asked = json!({
        "request_key": "k", "name": "xylophone-secret", "email": "xylophone-secret@revendeur.example",
        "subject": "xylophone-secret", "description": "xylophone-secret", "company": "xylophone-secret",
    });
    let tickets = format!("/api/v1/conversations/{}/tickets", partner.id);
    let (status, _) = crate::guichet::answer(guichet.post(&tickets).bearer_auth(&partner.token).json(&asked)).await;
    assert_eq!(status, reqwest::StatusCode::CREATED);
    // Acknowledged by mail.
    crate::tickets::mails(dir.path(), 1).await;
    let token = partner.token.clone();
    let log = guichet.stop();
    assert!(log.contains("/api/v1/conversations/{id}/messages"), "requests are logged by their route");
    for secret in ["xylophone", "48210753", &token] {
        assert!(!log.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn a_knowledge_base_that_changes_is_in_force_without_a_restart() {
    let dir = directory();
    let entries = dir.path().join("kb/entries/fr/general");
    fs::create_dir_all(&entries).expect("a directory");
    let write = |answer: &str| {
        let entry = format!("+++\nid = \"colis\"\nquestion = \"Où est mon colis ?\"\n+++\n\n{answer}\n");
        fs::write(entries.join("colis.md"), entry).expect("a file");
    };
    write("Au dépôt.");
    let kb = dir.path().join("kb");
    let mut guichet = Guichet::start_with(dir.path(), &["--kb", kb.to_str().expect("UTF-8")]);
    assert!(guichet.partner().await.ask("où est mon colis").await.to_string().contains("Au dépôt."));
    write("À la poste.");
    guichet.wait_for_log("the knowledge base has changed");
    assert!(guichet.partner().await.ask("où est mon colis").await.to_string().contains("À la poste."));
}

#[test]
fn what_is_wrong_at_the_start_is_said_with_what_to_do() {
    let dir = directory();
    let config = dir.path().join("guichet.toml");
    fs::write(&config, "[htpt]\nlisten = 1\n").expect("a file");
    for (arguments, said) in [
        (vec!["serve", "--config", config.to_str().expect("UTF-8")], "htpt"),
        (vec!["serve", "--config", "absent.toml"], "absent.toml"),
        (vec!["serve", "--kb", "absent"], "--kb"),
        (vec!["serve", "--listen", "192.0.2.1:1"], "--listen"),
    ] {
        let output = run(dir.path(), &arguments);
        let log = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {log}");
        assert!(log.contains(said), "{arguments:?}: {log}");
    }
}
