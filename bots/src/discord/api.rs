//! The calls that are made to Discord, each with a second chance when it fails for a moment.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use serenity::http::{Http, HttpBuilder};
use serenity::model::channel::{Channel, Message};
use serenity::model::id::{ApplicationId, ChannelId, InteractionId, MessageId, UserId};

use super::fault::{Attempt, Fault};
use super::settings::Settings;
use super::spot::snowflake;

/// How often a call is made that fails for a moment, and how long the first wait is; it doubles.
const TRIES: u32 = 4;
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// How long one try may take. Rate limits are waited for within it.
pub const TIMEOUT: Duration = Duration::from_secs(10);

/// Discord's API.
#[derive(Clone)]
pub(super) struct Api {
    pub(super) http: Arc<Http>,
}

impl Api {
    /// Talks to Discord, or to what stands before it. Discord's rate limits are minded here only when nothing stands
    /// before it: a proxy minds them for all who use it.
    pub(super) fn new(settings: &Settings) -> Self {
        let builder = HttpBuilder::new(&settings.token);
        let http = match &settings.api_url {
            Some(url) => builder.proxy(url).ratelimiter_disabled(true).build(),
            None => builder.build(),
        };
        Self { http: Arc::new(http) }
    }

    /// Sends one message. `nonce` makes that the same one sent again is shown once.
    pub(super) async fn send(
        &self,
        channel: ChannelId,
        body: &Value,
        nonce: &str,
        attempt: Attempt,
    ) -> Result<MessageId, Fault> {
        let mut body = body.clone();
        body["nonce"] = json!(nonce);
        body["enforce_nonce"] = json!(true);
        let sent: Message = self.tried(attempt, || self.http.send_message(channel, Vec::new(), &body)).await?;
        Ok(sent.id)
    }

    /// Changes a message of ours.
    pub(super) async fn edit(&self, channel: ChannelId, message: MessageId, body: &Value) -> Result<(), Fault> {
        // What the new text does not have must go.
        let mut whole = json!({ "content": "", "embeds": [], "components": [] });
        for (name, value) in body.as_object().into_iter().flatten() {
            whole[name] = value.clone();
        }
        self.tried(Attempt::Send, || self.http.edit_message(channel, message, &whole, Vec::new())).await?;
        Ok(())
    }

    /// Takes a message of ours away.
    pub(super) async fn delete(&self, channel: ChannelId, message: MessageId) -> Result<(), Fault> {
        self.tried(Attempt::Send, || self.http.delete_message(channel, message, None)).await
    }

    /// Shows that an answer is being written. It is only a courtesy: a failure changes nothing.
    pub(super) async fn show_typing(&self, channel: ChannelId) {
        if let Err(error) = self.http.broadcast_typing(channel).await {
            tracing::debug!("Discord was not told that we write: {}", Fault::of(&error, Attempt::Other));
        }
    }

    /// Opens a thread below a message.
    pub(super) async fn open_thread(
        &self,
        channel: ChannelId,
        message: MessageId,
        name: &str,
    ) -> Result<ChannelId, Fault> {
        let body = json!({ "name": name, "auto_archive_duration": 1440 });
        let call = || self.http.create_thread_from_message(channel, message, &body, None);
        Ok(self.tried(Attempt::OpenThread, call).await?.id)
    }

    /// Renames a thread, or closes it, or both.
    pub(super) async fn edit_thread(&self, thread: ChannelId, body: &Value) -> Result<(), Fault> {
        self.tried(Attempt::EditThread, || self.http.edit_thread(thread, body, None)).await?;
        Ok(())
    }

    /// What Discord knows of a channel.
    pub(super) async fn channel(&self, channel: ChannelId) -> Result<Channel, Fault> {
        self.tried(Attempt::Read, || self.http.get_channel(channel)).await
    }

    /// A message as it is now.
    pub(super) async fn message(&self, channel: ChannelId, message: MessageId) -> Result<Message, Fault> {
        self.tried(Attempt::Read, || self.http.get_message(channel, message)).await
    }

    /// The last messages of a channel, oldest first.
    pub(super) async fn history(&self, channel: ChannelId) -> Result<Vec<Message>, Fault> {
        let mut messages = self.tried(Attempt::Read, || self.http.get_messages(channel, None, Some(100))).await?;
        messages.reverse();
        Ok(messages)
    }

    /// The channel of direct messages with `user`.
    pub(super) async fn private_channel(&self, user: UserId) -> Result<ChannelId, Fault> {
        let body = json!({ "recipient_id": user });
        Ok(self.tried(Attempt::Other, || self.http.create_private_channel(&body)).await?.id)
    }

    /// Answers an interaction; only once, and within three seconds.
    pub(super) async fn respond(&self, interaction: InteractionId, token: &str, body: &Value) -> Result<(), Fault> {
        let call = self.http.create_interaction_response(interaction, token, body, Vec::new());
        call.await.map_err(|error| Fault::of(&error, Attempt::Other))
    }

    /// Puts the answer where Discord was told to wait for it.
    pub(super) async fn respond_later(&self, token: &str, body: &Value) -> Result<(), Fault> {
        self.tried(Attempt::Other, || self.http.edit_original_interaction_response(token, body, Vec::new())).await?;
        Ok(())
    }

    /// Says more after the answer to an interaction.
    pub(super) async fn follow_up(&self, token: &str, body: &Value) -> Result<(), Fault> {
        self.tried(Attempt::Other, || self.http.create_followup_message(token, body, Vec::new())).await?;
        Ok(())
    }

    /// Tells Discord which commands there are.
    pub(super) async fn set_commands(&self, commands: &Value) -> Result<(), Fault> {
        self.tried(Attempt::Other, || self.http.create_global_commands(commands)).await?;
        Ok(())
    }

    /// Learns which application the bot belongs to, which calls about interactions name.
    pub(super) async fn introduce(&self) -> Result<UserId, Fault> {
        let me = self.tried(Attempt::Other, || self.http.get_current_user()).await?;
        if self.http.application_id().is_none() {
            // Bots that are younger than 2016 have the id of their application.
            self.http.set_application_id(ApplicationId::new(me.id.get()));
        }
        Ok(me.id)
    }

    /// Makes a call, again when it failed for a moment.
    async fn tried<T, F>(&self, attempt: Attempt, call: impl Fn() -> F) -> Result<T, Fault>
    where
        F: Future<Output = serenity::Result<T>>,
    {
        let mut wait = FIRST_WAIT;
        for left in (0..TRIES).rev() {
            let fault = match tokio::time::timeout(TIMEOUT, call()).await {
                Ok(Ok(done)) => return Ok(done),
                Ok(Err(error)) => Fault::of(&error, attempt),
                Err(_) => Fault::Unavailable("it takes too long".to_owned()),
            };
            if left == 0 || !fault.is_passing() {
                return Err(fault);
            }
            tracing::debug!(discord.wait_ms = wait.as_millis() as u64, "Discord failed for a moment: {fault}");
            tokio::time::sleep(wait).await;
            wait *= 2;
        }
        unreachable!("the last try returns")
    }
}

/// The message with this id.
pub(super) fn message_id(text: &str) -> Option<MessageId> {
    snowflake(text).map(MessageId::new)
}
