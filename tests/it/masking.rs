//! What nobody should send is masked before it is kept or goes anywhere, wherever it was typed, and whoever typed it is told.

use std::fs;
use std::path::{Path, PathBuf};

use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, StatusCode, Url, redirect};
use serde_json::{Value, json};

use crate::guichet::{Guichet, Partner, answer, directory};
use crate::staff;
use crate::tickets::{mails, open_ticket, start};

const SECRET: &str = "Tr3s0r";

/// Every file below `dir`.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for file in fs::read_dir(dir).expect("a directory").filter_map(Result::ok) {
        match file.path() {
            folder if folder.is_dir() => files.extend(self::files(&folder)),
            file => files.push(file),
        }
    }
    files
}

/// Nothing below `dir` holds the secret, in whatever way mails break their lines.
fn assert_nowhere(dir: &Path) {
    for file in files(dir) {
        let bytes = fs::read(&file).expect("it can be read");
        let text = String::from_utf8_lossy(&bytes).replace("=\r\n", "");
        assert!(!text.contains(SECRET), "{}", file.display());
    }
}

async fn post(partner: &Partner<'_>, path: &str, body: &Value) -> StatusCode {
    let path = format!("/api/v1/conversations/{}/{path}", partner.id);
    let request = partner.guichet.post(&path).bearer_auth(&partner.token).json(body);
    request.send().await.expect("it answers").status()
}

/// The last thing that was said.
async fn last(partner: &Partner<'_>) -> String {
    partner.history().await.pop().expect("a message").to_string()
}

#[tokio::test]
async fn secrets_are_masked_before_they_are_kept_or_sent() {
    let dir = directory();
    let guichet = start(dir.path());
    let partner = guichet.partner().await;
    let reply = partner.ask("mon mdp : Tr3s0r! ne marche pas").await;
    assert!(reply["blocks"][0].to_string().contains("masqué"), "{reply}");
    assert!(!partner.history().await[0].to_string().contains(SECRET));
    let asked = json!({
        "request_key": "k", "name": "Léa", "email": "lea@revendeur.example",
        "subject": "mot de passe : Tr3s0r!", "description": "mon mdp : Tr3s0r!",
    });
    assert_eq!(post(&partner, "tickets", &asked).await, StatusCode::CREATED);
    assert!(last(&partner).await.contains("J’ai masqué un mot de passe"));
    mails(dir.path(), 2).await;

    // What is added to the request, twice by accident.
    let (_, list) = answer(staff::get(&guichet, "/tickets")).await;
    let reference = list["tickets"][0]["reference"].as_str().expect("a reference").to_owned();
    let said = partner.history().await.len();
    for _ in 0..2 {
        let added = json!({"text": "le nouveau mdp : Tr3s0r!", "request_key": "a"});
        let path = format!("tickets/{reference}/comments");
        assert_eq!(post(&partner, &path, &added).await, StatusCode::NO_CONTENT);
    }
    assert!(last(&partner).await.contains("J’ai masqué un mot de passe"));
    assert_eq!(partner.history().await.len(), said + 1, "it is told once");
    let told = mails(dir.path(), 3).await;
    assert!(told.iter().all(|mail| mail.contains("masqu")), "the masks are in the mails: {told:?}");
    guichet.stop();
    assert_nowhere(dir.path());
}

#[tokio::test]
async fn names_of_files_and_reasons_are_masked_and_that_is_told() {
    let dir = directory();
    let guichet = start(dir.path());
    let partner = guichet.partner().await;
    let path = format!("/api/v1/conversations/{}/attachments", partner.id);
    let request = guichet.post(&path).bearer_auth(&partner.token).query(&[("name", "mot de passe Tr3s0r!.txt")]);
    let (status, kept) = answer(request.header(CONTENT_TYPE, "text/plain").body("bonjour")).await;
    assert_eq!((status, &kept["name"]), (StatusCode::CREATED, &json!("mot de passe [mot de passe masqué].txt")));
    assert!(last(&partner).await.contains("J’ai masqué un mot de passe"));
    open_ticket(&partner).await;

    partner.ask("comment créer un ticket zendesk ?").await;
    let id = partner.history().await.pop().expect("an answer")["id"].clone();
    let judged = json!({"message_id": id, "helpful": false, "reason": "mon mot de passe est Tr3s0r!"});
    let path = format!("/api/v1/conversations/{}/feedback", partner.id);
    let (_, kept) = answer(guichet.post(&path).bearer_auth(&partner.token).json(&judged)).await;
    assert!(kept["note"].as_str().is_some_and(|note| note.contains("J’ai masqué un mot de passe")), "{kept}");
    mails(dir.path(), 2).await;
    guichet.stop();
    assert_nowhere(dir.path());
}

#[tokio::test]
async fn the_form_without_scripts_says_what_was_masked() {
    let dir = directory();
    let guichet = start(dir.path());
    let client = Client::builder().redirect(redirect::Policy::none()).build().expect("a client");
    let post = async |description: &str| {
        let fields = [
            ("name", "Léa Martin"),
            ("email", "lea@revendeur.example"),
            ("subject", "Connexion impossible"),
            ("description", description),
        ];
        let filled = Url::parse_with_params("http://x/", fields).expect("a URL").query().expect("a form").to_owned();
        let request = client.post(format!("{}/contact", guichet.url)).body(filled);
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let response = request.send().await.expect("a reply");
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        let place = response.headers()["location"].to_str().expect("text").to_owned();
        guichet.get(&place).send().await.expect("a page").text().await.expect("text")
    };
    let page = post("mdp : Tr3s0r! et carte 4970 1000 0000 0154").await;
    assert!(page.contains("J’ai masqué un mot de passe et un numéro de carte"), "{page}");
    assert!(!post("Page blanche depuis ce matin").await.contains("masqué"));
    mails(dir.path(), 4).await;
    guichet.stop();
    assert_nowhere(dir.path());
}

#[tokio::test]
async fn what_is_masked_is_what_the_settings_say() {
    let dir = directory();
    let config = dir.path().join("guichet.toml");
    let text = "[redaction]\ncards = false\nkey_patterns = [\"AAA-99999\"]\n";
    fs::write(&config, text).expect("a file");
    let guichet = Guichet::start_with(dir.path(), &["--config", config.to_str().expect("UTF-8")]);
    let partner = guichet.partner().await;
    partner.ask("ma clé ABC-12345 et ma carte 4970 1000 0000 0154, mdp : Tr3s0r!").await;
    let kept = partner.history().await[0]["text"].as_str().expect("a text").to_owned();
    let expected = "ma clé [clé d’activation masquée] et ma carte 4970 1000 0000 0154, mdp : [mot de passe masqué]";
    assert_eq!(kept.replace('\u{a0}', " "), expected);

    // A setting that could mask nothing, or everything, is refused at the start.
    fs::write(&config, "[redaction]\nkey_patterns = [\"A9\"]\n").expect("a file");
    let refused = crate::guichet::run(dir.path(), &["config", "print", "--config", config.to_str().expect("UTF-8")]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("A9"), "{said}");
}
