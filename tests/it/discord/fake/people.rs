//! What people do in this Discord.

use serde_json::Value;

use super::{BOT, CHANNEL, Discord, GUILD, Person, Pressed, make};

impl Discord {
    /// Somebody writes in a channel; the id of the message.
    pub(in crate::discord) fn write(&self, person: Person, channel: u64, content: &str) -> u64 {
        let message = self.keep(person, channel, content);
        self.tell("MESSAGE_CREATE", &message);
        make::id_of(&message)
    }

    /// The same with something more in the event.
    pub(in crate::discord) fn write_with(&self, person: Person, channel: u64, content: &str, more: &Value) -> u64 {
        let mut message = self.keep(person, channel, content);
        for (name, value) in more.as_object().into_iter().flatten() {
            message[name] = value.clone();
        }
        self.tell("MESSAGE_CREATE", &message);
        make::id_of(&message)
    }

    /// Somebody names the bot in a channel and asks.
    pub(in crate::discord) fn ask(&self, person: Person, channel: u64, question: &str) -> u64 {
        self.write(person, channel, &format!("<@{BOT}> {question}"))
    }

    /// Keeps a message without telling of it.
    pub(in crate::discord) fn keep(&self, person: Person, channel: u64, content: &str) -> Value {
        self.shared.with(|world| {
            let id = world.next_id();
            let message = make::message(id, channel, world.guild_of(channel), person, content);
            world.messages.entry(channel).or_default().push(message.clone());
            message
        })
    }

    /// Somebody opens a post in a forum; its id.
    pub(in crate::discord) fn post(&self, person: Person, forum: u64, title: &str, content: &str) -> u64 {
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
    pub(in crate::discord) fn change(&self, channel: u64, message: u64, content: &str) {
        let event = self.shared.with(|world| world.change(channel, message, content));
        self.tell("MESSAGE_UPDATE", &event);
    }

    /// Somebody gives a post another title.
    pub(in crate::discord) fn rename(&self, post: u64, title: &str) {
        let event = self.shared.with(|world| {
            let known = world.channels.get_mut(&post).expect("it was opened");
            known["name"] = serde_json::json!(title);
            known.clone()
        });
        self.tell("THREAD_UPDATE", &event);
    }

    /// Somebody deletes messages of a channel.
    pub(in crate::discord) fn delete(&self, channel: u64, messages: &[u64]) {
        let guild = self.shared.with(|world| {
            messages.iter().for_each(|message| world.remove(*message));
            world.guild_of(channel).map(|guild| guild.to_string())
        });
        let channel = channel.to_string();
        match messages {
            [message] => {
                let event = serde_json::json!({ "id": message.to_string(), "channel_id": channel, "guild_id": guild });
                self.tell("MESSAGE_DELETE", &event);
            }
            many => {
                let ids: Vec<String> = many.iter().map(ToString::to_string).collect();
                let event = serde_json::json!({ "ids": ids, "channel_id": channel, "guild_id": guild });
                self.tell("MESSAGE_DELETE_BULK", &event);
            }
        }
    }

    /// Somebody does something with a command, a button or a form; what the bot answers, whole.
    pub(in crate::discord) async fn interact(&self, person: Person, channel: u64, pressed: &Pressed) -> Value {
        let interaction = self.interaction(person, channel, pressed);
        self.tell("INTERACTION_CREATE", &interaction);
        let token = interaction["token"].as_str().expect("a token").to_owned();
        self.answer_to(&token).await
    }

    /// An interaction as Discord tells of it.
    pub(in crate::discord) fn interaction(&self, person: Person, channel: u64, pressed: &Pressed) -> Value {
        self.shared.with(|world| {
            let id = world.next_id();
            let guild = world.guild_of(channel);
            let message = pressed.message().and_then(|id| world.find(id)).unwrap_or_default();
            make::interaction(id, channel, guild, person, pressed, &message)
        })
    }

    /// What was answered to the interaction with this token, once it is whole: not before a promise is kept.
    pub(in crate::discord) async fn answer_to(&self, token: &str) -> Value {
        self.until("the interaction is answered", |world| {
            world.answers.get(token).filter(|answer| !matches!(answer["type"].as_u64(), Some(5 | 6))).cloned()
        })
        .await
    }

    /// Keeps an answer to an interaction as the message that it becomes; its id.
    pub(in crate::discord) fn keep_answer(&self, answer: &Value) -> u64 {
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
}
