//! The HTTP API, as far as the bot uses it.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request as HttpRequest, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::world::{Request, World};
use super::{BOT, Person, Shared, make};

/// Discord's codes of errors.
const UNKNOWN_CHANNEL: i64 = 10_003;
const UNKNOWN_MESSAGE: i64 = 10_008;
const UNKNOWN_INTERACTION: i64 = 10_062;
const ALREADY_ANSWERED: i64 = 40_060;
const NO_THREAD_HERE: i64 = 50_024;
const THREAD_EXISTS: i64 = 160_004;

pub(super) async fn serve(listener: TcpListener, shared: Shared) {
    let router = Router::new().fallback(answer).with_state(shared);
    axum::serve(listener, router).await.expect("it serves");
}

async fn answer(State(shared): State<Shared>, request: HttpRequest) -> Response {
    let method = request.method().to_string();
    let Some(path) = request.uri().path().strip_prefix("/api/v10").map(str::to_owned) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let is_authorised = request.headers().get(header::AUTHORIZATION).is_some_and(|value| value == "Bot jeton-de-test");
    let bytes = to_bytes(request.into_body(), 1 << 20).await.unwrap_or_default();
    let body: Value =
        if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap_or(json!("not JSON")) };
    let violations =
        shared.contract.as_ref().map(|contract| contract.violations(&method, &path, &body)).unwrap_or_default();
    let is_by_token = path.starts_with("/interactions/") || path.starts_with("/webhooks/");
    if !is_authorised && !is_by_token {
        return (StatusCode::UNAUTHORIZED, axum::Json(json!({ "message": "401: Unauthorized", "code": 0 })))
            .into_response();
    }
    let line = format!("{method} {path}");
    let gateway_url = shared.gateway_url.clone();
    let (status, answer) = shared.with(|world| {
        world.violations.extend(violations);
        let failing = world.failing.iter_mut().find_map(|failing| failing.takes(&line).then(|| failing.clone()));
        let done = match &failing {
            Some(failing) if !failing.is_done => (failing.status, failing.body()),
            _ => act(world, &method, &path, &body, &gateway_url),
        };
        let (status, answer) = failing.map_or(done, |failing| (failing.status, failing.body()));
        world.requests.push(Request { line, body, status });
        (status, answer)
    });
    if status == 0 {
        let cut = futures_util::stream::iter([Err::<Vec<u8>, _>(std::io::Error::other("the connection is cut"))]);
        return Body::from_stream(cut).into_response();
    }
    if status == 204 {
        return StatusCode::NO_CONTENT.into_response();
    }
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    (status, [(header::CONTENT_TYPE, "application/json")], Body::from(answer.to_string())).into_response()
}

fn act(world: &mut World, method: &str, path: &str, body: &Value, gateway_url: &str) -> (u16, Value) {
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let id = |text: &str| text.parse::<u64>().unwrap_or_default();
    match (method, parts.as_slice()) {
        ("GET", ["gateway", "bot"]) => {
            let limit = json!({ "total": 1000, "remaining": 999, "reset_after": 1, "max_concurrency": 1 });
            (200, json!({ "url": gateway_url, "shards": 1, "session_start_limit": limit }))
        }
        ("GET", ["gateway"]) => (200, json!({ "url": gateway_url })),
        ("GET", ["users", "@me"]) => (200, make::user(BOT, true)),
        ("GET", ["guilds", guild, "roles"]) => {
            let permissions = world.permissions.to_string();
            let role = json!({
                "id": guild, "name": "@everyone", "color": 0, "hoist": false, "managed": false, "mentionable": false,
                "colors": { "primary_color": 0, "secondary_color": null, "tertiary_color": null },
                "position": 0, "permissions": permissions, "flags": 0,
            });
            (200, json!([role]))
        }
        ("GET", ["guilds", _, "members", user]) => {
            let mut member = make::member(Person::new(id(user)));
            member["user"] = make::user(id(user), true);
            (200, member)
        }
        ("POST", ["users", "@me", "channels"]) => {
            let channel = world.direct_channel(body["recipient_id"].as_str().map(id).unwrap_or_default());
            (200, world.channels[&channel].clone())
        }
        ("PUT", ["applications", _, "commands"]) => {
            world.commands = body.clone();
            let command = |(number, command): (usize, &Value)| {
                let mut command = command.clone();
                command["id"] = json!((number + 1).to_string());
                command["application_id"] = json!(BOT.to_string());
                command["version"] = json!("1");
                command["default_member_permissions"] = json!(null);
                command
            };
            (200, body.as_array().into_iter().flatten().enumerate().map(command).collect())
        }
        ("POST", ["interactions", _, token, "callback"]) => {
            if world.answers.contains_key(*token) {
                return refused(400, ALREADY_ANSWERED);
            }
            world.answers.insert((*token).to_owned(), body.clone());
            (204, Value::Null)
        }
        ("PATCH", ["webhooks", _, token, "messages", "@original"]) => {
            if !world.answers.contains_key(*token) {
                return refused(404, UNKNOWN_INTERACTION);
            }
            world.answers.insert((*token).to_owned(), json!({ "type": 4, "data": body }));
            (200, bot_message(world, 1, body))
        }
        ("POST", ["webhooks", _, _]) => {
            world.follow_ups.push(body.clone());
            (200, bot_message(world, 1, body))
        }
        ("GET" | "PATCH" | "POST" | "DELETE", ["channels", channel, rest @ ..]) => {
            let channel = id(channel);
            if !world.channels.contains_key(&channel) {
                return refused(404, UNKNOWN_CHANNEL);
            }
            in_channel(world, method, channel, rest, body)
        }
        _ => refused(404, 0),
    }
}

