//! Messages: which are answered, where, and once.

use serenity::model::channel::{Message, MessageType};
use serenity::model::event::MessageUpdateEvent;
use serenity::model::id::{ChannelId, MessageId, UserId};

use super::api::message_id;
use super::asked::{Asked, Shown};
use super::fault::{Attempt, Fault};
use super::heed::{self, Heard, Heed, OurThread};
use super::split::shortened;
use super::spot::{self, Spot};
use super::{Discord, render, text};

/// Longest title of a thread that we open.
const MAX_TITLE: usize = 90;

impl Discord {
    /// Answers a message, if it is for us and was not answered.
    pub(super) async fn hear(&self, me: UserId, message: &Message) -> Result<(), Fault> {
        let heed = heed::decide(self.heard(me, message).await?);
        if heed == Heed::Ignore {
            return Ok(());
        }
        let known = self.memory.find_answer(&message.id.to_string()).await?;
        if known.is_some_and(|known| known.shown_in.is_some()) {
            return Ok(());
        }
        let author = message.author.id;
        let question = without_mention(&message.content, me);
        if question.is_empty() && heed != Heed::InPost {
            let body = render::said(text::EMPTY_MENTION);
            let nonce = message.id.to_string();
            return self.api.send(message.channel_id, &body, &nonce, Attempt::Send).await.map(|_| ());
        }
        let (spot, channel, attempt) = match heed {
            Heed::Ignore => return Ok(()),
            Heed::Direct => (Spot::User(author), message.channel_id, Attempt::Send),
            Heed::InThread | Heed::InPost => {
                (Spot::Thread(message.channel_id), message.channel_id, Attempt::SendInThread)
            }
            Heed::OpenThread => match self.open_thread(message, &question).await? {
                Some(thread) => (Spot::Thread(thread), thread, Attempt::SendInThread),
                None => (Spot::Channel(message.channel_id, author), message.channel_id, Attempt::Send),
            },
            Heed::Here => (Spot::Channel(message.channel_id, author), message.channel_id, Attempt::Send),
        };
        let text = match heed {
            Heed::InPost => self.title_and(message, &question).await?,
            _ => question,
        };
        self.api.show_typing(channel).await;
        let asked = Asked { id: message.id.to_string(), place: spot.place(author), text, option: None };
        let shown = self.take(&asked).await?;
        let reply_to = (channel == message.channel_id && matches!(spot, Spot::Channel(..))).then_some(message.id);
        let is_for_private = shown.is_for_private;
        self.show(shown, channel, reply_to, attempt).await?;
        if is_for_private {
            self.answer_in_private(asked, author, channel, attempt).await?;
        }
        Ok(())
    }

    async fn heard(&self, me: UserId, message: &Message) -> Result<Heard, Fault> {
        let is_automatic = message.author.bot
            || message.webhook_id.is_some()
            || !matches!(message.kind, MessageType::Regular | MessageType::InlineReply);
        let names_us = message.mentions.iter().any(|user| user.id == me);
        let replied_to = message.referenced_message.as_ref().map(|replied| replied.author.id);
        let names_others = message.mentions.iter().any(|user| user.id != me && Some(user.id) != replied_to);
        let guild = message.guild_id.map(|guild| guild.get());
        let mut heard = Heard {
            is_automatic,
            is_elsewhere: !self.settings.serves(guild),
            is_direct: guild.is_none(),
            names_us,
            is_for_others: names_others || replied_to.is_some_and(|author| author != me && author != message.author.id),
            is_in_support: self.settings.support_channels.contains(&message.channel_id.get()),
            ..Heard::default()
        };
        if is_automatic || heard.is_elsewhere || heard.is_direct {
            return Ok(heard);
        }
        let place = self.memory.find_place(&Spot::Thread(message.channel_id).to_string()).await?;
        heard.thread = place.map(|place| match spot::user(&place.owner) == Some(message.author.id) {
            true => OurThread::Theirs,
            false => OurThread::SomebodyElses,
        });
        // The message that begins a post has the id of the post.
        let may_begin = message.id.get() == message.channel_id.get() && !self.settings.forums.is_empty();
        if heard.thread.is_none() && may_begin {
            let parent = self.api.channel(message.channel_id).await?.guild().and_then(|post| post.parent_id);
            heard.begins_a_post = parent.is_some_and(|forum| self.settings.forums.contains(&forum.get()));
        }
        Ok(heard)
    }

