//! Whole dialogues with the running service as partners live them: one file each, compared as text. `>` is what the
//! partner sends: words, `[do:confirm]` (a button), `[do:confirm] × 2` (a double click), `(fichier capture.png)`. `#` gives
//! the setting, `=` what is there in the end; all else is what comes back. After a change that is meant,
//! `UPDATE_TRANSCRIPTS=1 cargo test --test it dialogues` writes them anew, to be read in the diff.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::guichet::{Guichet, Partner, answer, directory, two_cards};
use crate::outside::{self, Outside};
use crate::{staff, tickets, transcripts};

/// How long what happens outside may take before the test gives up.
const LOOKS: usize = 1200;
const BETWEEN: Duration = Duration::from_millis(50);

#[tokio::test(flavor = "multi_thread")]
async fn dialogues_with_the_service_read_as_they_are_written_down() {
    let mut all = Vec::new();
    for transcript in transcripts::read("tests/it/dialogues", 4) {
        let played = play(&transcript.written).await;
        all.push((transcript, played));
    }
    transcripts::assert_unchanged(all);
}

/// The transcript with what is really answered, and what is there in the end.
async fn play(written: &str) -> String {
    let is_set = |line: &str| written.lines().any(|known| known == format!("# {line}"));
    let is_down = is_set("le bureau ne répond pas");
    let outside = if is_down { Some(Outside::start(7, 100, 0).await) } else { None };
    let dir = directory();
    let guichet = start(dir.path(), outside.as_ref());
    if is_set("la boutique est en panne") {
        announce(&guichet).await;
    }
    let partner = guichet.partner().await;
    let mut out: String =
        written.lines().take_while(|line| line.starts_with('#')).map(|line| format!("{line}\n")).collect();
    for sent in written.lines().filter_map(|line| line.strip_prefix('>')).map(str::trim) {
        writeln!(out, "\n> {sent}").expect("a string can be written to");
        for reply in send(&partner, sent).await {
            out.push_str(&reply);
        }
    }
    out.push('\n');
    out.push_str(&in_the_end(&guichet, outside.as_ref()).await);
    out
}

/// A service where nobody has opening hours, so that no reply tells the time.
fn start(dir: &Path, outside: Option<&Outside>) -> Guichet {
    let closed = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let closed: String = closed.iter().map(|day| format!("{day} = []\n")).collect();
    let text = format!(
        "[support]\nbox = \"support@editeur.example\"\n[support.opening]\n{closed}{}[jobs]\npoll_ms = 50\n\
         first_wait_ms = 50\nlongest_wait_ms = 200\n{}",
        staff::SETTINGS,
        outside.map(Outside::settings).unwrap_or_default()
    );
    let config = dir.join("guichet.toml");
    fs::write(&config, text).expect("a file");
    Guichet::start_with(dir, &["--kb", &two_cards(dir), "--config", config.to_str().expect("UTF-8")])
}

async fn announce(guichet: &Guichet) {
    let incident = json!({
        "id": "boutique", "title": "La boutique est en panne", "text": "Elle revient à 14 h.", "keywords": ["boutique"],
    });
    let announced = tickets::staff(guichet, Method::POST, "/incidents").json(&incident).send().await;
    assert!(announced.expect("it answers").status().is_success());
}

/// Sends one line; what comes back, as text.
async fn send(partner: &Partner<'_>, line: &str) -> Vec<String> {
    if let Some(name) = line.strip_prefix("(fichier ").and_then(|line| line.strip_suffix(')')) {
        let path = format!("/api/v1/conversations/{}/attachments", partner.id);
        let request = partner.guichet.post(&path).bearer_auth(&partner.token).query(&[("name", name)]);
        let content = b"\x89PNG\r\n\x1a\n\0\x01\x02\xff".to_vec();
        let (status, _) = answer(request.header("content-type", "image/png").body(content)).await;
        return vec![format!("({status})\n")];
    }
    let (line, times) = line.strip_suffix(" × 2").map_or((line, 1), |line| (line, 2));
    let option = line.strip_prefix('[').and_then(|id| id.strip_suffix(']'));
    let mut message = json!({"text": option.unwrap_or(line), "client_id": uuid::Uuid::now_v7().to_string()});
    if let Some(option) = option {
        message["option"] = option.into();
    }
    let replies = match times {
        1 => vec![partner.send(&message).await.1],
        _ => {
            let ((_, one), (_, two)) = tokio::join!(partner.send(&message), partner.send(&message));
            vec![one, two]
        }
    };
    replies.iter().map(shown).collect()
}

/// A reply as it is read, without what differs each time.
fn shown(reply: &Value) -> String {
    let mut out = String::new();
    for block in reply["blocks"].as_array().into_iter().flatten() {
        let spans = block["spans"].as_array().into_iter().flatten();
        let text: String = spans.filter_map(|span| span["text"].as_str()).collect();
        out.push_str(&format!("{text}\n"));
    }
    for (number, option) in reply["options"].as_array().into_iter().flatten().enumerate() {
        let text = |name: &str| option[name].as_str().unwrap_or_default().to_owned();
        out.push_str(&format!("  {}. {} [{}]\n", number + 1, text("label"), text("id")));
    }
    let reference = outside::reference(&out);
    let out = if reference.is_empty() { out } else { out.replace(&reference, "G-XXXX-XXXX") };
    out.replace(['\u{a0}', '\u{202f}'], " ")
}

/// How many requests there are, with their files, and who was written to once the work is done.
async fn in_the_end(guichet: &Guichet, outside: Option<&Outside>) -> String {
    let (_, list) = answer(staff::get(guichet, "/tickets")).await;
    let references: Vec<&str> =
        list["tickets"].as_array().expect("a list").iter().filter_map(|ticket| ticket["reference"].as_str()).collect();
    let mut files = Vec::new();
    for reference in &references {
        let (_, seen) = answer(staff::get(guichet, &format!("/tickets/{reference}"))).await;
        let names = seen["ticket"]["attachments"].as_array().cloned().unwrap_or_default();
        files.extend(names.iter().filter_map(|file| file["name"].as_str().map(str::to_owned)));
    }
    let mut out = format!("= demandes : {}\n", references.len());
    if !files.is_empty() {
        out.push_str(&format!("= fichiers : {}\n", files.join(", ")));
    }
    match outside {
        None => staff::wait_for_work(guichet).await,
        Some(outside) => {
            out.push_str(&format!("= prises par le bureau : {}\n", outside.desk.count()));
            out.push_str(&format!("= courriers : {}\n", mails(outside).await.join(", ")));
        }
    }
    out
}

/// Who was written to, once the support box was: the desk is made up for by a mail.
async fn mails(outside: &Outside) -> Vec<String> {
    for _ in 0..LOOKS {
        let mut to: Vec<String> = outside.mail.mails().into_iter().map(|mail| mail.to).collect();
        if to.iter().any(|to| to.contains("support@")) {
            to.sort();
            return to;
        }
        tokio::time::sleep(BETWEEN).await;
    }
    panic!("the support box is never told")
}
