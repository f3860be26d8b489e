//! HTTP: one file per resource. Handlers translate; what they ask for is their permission.

mod attachments;
mod compressed;
pub(crate) mod connections;
mod contact;
mod conversations;
mod demo;
mod described;
mod discord;
mod entries;
mod events;
mod extract;
mod feedback;
mod files;
mod health;
mod identity;
mod images;
mod incidents;
mod limits;
mod load;
pub(crate) mod metrics;
mod origins;
mod privacy;
mod problem;
mod sites;
mod staff;
mod suggest;
mod tickets;
mod waiting;
pub(crate) mod webhooks;

pub(crate) use attachments::to_save;
pub(crate) use contact::is_foreign;
pub(crate) use files::file as static_file;

use std::any::Any;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Instrument as _;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use crate::app::App;
use crate::telemetry;
use problem::{Code, Problem};

/// Nothing but our own files runs on our pages, and nobody frames them.
const HEADERS: [(HeaderName, HeaderValue); 4] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
        ),
    ),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=()"),
    ),
];

/// Who asks may have begun a trace (W3C).
const TRACE_PARENT: HeaderName = HeaderName::from_static("traceparent");
/// Browsers that came by https once come by https only.
const HTTPS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000");
/// How the client came to the proxy.
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// A document of 200 kB, as JSON.
const MAX_DOCUMENT_BODY: usize = 1_000_000;

/// Everything the service answers.
pub(crate) fn router(app: App) -> Router {
    let (api, openapi) = api(app.config.attachments.max_bytes).split_for_parts();
    let openapi = described::described(openapi);
    let http = app.config.http.clone();
    let origins = origins::allowed(&app.config.widget.origins);
    let upload = Duration::from_millis(app.config.attachments.upload_timeout_ms);
    let patience = Patience { request: http.request_timeout(), upload };
    let sites = sites::Sites::new(&app.config.widget.sites);
    let inner = Router::new()
        .merge(api)
        .route("/", get(files::index))
        .route("/{file}", get(files::widget))
        .route("/images/{file}", get(images::find_image))
        .route("/contact", get(contact::form).post(contact::send))
        .route("/confidentialite", get(privacy::notice))
        .route("/docs", get(files::docs))
        .route("/docs/docs.js", get(files::docs_script))
        .route("/docs/docs.css", get(files::docs_style))
        .merge(crate::console::router(&app))
        .route("/openapi.json", get(async move || axum::Json(openapi.clone())))
        .fallback(async || Problem::new(Code::NotFound))
        .method_not_allowed_fallback(async || Problem::new(Code::MethodNotAllowed))
        .layer(DefaultBodyLimit::max(http.max_body_bytes))
        .layer(middleware::from_fn_with_state(patience, in_time))
        .layer(middleware::from_fn_with_state(limits::Limits::new(&app.config.limits), limits::limit))
        .layer(middleware::from_fn_with_state(load::Load::new(app.config.limits.requests_at_once), load::shed))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(origins)
        .layer(middleware::from_fn_with_state(app.config.limits.trusted_proxies > 0, observe))
        .with_state(app);
    // What is found by an address is found after the site was taken off it.
    Router::new().fallback_service(inner).layer(middleware::from_fn_with_state(sites, sites::enter))
}

