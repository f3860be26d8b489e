//! The desk behind a network and a front end that fail: before what is asked for is done, or after.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::desk::{Answer, Desk, Held, Request};
use super::dice::Dice;

/// Longest time of a late answer, and until a list shows a new ticket.
const LATE_MS: u64 = 200;
const LAG_MS: u64 = 400;

/// How a request goes wrong.
#[derive(Clone, Copy)]
enum Fault {
    /// Nothing is done: the connection breaks, or the answer says so.
    ResetBefore,
    RateLimited,
    Unavailable,
    FailedBefore,
    /// It is done, and the caller does not hear of it.
    ResetAfter,
    Silence,
    Stall,
    FailedAfter,
    Rubbish,
}

const FAULTS: [Fault; 9] = [
    Fault::ResetBefore,
    Fault::RateLimited,
    Fault::Unavailable,
    Fault::FailedBefore,
    Fault::ResetAfter,
    Fault::Silence,
    Fault::Stall,
    Fault::FailedAfter,
    Fault::Rubbish,
];

/// The server; it ends with the test's runtime.
#[derive(Clone)]
pub(crate) struct DeskServer {
    pub(crate) url: String,
    desk: Arc<Mutex<Desk>>,
    dice: Arc<Dice>,
    /// How many of a hundred requests go wrong; as many are answered late.
    failing: u64,
    faults: Arc<AtomicU64>,
    /// Beginning of the request that is not answered, once.
    swallowed: Arc<Mutex<Option<&'static str>>>,
}

impl DeskServer {
    pub(super) async fn start(dice: Dice, failing: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("it has an address"));
        let server = Self {
            url,
            desk: Arc::default(),
            dice: Arc::new(dice),
            failing,
            faults: Arc::default(),
            swallowed: Arc::default(),
        };
        let each = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = each.clone();
                tokio::spawn(async move { server.serve(stream).await });
            }
        });
        server
    }

    /// Every ticket that was created.
    pub(crate) fn tickets(&self) -> Vec<Held> {
        self.desk.lock().expect("no task panics with the lock").tickets.clone()
    }

    /// An agent answers there and says where the ticket stands then; the id of what is said.
    pub(crate) fn answer_as_agent(&self, reference: &str, text: &str, status: &str) -> String {
        self.desk.lock().expect("no task panics with the lock").answer_as_agent(reference, text, status)
    }

    /// The same about the ticket with this id.
    pub(crate) fn answer_there(&self, id: usize, text: &str, status: &str) -> String {
        self.desk.lock().expect("no task panics with the lock").answer_there(id, text, status)
    }

    /// Somebody wrote a mail to it long ago, and an agent has answered it; its id.
    pub(crate) fn receive(&self, email: &str, subject: &str, answer: &str) -> usize {
        self.desk.lock().expect("no task panics with the lock").receive(email, subject, answer)
    }

    /// How often it was read what was said about a ticket.
    pub(crate) fn readings(&self) -> usize {
        self.desk.lock().expect("no task panics with the lock").readings
    }

    /// How many tickets were created.
    pub(crate) fn count(&self) -> usize {
        self.desk.lock().expect("no task panics with the lock").tickets.len()
    }

    /// The next request that begins so is done and never answered.
    pub(crate) fn swallow_next(&self, beginning: &'static str) {
        *self.swallowed.lock().expect("no task panics with the lock") = Some(beginning);
    }

    /// How many requests went wrong.
    pub(crate) fn faults(&self) -> u64 {
        self.faults.load(Ordering::Relaxed)
    }

    fn answer(&self, request: &Request) -> Answer {
        let lag = self.dice.millis(LAG_MS);
        self.desk.lock().expect("no task panics with the lock").answer(request, lag)
    }

    fn is_swallowed(&self, request: &Request) -> bool {
        let mut swallowed = self.swallowed.lock().expect("no task panics with the lock");
        swallowed.take_if(|beginning| request.line.starts_with(*beginning)).is_some()
    }

    async fn serve(&self, mut stream: TcpStream) {
        let Some(request) = read(&mut stream).await else { return };
        if self.is_swallowed(&request) {
            self.answer(&request);
            return hold(stream).await;
        }
        if !self.dice.falls(self.failing) {
            let (status, body) = self.answer(&request);
            if self.dice.falls(self.failing) {
                tokio::time::sleep(self.dice.millis(LATE_MS)).await;
            }
            return write(&mut stream, status, "", &body.to_string()).await;
        }
        self.faults.fetch_add(1, Ordering::Relaxed);
        let fault = FAULTS[usize::try_from(self.dice.below(FAULTS.len() as u64)).expect("it is small")];
        let is_done = match fault {
            Fault::ResetBefore | Fault::RateLimited | Fault::Unavailable | Fault::FailedBefore => false,
            Fault::ResetAfter | Fault::Silence | Fault::Stall | Fault::FailedAfter | Fault::Rubbish => true,
        };
        if is_done {
            self.answer(&request);
        }
        match fault {
            Fault::ResetBefore | Fault::ResetAfter => drop(stream.set_zero_linger()),
            Fault::RateLimited => write(&mut stream, 429, "Retry-After: 1\r\n", "{}").await,
            Fault::Unavailable => write(&mut stream, 503, "Retry-After: 0\r\n", "down").await,
            Fault::FailedBefore | Fault::FailedAfter => write(&mut stream, 500, "", "{\"error\":\"x\"}").await,
            Fault::Silence => hold(stream).await,
            Fault::Stall => {
                let _ = stream.write_all(b"HTTP/1.1 201 X\r\nContent-Length: 1000\r\n\r\n{\"ticket\":").await;
                hold(stream).await;
            }
            Fault::Rubbish => write(&mut stream, 201, "", "<html>").await,
        }
    }
}

async fn write(stream: &mut TcpStream, status: u16, headers: &str, body: &str) {
    let date = jiff::Timestamp::now().strftime("%a, %d %b %Y %H:%M:%S GMT");
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} X\r\nDate: {date}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n"
    );
    // Who asked may be dead.
    let _ = stream.write_all((head + body).as_bytes()).await;
}

/// Until the client gives up.
async fn hold(mut stream: TcpStream) {
    let wait = async { while matches!(stream.read(&mut [0; 64]).await, Ok(1..)) {} };
    let _ = tokio::time::timeout(Duration::from_secs(60), wait).await;
}

/// A request; none when it never comes whole: then nothing is done.
async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        stream.read_buf(&mut bytes).await.ok().filter(|read| *read > 0)?;
    };
    let mut body = bytes.split_off(end + 4);
    let head = String::from_utf8(bytes).expect("heads are text");
    let header = |name: &str| {
        let lines = head.lines().filter_map(|line| line.split_once(':'));
        lines.filter(|line| line.0.eq_ignore_ascii_case(name)).map(|line| line.1.trim().to_owned()).next()
    };
    let length: usize = header("content-length").map_or(0, |length| length.parse().expect("a number"));
    while body.len() < length {
        stream.read_buf(&mut body).await.ok().filter(|read| *read > 0)?;
    }
    let line = head.lines().next()?.trim_end_matches(" HTTP/1.1");
    Some(Request { line: decode(line), key: header("idempotency-key"), body })
}

/// `%40` is `@`.
fn decode(line: &str) -> String {
    let mut parts = line.split('%');
    let mut decoded = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let byte = part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        decoded.extend(byte);
        decoded.extend(part.bytes().skip(2));
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
