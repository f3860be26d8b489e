//! Partners who talk to a service that dies, and send again what was not answered, as the web chat does.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use tokio::sync::watch;

use super::service::Whereabouts;
use crate::guichet::client;
use crate::outside::{self, DeskServer, Dice};

/// How long somebody waits for an answer, and before trying again.
const PATIENCE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(20);
/// Longest time between two conversations.
const THINKING_MS: u64 = 400;

/// So many confirmed tickets may be on their way: what is asked for without end could never be worked off.
const AHEAD: usize = 60;

/// What was confirmed to a partner about one conversation.
#[derive(Default)]
pub(super) struct Told {
    pub(super) id: String,
    pub(super) token: String,
    pub(super) email: String,
    /// In the question, and nowhere else.
    pub(super) mark: String,
    pub(super) reference: String,
    /// It was asked for by the form: the conversation says so once.
    pub(super) is_by_form: bool,
    /// What was said and what was replied, in order.
    pub(super) messages: Vec<(String, Value)>,
    /// What was added to the ticket.
    pub(super) comments: Vec<String>,
    /// What should not be: a refusal, or two answers to one request.
    pub(super) complaints: Vec<String>,
}

/// What all partners count together.
#[derive(Default)]
pub(super) struct Tally {
    /// Conversations that came to their end.
    confirmed: AtomicUsize,
    /// Requests that had to be sent again.
    pub(super) unanswered: AtomicUsize,
}

/// One after the other, conversations that end with a ticket, until the service says that it is over.
pub(super) async fn talk(
    line: watch::Receiver<Whereabouts>,
    dice: Dice,
    number: u64,
    desk: DeskServer,
    tally: Arc<Tally>,
) -> Vec<Told> {
    let mut partner = Partner { line, dice, client: client(), told: Told::default(), tally };
    let mut all = Vec::new();
    while !partner.line.borrow().is_over {
        if partner.tally.confirmed.load(Ordering::Relaxed) > desk.count() + AHEAD {
            tokio::time::sleep(PAUSE).await;
            continue;
        }
        let mark = format!("plugh{number}n{}", all.len());
        partner.told = Told { email: format!("{mark}@revendeur.example"), mark, ..Told::default() };
        partner.converse().await;
        partner.tally.confirmed.fetch_add(1, Ordering::Relaxed);
        all.push(std::mem::take(&mut partner.told));
        tokio::time::sleep(partner.dice.millis(THINKING_MS)).await;
    }
    all
}

struct Partner {
    line: watch::Receiver<Whereabouts>,
    dice: Dice,
    client: Client,
    told: Told,
    tally: Arc<Tally>,
}

impl Partner {
    async fn converse(&mut self) {
        let opened = self.insist("/api/v1/conversations", &json!({})).await;
        let text = |name: &str| opened[name].as_str().unwrap_or_default().to_owned();
        (self.told.id, self.told.token) = (text("id"), text("token"));
        let question = format!("xyzzy {} ?", self.told.mark);
        self.say(&question, None).await;
        if self.dice.falls(50) {
            self.confirm_dialogue().await;
        } else {
            self.ask_for_ticket().await;
        }
        if self.dice.falls(20) {
            self.add_in_dialogue().await;
        }
        for number in 0..self.dice.below(3) {
            self.comment(number).await;
        }
    }

    /// The dialogue of the chat, to its end.
    async fn confirm_dialogue(&mut self) {
        self.say("Oui", Some("do:ticket")).await;
        let who = format!("Léa Martin, {}, société Dupond", self.told.email);
        self.say(&who, None).await;
        let reply = self.say("Envoyer", Some("do:confirm")).await;
        self.told.reference = outside::reference(&reply.to_string());
    }

    /// The form of the portal.
    async fn ask_for_ticket(&mut self) {
        let asked = json!({
            "request_key": "k", "name": "Léa Martin", "email": self.told.email, "subject": self.told.mark,
            "description": "Où est-ce ?",
        });
        let ticket = self.request(&format!("/api/v1/conversations/{}/tickets", self.told.id), &asked).await;
        self.told.reference = outside::reference(&ticket["reference"].to_string());
        self.told.is_by_form = true;
    }

    /// Asks again, and adds it to the ticket that is open.
    async fn add_in_dialogue(&mut self) {
        let text = format!("xyzzy {} encore ?", self.told.mark);
        self.say(&text, None).await;
        self.say("Oui", Some("do:ticket")).await;
        let add = format!("do:add:{}", self.told.reference);
        self.say("Ajouter", Some(&add)).await;
        self.told.comments.push(text);
    }

    async fn comment(&mut self, number: u64) {
        let text = format!("Complément {number} de {}", self.told.mark);
        let path = format!("/api/v1/conversations/{}/tickets/{}/comments", self.told.id, self.told.reference);
        self.request(&path, &json!({ "text": text, "request_key": number.to_string() })).await;
        self.told.comments.push(text);
    }

    /// Says something; the reply is noted.
    async fn say(&mut self, text: &str, option: Option<&str>) -> Value {
        let message = json!({ "text": text, "option": option, "client_id": self.told.messages.len().to_string() });
        let reply = self.request(&format!("/api/v1/conversations/{}/messages", self.told.id), &message).await;
        self.told.messages.push((text.to_owned(), reply.clone()));
        reply
    }

    /// Sends something, sometimes twice at once, which must get the same answer.
    async fn request(&mut self, path: &str, body: &Value) -> Value {
        if !self.dice.falls(20) {
            return self.insist(path, body).await;
        }
        let (mut one, mut two) = tokio::join!(self.insist(path, body), self.insist(path, body));
        for answer in [&mut one, &mut two] {
            // A ticket changes while it is handed over.
            answer.as_object_mut().map(|answer| answer.remove("updated_at"));
        }
        if one != two {
            self.told.complaints.push(format!("{path} answers {one} and {two}"));
        }
        one
    }

    /// Sends until there is an answer.
    async fn insist(&self, path: &str, body: &Value) -> Value {
        let mut line = self.line.clone();
        loop {
            let found = line.wait_for(|told| told.url.is_some()).await.map(|told| told.url.clone().unwrap_or_default());
            let url = found.expect("the service outlives the partners") + path;
            let request = self.client.post(url).timeout(PATIENCE).bearer_auth(&self.told.token).json(body);
            match send(request).await {
                Some((status, answer)) if (200..300).contains(&status) => return answer,
                Some((status, answer)) if (400..500).contains(&status) => panic!("{path} answers {status}: {answer}"),
                _ => {
                    self.tally.unanswered.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }
}

/// Status and JSON, when an answer comes whole.
async fn send(request: RequestBuilder) -> Option<(u16, Value)> {
    let response = request.send().await.ok()?;
    let status = response.status().as_u16();
    let body = response.bytes().await.ok()?;
    Some((status, serde_json::from_slice(&body).unwrap_or_default()))
}
