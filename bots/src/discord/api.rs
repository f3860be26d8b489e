//! The calls that are made to Discord, each with a second chance when it fails for a moment.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use serenity::http::{Http, HttpBuilder, HttpError, LightMethod, Request, Route};
use serenity::model::channel::{Channel, Message};
use serenity::model::guild::{Member, Role};
use serenity::model::id::{ApplicationId, ChannelId, GenericId, GuildId, InteractionId, MessageId, UserId};
use serenity::model::user::CurrentUser;

use super::fault::{Attempt, Fault};
use super::settings::Settings;
use super::spot::snowflake;

/// How often a call is made that fails for a moment, and how long the first wait is; it doubles.
const TRIES: u32 = 4;
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// How long one try may take. Rate limits are waited for within it.
pub const TIMEOUT: Duration = Duration::from_secs(10);
/// How many messages of a thread are read.
const HISTORY: &str = "100";

/// Discord's API.
#[derive(Clone)]
pub(super) struct Api {
    pub(super) http: Arc<Http>,
    /// The way to what stands before Discord.
    proxy: Option<Proxy>,
    /// Who we are, once Discord has said it.
    me: Arc<OnceLock<UserId>>,
}

/// What stands before Discord. serenity cannot be told to mind limits there, nor does it say how long a refusal asks to
/// wait: requests are serenity's, and sent from here.
#[derive(Clone)]
struct Proxy {
    url: String,
    client: reqwest_of_serenity::Client,
}

/// Something that Discord has made: of what it says of it, only the id is of use, and nothing else can be misunderstood.
#[derive(Deserialize)]
struct Made {
    id: GenericId,
}

/// One call: how, where, with what.
struct Call<'a> {
    attempt: Attempt,
    method: LightMethod,
    route: Route<'a>,
    body: Option<&'a Value>,
    params: Option<Vec<(&'static str, String)>>,
}

impl<'a> Call<'a> {
    fn new(attempt: Attempt, method: LightMethod, route: Route<'a>) -> Self {
        Self { attempt, method, route, body: None, params: None }
    }

    fn with(self, body: &'a Value) -> Self {
        Self { body: Some(body), ..self }
    }
}

/// A client for what `settings` names. serenity minds Discord's limits unless something stands before it.
pub(super) fn client(settings: &Settings) -> Http {
    let builder = HttpBuilder::new(&settings.token);
    match &settings.api_url {
        Some(url) => builder.proxy(url).ratelimiter_disabled(true).build(),
        None => builder.build(),
    }
}

impl Api {
    /// Talks to Discord, or to what stands before it.
    pub(super) fn new(settings: &Settings) -> Self {
        let proxy =
            settings.api_url.as_ref().map(|url| Proxy { url: url.clone(), client: reqwest_of_serenity::Client::new() });
        Self { http: Arc::new(client(settings)), proxy, me: Arc::default() }
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
        let route = Route::ChannelMessages { channel_id: channel };
        let sent: Made = self.read(&Call::new(attempt, LightMethod::Post, route).with(&body)).await?;
        Ok(MessageId::new(sent.id.get()))
    }

    /// Changes a message of ours.
    pub(super) async fn edit(&self, channel: ChannelId, message: MessageId, body: &Value) -> Result<(), Fault> {
        // What the new text does not have must go.
        let mut whole = json!({ "content": "", "embeds": [], "components": [] });
        for (name, value) in body.as_object().into_iter().flatten() {
            whole[name] = value.clone();
        }
        let route = Route::ChannelMessage { channel_id: channel, message_id: message };
        self.tried(&Call::new(Attempt::Send, LightMethod::Patch, route).with(&whole)).await.map(drop)
    }

    /// Takes a message of ours away.
    pub(super) async fn delete(&self, channel: ChannelId, message: MessageId) -> Result<(), Fault> {
        let route = Route::ChannelMessage { channel_id: channel, message_id: message };
        self.tried(&Call::new(Attempt::Send, LightMethod::Delete, route)).await.map(drop)
    }

