//! A program that wants to hear what happens to tickets.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::guichet::{Guichet, answer, directory};
use crate::tickets::{open_ticket, staff};

const SECRET: &str = "un-secret-partagé-de-trente-deux-lettres";
const TOKEN: &str = "un-secret-de-trente-deux-lettres!";

/// A message as it arrived.
struct Heard {
    head: String,
    body: String,
}

impl Heard {
    fn header(&self, name: &str) -> &str {
        let line = self.head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_else(|| panic!("{name} is missing in {}", self.head))
    }

    /// What is told, if the signature is right.
    fn told(&self) -> Value {
        let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("any key");
        let signed = format!("{}.{}", self.header("x-guichet-timestamp"), self.body);
        let signature = STANDARD.decode(self.header("x-guichet-signature")).expect("base64");
        mac.chain_update(signed.as_bytes()).verify_slice(&signature).expect("the signature is right");
        let told: Value = serde_json::from_str(&self.body).expect("JSON");
        assert_eq!(told["id"], self.header("x-guichet-event-id"));
        told
    }
}

/// Hears messages on a port of its own and answers each with the next of `statuses`, then with 204.
async fn listen(statuses: &[&'static str]) -> (u16, mpsc::UnboundedReceiver<Heard>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let (sender, heard) = mpsc::unbounded_channel();
    let mut statuses: Vec<&str> = statuses.iter().rev().copied().collect();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let message = read(&mut stream).await;
            let status = statuses.pop().unwrap_or("204 No Content");
            let answer = format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.expect("it listens");
            if sender.send(message).is_err() {
                return;
            }
        }
    });
    (port, heard)
}

async fn read(stream: &mut TcpStream) -> Heard {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let count = stream.read(&mut chunk).await.expect("it can be read");
        bytes.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
            if body.len() >= length.parse::<usize>().expect("a number") {
                return Heard { head: head.to_owned(), body: body.to_owned() };
            }
        }
        assert_ne!(count, 0, "it ends in the middle");
    }
}

fn start(dir: &Path, webhooks: &[(u16, &str, bool)]) -> Guichet {
    let mut text = format!("[[staff.token]]\nname = \"Inès\"\nsecret = \"{TOKEN}\"\n[jobs]\npoll_ms = 50\n");
    for (port, events, with_personal_data) in webhooks {
        text.push_str(&format!(
            "[[webhook]]\nurl = \"http://127.0.0.1:{port}/guichet?a=1\"\nsecret = \"{SECRET}\"\nevents = [{events}]\n\
             with_personal_data = {with_personal_data}\n"
        ));
    }
    let config = dir.join("guichet.toml");
    fs::write(&config, text).expect("a file");
    Guichet::start_with(dir, &["--config", config.to_str().expect("UTF-8")])
}

#[tokio::test]
async fn what_happens_to_a_ticket_is_told_signed_until_it_is_heard() {
    let dir = directory();
    let (port, mut heard) = listen(&["500 Internal Server Error"]).await;
    let (curious_port, mut curious) = listen(&[]).await;
    let all = "\"ticket.created\", \"ticket.changed\", \"ticket.commented\"";
    let guichet = start(dir.path(), &[(port, all, false), (curious_port, "\"ticket.commented\"", true)]);
    let reference = open_ticket(&guichet.partner().await).await;

    let first = heard.recv().await.expect("a message");
    assert!(first.head.starts_with("POST /guichet?a=1 HTTP/1.1"), "{}", first.head);
    let again = heard.recv().await.expect("a message").told();
    assert_eq!(first.told(), again, "what was not taken comes again with the same id");
    let at = again["at"].as_i64().expect("a time");
    let id = format!("ticket.created/{reference}/{at}");
    let expected = json!({"id": id, "event": "ticket.created", "reference": reference, "status": "new", "at": at});
    assert_eq!(again, expected, "nothing else is told");

    let said = json!({"text": "Voici la clé.", "public": true, "request_key": "1"});
    let path = format!("/tickets/{reference}/comments");
    staff(&guichet, Method::POST, &path).json(&said).send().await.expect("it answers");
    let mut kinds = Vec::new();
    for _ in 0..2 {
        let message = heard.recv().await.expect("a message");
        assert!(!message.body.contains("Voici") && !message.body.contains("Inès"), "{}", message.body);
        let told = message.told();
        assert_eq!(told["status"], "open");
        kinds.push(told["event"].as_str().expect("a kind").to_owned());
    }
    kinds.sort();
    assert_eq!(kinds, ["ticket.changed", "ticket.commented"]);

    let told = curious.recv().await.expect("a message").told();
    assert_eq!((&told["event"], &told["comment"]["public"]), (&json!("ticket.commented"), &json!(true)));
    assert_eq!((&told["comment"]["text"], &told["comment"]["author"]), (&json!("Voici la clé."), &json!("Inès")));
    assert_eq!(told["ticket"]["requester"]["email"], "lea@revendeur.example");
}

