//! A program that talks in lines over TCP.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;

use crate::guichet::{command, directory, two_cards};

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