    /// Shows that an answer is being written. It is only a courtesy: a failure changes nothing.
    pub(super) async fn show_typing(&self, channel: ChannelId) {
        let call = Call::new(Attempt::Other, LightMethod::Post, Route::ChannelTyping { channel_id: channel });
        if let Err(fault) = self.once(&call).await {
            tracing::debug!("Discord was not told that we write: {fault}");
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
        let route = Route::ChannelMessageThreads { channel_id: channel, message_id: message };
        let thread: Made = self.read(&Call::new(Attempt::OpenThread, LightMethod::Post, route).with(&body)).await?;
        Ok(ChannelId::new(thread.id.get()))
    }

    /// Renames a thread, or closes it, or both.
    pub(super) async fn edit_thread(&self, thread: ChannelId, body: &Value) -> Result<(), Fault> {
        let route = Route::Channel { channel_id: thread };
        self.tried(&Call::new(Attempt::EditThread, LightMethod::Patch, route).with(body)).await.map(drop)
    }

    /// What Discord knows of a channel.
    pub(super) async fn channel(&self, channel: ChannelId) -> Result<Channel, Fault> {
        self.read(&Call::new(Attempt::Read, LightMethod::Get, Route::Channel { channel_id: channel })).await
    }

    /// A message as it is now.
    pub(super) async fn message(&self, channel: ChannelId, message: MessageId) -> Result<Message, Fault> {
        let route = Route::ChannelMessage { channel_id: channel, message_id: message };
        self.read(&Call::new(Attempt::Read, LightMethod::Get, route)).await
    }

    /// The last messages of a channel, oldest first.
    pub(super) async fn history(&self, channel: ChannelId) -> Result<Vec<Message>, Fault> {
        let route = Route::ChannelMessages { channel_id: channel };
        let params = Some(vec![("limit", HISTORY.to_owned())]);
        let call = Call { params, ..Call::new(Attempt::Read, LightMethod::Get, route) };
        let mut messages: Vec<Message> = self.read(&call).await?;
        messages.reverse();
        Ok(messages)
    }

    /// The roles of a server.
    pub(super) async fn roles(&self, guild: GuildId) -> Result<Vec<Role>, Fault> {
        self.read(&Call::new(Attempt::Other, LightMethod::Get, Route::GuildRoles { guild_id: guild })).await
    }

    /// A member of a server.
    pub(super) async fn member(&self, guild: GuildId, user: UserId) -> Result<Member, Fault> {
        let route = Route::GuildMember { guild_id: guild, user_id: user };
        let mut member: Value = self.read(&Call::new(Attempt::Other, LightMethod::Get, route)).await?;
        // Where it was asked for, Discord does not say; the type wants it said.
        member["guild_id"] = json!(guild);
        serde_json::from_value(member).map_err(|_| not_understood())
    }

    /// The channel of direct messages with `user`.
    pub(super) async fn private_channel(&self, user: UserId) -> Result<ChannelId, Fault> {
        let body = json!({ "recipient_id": user });
        let call = Call::new(Attempt::Other, LightMethod::Post, Route::UserMeDmChannels).with(&body);
        let channel: Made = self.read(&call).await?;
        Ok(ChannelId::new(channel.id.get()))
    }

    /// Answers an interaction; only once, and within three seconds. A connection that fails is tried once more: Discord
    /// says when it has the answer already.
    pub(super) async fn respond(&self, interaction: InteractionId, token: &str, body: &Value) -> Result<(), Fault> {
        let route = Route::InteractionResponse { interaction_id: interaction, token };
        let call = Call::new(Attempt::Other, LightMethod::Post, route).with(body);
        match self.once(&call).await {
            Err(fault) if fault.is_passing() => match self.once(&call).await {
                Err(Fault::Refused { code: ALREADY_ANSWERED, .. }) => Ok(()),
                second => second.map(drop),
            },
            first => first.map(drop),
        }
    }

    /// Puts the answer where Discord was told to wait for it.
    pub(super) async fn respond_later(&self, token: &str, body: &Value) -> Result<(), Fault> {
        let route = Route::WebhookOriginalInteractionResponse { application_id: self.application()?, token };
        self.tried(&Call::new(Attempt::Other, LightMethod::Patch, route).with(body)).await.map(drop)
    }

    /// Says more after the answer to an interaction.
    pub(super) async fn follow_up(&self, token: &str, body: &Value) -> Result<(), Fault> {
        let route = Route::WebhookFollowupMessages { application_id: self.application()?, token };
        self.tried(&Call::new(Attempt::Other, LightMethod::Post, route).with(body)).await.map(drop)
    }

    /// Tells Discord which commands there are.
    pub(super) async fn set_commands(&self, commands: &Value) -> Result<(), Fault> {
        let route = Route::Commands { application_id: self.application()? };
        self.tried(&Call::new(Attempt::Other, LightMethod::Put, route).with(commands)).await.map(drop)
    }

    /// Learns which application the bot belongs to, which calls about interactions name; who we are.
    pub(super) async fn introduce(&self) -> Result<UserId, Fault> {
        if let Some(me) = self.me.get() {
            return Ok(*me);
        }
        let me: CurrentUser = self.read(&Call::new(Attempt::Other, LightMethod::Get, Route::UserMe)).await?;
        if self.http.application_id().is_none() {
            // Bots that are younger than 2016 have the id of their application.
            self.http.set_application_id(ApplicationId::new(me.id.get()));
        }
        Ok(*self.me.get_or_init(|| me.id))
    }

    fn application(&self) -> Result<ApplicationId, Fault> {
        self.http.application_id().ok_or_else(|| Fault::Unavailable("it has not said who we are".to_owned()))
    }

    /// Makes a call and reads what is answered.
    async fn read<T: DeserializeOwned>(&self, call: &Call<'_>) -> Result<T, Fault> {
        let answer = self.tried(call).await?;
        serde_json::from_slice(&answer).map_err(|_| not_understood())
    }

    /// Makes a call, again when it failed for a moment; not before Discord lets us.
    async fn tried(&self, call: &Call<'_>) -> Result<Vec<u8>, Fault> {
        let mut wait = FIRST_WAIT;
        for left in (0..TRIES).rev() {
            let fault = match self.once(call).await {
                Ok(answer) => return Ok(answer),
                Err(fault) => fault,
            };
            let asked = fault.wait();
            // Whoever is told to wait for long does it elsewhere.
            if left == 0 || !fault.is_passing() || asked.is_some_and(|asked| asked > TIMEOUT) {
                return Err(fault);
            }
            let pause = asked.unwrap_or(wait);
            tracing::debug!(discord.wait_ms = pause.as_millis() as u64, "Discord failed for a moment: {fault}");
            tokio::time::sleep(pause).await;
            wait *= 2;
        }
        unreachable!("the last try returns")
    }

    /// Makes a call once.
    async fn once(&self, call: &Call<'_>) -> Result<Vec<u8>, Fault> {
        let body = call.body.map(|body| body.to_string().into_bytes());
        let request = Request::new(call.route, call.method).body(body).params(call.params.clone());
        match tokio::time::timeout(TIMEOUT, self.execute(request, call.attempt)).await {
            Ok(done) => done,
            Err(_) => Err(Fault::Unavailable("it takes too long".to_owned())),
        }
    }

    async fn execute(&self, request: Request<'_>, attempt: Attempt) -> Result<Vec<u8>, Fault> {
        let response = match &self.proxy {
            None => self.http.request(request).await.map_err(|error| Fault::of(&error, attempt))?,
            Some(Proxy { url, client }) => {
                let built = request.build(client, self.http.token(), Some(url));
                let sent = built.map_err(|error| Fault::of(&error, attempt))?.send().await;
                sent.map_err(|error| Fault::of(&HttpError::Request(error).into(), attempt))?
            }
        };
        let status = response.status();
        let in_header = response.headers().get("retry-after").and_then(|after| after.to_str().ok()?.parse().ok());
        let answer = response.bytes().await.map_err(|error| Fault::of(&HttpError::Request(error).into(), attempt))?;
        if status.is_success() {
            return Ok(answer.into());
        }
        let said: Value = serde_json::from_slice(&answer).unwrap_or_default();
        let code = said["code"].as_i64().and_then(|code| isize::try_from(code).ok()).unwrap_or_default();
        let wait = said["retry_after"].as_f64().or(in_header);
        let wait = wait.and_then(|seconds: f64| Duration::try_from_secs_f64(seconds).ok());
        Err(Fault::refused(status.as_u16(), code, wait, attempt))
    }
}

/// Discord's code for "this interaction was answered".
const ALREADY_ANSWERED: isize = 40_060;

fn not_understood() -> Fault {
    // The same would be answered again.
    Fault::NotUnderstood
}

/// The message with this id.
pub(super) fn message_id(text: &str) -> Option<MessageId> {
    snowflake(text).map(MessageId::new)
}
