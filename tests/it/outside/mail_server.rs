//! A mail server that keeps what it accepts, and fails: before it has accepted a mail, or after.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::dice::Dice;

/// A mail that was accepted.
#[derive(Clone)]
pub(crate) struct Accepted {
    pub(crate) id: String,
    pub(crate) to: String,
    /// The reference that it names.
    pub(crate) reference: String,
}

/// The server; it ends with the test's runtime.
#[derive(Clone)]
pub(crate) struct MailServer {
    pub(crate) port: u16,
    mails: Arc<Mutex<Vec<Accepted>>>,
    dice: Arc<Dice>,
    /// How many of a hundred go wrong, at each of four places.
    failing: u64,
}

impl MailServer {
    pub(super) async fn start(dice: Dice, failing: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("it has an address").port();
        let server = Self { port, mails: Arc::default(), dice: Arc::new(dice), failing };
        let each = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = each.clone();
                // Who sends may be dead.
                tokio::spawn(async move { drop(server.serve(stream).await) });
            }
        });
        server
    }

    /// Every mail, as often as it was accepted.
    pub(crate) fn mails(&self) -> Vec<Accepted> {
        self.mails.lock().expect("no task panics with the lock").clone()
    }

    async fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        if self.dice.falls(self.failing) {
            return stream.get_ref().set_zero_linger();
        }
        stream.write_all(b"220 localhost\r\n").await?;
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let verb = line.split([' ', '\r']).next().unwrap_or_default().to_ascii_uppercase();
            let answer: &[u8] = match verb.as_str() {
                "EHLO" => b"250-localhost\r\n250 8BITMIME\r\n",
                "MAIL" if self.dice.falls(self.failing) => b"451 later\r\n",
                "DATA" => {
                    stream.write_all(b"354 go on\r\n").await?;
                    let Some(mail) = read_mail(&mut stream).await? else { return Ok(()) };
                    self.mails.lock().expect("no task panics with the lock").push(mail);
                    if self.dice.falls(self.failing) {
                        return stream.get_ref().set_zero_linger();
                    }
                    if self.dice.falls(self.failing) {
                        tokio::time::sleep(Duration::from_secs(5)).await;
                        return Ok(());
                    }
                    b"250 accepted\r\n"
                }
                "QUIT" => {
                    stream.write_all(b"221 bye\r\n").await?;
                    return Ok(());
                }
                _ => b"250 ok\r\n",
            };
            stream.write_all(answer).await?;
        }
    }
}

/// A mail that came to its end.
async fn read_mail(stream: &mut BufReader<TcpStream>) -> std::io::Result<Option<Accepted>> {
    let mut text = String::new();
    while !text.ends_with("\r\n.\r\n") {
        if stream.read_line(&mut text).await? == 0 {
            return Ok(None);
        }
    }
    let text = text.replace("=\r\n", "");
    let header =
        |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim().to_owned();
    Ok(Some(Accepted { id: header("Message-ID:"), to: header("To:"), reference: super::reference(&text) }))
}
