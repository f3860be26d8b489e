//! What operators count and time (Prometheus). The only place that names a metric. Labels are few and fixed: routes,
//! decisions, kinds; never what people wrote or who they are. Unless `metrics.listen` is set, nothing is recorded.

use std::time::Duration;

use anyhow::Context;
use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

const REQUESTS: &str = "guichet_http_request_seconds";
const TURNS: &str = "guichet_turn_seconds";
const UNDERSTOOD: &str = "guichet_understanding_seconds";
const CONFIDENCE: &str = "guichet_confidence";
const TICKETS: &str = "guichet_tickets_total";
const PORTAL: &str = "guichet_portal_seconds";
const JOBS: &str = "guichet_job_seconds";
const QUEUE: &str = "guichet_jobs";
const OLDEST: &str = "guichet_jobs_oldest_seconds";

/// Bounds of times, in seconds: a turn takes milliseconds, a call outside seconds.
const SECONDS: [f64; 14] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0];
const TENTHS: [f64; 10] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0];

/// Begins to record; what is recorded is read from the handle.
///
/// # Errors
/// When something in this process records already.
pub(crate) fn start() -> anyhow::Result<PrometheusHandle> {
    let handle = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
        .and_then(|builder| builder.set_buckets_for_metric(Matcher::Full(CONFIDENCE.to_owned()), &TENTHS))
        .and_then(PrometheusBuilder::install_recorder)
        .context("metrics cannot be recorded")?;
    describe_histogram!(REQUESTS, Unit::Seconds, "Requests, by route, method and status");
    describe_histogram!(TURNS, Unit::Seconds, "Turns, kept and replied to, by channel and decision");
    describe_histogram!(UNDERSTOOD, Unit::Seconds, "Understanding a message: search, ranking, decision");
    describe_histogram!(CONFIDENCE, "Confidence of the first candidate, by decision");
    describe_counter!(TICKETS, "Requests that became tickets, by channel");
    describe_histogram!(
        PORTAL,
        Unit::Seconds,
        "Questions to the portal, by call and outcome; what is kept answers too"
    );
    describe_histogram!(JOBS, Unit::Seconds, "Work that leaves the house, by kind and outcome");
    describe_gauge!(QUEUE, "Work in the queue, by state");
    describe_gauge!(OLDEST, Unit::Seconds, "Age of the oldest work that waits");
    Ok(handle)
}

/// A request was answered.
pub(crate) fn request(route: &str, method: &str, status: u16, took: Duration) {
    let labels = [("route", route.to_owned()), ("method", method.to_owned()), ("status", status.to_string())];
    histogram!(REQUESTS, &labels).record(took);
}

/// A turn was kept and replied to.
pub(crate) fn turn(channel: &str, decision: &str, confidence: f32, took: Duration) {
    let decision = decision.to_owned();
    histogram!(CONFIDENCE, "decision" => decision.clone()).record(f64::from(confidence));
    histogram!(TURNS, "channel" => channel.to_owned(), "decision" => decision).record(took);
}

/// A message was understood.
pub(crate) fn understood(took: Duration) {
    histogram!(UNDERSTOOD).record(took);
}

/// A request became a ticket.
pub(crate) fn ticket(channel: &str) {
    counter!(TICKETS, "channel" => channel.to_owned()).increment(1);
}

/// The portal was asked, or what is kept of it.
pub(crate) fn portal(call: &'static str, outcome: &'static str, took: Duration) {
    histogram!(PORTAL, "call" => call, "outcome" => outcome).record(took);
}

/// A piece of work was tried: done, to be tried again, or given up.
pub(crate) fn job(kind: &str, outcome: &'static str, took: Duration) {
    histogram!(JOBS, "kind" => kind.to_owned(), "outcome" => outcome).record(took);
}

/// How the queue stands; `oldest` is the age of the oldest work that waits.
pub(crate) fn queue(counts: &[(String, i64)], oldest: Duration) {
    for (state, count) in counts {
        gauge!(QUEUE, "state" => state.clone()).set(f64::from(i32::try_from(*count).unwrap_or(i32::MAX)));
    }
    gauge!(OLDEST).set(oldest);
}
