//! Spans of `tracing` become spans of a trace: each gets its ids when it begins and is handed over when it ends. Whoever asks
//! may have begun the trace (`traceparent`, W3C).

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;
use tokio::sync::mpsc;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

/// Field of a span that begins a trace: the 32 hexadecimal digits by which the log knows it as well.
const TRACE: &str = "request.id";
/// Field with the span of somebody else that it belongs to.
const PARENT: &str = "request.parent";
/// Fields of a request, which give it its name: "POST /api/v1/conversations".
const METHOD: &str = "http.request.method";
const ROUTE: &str = "http.route";
/// Field that is there when it went wrong.
const ERROR: &str = "error";
/// Field that says on whose side of a call this is: "client", "consumer"; a request is always "server".
const KIND: &str = "otel.kind";

/// A span that has ended.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Span {
    pub(crate) trace: String,
    pub(crate) id: String,
    pub(crate) parent: Option<String>,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) is_error: bool,
    /// Nanoseconds since 1970.
    pub(crate) begun: u128,
    pub(crate) ended: u128,
    pub(crate) attributes: Vec<(String, Value)>,
}

/// Hands spans over as they end. When nobody takes them for long, they are let go: what is observed must not wait for who
/// observes.
pub(super) struct Spans(pub(super) mpsc::Sender<Span>);

/// Whether it is a span of ours; those of libraries say what nobody asks.
pub(super) fn is_ours(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && metadata.target().starts_with("guichet")
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Spans {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let above = span.parent().and_then(|parent| {
            parent.extensions().get::<Span>().map(|above| (above.trace.clone(), Some(above.id.clone())))
        });
        let (trace, parent) = above.unwrap_or_else(|| {
            let trace = fields.text(TRACE).filter(|trace| is_hex(trace, 32));
            (trace.unwrap_or_else(hex::<16>), fields.text(PARENT).filter(|parent| is_hex(parent, 16)))
        });
        let mut begun = Span {
            trace,
            id: hex::<8>(),
            parent,
            name: attributes.metadata().name().to_owned(),
            kind: String::new(),
            is_error: false,
            begun: nanoseconds(),
            ended: 0,
            attributes: Vec::new(),
        };
        begun.take(fields);
        span.extensions_mut().insert(begun);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::default();
        values.record(&mut fields);
        if let Some(begun) = span.extensions_mut().get_mut::<Span>() {
            begun.take(fields);
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        if let Some(mut ended) = span.extensions_mut().remove::<Span>() {
            ended.ended = nanoseconds();
            // Full, or the program ends.
            let _ = self.0.try_send(ended);
        }
    }
}

impl Span {
    fn take(&mut self, fields: Fields) {
        for (name, value) in fields.0 {
            match (name, value.as_str()) {
                (KIND, Some(kind)) => kind.clone_into(&mut self.kind),
                (TRACE | PARENT, _) => {}
                _ => {
                    self.is_error |= name == ERROR;
                    self.attributes.push((name.to_owned(), value));
                }
            }
        }
        if let (Some(method), Some(route)) = (self.attribute(METHOD), self.attribute(ROUTE)) {
            self.name = format!("{method} {route}");
            "server".clone_into(&mut self.kind);
        }
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).and_then(|(_, value)| value.as_str())
    }
}

/// What the fields of a span hold.
#[derive(Default)]
struct Fields(Vec<(&'static str, Value)>);

impl Fields {
    fn text(&self, name: &str) -> Option<String> {
        let (_, value) = self.0.iter().find(|(known, _)| *known == name)?;
        value.as_str().map(str::to_owned)
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.push((field.name(), value.into()));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.push((field.name(), value.into()));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.push((field.name(), value.into()));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.0.push((field.name(), value.into()));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.push((field.name(), value.into()));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.push((field.name(), format!("{value:?}").into()));
    }
}

/// Trace and span of a `traceparent` header, as somebody else began them.
pub(crate) fn of_header(header: &str) -> Option<(&str, &str)> {
    let mut parts = header.split('-');
    let [version, trace, parent] = [parts.next()?, parts.next()?, parts.next()?];
    let is_known = is_hex(version, 2) && version != "ff" && is_hex(trace, 32) && is_hex(parent, 16);
    let is_nothing = |digits: &str| digits.bytes().all(|digit| digit == b'0');
    (is_known && !is_nothing(trace) && !is_nothing(parent)).then_some((trace, parent))
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn hex<const BYTES: usize>() -> String {
    use fmt::Write as _;
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    bytes.iter().fold(String::with_capacity(2 * BYTES), |mut text, byte| {
        write!(text, "{byte:02x}").expect("text grows");
        text
    })
}

fn nanoseconds() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |passed| passed.as_nanos())
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    #[test]
    fn a_header_of_somebody_else_is_read_or_passed_over() {
        let (trace, parent) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
        let check = |header: &str, expected: Option<(&str, &str)>| assert_eq!(of_header(header), expected, "{header}");
        check(&format!("00-{trace}-{parent}-01"), Some((trace, parent)));
        check(&format!("cc-{trace}-{parent}-01-more"), Some((trace, parent)));
        check(&format!("ff-{trace}-{parent}-01"), None);
        check(&format!("00-{}-{parent}-01", "0".repeat(32)), None);
        check(&format!("00-{}-{parent}-01", trace.to_uppercase()), None);
        check("00-x", None);
        check("", None);
    }

    #[test]
    fn a_span_inside_another_belongs_to_it_and_what_is_recorded_later_counts() {
        let (sender, mut ended) = mpsc::channel(8);
        let subscriber = tracing_subscriber::registry().with(Spans(sender));
        tracing::subscriber::with_default(subscriber, || {
            let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
            let outer = tracing::info_span!(
                "request",
                request.id = trace,
                request.parent = "00f067aa0ba902b7",
                http.request.method = "POST",
                http.route = "/x",
                status = tracing::field::Empty,
            );
            let _entered = outer.enter();
            tracing::debug_span!("inner", error = "busy").in_scope(|| {});
            outer.record("status", 503);
        });
        let (inner, outer) = (ended.try_recv().expect("it ended"), ended.try_recv().expect("it ended"));
        assert_eq!((outer.name.as_str(), outer.kind.as_str(), outer.is_error), ("POST /x", "server", false));
        assert_eq!(outer.parent.as_deref(), Some("00f067aa0ba902b7"));
        assert_eq!(outer.attributes.last(), Some(&("status".to_owned(), 503.into())));
        assert_eq!((inner.trace, inner.parent), (outer.trace, Some(outer.id)));
        assert!(inner.is_error && inner.ended >= inner.begun && inner.name == "inner");
    }
}
