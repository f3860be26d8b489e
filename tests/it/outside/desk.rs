//! A Zendesk that keeps what it is told, as far as the client uses it. It knows nothing of failures: `desk_server` adds
//! them.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// A request that arrived whole.
pub(crate) struct Request {
    /// `GET /api/v2/tickets?external_id=…`, decoded.
    pub(crate) line: String,
    pub(crate) key: Option<String>,
    pub(crate) body: Vec<u8>,
}

/// Status and JSON.
pub(crate) type Answer = (u16, Value);

/// A ticket that was created.
#[derive(Clone)]
pub(crate) struct Held {
    pub(crate) reference: String,
    /// What the person says first, and what the file of the conversation says.
    pub(crate) first: String,
    pub(crate) transcript: String,
    /// What was added.
    pub(crate) comments: Vec<String>,
    pub(crate) id: usize,
    pub(crate) status: String,
    /// `problem`, `incident`, or nothing.
    pub(crate) kind: Value,
    /// The problem that it is linked to.
    pub(crate) problem: Value,
    /// What an agent said publicly: text and time.
    answers: Vec<(String, String)>,
    subject: String,
    /// Of whoever asks.
    email: String,
    audits: Vec<Value>,
    updated_at: String,
    /// Lists show it from here on.
    listed_from: Instant,
}

#[derive(Default)]
pub(crate) struct Desk {
    pub(crate) tickets: Vec<Held>,
    /// Idempotency keys: the body that each came with, and the place of its ticket.
    keys: HashMap<String, (Vec<u8>, usize)>,
    uploads: Vec<String>,
    /// How often what was said about a ticket was read.
    pub(crate) readings: usize,
    /// Addresses, and from when on the search knows them.
    users: Vec<(String, Instant)>,
}

impl Desk {
    /// What Zendesk does and answers. `lag`: how long lists do not show what is created now.
    pub(crate) fn answer(&mut self, request: &Request, lag: Duration) -> Answer {
        let (path, query) = request.line.split_once('?').unwrap_or((&request.line, ""));
        let ticket = path.split('/').nth(4).and_then(|id| id.parse::<usize>().ok());
        match (path, ticket) {
            ("GET /api/v2/users/me", _) => (200, json!({ "user": { "id": 1, "email": null } })),
            ("GET /api/v2/tickets/show_many", _) => {
                let ids: Vec<&str> = query.trim_start_matches("ids=").split(',').collect();
                let is_asked = |held: &&Held| ids.contains(&held.id.to_string().as_str());
                (200, json!({ "tickets": self.tickets.iter().filter(is_asked).map(shown).collect::<Vec<_>>() }))
            }
            ("GET /api/v2/users/search", _) => self.search_users(query),
            ("GET /api/v2/search", _) => self.search(query),
            ("GET /api/v2/tickets", _) => self.list(query),
            ("POST /api/v2/uploads", _) => {
                self.uploads.push(String::from_utf8_lossy(&request.body).into_owned());
                (201, json!({ "upload": { "token": format!("t{}", self.uploads.len()) } }))
            }
            ("POST /api/v2/tickets", _) => self.create(request, lag),
            (_, Some(id)) if (1..=self.tickets.len()).contains(&id) => self.of_ticket(path, id - 1, request),
            _ => (404, json!({ "error": "RecordNotFound" })),
        }
    }

    fn list(&self, query: &str) -> Answer {
        let wanted = query.strip_prefix("external_id=").unwrap_or_default();
        let is_shown = |held: &&Held| held.reference == wanted && held.listed_from <= Instant::now();
        let found: Vec<Value> = self.tickets.iter().filter(is_shown).map(shown).collect();
        (200, json!({ "tickets": found }))
    }

    fn search_users(&self, query: &str) -> Answer {
        let address = query.trim_start_matches("query=email:").trim_matches('"');
        let found = self.users.iter().position(|user| user.0 == address && user.1 <= Instant::now());
        let users: Vec<Value> = found.iter().map(|place| json!({ "id": place + 100, "email": address })).collect();
        (200, json!({ "users": users }))
    }

    /// Tickets of an address that are not solved.
    fn search(&self, query: &str) -> Answer {
        let address = query.split('"').nth(1).unwrap_or_default();
        let is_open = |held: &&Held| held.email == address && !matches!(held.status.as_str(), "solved" | "closed");
        let found = self.tickets.iter().filter(is_open).map(|held| {
            let mut ticket = shown(held);
            ticket["result_type"] = json!("ticket");
            ticket
        });
        (200, json!({ "results": found.collect::<Vec<_>>() }))
    }

    /// Somebody wrote a mail to the desk long ago, and an agent has answered it; its id.
    pub(crate) fn receive(&mut self, email: &str, subject: &str, answer: &str) -> usize {
        let at = "2026-01-05T09:00:00Z".to_owned();
        let held = Held {
            reference: String::new(),
            first: "Bonjour".to_owned(),
            transcript: String::new(),
            comments: Vec::new(),
            id: self.tickets.len() + 1,
            status: "pending".to_owned(),
            kind: Value::Null,
            problem: Value::Null,
            answers: vec![(answer.to_owned(), at.clone())],
            subject: subject.to_owned(),
            email: email.to_owned(),
            audits: Vec::new(),
            updated_at: at,
            listed_from: Instant::now(),
        };
        self.users.push((email.to_owned(), Instant::now()));
        self.tickets.push(held);
        self.tickets.len()
    }