/// `max_file_bytes` is for the one route that takes files.
fn api(max_file_bytes: usize) -> OpenApiRouter<App> {
    let upload = routes!(attachments::create_attachment).layer(DefaultBodyLimit::max(max_file_bytes));
    OpenApiRouter::new()
        .routes(routes!(conversations::create_conversation))
        .routes(routes!(identity::sign_in, identity::sign_out))
        .routes(routes!(identity::create_link))
        .routes(routes!(identity::revoke_links))
        .routes(routes!(demo::list_users))
        .routes(routes!(demo::sign_as))
        .routes(routes!(conversations::create_message, conversations::list_messages))
        .routes(routes!(feedback::create_feedback))
        .routes(routes!(feedback::remove_conversation))
        .routes(routes!(events::events))
        .routes(routes!(conversations::tell_writing))
        .routes(upload)
        .routes(routes!(attachments::find_attachment, waiting::remove_attachment))
        .routes(routes!(waiting::list_attachments))
        .routes(routes!(tickets::create_ticket))
        .routes(routes!(tickets::find_ticket))
        .routes(routes!(tickets::create_comment))
        .routes(routes!(suggest::suggest))
        .routes(routes!(entries::find_entry))
        .routes(routes!(incidents::list_banners))
        .routes(routes!(staff::attachments::find_attachment))
        .routes(routes!(staff::documents::list_documents))
        .routes(routes!(staff::documents::find_document))
        .routes(routes!(staff::drafts::save_document).layer(DefaultBodyLimit::max(MAX_DOCUMENT_BODY)))
        .routes(routes!(staff::drafts::submit_document))
        .routes(routes!(staff::drafts::rollback_document))
        .routes(routes!(staff::images::list_images))
        .routes(routes!(staff::images::create_image).layer(DefaultBodyLimit::max(guichet_kb::image::MAX_BYTES)))
        .routes(routes!(staff::revisions::list_revisions))
        .routes(routes!(staff::revisions::find_revision))
        .routes(routes!(staff::revisions::diff_document))
        .routes(routes!(staff::publications::list_publications, staff::publications::create_publication))
        .routes(routes!(staff::publications::find_publication))
        .routes(routes!(staff::publications::cancel_publication))
        .routes(routes!(staff::incidents::list_incidents, staff::incidents::create_incident))
        .routes(routes!(staff::incidents::change_incident))
        .routes(routes!(staff::tickets::list_tickets))
        .routes(routes!(staff::tickets::find_ticket, staff::tickets::change_ticket))
        .routes(routes!(staff::tickets::create_comment).layer(DefaultBodyLimit::max(max_file_bytes * 3)))
        .routes(routes!(staff::conversations::list_conversations))
        .routes(routes!(staff::conversations::find_conversation))
        .routes(routes!(staff::conversations::follow_conversation))
        .routes(routes!(staff::conversations::take_conversation, staff::conversations::give_conversation_back))
        .routes(routes!(staff::conversations::write_message))
        .routes(routes!(staff::conversations::write_note))
        .routes(routes!(staff::conversations::tell_writing))
        .routes(routes!(staff::jobs::list_jobs))
        .routes(routes!(staff::jobs::replay_job))
        .routes(routes!(staff::jobs::replay_jobs))
        .routes(routes!(staff::lookups::list_lookups))
        .routes(routes!(staff::simulations::simulate_entry))
        .routes(routes!(discord::discord).layer(DefaultBodyLimit::max(discord::MAX_BYTES)))
        .routes(routes!(webhooks::zendesk).layer(DefaultBodyLimit::max(webhooks::MAX_BYTES)))
        .routes(routes!(health::health))
        .routes(routes!(health::ready))
}

/// How long requests may take.
#[derive(Clone, Copy)]
struct Patience {
    request: Duration,
    /// A file comes as fast as the line of who sends it.
    upload: Duration,
}

/// A request that takes too long is given up: a turn is one transaction, so nothing is half done.
async fn in_time(State(patience): State<Patience>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let limit = if route == attachments::UPLOADS { patience.upload } else { patience.request };
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::internal(Code::Timeout, &"it took too long").into_response(),
    }
}

/// The message of a panic may quote what somebody wrote: it is not logged. The hook of `telemetry` logs the place.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    Problem::internal(Code::Internal, &"panic").into_response()
}

/// Sets the headers that every response has and logs the route, never the path or the body.
async fn observe(State(is_behind_proxy): State<bool>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str).to_owned();
    let is_api = request.uri().path().starts_with("/api/");
    // Only a proxy of ours is believed: whoever comes without one may write this himself.
    let is_https = is_behind_proxy && request.headers().get(FORWARDED_PROTO).is_some_and(|proto| proto == "https");
    let above = request.headers().get(TRACE_PARENT).and_then(|header| telemetry::of_header(header.to_str().ok()?));
    // The trace, by which the lines of one request are found in the log of any replica.
    let id = above.map_or_else(|| uuid::Uuid::now_v7().simple().to_string(), |(trace, _)| trace.to_owned());
    let span = tracing::info_span!(
        "request",
        request.id = id,
        request.parent = above.map(|(_, parent)| parent),
        http.request.method = method.as_str(),
        http.route = route,
        http.response.status_code = tracing::field::Empty,
        error = tracing::field::Empty,
    );
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status();
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("error", true);
    }
    let _entered = span.enter();
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, value);
    }
    if is_https {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    }
    if is_api {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    crate::measure::request(&route, method.as_str(), response.status().as_u16(), begun.elapsed());
    tracing::debug!(
        http.method = %method,
        http.route = route,
        http.status = response.status().as_u16(),
        http.duration_us = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX),
        "request"
    );
    response
}
