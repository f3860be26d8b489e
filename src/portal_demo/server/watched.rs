//! The demo portal on a free port, every request and answer held against the description.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use axum::extract::{Query, Request, State};
use axum::http::HeaderMap;
use axum::middleware::{self, Next};
use axum::response::Response;
use tokio::net::TcpListener;

use super::Demo;
use crate::portal_demo::described::{Answered, Asked, Description};

/// What was seen.
pub(crate) struct Watched {
    /// `http://127.0.0.1:…`.
    pub(crate) url: String,
    seen: Arc<Seen>,
}

struct Seen {
    description: Description,
    faults: Mutex<Vec<String>>,
    operations: Mutex<BTreeSet<String>>,
    statuses: Mutex<Vec<u16>>,
}

impl Watched {
    /// Serves `demo`; it ends with the test's runtime.
    pub(crate) async fn start(demo: Demo) -> Self {
        let seen = Arc::new(Seen {
            description: Description::load(),
            faults: Mutex::default(),
            operations: Mutex::default(),
            statuses: Mutex::default(),
        });
        let router = demo.router().layer(middleware::from_fn_with_state(Arc::clone(&seen), watch));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("it has an address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, seen }
    }

    /// Fails when something was not as described.
    pub(crate) fn assert_as_described(&self) {
        let faults = self.seen.faults.lock().expect("no test panics with the lock");
        assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    }

    /// How many requests there were.
    pub(crate) fn count(&self) -> usize {
        self.statuses().len()
    }

    /// How they were answered, one after the other.
    pub(crate) fn statuses(&self) -> Vec<u16> {
        self.seen.statuses.lock().expect("no test panics with the lock").clone()
    }

    /// The operations that nobody called with success.
    pub(crate) fn operations_left(&self) -> Vec<&str> {
        let called = self.seen.operations.lock().expect("no test panics with the lock");
        self.seen.description.operations().into_iter().filter(|operation| !called.contains(*operation)).collect()
    }
}

async fn watch(State(seen): State<Arc<Seen>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let sent = to_bytes(body, usize::MAX).await.expect("the body can be read");
    let path = parts.uri.path().to_owned();
    let query = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri).map(|query| query.0).unwrap_or_default();
    let headers = named(&parts.headers);
    let method = parts.method.to_string();
    let response = next.run(Request::from_parts(parts, Body::from(sent.clone()))).await;
    let Some(path) = path.strip_prefix("/v1") else { return response };

    let (head, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("the body can be read");
    let body_sent = serde_json::from_slice(&sent).ok();
    let asked = Asked { method: &method, path, query, headers, body: body_sent };
    let answered = Answered { status: head.status.as_u16(), headers: named(&head.headers), body: body.to_vec() };
    let mut faults = seen.description.faults_of_answer(&asked, &answered);
    if answered.status < 400 {
        // What the description does not allow must not be accepted.
        faults.extend(seen.description.faults_of_request(&asked));
        let operation = seen.description.operation_of(&asked).map(str::to_owned);
        seen.operations.lock().expect("no test panics with the lock").extend(operation);
    }
    seen.statuses.lock().expect("no test panics with the lock").push(answered.status);
    let line = |fault| format!("{method} {path} {:?} → {}: {fault}", asked.query, answered.status);
    seen.faults.lock().expect("no test panics with the lock").extend(faults.into_iter().map(line));
    Response::from_parts(head, Body::from(body))
}

fn named(headers: &HeaderMap) -> BTreeMap<String, String> {
    let pairs = headers.iter().filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())));
    pairs.collect()
}
