//! What whoever follows a conversation hears besides what is said in it: who writes, and that something was forgotten.

use futures_util::StreamExt;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::guichet::{Guichet, Partner, answer, directory};
use crate::staff::{SETTINGS, TOKEN, get};

fn start(dir: &std::path::Path) -> Guichet {
    let path = dir.join("guichet.toml");
    std::fs::write(&path, SETTINGS).expect("the settings are written");
    Guichet::start_with(dir, &["--config", path.to_str().expect("a path")])
}

/// An open stream: what its events hold, one after the other.
struct Heard {
    stream: std::pin::Pin<Box<dyn futures_util::Stream<Item = reqwest::Result<Vec<u8>>> + Send>>,
    text: String,
}

impl Heard {
    async fn of(request: RequestBuilder) -> Self {
        let response = request.send().await.expect("the stream opens");
        assert_eq!(response.status(), StatusCode::OK);
        let stream = response.bytes_stream().map(|bytes| bytes.map(|bytes| bytes.to_vec()));
        Self { stream: Box::pin(stream), text: String::new() }
    }

    /// The next event; none when the stream has ended.
    async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let data = event.lines().find_map(|line| line.strip_prefix("data:")).map(str::to_owned);
                self.text = rest.to_owned();
                if let Some(data) = data {
                    return Some(serde_json::from_str(data.trim()).expect("JSON"));
                }
                continue;
            }
            let bytes = self.stream.next().await?.expect("it can be read");
            self.text.push_str(std::str::from_utf8(&bytes).expect("the events of these tests are not cut"));
        }
    }

    /// The next event that is no message.
    async fn change(&mut self) -> Value {
        loop {
            let event = self.next().await.expect("the stream goes on");
            if event["number"] == 0 {
                return event;
            }
        }
    }
}

fn events(guichet: &Guichet, partner: &Partner<'_>, last: usize) -> RequestBuilder {
    let path = format!("/api/v1/conversations/{}/events", partner.id);
    guichet.get(&path).bearer_auth(&partner.token).header("last-event-id", last.to_string())
}

async fn partner_writes(partner: &Partner<'_>) -> StatusCode {
    let url = format!("{}/api/v1/conversations/{}/writing", partner.guichet.url, partner.id);
    partner.guichet.client.put(url).bearer_auth(&partner.token).send().await.expect("it answers").status()
}

async fn act(partner: &Partner<'_>, method: Method, what: &str, body: &Value) -> StatusCode {
    let url = format!("{}/api/v1/staff/conversations/{}/{what}", partner.guichet.url, partner.id);
    let request = partner.guichet.client.request(method, url).bearer_auth(TOKEN).json(body);
    request.send().await.expect("it answers").status()
}

#[tokio::test]
async fn each_side_sees_that_the_other_writes_while_a_person_answers() {
    let dir = directory();
    let (guichet, other) = (start(dir.path()), start(dir.path()));
    let partner = guichet.partner().await;
    partner.ask("bonjour").await;
    assert_eq!(partner_writes(&partner).await, StatusCode::NO_CONTENT);
    assert_eq!(act(&partner, Method::PUT, "writing", &Value::Null).await, StatusCode::CONFLICT, "nobody has taken it");
    assert_eq!(act(&partner, Method::PUT, "agent", &Value::Null).await, StatusCode::NO_CONTENT);

    // The partner listens at another replica.
    let mut at_partner = Heard::of(events(&other, &partner, 2)).await;
    let mut at_agent = Heard::of(get(&guichet, &format!("/conversations/{}/events", partner.id))).await;
    let nobody = json!({ "number": 0, "changes": 0, "agent": "Inès", "writing": false });
    let writes = json!({ "number": 0, "changes": 0, "agent": "Inès", "writing": true });
    assert_eq!(at_partner.change().await, nobody);
    assert_eq!(at_agent.change().await, nobody, "what was written before it was taken is over");
    assert_eq!(act(&partner, Method::PUT, "writing", &Value::Null).await, StatusCode::NO_CONTENT);
    assert_eq!(at_partner.change().await, writes);
    let said = json!({ "text": "Je regarde.", "request_key": "1" });
    assert_eq!(act(&partner, Method::POST, "messages", &said).await, StatusCode::NO_CONTENT);
    assert_eq!(at_partner.change().await, nobody);

    assert_eq!(partner_writes(&partner).await, StatusCode::NO_CONTENT);
    assert_eq!(at_agent.change().await, writes);
    assert_eq!(partner.ask("Merci").await["decision"], "person");
    assert_eq!(at_agent.change().await, nobody);
    assert_eq!(partner_writes(&partner).await, StatusCode::NO_CONTENT);
    assert_eq!(at_agent.change().await, writes);
    // Whoever goes away in the middle of a word is not taken to be writing for long.
    assert_eq!(at_agent.change().await, nobody);

    assert_eq!(act(&partner, Method::DELETE, "agent", &Value::Null).await, StatusCode::NO_CONTENT);
    assert_eq!(at_partner.change().await["agent"], Value::Null);
    let stranger = guichet.partner().await;
    let of_another = Partner { guichet: &guichet, id: partner.id.clone(), token: stranger.token.clone() };
    assert_eq!(partner_writes(&of_another).await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_forgotten_is_told_to_whoever_shows_it() {
    let dir = directory();
    let guichet = start(dir.path());
    let user = json!({ "user": "U-12" });
    let (_, signed) = answer(guichet.post("/api/v1/demo/identities").json(&user)).await;
    let body = json!({ "identity": signed["identity"] });
    let (_, opened) = answer(guichet.post("/api/v1/conversations").json(&body)).await;
    let text = |name: &str| opened[name].as_str().expect("a text").to_owned();
    let partner = Partner { guichet: &guichet, id: text("id"), token: text("token") };
    partner.ask("Pourquoi le contrat de Garage Martin n'a pas été réabonné ?").await;
    let mut open = Heard::of(events(&guichet, &partner, 2)).await;
    partner.ask("oublie ce client").await;
    assert_eq!(open.change().await["changes"], 1);
    assert!(!format!("{:?}", partner.history().await[1]).contains("Garage"), "it can be read again without");
    // Who was in a tunnel meanwhile hears of it afterwards.
    assert_eq!(Heard::of(events(&guichet, &partner, 4)).await.change().await["changes"], 1);

    let url = format!("{}/api/v1/conversations/{}", guichet.url, partner.id);
    let gone = guichet.client.delete(url).bearer_auth(&partner.token).send().await.expect("it answers");
    assert_eq!(gone.status(), StatusCode::NO_CONTENT);
    assert_eq!(open.change().await["changes"], 2, "whoever shows it looks, and finds nothing");
    assert_eq!(open.next().await, None);
}
