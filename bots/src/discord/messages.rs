//! Messages: which are answered, where, and once.

use serenity::model::channel::{Message, MessageType};
use serenity::model::id::{ChannelId, MessageId, UserId};

use super::api::message_id;
use super::asked::{Asked, Shown};
use super::fault::{Attempt, Fault};
use super::heed::{self, Heard, Heed, OurThread};
use super::split::shortened;
use super::spot::{self, Spot};
use super::{Discord, render, text};
use crate::Post;

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
        let asked = Asked {
            id: message.id.to_string(),
            place: spot.place(author),
            text,
            option: None,
            server: message.guild_id,
        };
        let shown = self.take(&asked).await?;
        let reply_to = (channel == message.channel_id && matches!(spot, Spot::Channel(..))).then_some(message.id);
        let is_for_private = shown.is_for_private;
        self.show(shown, channel, reply_to, attempt).await?;
        if is_for_private {
            self.answer_in_private(asked, message, channel, attempt).await?;
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
                self.report(&self.explained(fault, message.channel_id, None).await);
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
        // The mark of a thread that is done is none of its author's words.
        let title = title.strip_prefix(text::SOLVED_MARK).unwrap_or(&title);
        Ok(if question.is_empty() { title.to_owned() } else { format!("{title}\n{question}") })
    }

    /// Keeps what is shown and sends it: a button must be known before it can be pressed. What was sent before Discord
    /// failed is not sent again.
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
        for (number, body) in shown.bodies.iter().enumerate().skip(shown.post.messages.len()) {
            let nonce = super::nonce(&shown.post.turn, number);
            let sent = self.api.send(channel, body, &nonce, attempt).await?;
            shown.post.messages.push(sent.to_string());
            self.memory.keep_post(&shown.post).await?;
        }
        shown.post.shown_in = Some(channel.to_string());
        self.memory.keep_post(&shown.post).await?;
        Ok(())
    }

    /// Answers in direct messages what may not be said where it was asked. `message` is the question; a reply that it got
    /// there before is changed.
    async fn answer_in_private(
        &self,
        asked: Asked,
        message: &Message,
        channel: ChannelId,
        attempt: Attempt,
    ) -> Result<(), Fault> {
        let author = message.author.id;
        let place = Spot::User(author).place(author);
        let private = Asked { id: format!("{}/p", asked.id), place, server: None, ..asked };
        let mut shown = self.take(&private).await?;
        shown.post.asked = in_private(message.id);
        let known = self.memory.find_answer(&shown.post.asked).await?;
        let sent = match (known, self.api.private_channel(author).await) {
            (_, Err(fault)) => Err(fault),
            (Some(known), Ok(direct)) if known.shown_in.is_some() => self.change(&known, shown, direct).await,
            (_, Ok(direct)) => self.show(shown, direct, None, Attempt::Send).await,
        };
        match sent {
            Err(Fault::MessagesClosed) => {
                let nonce = super::nonce(&private.id, 9);
                self.api.send(channel, &render::said(text::OPEN_YOUR_MESSAGES), &nonce, attempt).await.map(|_| ())
            }
            other => other,
        }
    }

    /// A question that was answered and has changed gets its new answer in the place of the old one. What comes late, from
    /// the queue, may have been answered in part: the rest follows.
    pub(super) async fn hear_again(&self, me: UserId, message: &Message, is_late: bool) -> Result<(), Fault> {
        let Some(known) = self.memory.find_answer(&message.id.to_string()).await? else { return Ok(()) };
        let Some(place) = self.memory.find_place(&known.place).await? else { return Ok(()) };
        let mut text = without_mention(&message.content, me);
        if message.id.get() == message.channel_id.get() {
            text = self.title_and(message, &text).await?;
        }
        let digest = super::digest(&text);
        // Discord also says that a message changed when it adds a preview.
        let has_changed = digest != known.digest && !text.trim().is_empty();
        if !has_changed && !is_late {
            return Ok(());
        }
        let Some(channel) = known.shown_in.as_deref().and_then(spot::snowflake).map(ChannelId::new) else {
            return Ok(());
        };
        let id = if has_changed { format!("{}/{digest}", message.id) } else { known.turn.clone() };
        let asked = Asked { id, place, text, option: None, server: message.guild_id };
        let shown = self.take(&asked).await?;
        let is_for_private = shown.is_for_private;
        if has_changed {
            self.change(&known, shown, channel).await?;
        }
        let private = self.memory.find_answer(&in_private(message.id)).await?;
        let was_told = private.as_ref().is_some_and(|private| private.shown_in.is_some());
        match (is_for_private, private) {
            (true, _) if has_changed || !was_told => {
                self.answer_in_private(asked, message, channel, Attempt::Send).await
            }
            // What was said in private answers what nobody asks any more.
            (false, Some(private)) if has_changed => self.take_away(private).await,
            _ => Ok(()),
        }
    }

    /// Shows `shown` in the place of what is `known` to be shown in `channel`.
    async fn change(&self, known: &Post, mut shown: Shown, channel: ChannelId) -> Result<(), Fault> {
        let digest = std::mem::replace(&mut shown.post.digest, known.digest.clone());
        shown.post.asked.clone_from(&known.asked);
        shown.post.messages.clone_from(&known.messages);
        shown.post.shown_in.clone_from(&known.shown_in);
        self.memory.keep_post(&shown.post).await?;
        let old: Vec<MessageId> = known.messages.iter().filter_map(|id| message_id(id)).collect();
        if !shown.bodies.is_empty() {
            shown.post.messages.clear();
        }
        for (number, body) in shown.bodies.iter().enumerate() {
            let edited = match old.get(number) {
                Some(id) => self.api.edit(channel, *id, body).await.map(|()| Some(*id)),
                None => Ok(None),
            };
            let id = match edited {
                Ok(Some(id)) => id,
                // Somebody took the old one away.
                Ok(None) | Err(Fault::Gone) => {
                    let nonce = super::nonce(&shown.post.turn, number);
                    self.api.send(channel, body, &nonce, Attempt::Send).await?
                }
                Err(fault) => return Err(fault),
            };
            shown.post.messages.push(id.to_string());
        }
        if !shown.bodies.is_empty() {
            self.delete_all(channel, old.iter().skip(shown.bodies.len())).await?;
        }
        // Only now: whoever begins again must see that it is not done.
        shown.post.digest = digest;
        self.memory.keep_post(&shown.post).await?;
        Ok(())
    }

    /// Takes back what was answered to a message that was deleted: whoever takes a question back does not want it answered
    /// where others read.
    pub(super) async fn forget(&self, message: MessageId) -> Result<(), Fault> {
        for asked in [message.to_string(), in_private(message)] {
            if let Some(post) = self.memory.find_answer(&asked).await? {
                self.take_away(post).await?;
            }
        }
        Ok(())
    }

    /// Removes what was shown. That it was answered stays known, its buttons do not.
    async fn take_away(&self, post: Post) -> Result<(), Fault> {
        if let Some(channel) = post.shown_in.as_deref().and_then(spot::snowflake).map(ChannelId::new) {
            let ids: Vec<MessageId> = post.messages.iter().filter_map(|id| message_id(id)).collect();
            self.delete_all(channel, ids.iter()).await?;
        }
        let emptied = Post { messages: Vec::new(), options: Vec::new(), digest: String::new(), ..post };
        Ok(self.memory.keep_post(&emptied).await?)
    }

    async fn delete_all(&self, channel: ChannelId, ids: impl Iterator<Item = &MessageId>) -> Result<(), Fault> {
        for id in ids {
            match self.api.delete(channel, *id).await {
                Ok(()) | Err(Fault::Gone) => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(())
    }
}

/// As what the reply is kept that a message got in direct messages.
fn in_private(message: MessageId) -> String {
    format!("{message}/p")
}

/// Discord's code for "a thread has already been created for this message".
const THREAD_EXISTS: isize = 160_004;

/// What is said besides our name.
fn without_mention(content: &str, me: UserId) -> String {
    content.replace(&format!("<@{me}>"), " ").replace(&format!("<@!{me}>"), " ").trim().to_owned()
}