    fn create(&mut self, request: &Request, lag: Duration) -> Answer {
        let key = request.key.clone().unwrap_or_default();
        match self.keys.get(&key) {
            Some((body, place)) if *body == request.body => {
                return (201, json!({ "ticket": shown(&self.tickets[*place]) }));
            }
            Some(_) => return (400, json!({ "error": "IdempotentRequestError" })),
            None => {}
        }
        let Ok(mut sent) = serde_json::from_slice::<Value>(&request.body) else {
            return (400, json!({ "error": "BadJson" }));
        };
        let ticket = sent["ticket"].take();
        let text = |pointer: &str| ticket.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let upload = text("/comment/uploads/0").trim_start_matches('t').parse::<usize>().unwrap_or_default();
        let Some(transcript) = upload.checked_sub(1).and_then(|place| self.uploads.get(place)) else {
            return (422, json!({ "error": "RecordInvalid", "details": { "uploads": [] } }));
        };
        let held = Held {
            reference: text("/external_id"),
            first: text("/comment/body"),
            transcript: transcript.clone(),
            comments: Vec::new(),
            id: self.tickets.len() + 1,
            status: "new".to_owned(),
            kind: ticket["type"].clone(),
            problem: ticket["problem_id"].clone(),
            answers: Vec::new(),
            subject: text("/subject"),
            email: text("/requester/email"),
            audits: Vec::new(),
            updated_at: this_second(),
            listed_from: Instant::now() + lag,
        };
        let email = text("/requester/email");
        if self.users.iter().all(|user| user.0 != email) {
            self.users.push((email, Instant::now() + lag));
        }
        let answer = json!({ "ticket": shown(&held) });
        self.keys.insert(key, (request.body.clone(), self.tickets.len()));
        self.tickets.push(held);
        (201, answer)
    }

    fn of_ticket(&mut self, path: &str, place: usize, request: &Request) -> Answer {
        let held = &mut self.tickets[place];
        if path.ends_with("/comments") {
            self.readings += 1;
            return (200, said_about(held));
        }
        if path.ends_with("/audits") {
            return (200, json!({ "audits": held.audits, "next_page": null }));
        }
        if path.starts_with("PUT") {
            let sent: Value = serde_json::from_slice(&request.body).unwrap_or_default();
            let update = &sent["ticket"];
            if !update["type"].is_null() {
                held.kind = update["type"].clone();
                held.updated_at = this_second();
                return (200, json!({ "ticket": shown(held) }));
            }
            if update["safe_update"] == true && update["updated_stamp"] != held.updated_at.as_str() {
                return (409, json!({ "error": "UpdateConflict" }));
            }
            held.audits.push(json!({ "id": held.audits.len(), "metadata": update["metadata"] }));
            if let Some(status) = update["status"].as_str() {
                status.clone_into(&mut held.status);
            }
            held.comments.push(update["comment"]["body"].as_str().unwrap_or_default().to_owned());
            held.updated_at = this_second();
        }
        (200, json!({ "ticket": shown(held) }))
    }

    /// An agent answers, and says where the ticket stands then; the id of what is said.
    pub(crate) fn answer_as_agent(&mut self, reference: &str, text: &str, status: &str) -> String {
        let held = self.tickets.iter().find(|held| held.reference == reference).expect("the ticket is there");
        self.answer_there(held.id, text, status)
    }

    /// The same about the ticket with this id.
    pub(crate) fn answer_there(&mut self, id: usize, text: &str, status: &str) -> String {
        let held = &mut self.tickets[id - 1];
        status.clone_into(&mut held.status);
        held.updated_at = this_second();
        held.answers.push((text.to_owned(), this_second()));
        answer_id(held.id, held.answers.len() - 1).to_string()
    }
}

/// Ids of what agents say.
fn answer_id(ticket: usize, place: usize) -> usize {
    ticket * 1_000 + place
}

/// The first comment is the assistant's own, who counts as an agent.
fn said_about(held: &Held) -> Value {
    let own = json!({
        "id": held.id * 1_000 + 999, "author_id": 1, "body": held.first, "public": true, "created_at": held.updated_at,
    });
    let answers = held.answers.iter().enumerate().map(|(place, (text, at))| {
        json!({
            "id": answer_id(held.id, place), "author_id": 9, "body": text, "public": true, "created_at": at,
        })
    });
    let comments: Vec<Value> = [own].into_iter().chain(answers).collect();
    let users = json!([{ "id": 1, "role": "agent" }, { "id": 9, "role": "agent" }]);
    json!({ "comments": comments, "users": users, "next_page": null })
}

fn shown(held: &Held) -> Value {
    json!({
        "id": held.id, "external_id": Some(&held.reference).filter(|reference| !reference.is_empty()), "subject": held.subject, "status": held.status,
        "type": held.kind, "problem_id": held.problem, "updated_at": held.updated_at,
    })
}

/// Zendesk's times have whole seconds.
fn this_second() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
