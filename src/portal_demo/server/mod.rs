//! The demo portal over HTTP.

mod answer;
mod problem;
mod resources;
#[cfg(test)]
pub(crate) mod watched;

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use tokio::net::TcpListener;

use self::problem::Problem;
use super::World;
use crate::model::Secret;

/// How long a token lives.
const TOKEN_SECONDS: u64 = 300;

const TOKEN_BYTES: usize = 24;

/// What a token may be good for. Who asks for none in particular is given all.
const SCOPES: [&str; 3] = [READ, KEYS, REQUESTS];
const READ: &str = "portal.read";
const KEYS: &str = "portal.keys";
const REQUESTS: &str = "portal.requests";

/// A token that was given.
struct Token {
    value: String,
    given: std::time::Instant,
    scopes: Vec<&'static str>,
}

impl Token {
    fn is_good(&self) -> bool {
        self.given.elapsed().as_secs() < TOKEN_SECONDS
    }
}

/// What the demo portal is made of.
#[derive(Clone)]
pub(crate) struct Demo {
    pub(super) world: Arc<World>,
    client_id: Arc<str>,
    client_secret: Arc<Secret>,
    tokens: Arc<std::sync::Mutex<Vec<Token>>>,
}

impl Demo {
    /// A portal with `world` that gives tokens to one client.
    pub(crate) fn new(world: World, client_id: &str, client_secret: Secret) -> Self {
        Self {
            world: Arc::new(world),
            client_id: client_id.into(),
            client_secret: Arc::new(client_secret),
            tokens: Arc::default(),
        }
    }

    /// Everything that the portal answers.
    pub(crate) fn router(self) -> Router {
        let api = Router::new()
            .route("/me", get(resources::me))
            .route("/partners/{id}", get(resources::partner))
            .route("/customers", get(resources::customers))
            .route("/customers/{id}", get(resources::customer))
            .route("/contracts", get(resources::contracts))
            .route("/contracts/{id}", get(resources::contract))
            .route("/contracts/{id}/activation-keys", get(resources::keys))
            .route("/contracts/{id}/information-requests", post(resources::create_request))
            .route("/invoices", get(resources::invoices))
            .route("/renewal-indices", get(resources::indices));
        Router::new()
            .nest("/v1", api)
            .route("/oauth/token", post(token))
            .fallback(async || Problem::NOT_FOUND)
            .method_not_allowed_fallback(async || Problem::METHOD_NOT_ALLOWED)
            .with_state(self)
    }

    fn give_token(&self, scopes: Vec<&'static str>) -> Result<String, Problem> {
        let mut bytes = [0; TOKEN_BYTES];
        getrandom::fill(&mut bytes).map_err(|_| Problem::UNAVAILABLE)?;
        let value = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
        let mut tokens = self.tokens.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        tokens.retain(Token::is_good);
        tokens.push(Token { value: value.clone(), given: std::time::Instant::now(), scopes });
        Ok(value)
    }

    /// Whether `token` is good for a call to `path`; none when it is no token.
    fn allows(&self, token: &str, path: &str) -> Option<bool> {
        let tokens = self.tokens.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let known = tokens.iter().find(|known| known.value == token && known.is_good())?;
        let also = match path.rsplit('/').next() {
            Some("activation-keys") => KEYS,
            Some("information-requests") => REQUESTS,
            _ => READ,
        };
        Some([READ, also].iter().all(|scope| known.scopes.contains(scope)))
    }
}

/// Serves `demo` until the process ends.
///
/// # Errors
/// When the address cannot be listened on.
pub(crate) async fn serve(demo: Demo, listen: SocketAddr) -> anyhow::Result<()> {
    let listener = TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    let address = listener.local_addr().context("the address of the listener")?;
    tracing::info!("the demo portal is at http://{address}/v1, its tokens at http://{address}/oauth/token");
    axum::serve(listener, demo.router()).await.context("the server failed")
}

/// RFC 6749 §4.4: a token for who proves to be the client.
async fn token(State(demo): State<Demo>, headers: HeaderMap, body: String) -> Response {
    let refused = |status: StatusCode, error: &str| (status, axum::Json(json!({ "error": error }))).into_response();
    let authorization =
        headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Basic "));
    let credentials = authorization.and_then(|text| String::from_utf8(STANDARD.decode(text).ok()?).ok());
    let expected = format!("{}:{}", demo.client_id, demo.client_secret.reveal());
    if credentials.as_deref() != Some(&*expected) {
        return refused(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    if !body.split('&').any(|pair| pair == "grant_type=client_credentials") {
        return refused(StatusCode::BAD_REQUEST, "unsupported_grant_type");
    }
    let asked = body.split('&').find_map(|pair| pair.strip_prefix("scope=")).unwrap_or_default();
    let asked = asked.replace("%20", " ").replace('+', " ");
    let is_asked = |scope: &&str| asked.is_empty() || asked.split(' ').any(|one| one == *scope);
    let scopes: Vec<&str> = SCOPES.into_iter().filter(is_asked).collect();
    if asked.split_whitespace().any(|one| !SCOPES.contains(&one)) {
        return refused(StatusCode::BAD_REQUEST, "invalid_scope");
    }
    let scope = scopes.join(" ");
    match demo.give_token(scopes) {
        Ok(token) => {
            let body = json!({
                "access_token": token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS, "scope": scope,
            });
            ([(header::CACHE_CONTROL, "no-store")], axum::Json(body)).into_response()
        }
        Err(problem) => problem.into_response(),
    }
}