    /// A thread below the message; none where none can be made.
    async fn open_thread(&self, message: &Message, question: &str) -> Result<Option<ChannelId>, Fault> {
        let title = question.split_whitespace().collect::<Vec<_>>().join(" ");
        let title = shortened(&title, MAX_TITLE);
        match self.api.open_thread(message.channel_id, message.id, &title).await {
            Ok(thread) => Ok(Some(thread)),
            // There is one already (the event came twice): it has the id of the message.
            Err(Fault::Refused { code: THREAD_EXISTS, .. }) => Ok(Some(ChannelId::new(message.id.get()))),
            Err(fault @ Fault::MissingPermission { .. }) => {
                self.report(&fault);
                Ok(None)
            }
            // A thread inside a thread, a voice channel.
            Err(Fault::Refused { .. }) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// Title and first message of a post are one question.
    async fn title_and(&self, message: &Message, question: &str) -> Result<String, Fault> {
        let title = self.api.channel(message.channel_id).await?.guild().map(|post| post.name).unwrap_or_default();
        Ok(if question.is_empty() { title } else { format!("{title}\n{question}") })
    }

    /// Keeps what is shown and sends it: a button must be known before it can be pressed.
    pub(super) async fn show(
        &self,
        mut shown: Shown,
        channel: ChannelId,
        reply_to: Option<MessageId>,
        attempt: Attempt,
    ) -> Result<(), Fault> {
        if let (Some(message), Some(first)) = (reply_to, shown.bodies.first_mut()) {
            first["message_reference"] = serde_json::json!({ "message_id": message, "fail_if_not_exists": false });
        }
        self.memory.keep_post(&shown.post).await?;
        for (number, body) in shown.bodies.iter().enumerate() {
            let nonce = super::nonce(&shown.post.asked, number);
            let sent = self.api.send(channel, body, &nonce, attempt).await?;
            shown.post.messages.push(sent.to_string());
        }
        shown.post.shown_in = Some(channel.to_string());
        self.memory.keep_post(&shown.post).await?;
        Ok(())
    }

    /// Answers in direct messages what may not be said where it was asked.
    async fn answer_in_private(
        &self,
        asked: Asked,
        author: UserId,
        channel: ChannelId,
        attempt: Attempt,
    ) -> Result<(), Fault> {
        let private = Asked { id: format!("{}/p", asked.id), place: Spot::User(author).place(author), ..asked };
        let shown = self.take(&private).await?;
        let sent = match self.api.private_channel(author).await {
            Ok(direct) => self.show(shown, direct, None, Attempt::Send).await,
            Err(fault) => Err(fault),
        };
        match sent {
            Err(Fault::MessagesClosed) => {
                let nonce = super::nonce(&private.id, 9);
                self.api.send(channel, &render::said(text::OPEN_YOUR_MESSAGES), &nonce, attempt).await.map(|_| ())
            }
            other => other,
        }
    }

    /// A question that was answered and changes gets its new answer in the place of the old one.
    pub(super) async fn hear_again(&self, me: UserId, event: &MessageUpdateEvent) -> Result<(), Fault> {
        let Some(known) = self.memory.find_answer(&event.id.to_string()).await? else { return Ok(()) };
        let Some(place) = self.memory.find_place(&known.place).await? else { return Ok(()) };
        // Events of two changes may come in the wrong order: what counts is what the message says now.
        let message = self.api.message(event.channel_id, event.id).await?;
        let mut text = without_mention(&message.content, me);
        if event.id.get() == event.channel_id.get() {
            let title = self.api.channel(event.channel_id).await?.guild().map(|post| post.name).unwrap_or_default();
            text = format!("{title}\n{text}");
        }
        let digest = super::digest(&text);
        // Discord also says that a message changed when it adds a preview.
        if digest == known.digest || text.trim().is_empty() {
            return Ok(());
        }
        let Some(channel) = known.shown_in.as_deref().and_then(spot::snowflake).map(ChannelId::new) else {
            return Ok(());
        };
        let asked = Asked { id: format!("{}/{digest}", event.id), place, text, option: None };
        let mut shown = self.take(&asked).await?;
        shown.post.asked.clone_from(&known.asked);
        shown.post.messages.clone_from(&known.messages);
        shown.post.shown_in.clone_from(&known.shown_in);
        self.memory.keep_post(&shown.post).await?;
        if shown.bodies.is_empty() {
            return Ok(());
        }
        shown.post.messages.clear();
        let old: Vec<MessageId> = known.messages.iter().filter_map(|id| message_id(id)).collect();
        for (number, body) in shown.bodies.iter().enumerate() {
            let id = match old.get(number) {
                Some(id) => self.api.edit(channel, *id, body).await.map(|()| *id),
                None => {
                    let nonce = super::nonce(&digest, number);
                    self.api.send(channel, body, &nonce, Attempt::Send).await
                }
            }?;
            shown.post.messages.push(id.to_string());
        }
        for id in old.iter().skip(shown.bodies.len()) {
            self.api.delete(channel, *id).await?;
        }
        self.memory.keep_post(&shown.post).await?;
        Ok(())
    }
}

/// Discord's code for "a thread has already been created for this message".
const THREAD_EXISTS: isize = 160_004;

/// What is said besides our name.
fn without_mention(content: &str, me: UserId) -> String {
    content.replace(&format!("<@{me}>"), " ").replace(&format!("<@!{me}>"), " ").trim().to_owned()
}