fn in_channel(world: &mut World, method: &str, channel: u64, rest: &[&str], body: &Value) -> (u16, Value) {
    let id = |text: &str| text.parse::<u64>().unwrap_or_default();
    match (method, rest) {
        ("GET", []) => (200, world.channels[&channel].clone()),
        ("PATCH", []) => {
            let known = world.channels.get_mut(&channel).expect("it was looked at");
            for (name, value) in body.as_object().into_iter().flatten() {
                match name.as_str() {
                    "archived" | "locked" => known["thread_metadata"][name] = value.clone(),
                    _ => known[name] = value.clone(),
                }
            }
            let known = known.clone();
            world.tell("THREAD_UPDATE", &known);
            (200, known)
        }
        ("POST", ["typing"]) => (204, Value::Null),
        ("GET", ["messages"]) => {
            let newest_first = world.messages.get(&channel).into_iter().flatten().rev().take(100);
            (200, newest_first.cloned().collect())
        }
        ("GET", ["messages", message]) => match world.find(id(message)) {
            Some(found) => (200, found),
            None => refused(404, UNKNOWN_MESSAGE),
        },
        ("POST", ["messages"]) => {
            let known = world.messages.get(&channel).into_iter().flatten();
            let is_same = |message: &&Value| body["enforce_nonce"] == true && message["nonce"] == body["nonce"];
            if let Some(same) = known.clone().find(is_same) {
                return (200, same.clone());
            }
            let message = bot_message(world, channel, body);
            // What is said in a thread that was put away brings it back.
            if let Some(state) = world.channels.get_mut(&channel).and_then(|known| known.get_mut("thread_metadata")) {
                state["archived"] = json!(false);
            }
            world.messages.entry(channel).or_default().push(message.clone());
            (200, message)
        }
        ("PATCH", ["messages", message]) => {
            let message = id(message);
            let known = world.messages.entry(channel).or_default();
            let Some(known) = known.iter_mut().find(|known| make::id_of(known) == message) else {
                return refused(404, UNKNOWN_MESSAGE);
            };
            for (name, value) in body.as_object().into_iter().flatten() {
                known[name] = value.clone();
            }
            (200, known.clone())
        }
        ("DELETE", ["messages", message]) => {
            let message = id(message);
            world.messages.entry(channel).or_default().retain(|known| make::id_of(known) != message);
            (204, Value::Null)
        }
        ("POST", ["messages", message, "threads"]) => {
            let message = id(message);
            if world.channels.contains_key(&message) {
                return refused(400, THREAD_EXISTS);
            }
            if world.channels[&channel]["type"] != 0 {
                return refused(400, NO_THREAD_HERE);
            }
            if world.find(message).is_none() {
                return refused(404, UNKNOWN_MESSAGE);
            }
            (201, world.add_thread(message, channel, BOT, body["name"].as_str().unwrap_or_default()))
        }
        _ => refused(404, 0),
    }
}

/// A message of the bot as Discord gives it back.
fn bot_message(world: &mut World, channel: u64, body: &Value) -> Value {
    let id = world.next_id();
    let bot = Person { is_bot: true, ..Person::new(BOT) };
    let mut message = make::message(id, channel, world.guild_of(channel), bot, "");
    for (name, value) in body.as_object().into_iter().flatten() {
        message[name] = value.clone();
    }
    if !message["message_reference"].is_null() {
        message["message_reference"]["channel_id"] = json!(channel.to_string());
    }
    for embed in message["embeds"].as_array_mut().into_iter().flatten() {
        embed["type"] = json!("rich");
    }
    message
}

fn refused(status: u16, code: i64) -> (u16, Value) {
    (status, json!({ "message": "refused", "code": code }))
}
