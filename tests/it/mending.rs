//! A mail password that is wrong: nothing is given up, staff see why nothing leaves, and all of it leaves once that is mended.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::console::enter;
use crate::guichet::{Guichet, answer, directory};
use crate::staff;
use crate::tickets::{self, open_ticket};

/// A mail server that knows one password.
#[derive(Default)]
struct Server {
    refused: AtomicUsize,
    taken: AtomicUsize,
}

impl Server {
    async fn start() -> (u16, Arc<Self>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("it has an address").port();
        let server = Arc::new(Self::default());
        let each = Arc::clone(&server);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = Arc::clone(&each);
                // Who sends may be gone.
                tokio::spawn(async move { drop(server.serve(stream).await) });
            }
        });
        (port, server)
    }

    async fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 localhost\r\n").await?;
        let mut is_known = false;
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let words: Vec<&str> = line.split_whitespace().collect();
            let answer: &[u8] = match words.as_slice() {
                ["EHLO", ..] => b"250-localhost\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n",
                ["AUTH", "PLAIN", said] => {
                    is_known = STANDARD.decode(said).is_ok_and(|said| said.ends_with(b"\0juste"));
                    self.refused.fetch_add(usize::from(!is_known), Ordering::Relaxed);
                    if is_known { b"235 welcome\r\n" } else { b"535 wrong password\r\n" }
                }
                ["DATA"] if is_known => {
                    stream.write_all(b"354 go on\r\n").await?;
                    while stream.read_line(&mut line).await? > 0 && !line.ends_with("\r\n.\r\n") {}
                    self.taken.fetch_add(1, Ordering::Relaxed);
                    b"250 accepted\r\n"
                }
                ["QUIT"] => return stream.write_all(b"221 bye\r\n").await,
                _ => b"250 ok\r\n",
            };
            stream.write_all(answer).await?;
        }
    }
}

/// A service that sends mails with `password`; what waits for somebody waits half a minute.
fn start(dir: &Path, port: u16, password: &str) -> Guichet {
    let text = format!(
        "{}[support]\nbox = \"support@editeur.example\"\n[jobs]\npoll_ms = 50\nfirst_wait_ms = 1000\n\
         [mail]\ntransport = \"smtp\"\n[mail.smtp]\nhost = \"127.0.0.1\"\nport = {port}\nencryption = \"none\"\n\
         timeout_ms = 5000\nuser = \"guichet\"\npassword = \"{password}\"\n",
        staff::SETTINGS
    );
    let config = dir.join("guichet.toml");
    fs::write(&config, text).expect("a file");
    let arguments = ["--config", config.to_str().expect("UTF-8")];
    // What is outside answers meanwhile.
    tokio::task::block_in_place(|| Guichet::start_with(dir, &arguments))
}

async fn work(guichet: &Guichet, state: &str) -> Value {
    answer(tickets::staff(guichet, Method::GET, &format!("/jobs?state={state}"))).await.1
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_keeps_mails_waiting_is_told_to_staff_and_they_leave_once_it_is_mended() {
    let (dir, (port, server)) = (directory(), Server::start().await);
    let guichet = start(dir.path(), port, "faux");
    open_ticket(&guichet.partner().await).await;
    let held = loop {
        let held = work(&guichet, "queued").await["held"].take();
        if held.as_array().is_some_and(|held| !held.is_empty()) {
            break held;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert_eq!((&held[0]["work"], &held[0]["to_be_mended"]), (&json!("mail."), &json!(true)), "{held}");
    let reason = "the mail server does not take us, see [mail.smtp]: status 535";
    assert_eq!(held[0]["reason"], reason, "{held}");
    assert_eq!(work(&guichet, "dead").await["jobs"], json!([]), "nothing is given up");

    let agent = enter(&guichet, dir.path(), "agent").await;
    let page = agent.send("GET", "/console/envois", &[]).await.text().await.expect("a page");
    for said in ["Messages électroniques", "un réglage est à corriger", reason] {
        assert!(page.contains(said), "{said}: {page}");
    }
    // A server locks who tries a wrong password again and again: one try of each worker, whatever there is to send.
    for _ in 0..3 {
        open_ticket(&guichet.partner().await).await;
    }
    let tried = server.refused.load(Ordering::Relaxed);
    assert!((1..=2).contains(&tried), "{tried}");

    tokio::task::block_in_place(|| guichet.stop());
    let guichet = start(dir.path(), port, "juste");
    staff::wait_for_work(&guichet).await;
    assert_eq!(server.taken.load(Ordering::Relaxed), 8, "two mails of each of the four requests");
    let list = work(&guichet, "dead").await;
    assert_eq!((&list["jobs"], &list["held"]), (&json!([]), &json!([])));
}
