//! What `scripts/bench` measures with: a bare JSON echo on the same libraries as the service, and a client that costs little
//! itself. Never shipped.
//!
//! ```sh
//! load echo                                     # prints its port and serves
//! load drive PORT echo|turn|new CONNECTIONS SECONDS [REQUESTS_PER_SECOND]
//! ```
//!
//! `turn` asks few questions again and again, as partners do who press what is proposed; `new` asks each in words that were
//! hardly used before, so that nothing is remembered.
//!
//! `drive` prints one line of JSON. Without a rate, each connection sends the next request when it has the answer; with one,
//! requests are due at fixed times, and what is measured is the time from when it was due, so that a service that stalls
//! cannot hide it (coordinated omission).

use std::error::Error;
use std::io::Write as _;
use std::time::{Duration, Instant};

use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

type Failure = Box<dyn Error + Send + Sync>;

/// Asked in turn; none is asked twice in a row of one conversation.
const QUESTIONS: [&str; 6] = [
    "Où trouver les clés de mon client ?",
    "mot de passe perdu",
    "comment créer un ticket zendesk ?",
    "resilier un contrat",
    "bonjour",
    "comment commander une licence",
];
/// What stands before a question and after it, so that it has not been asked in these words.
const BEFORE: [&str; 12] = [
    "bonjour, ",
    "svp ",
    "dites moi ",
    "je cherche : ",
    "question rapide, ",
    "on me demande ",
    "hello ",
    "petite question ",
    "besoin d'aide ",
    "alors ",
    "je ne sais plus ",
    "dis ",
];
const AFTER: [&str; 12] = [
    "",
    " merci",
    " svp",
    " c'est urgent",
    " aujourd'hui",
    " d'avance merci",
    " pour un collègue",
    " dès que possible",
    " encore une fois",
    " s'il te plaît",
    " vite",
    " je suis perdu",
];
const BETWEEN: [&str; 12] = [
    "",
    " ce matin",
    " rapidement",
    " sur le portail",
    " moi même",
    " tout de suite",
    " quand on débute",
    " en ligne",
    " sans passer par vous",
    " en pratique",
    " exactement",
    " déjà",
];
/// Turns in one conversation: then a new one is opened, whose cost counts.
const TURNS: usize = 20;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["echo"] => echo().await,
        ["drive", port, what, connections, seconds] => drive(port, what, connections, seconds, None).await,
        ["drive", port, what, connections, seconds, rate] => {
            drive(port, what, connections, seconds, Some(rate.parse()?)).await
        }
        _ => Err("load echo | load drive PORT echo|turn CONNECTIONS SECONDS [REQUESTS_PER_SECOND]".into()),
    }
}

async fn echo() -> Result<(), Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    say(&listener.local_addr()?.port().to_string())?;
    let router = Router::new().route("/echo", post(async |Json(body): Json<Value>| Json(body)));
    Ok(axum::serve(listener, router).await?)
}

fn say(line: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

async fn drive(port: &str, what: &str, connections: &str, seconds: &str, rate: Option<f64>) -> Result<(), Failure> {
    let (port, connections): (u16, u32) = (port.parse()?, connections.parse()?);
    let lasting = Duration::from_secs_f64(seconds.parse()?);
    let begun = Instant::now();
    let every = rate.map(|rate| Duration::from_secs_f64(f64::from(connections) / rate));
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..connections {
        let (is_turn, is_new) = (what != "echo", what == "new");
        let first = every.map_or(Duration::ZERO, |every| every.mul_f64(f64::from(number) / f64::from(connections)));
        tasks.spawn(async move {
            let mut client =
                Client::new(port, is_turn, is_new.then_some((number * 109 + std::process::id() * 997) as usize))
                    .await?;
            let (mut times, mut due) = (Vec::new(), begun + first);
            while begun.elapsed() < lasting {
                match every {
                    Some(every) => {
                        tokio::time::sleep_until(due.into()).await;
                        client.step().await?;
                        times.push(due.elapsed());
                        due += every;
                    }
                    None => {
                        let sent = Instant::now();
                        client.step().await?;
                        times.push(sent.elapsed());
                    }
                }
            }
            Ok::<_, Failure>(times)
        });
    }
    let mut times = Vec::new();
    while let Some(done) = tasks.join_next().await {
        times.extend(done??);
    }
    let took = begun.elapsed().as_secs_f64();
    times.sort();
    let of = |share: f64| {
        let at = (times.len() as f64 * share) as usize;
        times.get(at.min(times.len().saturating_sub(1))).map_or(0.0, |time| (time.as_secs_f64() * 1e6).round() / 1e3)
    };
    say(&json!({
        "what": what, "connections": connections, "seconds": took, "requests": times.len(),
        "per_second": (times.len() as f64 / took * 10.0).round() / 10.0,
        "p50_ms": of(0.5), "p90_ms": of(0.9), "p99_ms": of(0.99), "p999_ms": of(0.999),
    })
    .to_string())
}

/// One connection that stays open, and on it one conversation after the other.
struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
    is_turn: bool,
    /// Where this connection begins among the ways to ask, when each is asked in its own words; another place in each run.
    new: Option<usize>,
    conversation: Option<(String, String)>,
    steps: usize,
}

