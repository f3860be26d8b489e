//! The gateway: hello, identify or resume, events, heartbeats; and whatever a test does to the connection.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::world::Session;
use super::{BOT, GUILD, Push, Shared, make};

const HEARTBEAT_MS: u64 = 20_000;

pub(super) async fn serve(listener: TcpListener, shared: Shared) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(connected(stream, shared.clone()));
    }
}

async fn connected(stream: TcpStream, shared: Shared) {
    let Ok(mut socket) = tokio_tungstenite::accept_async(stream).await else { return };
    if send(&mut socket, &json!({ "op": 10, "d": { "heartbeat_interval": HEARTBEAT_MS } })).await.is_err() {
        return;
    }
    let (pushes, mut pushed) = mpsc::unbounded_channel();
    loop {
        tokio::select! {
            push = pushed.recv() => match push {
                Some(Push::Send(event)) => if send(&mut socket, &event).await.is_err() { break },
                Some(Push::Close(code)) => {
                    let frame = CloseFrame { code: CloseCode::from(code), reason: "".into() };
                    let _ = socket.close(Some(frame)).await;
                    break;
                }
                Some(Push::Cut) | None => break,
            },
            said = socket.next() => {
                let Some(Ok(said)) = said else { break };
                let Ok(text) = said.into_text() else { continue };
                let Ok(said) = serde_json::from_str::<Value>(&text) else { continue };
                let answers = heard(&shared, &said, &pushes);
                for answer in answers {
                    if send(&mut socket, &answer).await.is_err() {
                        break;
                    }
                }
            }
        }
    }
    shared.with(|world| {
        if world.connection.as_ref().is_some_and(|open| open.same_channel(&pushes)) {
            world.connection = None;
        }
    });
}

/// What is answered to what the bot says.
fn heard(shared: &Shared, said: &Value, pushes: &mpsc::UnboundedSender<Push>) -> Vec<Value> {
    match said["op"].as_u64() {
        Some(1) => vec![json!({ "op": 11 })],
        Some(2) => {
            let url = shared.gateway_url.clone();
            shared.with(|world| {
                world.opened.push(2);
                let id = format!("session-{}", world.next_id());
                let ready = json!({ "op": 0, "t": "READY", "s": 1, "d": {
                    "v": 10, "user": make::user(BOT, true), "session_id": id, "resume_gateway_url": url,
                    "guilds": [{ "id": GUILD.to_string(), "unavailable": true }],
                    "application": { "id": BOT.to_string(), "flags": 0 }, "shard": [0, 1],
                } });
                world.session = Some(Session { id, told: vec![ready.clone()] });
                world.connection = Some(pushes.clone());
                vec![ready]
            })
        }
        Some(6) => shared.with(|world| {
            world.opened.push(6);
            let known = usize::try_from(said["d"]["seq"].as_u64().unwrap_or(0)).unwrap_or(usize::MAX);
            let asked = said["d"]["session_id"].as_str().unwrap_or_default();
            match world.session.as_ref().filter(|session| session.id == asked) {
                Some(session) => {
                    let mut missed: Vec<Value> = session.told.iter().skip(known).cloned().collect();
                    let number = session.told.len();
                    missed.push(json!({ "op": 0, "t": "RESUMED", "s": number, "d": {} }));
                    world.connection = Some(pushes.clone());
                    missed
                }
                None => vec![json!({ "op": 9, "d": false })],
            }
        }),
        _ => Vec::new(),
    }
}

async fn send(socket: &mut WebSocketStream<TcpStream>, value: &Value) -> Result<(), ()> {
    socket.send(Message::Text(value.to_string())).await.map_err(|_| ())
}
