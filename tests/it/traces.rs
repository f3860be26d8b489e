//! What a collector of traces gets, and by what the log knows a request.

use std::fs;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::guichet::{Guichet, answer, directory};

/// What arrived.
type Arrived = Arc<Mutex<Vec<Value>>>;

/// A collector; its address.
async fn collector() -> (String, Arrived) {
    let arrived = Arrived::default();
    let take = async |State(arrived): State<Arrived>, Json(document): Json<Value>| {
        arrived.lock().expect("nobody panics with it").push(document);
        Json(json!({}))
    };
    let router = Router::new().route("/v1/traces", post(take)).with_state(Arc::clone(&arrived));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async { axum::serve(listener, router).await });
    (url, arrived)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_with_its_stages_reaches_the_collector_without_anything_personal() {
    let (url, arrived) = collector().await;
    let dir = directory();
    let config = dir.path().join("guichet.toml");
    let settings = format!("[traces]\nendpoint = \"{url}/\"\n[log]\nfilter = \"guichet=debug\"\n");
    fs::write(&config, settings).expect("a file");
    let guichet = Guichet::start_with(dir.path(), &["--config", config.to_str().expect("UTF-8")]);
    let partner = guichet.partner().await;
    let (trace, above) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
    let request = guichet.post(&partner.messages()).bearer_auth(&partner.token);
    let request = request.header("traceparent", format!("00-{trace}-{above}-01"));
    let (_, reply) = answer(request.json(&json!({ "text": "xylophone-secret ?" }))).await;
    let secrets = ["xylophone".to_owned(), partner.id.clone(), partner.token.clone()];
    let log = tokio::task::block_in_place(|| guichet.stop());
    assert!(log.contains(&format!("request.id=\"{trace}\"")), "{log}");

    let documents = arrived.lock().expect("nobody panics with it").clone();
    let all = documents.iter().map(|document| &document["resourceSpans"][0]["scopeSpans"][0]["spans"]);
    let spans: Vec<&Value> = all.flat_map(|spans| spans.as_array().expect("a list")).collect();
    let ours: Vec<&&Value> = spans.iter().filter(|span| span["traceId"] == trace).collect();
    let named = |name: &str| {
        let mut found = ours.iter().filter(|span| span["name"] == name);
        **found.next().unwrap_or_else(|| panic!("no span {name}: {ours:#?}"))
    };
    let request = named("POST /api/v1/conversations/{id}/messages");
    assert_eq!((&request["parentSpanId"], &request["kind"]), (&json!(above), &json!(2)));
    let turn = named("turn");
    assert_eq!(turn["parentSpanId"], request["spanId"]);
    let decision = json!({ "key": "decision", "value": { "stringValue": reply["decision"] } });
    assert!(turn["attributes"].as_array().is_some_and(|all| all.contains(&decision)), "{turn}");
    for stage in ["understand", "keep"] {
        assert_eq!(named(stage)["parentSpanId"], turn["spanId"], "{stage}");
    }
    let text = format!("{documents:?}");
    for secret in secrets {
        assert!(!text.contains(&secret) && !log.contains(&secret), "{secret}");
    }
}