#[tokio::test]
async fn who_refuses_is_not_asked_again_and_nobody_is_sent_elsewhere() {
    let dir = directory();
    let (elsewhere, mut unheard) = listen(&[]).await;
    let moved: &'static str =
        Box::leak(format!("307 Moved\r\nLocation: http://127.0.0.1:{elsewhere}/").into_boxed_str());
    let (port, mut heard) = listen(&[moved, "410 Gone"]).await;
    let guichet = start(dir.path(), &[(port, "\"ticket.created\"", false)]);
    let partner = guichet.partner().await;
    open_ticket(&partner).await;
    heard.recv().await.expect("a message");
    open_ticket(&guichet.partner().await).await;
    heard.recv().await.expect("a message");
    for _ in 0..600 {
        let (_, jobs) = answer(staff(&guichet, Method::GET, "/jobs?state=dead")).await;
        let dead = jobs["jobs"].as_array().expect("a list");
        if dead.len() == 2 {
            let reasons: Vec<&Value> = dead.iter().map(|job| &job["last_error"]).collect();
            assert_eq!(reasons, ["the subscriber refuses: status 410", "the subscriber refuses: status 307"]);
            assert!(unheard.try_recv().is_err(), "a redirect is not followed");
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the work is never given up");
}

/// The dead work, once there is some.
async fn dead_work(guichet: &Guichet) -> Value {
    for _ in 0..600 {
        let (_, jobs) = answer(staff(guichet, Method::GET, "/jobs?state=dead")).await;
        if jobs["jobs"].as_array().is_some_and(|jobs| !jobs.is_empty()) {
            return jobs["jobs"].clone();
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the work is never given up");
}

#[tokio::test]
async fn work_that_was_given_up_is_begun_again_by_staff_and_only_once() {
    let dir = directory();
    let (port, mut heard) = listen(&["410 Gone", "410 Gone"]).await;
    let guichet = start(dir.path(), &[(port, "\"ticket.created\"", false)]);
    open_ticket(&guichet.partner().await).await;
    let first = heard.recv().await.expect("a message").told();
    let dead = dead_work(&guichet).await;
    assert_eq!((&dead[0]["kind"], &dead[0]["attempts"]), (&json!("webhook.deliver"), &json!(1)), "{dead}");
    let id = dead[0]["id"].as_str().expect("an id").to_owned();
    assert!(dead[0].get("payload").is_none(), "what it carries is not shown");

    // It fails again: it is there again, with what it says now.
    let replay = || staff(&guichet, Method::POST, &format!("/jobs/{id}/replay"));
    assert_eq!(replay().send().await.expect("it answers").status().as_u16(), 204);
    assert_eq!(heard.recv().await.expect("a message").told(), first, "the same event under the same id");
    assert_eq!(dead_work(&guichet).await[0]["attempts"], 1, "it began as if it were new");
    // By its kind; now it is taken.
    let kind = json!({"kind": "webhook.deliver"});
    let (status, replayed) = answer(staff(&guichet, Method::POST, "/jobs/replay").json(&kind)).await;
    assert_eq!((status.as_u16(), &replayed["count"]), (200, &json!(1)));
    assert_eq!(heard.recv().await.expect("a message").told(), first);
    crate::staff::wait_for_work(&guichet).await;
    let (_, jobs) = answer(staff(&guichet, Method::GET, "/jobs")).await;
    assert_eq!((&jobs["jobs"], &jobs["held"]), (&json!([]), &json!([])));
    let (status, problem) = answer(replay()).await;
    assert_eq!((status.as_u16(), &problem["code"]), (404, &json!("job-not-found")), "what is done is not begun again");
}

#[tokio::test]
async fn a_subscriber_that_asks_to_wait_is_left_alone_and_staff_see_it() {
    let dir = directory();
    let (port, mut heard) = listen(&["429 Slow\r\nRetry-After: 600"]).await;
    let (other_port, mut other) = listen(&[]).await;
    let event = "\"ticket.created\"";
    let guichet = start(dir.path(), &[(port, event, false), (other_port, event, false)]);
    open_ticket(&guichet.partner().await).await;
    heard.recv().await.expect("a message");
    let held = loop {
        let (_, jobs) = answer(staff(&guichet, Method::GET, "/jobs")).await;
        if jobs["held"].as_array().is_some_and(|held| !held.is_empty()) {
            break jobs["held"].clone();
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    assert_eq!(held[0]["to_be_mended"], json!(false), "{held}");
    assert!(held[0]["work"].as_str().is_some_and(|work| work.starts_with("webhook.deliver/")), "{held}");
    let wait = held[0]["until"].as_i64().zip(held[0]["since"].as_i64()).map(|(until, since)| until - since);
    assert_eq!(wait, Some(600_000), "as long as it asked for");
    // Another subscriber is told as always; what comes later for this one is not even tried.
    other.recv().await.expect("a message");
    open_ticket(&guichet.partner().await).await;
    other.recv().await.expect("a message");
    assert!(heard.try_recv().is_err());
}

#[test]
fn an_address_that_could_be_listened_to_is_refused_at_the_start() {
    let dir = directory();
    let config = dir.path().join("guichet.toml");
    let start = |webhook: &str| {
        fs::write(&config, format!("[[webhook]]\n{webhook}\n")).expect("a file");
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--config", config.to_str().expect("UTF-8")];
        let output = crate::guichet::run(dir.path(), &arguments);
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let events = "events = [\"ticket.created\"]";
    let said = start(&format!("url = \"http://programme.example/\"\nsecret = \"{SECRET}\"\n{events}"));
    assert!(said.contains("[[webhook]] number 1") && said.contains("https://"), "{said}");
    let said = start(&format!("url = \"https://programme.example/\"\nsecret = \"court\"\n{events}"));
    assert!(said.contains("shorter than 32") && !said.contains("court"), "{said}");
    let said = start(&format!("url = \"https://programme.example/\"\nsecret = \"{SECRET}\"\nevents = [\"ticket.x\"]"));
    assert!(said.contains("ticket.x"), "{said}");
}