impl Client {
    async fn new(port: u16, is_turn: bool, new: Option<usize>) -> Result<Self, Failure> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::new(), is_turn, new, conversation: None, steps: 0 })
    }

    /// One request, with a conversation to make it in.
    async fn step(&mut self) -> Result<(), Failure> {
        let question = self.question();
        if !self.is_turn {
            self.steps += 1;
            let body = json!({ "text": question, "client_id": self.steps.to_string() }).to_string();
            return self.post("/echo", "", &body).await.map(drop);
        }
        if self.steps.is_multiple_of(TURNS) || self.conversation.is_none() {
            let opened: Value = serde_json::from_slice(&self.post("/api/v1/conversations", "", "{}").await?)?;
            let text = |name: &str| opened[name].as_str().map(str::to_owned).ok_or("a conversation is opened");
            self.conversation = Some((text("id")?, text("token")?));
        }
        self.steps += 1;
        let (id, token) = self.conversation.clone().ok_or("there is one")?;
        let body = json!({ "text": question, "client_id": self.steps.to_string() }).to_string();
        let token = format!("Authorization: Bearer {token}\r\n");
        self.post(&format!("/api/v1/conversations/{id}/messages"), &token, &body).await.map(drop)
    }

    /// What is asked now.
    fn question(&self) -> String {
        let question = QUESTIONS[self.steps % QUESTIONS.len()];
        let Some(first) = self.new else { return question.to_owned() };
        // A step that has no factor in common with the number of ways: all come before one comes again.
        let ways = BEFORE.len() * BETWEEN.len() * AFTER.len();
        let way = (first * 109 + self.steps * 5) % ways;
        let (before, way) = (BEFORE[way % BEFORE.len()], way / BEFORE.len());
        let (between, after) = (BETWEEN[way % BETWEEN.len()], AFTER[way / BETWEEN.len()]);
        format!("{before}{question}{between}{after}")
    }

    /// The body of the answer; anything but 2xx is a failure.
    async fn post(&mut self, path: &str, headers: &str, body: &str) -> Result<Vec<u8>, Failure> {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{headers}Content-Length: {}\r\n\r\n",
            body.len()
        );
        self.stream.write_all((head + body).as_bytes()).await?;
        self.buffer.clear();
        loop {
            let mut part = [0; 16_384];
            let read = self.stream.read(&mut part).await?;
            if read == 0 {
                return Err("the connection was closed".into());
            }
            self.buffer.extend_from_slice(&part[..read]);
            let Some(end) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
            let head = std::str::from_utf8(&self.buffer[..end])?;
            let length: usize = head
                .lines()
                .find_map(|line| {
                    line.to_ascii_lowercase().strip_prefix("content-length:").map(|text| text.trim().parse())
                })
                .ok_or("answers have a length")??;
            if self.buffer.len() < end + 4 + length {
                continue;
            }
            let body = self.buffer[end + 4..].to_vec();
            if !head.starts_with("HTTP/1.1 2") {
                return Err(format!("{path}: {head}\n{}", String::from_utf8_lossy(&body)).into());
            }
            return Ok(body);
        }
    }
}
