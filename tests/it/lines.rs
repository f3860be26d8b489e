//! A program that talks in lines over TCP.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;

use crate::guichet::{Guichet, answer, command, directory, two_cards};
use crate::staff;

#[test]
fn a_conversation_in_lines_has_questions_options_and_answers() {
    let dir = directory();
    let kb = two_cards(dir.path());
    let mut child = command(dir.path(), &["chat", "--kb", &kb, "--lines", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary can be started");
    let mut told = BufReader::new(child.stdout.take().expect("it has an output")).lines().map_while(Result::ok);
    let address = told.next().expect("it says where it listens");

    let mut stream = TcpStream::connect(address).expect("it listens");
    let mut read = BufReader::new(stream.try_clone().expect("a second handle"));
    let mut ask = |question: &str| {
        stream.write_all(format!("{question}\n").as_bytes()).expect("it is sent");
        let mut lines = read.by_ref().lines().map_while(Result::ok);
        lines.by_ref().take_while(|line| line != ".").collect::<Vec<_>>().join("\n")
    };
    let offer = ask("carte ?");
    let place = offer.lines().find(|line| line.contains("annuler")).and_then(|line| line.split('.').next());
    let answer = ask(place.expect("it is offered"));
    assert!(answer.contains("Pour annuler"), "{answer}");
    child.kill().expect("it runs");
    child.wait().expect("it ends");
}

/// A program that names its conversation finds it again on another connection, and hears what a person of the staff says in
/// it, once, when it is there.
#[tokio::test(flavor = "multi_thread")]
async fn a_named_conversation_goes_on_and_brings_what_agents_say() {
    let (dir, other) = (directory(), directory());
    let kb = two_cards(dir.path());
    let config = dir.path().join("guichet.toml");
    let store = format!("[store]\nurl = \"sqlite://{}\"\n", dir.path().join("shared.db").display());
    let jobs = "[jobs]\npoll_ms = 50\nfirst_wait_ms = 50\nlongest_wait_ms = 100\n";
    std::fs::write(&config, format!("{store}{jobs}{}", staff::SETTINGS)).expect("a file");
    let config = config.to_str().expect("UTF-8");
    let guichet = Guichet::start_with(dir.path(), &["--kb", &kb, "--config", config]);
    let mut child = command(other.path(), &["chat", "--kb", &kb, "--config", config, "--lines", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary can be started");
    let mut told = BufReader::new(child.stdout.take().expect("it has an output")).lines().map_while(Result::ok);
    let address = told.next().expect("it says where it listens");

    let mut one = Talk::with(&address);
    assert_eq!(one.say("@unnomquepersonnenedevine"), "");
    assert!(one.say("Comment annuler une carte ?").contains("Pour annuler"));
    let (_, list) = answer(staff::get(&guichet, "/conversations")).await;
    let id = list["conversations"][0]["id"].as_str().expect("one conversation goes on").to_owned();
    let act = async |method: reqwest::Method, what: &str, body: serde_json::Value| {
        let url = format!("{}/api/v1/staff/conversations/{id}/{what}", guichet.url);
        let sent = guichet.client.request(method, url).bearer_auth(staff::TOKEN).json(&body).send().await;
        assert!(sent.expect("it answers").status().is_success(), "{what}");
    };
    act(reqwest::Method::PUT, "agent", serde_json::Value::Null).await;
    assert!(tokio::task::block_in_place(|| one.hear()).contains("Inès"));
    // Nobody is there: what is said waits.
    drop(one);
    let said = serde_json::json!({ "text": "Je regarde.\n.", "request_key": "1" });
    act(reqwest::Method::POST, "messages", said.clone()).await;
    act(reqwest::Method::POST, "messages", said).await;
    let mut again = Talk::with(&address);
    assert_eq!(again.say("@unnomquepersonnenedevine"), "");
    assert_eq!(tokio::task::block_in_place(|| again.hear()), "Inès (support)\u{a0}:\nJe regarde.\n..");
    act(reqwest::Method::DELETE, "agent", serde_json::Value::Null).await;
    assert!(tokio::task::block_in_place(|| again.hear()).contains("a quitté la conversation"), "and nothing twice");

    let mut stranger = Talk::with(&address);
    assert!(stranger.say("@court").is_empty() && stranger.is_over(), "a name that others guess holds nothing");
    child.kill().expect("it runs");
    child.wait().expect("it ends");
}

/// A connection.
struct Talk {
    stream: TcpStream,
    read: BufReader<TcpStream>,
}

impl Talk {
    fn with(address: &str) -> Self {
        let stream = TcpStream::connect(address).expect("it listens");
        let read = BufReader::new(stream.try_clone().expect("a second handle"));
        Self { stream, read }
    }

    fn say(&mut self, line: &str) -> String {
        self.stream.write_all(format!("{line}\n").as_bytes()).expect("it is sent");
        self.hear()
    }

    /// The next text, up to the line with a full stop.
    fn hear(&mut self) -> String {
        let lines = self.read.by_ref().lines().map_while(Result::ok);
        lines.take_while(|line| line != ".").collect::<Vec<_>>().join("\n")
    }

    fn is_over(&mut self) -> bool {
        self.read.read(&mut [0]).is_ok_and(|read| read == 0)
    }
}
