//! More requests at once than the service can work on are refused at once, with when to come back: memory stays bounded and
//! those that are being worked on are answered.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;

use super::problem::{Code, Problem};
use crate::text::problem as text;

/// When to come back: a request takes milliseconds.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// How many requests are worked on at once; none: any number.
#[derive(Clone)]
pub(super) struct Load(Option<Arc<Semaphore>>);

impl Load {
    pub(super) fn new(most: usize) -> Self {
        Self(Some(most).filter(|most| *most > 0).map(|most| Arc::new(Semaphore::new(most))))
    }
}

/// Works on the request, or refuses it. What is sent for long afterwards (events) does not count: it costs little.
pub(super) async fn shed(State(Load(load)): State<Load>, request: Request, next: Next) -> Response {
    // Whoever asks whether the service lives must be told that it does.
    let is_health = matches!(request.uri().path(), "/healthz" | "/readyz");
    let Some(load) = load.filter(|_| !is_health) else { return next.run(request).await };
    match load.try_acquire() {
        Ok(_place) => next.run(request).await,
        Err(_) => {
            Problem::new(Code::Unavailable).with_detail(text::OVERLOADED).with_retry_after(RETRY_AFTER).into_response()
        }
    }
}
