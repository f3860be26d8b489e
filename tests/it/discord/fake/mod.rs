//! A Discord for tests: its HTTP API and its gateway on this machine. It keeps channels and messages, holds every request
//! against Discord's own description, tells what people do, and fails when it is asked to.

mod contract;
mod faults;
mod gateway;
mod http;
mod make;
mod people;
mod world;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};

use contract::Contract;
pub(super) use faults::Failing;
pub(super) use make::{Person, Pressed};
pub(super) use world::{Request, Said, World};

/// The bot, its application, and a server.
pub(super) const BOT: u64 = 900;
pub(super) const GUILD: u64 = 500;
pub(super) const OTHER_GUILD: u64 = 501;
/// A text channel, a channel of questions, a forum of questions; the roles of an agent.
pub(super) const CHANNEL: u64 = 600;
pub(super) const SUPPORT: u64 = 601;
pub(super) const FORUM: u64 = 602;
pub(super) const AGENTS: u64 = 700;
/// A channel of another server.
pub(super) const ELSEWHERE: u64 = 650;

/// How long a test waits for something that should happen; no test measures time.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long it waits for something that should not happen, after all that should has.
const SILENCE: Duration = Duration::from_millis(150);

/// What to do with the open connection of the gateway.
#[derive(Debug, Clone)]
pub(super) enum Push {
    /// Send this.
    Send(Value),
    /// Close it with this code.
    Close(u16),
    /// Cut it without a word.
    Cut,
}

/// What the HTTP side and the gateway share.
#[derive(Clone)]
struct Shared {
    world: Arc<Mutex<World>>,
    /// Counts what has changed.
    changes: watch::Sender<u64>,
    contract: Option<Arc<Contract>>,
    gateway_url: String,
}

impl Shared {
    /// Looks at the world, and may change it.
    fn with<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        let found = look(&mut self.world.lock().unwrap_or_else(PoisonError::into_inner));
        self.changes.send_modify(|count| *count += 1);
        found
    }

    /// Looks without a change.
    fn look<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&self.world.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A running Discord.
pub(super) struct Discord {
    pub(super) url: String,
    shared: Shared,
}

impl Discord {
    pub(super) async fn start() -> Self {
        let gateway = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let shared = Shared {
            world: Arc::new(Mutex::new(World::new())),
            changes: watch::channel(0).0,
            contract: Contract::load(),
            gateway_url: format!("ws://{}", gateway.local_addr().expect("an address")),
        };
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(gateway::serve(gateway, shared.clone()));
        tokio::spawn(http::serve(listener, shared.clone()));
        Self { url, shared }
    }

    /// Waits until `found` finds something.
    pub(super) async fn until<T>(&self, what: &str, found: impl Fn(&World) -> Option<T>) -> T {
        let mut changes = self.shared.changes.subscribe();
        let look = async {
            loop {
                if let Some(found) = self.shared.look(&found) {
                    return found;
                }
                changes.changed().await.expect("this Discord lives");
            }
        };
        match tokio::time::timeout(PATIENCE, look).await {
            Ok(found) => found,
            Err(_) => panic!("{what} never happens: {:#?}", self.shared.look(World::summary)),
        }
    }

    /// Waits until the bot is there.
    pub(super) async fn until_ready(&self) {
        self.until("the bot connects", |world| world.connection.as_ref().map(|_| ())).await;
    }

    /// The first message of the bot in `channel` after the first `known`, whole.
    pub(super) async fn said_in(&self, channel: u64, known: usize) -> Said {
        let what = format!("message {} of the bot in {channel}", known + 1);
        self.until(&what, |world| world.said_by_bot(channel).get(known).cloned()).await
    }

    /// All messages of the bot in `channel`, when nothing more is about to come.
    pub(super) async fn all_said_in(&self, channel: u64) -> Vec<Said> {
        tokio::time::sleep(SILENCE).await;
        self.shared.look(|world| world.said_by_bot(channel))
    }

    /// The thread that was opened below a message.
    pub(super) async fn thread_below(&self, message: u64) -> u64 {
        self.until("a thread is opened", |world| world.channels.contains_key(&message).then_some(message)).await
    }

    /// What is known of a channel.
    pub(super) fn channel(&self, id: u64) -> Value {
        self.shared.look(|world| world.channels.get(&id).cloned().unwrap_or_default())
    }

    /// The channel of direct messages with `person`.
    pub(super) fn direct(&self, person: Person) -> u64 {
        self.shared.with(|world| world.direct_channel(person.id))
    }

    /// Requests so far that begin with `line` ("POST /channels/1").
    pub(super) fn requests(&self, line: &str) -> Vec<Request> {
        self.shared.look(|world| world.requests.iter().filter(|seen| seen.line.starts_with(line)).cloned().collect())
    }

    /// From now on requests go wrong as `failing` says.
    pub(super) fn fail(&self, failing: Failing) {
        self.shared.with(|world| world.failing.push(failing));
    }

    /// Nothing goes wrong any more.
    pub(super) fn heal(&self) {
        self.shared.with(|world| world.failing.clear());
    }

    /// Forgets a channel and what was said in it.
    pub(super) fn remove_channel(&self, channel: u64) {
        let removed = self.shared.with(|world| world.channels.remove(&channel)).unwrap_or_default();
        let name = if removed["thread_metadata"].is_null() { "CHANNEL_DELETE" } else { "THREAD_DELETE" };
        self.tell(name, &removed);
    }

    /// From now on the bot may do this in every channel.
    pub(super) fn permit(&self, permissions: u64) {
        self.shared.with(|world| world.permissions = permissions);
    }

    /// How often a gateway was opened with `op` (2: identify, 6: resume).
    pub(super) fn opened(&self, op: u64) -> usize {
        self.shared.look(|world| world.opened.iter().filter(|opened| **opened == op).count())
    }

    /// Tells the bot of an event, now or when it is back.
    pub(super) fn tell(&self, name: &str, data: &Value) {
        self.shared.with(|world| world.tell(name, data));
    }

    /// Does something with the open connection.
    pub(super) fn push(&self, push: Push) {
        self.shared.with(|world| {
            if let Some(connection) = &world.connection {
                // Whoever is gone hears nothing.
                let _ = connection.send(push);
            }
        });
    }

    /// From now on no session is resumed.
    pub(super) fn forget_sessions(&self) {
        self.shared.with(|world| world.session = None);
    }

    /// What was said after the answer to an interaction.
    pub(super) fn follow_ups(&self) -> Vec<Value> {
        self.shared.look(|world| world.follow_ups.clone())
    }

    /// Everything that the bot did against Discord's description.
    pub(super) fn violations(&self) -> Vec<String> {
        self.shared.look(|world| world.violations.clone())
    }
}

impl Drop for Discord {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let violations = self.violations();
            assert!(violations.is_empty(), "against Discord's description: {violations:#?}");
        }
    }
}

/// The end of a channel to the open connection.
type Pushes = mpsc::UnboundedSender<Push>;
