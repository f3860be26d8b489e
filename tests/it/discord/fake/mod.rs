//! A Discord for tests: its HTTP API and its gateway on this machine. It keeps channels and messages, holds every request
//! against Discord's own description, tells what people do, and fails when it is asked to.

mod contract;
mod faults;
mod gateway;
mod http;
mod make;
mod world;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};

use contract::Contract;
pub(super) use faults::Failing;
pub(super) use make::{Person, Pressed};
use world::World;
pub(super) use world::{Request, Said};

/// The bot, its application, and a server.
pub(super) const BOT: u64 = 900;
pub(super) const GUILD: u64 = 500;
pub(super) const OTHER_GUILD: u64 = 501;
/// A text channel, a channel of questions, a forum of questions; the roles of an agent.
pub(super) const CHANNEL: u64 = 600;
pub(super) const SUPPORT: u64 = 601;
pub(super) const FORUM: u64 = 602;
pub(super) const AGENTS: u64 = 700;

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
        self.shared.with(|world| world.channels.remove(&channel));
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

    /// Somebody writes in a channel; the id of the message.
    pub(super) fn write(&self, person: Person, channel: u64, content: &str) -> u64 {
        let message = self.keep(person, channel, content);
        self.tell("MESSAGE_CREATE", &message);
        make::id_of(&message)
    }

    /// The same with something more in the event.
    pub(super) fn write_with(&self, person: Person, channel: u64, content: &str, more: &Value) -> u64 {
        let mut message = self.keep(person, channel, content);
        for (name, value) in more.as_object().into_iter().flatten() {
            message[name] = value.clone();
        }
        self.tell("MESSAGE_CREATE", &message);
        make::id_of(&message)
    }

    /// Somebody names the bot in a channel and asks.
    pub(super) fn ask(&self, person: Person, channel: u64, question: &str) -> u64 {
        self.write(person, channel, &format!("<@{BOT}> {question}"))
    }

    /// Keeps a message without telling of it.
    pub(super) fn keep(&self, person: Person, channel: u64, content: &str) -> Value {
        self.shared.with(|world| {
            let id = world.next_id();
            let message = make::message(id, channel, world.guild_of(channel), person, content);
            world.messages.entry(channel).or_default().push(message.clone());
            message
        })
    }

    /// Somebody opens a post in a forum; its id.
    pub(super) fn post(&self, person: Person, forum: u64, title: &str, content: &str) -> u64 {
        let message = self.shared.with(|world| {
            let id = world.next_id();
            world.add_thread(id, forum, person.id, title);
            let message = make::message(id, id, Some(GUILD), person, content);
            world.messages.entry(id).or_default().push(message.clone());
            message
        });
        self.tell("MESSAGE_CREATE", &message);
        make::id_of(&message)
    }

    /// Somebody changes a message.
    pub(super) fn change(&self, channel: u64, message: u64, content: &str) {
        let event = self.shared.with(|world| world.change(channel, message, content));
        self.tell("MESSAGE_UPDATE", &event);
    }

    /// Somebody does something with a command, a button or a form; what the bot answers, whole.
    pub(super) async fn interact(&self, person: Person, channel: u64, pressed: &Pressed) -> Value {
        let interaction = self.interaction(person, channel, pressed);
        self.tell("INTERACTION_CREATE", &interaction);
        let token = interaction["token"].as_str().expect("a token").to_owned();
        self.answer_to(&token).await
    }

    /// An interaction as Discord tells of it.
    pub(super) fn interaction(&self, person: Person, channel: u64, pressed: &Pressed) -> Value {
        self.shared.with(|world| {
            let id = world.next_id();
            let guild = world.guild_of(channel);
            let message = pressed.message().and_then(|id| world.find(id)).unwrap_or_default();
            make::interaction(id, channel, guild, person, pressed, &message)
        })
    }

    /// What was answered to the interaction with this token, once it is whole: not before a promise is kept.
    pub(super) async fn answer_to(&self, token: &str) -> Value {
        self.until("the interaction is answered", |world| {
            world.answers.get(token).filter(|answer| !matches!(answer["type"].as_u64(), Some(5 | 6))).cloned()
        })
        .await
    }

    /// Keeps an answer to an interaction as the message that it becomes; its id.
    pub(super) fn keep_answer(&self, answer: &Value) -> u64 {
        self.shared.with(|world| {
            let id = world.next_id();
            let bot = Person { is_bot: true, ..Person::new(BOT) };
            let mut message = make::message(id, CHANNEL, Some(GUILD), bot, "");
            for (name, value) in answer["data"].as_object().into_iter().flatten() {
                message[name] = value.clone();
            }
            world.messages.entry(0).or_default().push(message);
            id
        })
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

fn empty() -> Value {
    json!({})
}
