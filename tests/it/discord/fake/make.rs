//! What people do, as Discord tells of it.

use serde_json::{Value, json};

use super::{BOT, GUILD};

const WHEN: &str = "2026-01-01T00:00:00.000000+00:00";

/// Somebody.
#[derive(Debug, Clone, Copy)]
pub(in crate::discord) struct Person {
    pub(in crate::discord) id: u64,
    /// The only role.
    pub(in crate::discord) role: Option<u64>,
    pub(in crate::discord) is_bot: bool,
}

impl Person {
    pub(in crate::discord) const fn new(id: u64) -> Self {
        Self { id, role: None, is_bot: false }
    }
}

/// What somebody does besides writing.
#[derive(Debug, Clone)]
pub(in crate::discord) enum Pressed {
    /// A command with options (name and text).
    Command(&'static str, Vec<(&'static str, String)>),
    /// Types in an option of a command.
    Typing(&'static str, &'static str, String),
    /// A button below this message.
    Button(u64, String),
    /// A line of a menu below this message.
    Menu(u64, String, String),
    /// Sends a form (custom id, fields).
    Form(String, Vec<(&'static str, String)>),
}

impl Pressed {
    pub(super) fn message(&self) -> Option<u64> {
        match self {
            Self::Button(message, _) | Self::Menu(message, ..) => Some(*message),
            Self::Command(..) | Self::Typing(..) | Self::Form(..) => None,
        }
    }
}

pub(super) fn user(id: u64, is_bot: bool) -> Value {
    json!({
        "id": id.to_string(), "username": format!("personne{id}"), "discriminator": "0", "global_name": null,
        "avatar": null, "bot": is_bot,
    })
}

pub(super) fn member(person: Person) -> Value {
    let roles: Vec<String> = person.role.iter().map(ToString::to_string).collect();
    json!({ "roles": roles, "joined_at": WHEN, "deaf": false, "mute": false, "flags": 0 })
}

/// A message, with the people that it names.
pub(super) fn message(id: u64, channel: u64, guild: Option<u64>, person: Person, content: &str) -> Value {
    let named = content.split("<@").skip(1).filter_map(|rest| rest.split('>').next()?.parse().ok());
    let mentions: Vec<Value> = named.map(|id: u64| user(id, id == BOT)).collect();
    let mut message = json!({
        "id": id.to_string(), "channel_id": channel.to_string(), "author": user(person.id, person.is_bot),
        "content": content, "timestamp": WHEN, "edited_timestamp": null, "tts": false, "mention_everyone": false,
        "mentions": mentions, "mention_roles": [], "attachments": [], "embeds": [], "pinned": false, "type": 0,
        "components": [],
    });
    if let Some(guild) = guild {
        message["guild_id"] = json!(guild.to_string());
        message["member"] = member(person);
    }
    message
}

pub(super) fn interaction(
    id: u64,
    channel: u64,
    guild: Option<u64>,
    person: Person,
    pressed: &Pressed,
    message: &Value,
) -> Value {
    let (kind, data) = data(pressed);
    let mut interaction = json!({
        "id": id.to_string(), "application_id": BOT.to_string(), "type": kind, "data": data,
        "channel_id": channel.to_string(), "token": format!("interaction-{id}"), "version": 1,
        "app_permissions": "8", "locale": "fr", "entitlements": [], "authorizing_integration_owners": {},
        "context": if guild.is_some() { 0 } else { 1 }, "attachment_size_limit": 10_000_000,
    });
    if pressed.message().is_some() {
        interaction["message"] = message.clone();
    }
    match guild {
        Some(guild) => {
            let mut member = member(person);
            member["user"] = user(person.id, false);
            member["permissions"] = json!("0");
            interaction["member"] = member;
            interaction["guild_id"] = json!(guild.to_string());
        }
        None => interaction["user"] = user(person.id, false),
    }
    interaction
}

fn data(pressed: &Pressed) -> (u8, Value) {
    let command = |name: &str, options: Vec<Value>| json!({ "id": "1", "name": name, "type": 1, "options": options, "guild_id": GUILD.to_string() });
    match pressed {
        Pressed::Command(name, options) => {
            let option = |(name, value): &(&str, String)| json!({ "name": name, "type": 3, "value": value });
            (2, command(name, options.iter().map(option).collect()))
        }
        Pressed::Typing(name, option, value) => {
            (4, command(name, vec![json!({ "name": option, "type": 3, "value": value, "focused": true })]))
        }
        Pressed::Button(_, id) => (3, json!({ "custom_id": id, "component_type": 2 })),
        Pressed::Menu(_, id, value) => (3, json!({ "custom_id": id, "component_type": 3, "values": [value] })),
        Pressed::Form(id, fields) => {
            let field = |(name, value): &(&str, String)| json!({ "type": 1, "components": [{ "type": 4, "custom_id": name, "value": value }] });
            (5, json!({ "custom_id": id, "components": fields.iter().map(field).collect::<Vec<_>>() }))
        }
    }
}

pub(super) fn id_of(value: &Value) -> u64 {
    value["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or_default()
}

/// Everything that a person reads in a message: its text, its embeds, the labels below.
pub(in crate::discord) fn text_of(body: &Value) -> String {
    let mut texts = Vec::new();
    collect(body, &mut texts);
    texts.join("\n")
}

fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Value::String(text)
                        if matches!(name.as_str(), "content" | "title" | "description" | "label" | "text" | "name") =>
                    {
                        texts.push(text.clone());
                    }
                    other => collect(other, texts),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The custom id of what carries a label that begins with `label`; of the menu, when a line of it does.
pub(in crate::discord) fn button(body: &Value, label: &str) -> String {
    let rows = body["components"].as_array().into_iter().flatten();
    let parts = rows.flat_map(|row| row["components"].as_array().into_iter().flatten());
    let begins = |part: &Value| part["label"].as_str().is_some_and(|shown| shown.starts_with(label));
    let found = parts.clone().find(|part| begins(part) || part["options"].as_array().into_iter().flatten().any(begins));
    let found = found.and_then(|part| part["custom_id"].as_str());
    found.unwrap_or_else(|| panic!("no button {label:?} in {body:#}")).to_owned()
}
