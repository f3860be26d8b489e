//! Logs: on the standard error, filtered, as text or JSON. What people write is never in them. And traces, when somebody
//! collects them.

mod spans;

use anyhow::Context;
use tokio::sync::mpsc;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, fmt};

pub(crate) use spans::{Span, of_header};

use crate::config::{Log, LogFormat};
use spans::{Spans, is_ours};

/// Spans that may wait for the collector; more are let go.
const WAITING_SPANS: usize = 8_192;

/// Starts logging for the whole program. With `has_collector`, spans come out as they end.
///
/// # Errors
/// When the filter is not understood, or when logging runs already.
pub(crate) fn start(log: &Log, has_collector: bool) -> anyhow::Result<Option<mpsc::Receiver<Span>>> {
    let filter = match std::env::var("RUST_LOG") {
        Ok(filter) if !filter.is_empty() => filter,
        _ => log.filter.clone(),
    };
    let filter = EnvFilter::try_new(&filter).with_context(|| format!("log.filter is not understood: `{filter}`"))?;
    let lines = fmt::layer().with_writer(std::io::stderr);
    let lines = match log.format {
        LogFormat::Text => lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let (sender, ended) = mpsc::channel(WAITING_SPANS);
    let traces = has_collector.then(|| Spans(sender).with_filter(filter_fn(is_ours)));
    let started = tracing_subscriber::registry().with(lines.with_filter(filter)).with(traces).try_init();
    // The message of a panic may quote what somebody wrote: only the place is told.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!("panic at {place}");
    }));
    started.map_err(|error| anyhow::anyhow!("logging cannot be started: {error}"))?;
    Ok(has_collector.then_some(ended))
}
