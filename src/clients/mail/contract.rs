//! Mails through a real server with TLS, read back with another mail library. `scripts/check-smtp` runs this.

use std::fs;
use std::time::Duration;

use serde_json::Value;

use super::message::tests::{mail, sender};
use super::smtp::{Encryption, Settings, SmtpMailer};
use super::{Attachment, Mail, MailError, Mailer};
use crate::model::Secret;

/// A value that `scripts/check-smtp` sets.
fn given(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("scripts/check-smtp sets {name}"))
}

fn settings(server: &str, encryption: Encryption) -> Settings {
    let ports: Value = serde_json::from_str(&given("GUICHET_SMTP_PORTS")).expect("they are JSON");
    let port = ports[server].as_u64().and_then(|port| u16::try_from(port).ok()).expect("the server has a port");
    Settings {
        host: "localhost".to_owned(),
        port,
        encryption,
        credentials: Some(("guichet".to_owned(), Secret::new("mot de passe é"))),
        timeout: Duration::from_secs(20),
        ca: Some(fs::read(given("GUICHET_SMTP_CA")).expect("there is a certificate")),
    }
}

async fn send(settings: &Settings, mail: &Mail) -> Result<(), MailError> {
    SmtpMailer::new(settings, sender()).expect("right settings").send(mail).await
}

/// The mails that arrived for the address.
fn arrived(to: &str) -> Vec<Value> {
    let files = fs::read_dir(given("GUICHET_SMTP_MAILS")).expect("the folder is there");
    let files = files.map(|file| fs::read_to_string(file.expect("it is listed").path()).expect("it can be read"));
    let mails = files.map(|content| serde_json::from_str::<Value>(&content).expect("it is JSON"));
    mails.filter(|mail| mail["rcpt_tos"][0] == to).collect()
}

fn to(local: &str) -> Mail {
    let to = format!("{local}@revendeur.example");
    Mail { key: to.clone(), to: to.parse().expect("a right address"), ..mail() }
}

#[tokio::test]
#[ignore = "needs a mail server: scripts/check-smtp"]
async fn a_mail_arrives_as_it_was_written() {
    for (server, encryption) in [("starttls", Encryption::Starttls), ("tls", Encryption::Tls)] {
        let file = Attachment {
            name: "conversation «\u{a0}été\u{a0}».txt".to_owned(),
            media_type: "text/plain; charset=utf-8".to_owned(),
            bytes: "Bonjour, l’été\n.\nfin\n".as_bytes().to_vec(),
        };
        let mail = Mail { attachments: vec![file], ..to(server) };
        // Twice: both have one Message-ID, and are one mail for who looks at it.
        for _ in 0..2 {
            send(&settings(server, encryption), &mail).await.expect("it is accepted");
        }
        let found = arrived(mail.to.as_str());
        let [found] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((&found["is_encrypted"], &found["is_authenticated"]), (&Value::Bool(true), &Value::Bool(true)));
        assert_eq!(found["defects"], serde_json::json!([]));
        assert_eq!(found["mail_from"], "support@editeur.example");
        let headers = &found["headers"];
        assert_eq!(headers["Subject"], mail.subject);
        assert_eq!(headers["From"], "Support Éditeur <support@editeur.example>");
        assert_eq!(headers["Reply-To"], "demandes@editeur.example");
        assert_eq!(headers["Auto-Submitted"], "auto-generated");
        let references = headers["References"].as_str().expect("a thread").split_whitespace();
        let before = headers["In-Reply-To"].as_str().expect("a mail");
        assert_eq!((references.clone().count(), references.last()), (2, Some(before)));
        let text = found["text"].as_str().expect("there is a text").replace("\r\n", "\n");
        assert_eq!(text.trim_end(), mail.text);
        assert_eq!(found["html"].as_str().expect("there is HTML").trim_end(), mail.html);
        let file = &found["files"][0];
        assert_eq!(
            (&file["name"], &file["type"]),
            (&Value::from(mail.attachments[0].name.as_str()), &"text/plain".into())
        );
        assert_eq!(file["text"].as_str().expect("it is text").replace("\r\n", "\n"), "Bonjour, l’été\n.\nfin\n");
    }
}

#[tokio::test]
#[ignore = "needs a mail server: scripts/check-smtp"]
async fn what_the_server_says_decides_what_the_caller_does() {
    let settings = settings("starttls", Encryption::Starttls);
    let check = |result: Result<(), MailError>, expected: &str| {
        let text = format!("{:?}", result.expect_err("it fails"));
        assert_eq!(text, expected);
    };
    check(send(&settings, &to("plus-tard")).await, "Unavailable(\"status 451\")");
    check(send(&settings, &to("jamais")).await, "Refused(\"status 550\")");
    let stranger = Settings { credentials: Some(("guichet".to_owned(), Secret::new("faux"))), ..settings.clone() };
    check(send(&stranger, &to("faux")).await, "ToBeMended(\"status 535\")");
    let nobody = Settings { credentials: None, ..settings.clone() };
    check(send(&nobody, &to("personne")).await, "ToBeMended(\"status 530\")");
    // Nothing listens on port 1.
    let closed = Settings { port: 1, ..settings };
    check(send(&closed, &to("absent")).await, "Unavailable(\"it cannot be reached, or the connection broke\")");
}

#[tokio::test]
#[ignore = "needs a mail server: scripts/check-smtp"]
async fn a_certificate_of_somebody_else_is_refused() {
    let expected = "ToBeMended(\"its certificate is not to be trusted\")";
    for server in ["other-name", "other-ca"] {
        let failure = send(&settings(server, Encryption::Starttls), &to(server)).await.expect_err("it is not trusted");
        assert_eq!(format!("{failure:?}"), expected, "{server}");
    }
    let unknown = Settings { ca: None, ..settings("tls", Encryption::Tls) };
    let failure = send(&unknown, &to("sans-ca")).await.expect_err("it is not trusted");
    assert_eq!(format!("{failure:?}"), expected);
    assert!(arrived("other-name@revendeur.example").is_empty() && arrived("sans-ca@revendeur.example").is_empty());
}

#[tokio::test]
#[ignore = "needs a mail server: scripts/check-smtp"]
async fn nothing_is_sent_in_the_clear_unless_that_was_asked_for_on_this_machine() {
    let plain = settings("plain", Encryption::Starttls);
    let failure = send(&plain, &to("clair")).await.expect_err("the server offers no STARTTLS");
    assert!(matches!(failure, MailError::Unavailable(_)), "{failure:?}");
    assert!(arrived("clair@revendeur.example").is_empty());

    let asked_for = Settings { encryption: Encryption::None, credentials: None, ..plain };
    send(&asked_for, &to("clair")).await.expect("it is accepted");
    assert_eq!(arrived("clair@revendeur.example").len(), 1);
    let elsewhere = Settings { host: "mail.editeur.example".to_owned(), ..asked_for };
    assert!(matches!(SmtpMailer::new(&elsewhere, sender()), Err(MailError::Invalid(_))));
}
