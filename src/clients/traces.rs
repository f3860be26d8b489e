//! A collector of traces (OpenTelemetry), by OTLP over HTTP in its JSON form: no more than one request with one document, so
//! that no library of its own is needed.

use std::time::Duration;

use reqwest::Client;
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};

use super::tls;
use crate::telemetry::Span;

/// How many spans go in one request, and how long the first of them waits for others.
const BATCH: usize = 512;
const PAUSE: Duration = Duration::from_secs(1);
/// How long the collector may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Brings spans to a collector.
pub(crate) struct Traces {
    client: Client,
    url: String,
    ended: mpsc::Receiver<Span>,
}

impl Traces {
    /// Brings what comes out of `ended` to the collector at `endpoint`, like `http://127.0.0.1:4318`.
    ///
    /// # Errors
    /// When this machine can make no client.
    pub(crate) fn new(endpoint: &str, ended: mpsc::Receiver<Span>) -> Result<Self, reqwest::Error> {
        tls::install_provider();
        let client = Client::builder().timeout(TIMEOUT).build()?;
        Ok(Self { client, url: format!("{}/v1/traces", endpoint.trim_end_matches('/')), ended })
    }

    /// Until `stop` says so; what has ended by then is still brought.
    pub(crate) async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let mut is_silent = false;
        loop {
            let mut batch = Vec::new();
            let is_over = tokio::select! {
                count = self.ended.recv_many(&mut batch, BATCH) => count == 0,
                // A sender that is gone means that the program ends.
                _ = stop.wait_for(|stopping| *stopping) => true,
            };
            if is_over {
                while let Ok(span) = self.ended.try_recv() {
                    batch.push(span);
                }
            } else {
                tokio::select! {
                    () = tokio::time::sleep(PAUSE) => {}
                    _ = stop.wait_for(|stopping| *stopping) => {}
                }
                while batch.len() < BATCH
                    && let Ok(span) = self.ended.try_recv()
                {
                    batch.push(span);
                }
            }
            if !batch.is_empty() {
                // Told once, and again when it was heard of in between: nobody needs a line for each second.
                match self.bring(&batch).await {
                    Ok(()) => is_silent = false,
                    Err(error) if !is_silent => {
                        tracing::warn!("traces are not taken by {}: {error}", self.url);
                        is_silent = true;
                    }
                    Err(_) => {}
                }
            }
            if is_over {
                return;
            }
        }
    }

    async fn bring(&self, batch: &[Span]) -> Result<(), reqwest::Error> {
        self.client.post(&self.url).json(&document(batch)).send().await?.error_for_status()?;
        Ok(())
    }
}

/// The document of the protocol (`ExportTraceServiceRequest`).
fn document(batch: &[Span]) -> Value {
    let resource = [attribute("service.name", &"guichet".into()), attribute("service.version", &version().into())];
    json!({ "resourceSpans": [{
        "resource": { "attributes": resource },
        "scopeSpans": [{
            "scope": { "name": "guichet", "version": version() },
            "spans": batch.iter().map(span).collect::<Vec<_>>(),
        }],
    }] })
}

fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

fn span(span: &Span) -> Value {
    let kind = match span.kind.as_str() {
        "server" => 2,
        "client" => 3,
        "consumer" => 5,
        _ => 1,
    };
    let attributes: Vec<Value> = span.attributes.iter().map(|(name, value)| attribute(name, value)).collect();
    json!({
        "traceId": span.trace,
        "spanId": span.id,
        "parentSpanId": span.parent.as_deref().unwrap_or_default(),
        "name": span.name,
        "kind": kind,
        "startTimeUnixNano": span.begun.to_string(),
        "endTimeUnixNano": span.ended.to_string(),
        "attributes": attributes,
        "status": if span.is_error { json!({ "code": 2 }) } else { json!({}) },
    })
}

fn attribute(name: &str, value: &Value) -> Value {
    let value = match value {
        Value::Bool(is_so) => json!({ "boolValue": is_so }),
        // Whole numbers are text in the protocol's JSON: they have 64 bits.
        Value::Number(number) if !number.is_f64() => json!({ "intValue": number.to_string() }),
        Value::Number(number) => json!({ "doubleValue": number }),
        Value::String(text) => json!({ "stringValue": text }),
        other => json!({ "stringValue": other.to_string() }),
    };
    json!({ "key": name, "value": value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_written_as_the_protocol_says() {
        let one = Span {
            trace: "4bf92f3577b34da6a3ce929d0e0e4736".into(),
            id: "00f067aa0ba902b7".into(),
            parent: None,
            name: "turn".into(),
            kind: "server".into(),
            is_error: true,
            begun: 1_700_000_000_000_000_001,
            ended: 1_700_000_000_000_000_002,
            attributes: vec![("http.response.status_code".into(), 503.into()), ("decision".into(), "answer".into())],
        };
        let document = document(&[one]);
        let found = &document["resourceSpans"][0]["scopeSpans"][0]["spans"][0];
        assert_eq!(
            *found,
            json!({
                "traceId": "4bf92f3577b34da6a3ce929d0e0e4736", "spanId": "00f067aa0ba902b7", "parentSpanId": "",
                "name": "turn", "kind": 2,
                "startTimeUnixNano": "1700000000000000001", "endTimeUnixNano": "1700000000000000002",
                "attributes": [
                    { "key": "http.response.status_code", "value": { "intValue": "503" } },
                    { "key": "decision", "value": { "stringValue": "answer" } },
                ],
                "status": { "code": 2 },
            })
        );
    }
}
