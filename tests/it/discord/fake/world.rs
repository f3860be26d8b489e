//! What this Discord knows.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::faults::Failing;
use super::{AGENTS, BOT, CHANNEL, ELSEWHERE, FORUM, GUILD, OTHER_GUILD, Push, Pushes, SUPPORT, make};

/// A request that came.
#[derive(Debug, Clone)]
pub(in crate::discord) struct Request {
    /// Method and path below the version.
    pub(in crate::discord) line: String,
    pub(in crate::discord) body: Value,
    /// The status that it got.
    pub(in crate::discord) status: u16,
}

/// A message of the bot.
#[derive(Debug, Clone)]
pub(in crate::discord) struct Said {
    pub(in crate::discord) id: u64,
    pub(in crate::discord) body: Value,
}

impl Said {
    /// Everything that a person reads.
    pub(in crate::discord) fn text(&self) -> String {
        make::text_of(&self.body)
    }

    /// The custom id of the button or menu number `number`.
    pub(in crate::discord) fn button(&self, label: &str) -> String {
        make::button(&self.body, label)
    }
}

/// Everything.
pub(in crate::discord) struct World {
    next: u64,
    pub(in crate::discord) channels: BTreeMap<u64, Value>,
    pub(in crate::discord) messages: BTreeMap<u64, Vec<Value>>,
    pub(in crate::discord) requests: Vec<Request>,
    pub(in crate::discord) failing: Vec<Failing>,
    pub(in crate::discord) violations: Vec<String>,
    /// Answers to interactions, by their tokens.
    pub(in crate::discord) answers: BTreeMap<String, Value>,
    pub(in crate::discord) follow_ups: Vec<Value>,
    pub(in crate::discord) commands: Value,
    /// The open connection of the gateway, once it is identified.
    pub(in crate::discord) connection: Option<Pushes>,
    /// Its session.
    pub(super) session: Option<Session>,
    /// What the bot may do in every channel.
    pub(in crate::discord) permissions: u64,
    /// The operations by which gateways were opened.
    pub(in crate::discord) opened: Vec<u64>,
}

/// A session of the gateway: what was told in it, by number.
#[derive(Default)]
pub(super) struct Session {
    pub(super) id: String,
    pub(super) told: Vec<Value>,
}

impl World {
    pub(in crate::discord) fn new() -> Self {
        let text = |id: u64, guild: u64, kind: u8| json!({ "id": id.to_string(), "type": kind, "guild_id": guild.to_string(), "name": format!("salon-{id}") });
        let channels = BTreeMap::from([
            (CHANNEL, text(CHANNEL, GUILD, 0)),
            (SUPPORT, text(SUPPORT, GUILD, 0)),
            (FORUM, text(FORUM, GUILD, 15)),
            (ELSEWHERE, text(ELSEWHERE, OTHER_GUILD, 0)),
        ]);
        Self {
            next: AGENTS + 100_000,
            channels,
            messages: BTreeMap::new(),
            requests: Vec::new(),
            failing: Vec::new(),
            violations: Vec::new(),
            answers: BTreeMap::new(),
            follow_ups: Vec::new(),
            commands: Value::Null,
            connection: None,
            session: None,
            permissions: u64::MAX >> 11,
            opened: Vec::new(),
        }
    }

    pub(in crate::discord) fn next_id(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// The server of a channel; none for direct messages.
    pub(in crate::discord) fn guild_of(&self, channel: u64) -> Option<u64> {
        self.channels.get(&channel)?["guild_id"].as_str()?.parse().ok()
    }

    pub(in crate::discord) fn direct_channel(&mut self, person: u64) -> u64 {
        let id = 1_000_000 + person;
        let channel = json!({ "id": id.to_string(), "type": 1, "recipients": [make::user(person, false)] });
        self.channels.entry(id).or_insert(channel);
        id
    }

    pub(in crate::discord) fn add_thread(&mut self, id: u64, parent: u64, owner: u64, name: &str) -> Value {
        let thread = json!({
            "id": id.to_string(), "type": 11, "guild_id": GUILD.to_string(), "parent_id": parent.to_string(),
            "owner_id": owner.to_string(), "name": name, "message_count": 0, "member_count": 1,
            "thread_metadata": {
                "archived": false, "auto_archive_duration": 1440, "locked": false,
                "archive_timestamp": "2026-01-01T00:00:00.000000+00:00",
            },
        });
        self.channels.insert(id, thread.clone());
        thread
    }

    /// Changes a message; the event that tells of it.
    pub(in crate::discord) fn change(&mut self, channel: u64, message: u64, content: &str) -> Value {
        let known = self.messages.entry(channel).or_default();
        let known = known.iter_mut().find(|known| make::id_of(known) == message).expect("it was written");
        known["content"] = json!(content);
        known["edited_timestamp"] = json!("2026-01-01T00:00:01.000000+00:00");
        known.clone()
    }

    /// Takes a message away, whoever wrote it.
    pub(in crate::discord) fn remove(&mut self, message: u64) {
        for known in self.messages.values_mut() {
            known.retain(|known| make::id_of(known) != message);
        }
    }

    /// The message with this id, wherever it is.
    pub(in crate::discord) fn find(&self, id: u64) -> Option<Value> {
        self.messages.values().flatten().find(|message| make::id_of(message) == id).cloned()
    }

    pub(in crate::discord) fn said_by_bot(&self, channel: u64) -> Vec<Said> {
        let messages = self.messages.get(&channel).into_iter().flatten();
        let ours = messages.filter(|message| make::id_of(&message["author"]) == BOT);
        ours.map(|message| Said { id: make::id_of(message), body: message.clone() }).collect()
    }

    /// Tells of an event, now or when the session is resumed.
    pub(in crate::discord) fn tell(&mut self, name: &str, data: &Value) {
        let session = self.session.get_or_insert_default();
        let event = json!({ "op": 0, "t": name, "s": session.told.len() + 1, "d": data });
        session.told.push(event.clone());
        if let Some(connection) = &self.connection {
            // Whoever is gone hears it when it resumes.
            let _ = connection.send(Push::Send(event));
        }
    }

    /// What happened, for a test that waits in vain.
    pub(in crate::discord) fn summary(&self) -> Vec<String> {
        let line = |request: &Request| format!("{} → {} {}", request.line, request.status, request.body);
        let mut lines: Vec<String> = self.requests.iter().map(line).collect();
        lines.push(format!("gateways: {:?}, open: {}", self.opened, self.connection.is_some()));
        lines.extend(self.violations.iter().cloned());
        lines
    }
}
