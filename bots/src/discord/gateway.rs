//! The gateway: held open by one process of all, by a lease.

use std::sync::Arc;
use std::time::Duration;

use serenity::async_trait;
use serenity::client::{Context, EventHandler};
use serenity::model::application::Interaction;
use serenity::model::channel::{GuildChannel, Message};
use serenity::model::event::{MessageUpdateEvent, ResumedEvent};
use serenity::model::gateway::{GatewayIntents, Ready};
use serenity::model::id::{ChannelId, GuildId, MessageId, UserId};
use serenity::prelude::GatewayError;
use tokio::sync::watch;

use super::fault::{Attempt, Fault};
use super::missed::Missed;
use super::render;
use super::{Discord, text};

/// The lease of the gateway.
const LEASE: &str = "discord/gateway";
/// How long to wait before Discord is told again of the commands that it did not take; it doubles.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

impl Discord {
    /// Holds the gateway open whenever the lease is ours, until `stop` says true.
    pub async fn run(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        if !self.settings.gateway {
            // The commands are told by whoever takes them.
            tokio::select! {
                () = self.tell_commands() => {}
                _ = stop.wait_for(|stopping| *stopping) => {}
            }
            return;
        }
        let holder = super::random_id();
        let pause = self.settings.lease / 4;
        while !*stop.borrow() {
            match self.memory.hold(LEASE, &holder, self.settings.lease).await {
                Ok(true) => {
                    tracing::info!("this process holds the gateway of Discord");
                    self.hold_open(&holder, &mut stop).await;
                }
                Ok(false) => {}
                Err(error) => tracing::warn!("who holds the gateway of Discord cannot be seen: {error}"),
            }
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                _ = stop.changed() => {}
            }
        }
        if let Err(error) = self.memory.release(LEASE, &holder).await {
            tracing::warn!("the gateway of Discord is not given up at once: {error}");
        }
    }

    /// Holds the gateway open until the lease is lost, the connection fails for good, or the service stops.
    async fn hold_open(self: &Arc<Self>, holder: &str, stop: &mut watch::Receiver<bool>) {
        let me = match self.api.introduce().await {
            Ok(me) => me,
            Err(fault) => return self.report(&fault),
        };
        let intents = GatewayIntents::GUILDS
            | GatewayIntents::GUILD_MESSAGES
            | GatewayIntents::DIRECT_MESSAGES
            | GatewayIntents::MESSAGE_CONTENT;
        let handler = Handler { discord: Arc::clone(self), me };
        let builder = serenity::client::ClientBuilder::new_with_http(super::api::client(&self.settings), intents);
        let mut client = match builder.event_handler(handler).await {
            Ok(client) => client,
            Err(error) => return self.report(&Fault::of(&error, Attempt::Other)),
        };
        let shards = Arc::clone(&client.shard_manager);
        let telling = async {
            self.tell_commands().await;
            std::future::pending::<()>().await;
        };
        tokio::select! {
            ended = client.start_autosharded() => told(ended),
            () = self.lease_lost(holder) => tracing::warn!("another process holds the gateway of Discord now"),
            _ = stop.wait_for(|stopping| *stopping) => {}
            () = telling => {}
        }
        shards.shutdown_all().await;
    }

    /// Tells Discord which commands there are, until it knows. Without, those it knows from before stay.
    async fn tell_commands(&self) {
        let mut wait = FIRST_PAUSE;
        loop {
            let told = async {
                self.api.introduce().await?;
                self.api.set_commands(&super::commands::all()).await
            };
            match told.await {
                Ok(()) => return,
                Err(fault) => self.report(&fault),
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LONGEST_PAUSE);
        }
    }

    /// Keeps the lease; returns when it is lost.
    async fn lease_lost(&self, holder: &str) {
        let lease = self.settings.lease;
        let mut kept = tokio::time::Instant::now();
        loop {
            tokio::time::sleep(lease / 4).await;
            match self.memory.hold(LEASE, holder, lease).await {
                Ok(true) => kept = tokio::time::Instant::now(),
                Ok(false) => return,
                // While the store is silent nobody else can take the lease before it ends.
                Err(error) if kept.elapsed() < lease * 3 / 4 => tracing::warn!("the lease is not renewed: {error}"),
                Err(_) => return,
            }
        }
    }
}

fn told(ended: serenity::Result<()>) {
    match ended {
        Ok(()) => tracing::warn!("the gateway of Discord was closed, opened again soon"),
        Err(serenity::Error::Gateway(GatewayError::InvalidAuthentication)) => {
            tracing::error!("Discord refuses the token: see discord.token");
        }
        Err(serenity::Error::Gateway(GatewayError::DisallowedGatewayIntents)) => {
            tracing::error!("Discord does not give the bot the messages: switch on \"Message Content Intent\" for it");
        }
        Err(error) => {
            tracing::warn!("the gateway of Discord failed, opened again soon: {}", Fault::of(&error, Attempt::Other));
        }
    }
}

/// What the gateway tells.
struct Handler {
    discord: Arc<Discord>,
    me: UserId,
}

#[async_trait]
impl EventHandler for Handler {
    async fn ready(&self, _: Context, ready: Ready) {
        tracing::info!(discord.guilds = ready.guilds.len(), "the gateway of Discord is open");
        for guild in ready.guilds.iter().filter(|guild| !self.discord.settings.serves(Some(guild.id.get()))) {
            tracing::warn!(discord.guild = guild.id.get(), "a server where nothing is answered: see discord.guilds");
        }
    }

    async fn resume(&self, _: Context, _: ResumedEvent) {
        tracing::info!("the gateway of Discord was resumed");
    }

    async fn message(&self, _: Context, message: Message) {
        let Some(_busy) = self.discord.begin(message.id.get()) else { return };
        match self.discord.hear(self.me, &message).await {
            Err(fault) if fault.is_passing() => self.discord.put_off(&missed(&message), &fault).await,
            Err(fault) => {
                let fault = self.discord.explained(fault, message.channel_id, None).await;
                self.discord.report(&fault);
                self.discord.apologise(&message, &fault).await;
            }
            Ok(()) => {}
        }
    }

    async fn interaction_create(&self, _: Context, interaction: Interaction) {
        let Some(_busy) = self.discord.begin(interaction.id().get()) else { return };
        self.discord.answer_at_gateway(interaction).await;
    }

    async fn message_update(&self, _: Context, _: Option<Message>, _: Option<Message>, event: MessageUpdateEvent) {
        self.changed(Missed { server: event.guild_id, channel: event.channel_id, message: event.id }).await;
    }

    async fn thread_update(&self, _: Context, _: Option<GuildChannel>, thread: GuildChannel) {
        // Of a post, the title is part of the question.
        if thread.parent_id.is_some_and(|parent| self.discord.settings.forums.contains(&parent.get())) {
            let message = MessageId::new(thread.id.get());
            self.changed(Missed { server: Some(thread.guild_id), channel: thread.id, message }).await;
        }
    }

    async fn message_delete(&self, _: Context, channel: ChannelId, message: MessageId, server: Option<GuildId>) {
        self.deleted(Missed { server, channel, message }).await;
    }

    async fn message_delete_bulk(
        &self,
        _: Context,
        channel: ChannelId,
        messages: Vec<MessageId>,
        server: Option<GuildId>,
    ) {
        for message in messages {
            self.deleted(Missed { server, channel, message }).await;
        }
    }
}

impl Handler {
    /// Events of two changes may come in the wrong order: what counts is what the message says now.
    async fn changed(&self, missed: Missed) {
        let discord = &self.discord;
        let _busy = discord.begin_after(missed.message.get()).await;
        let heard = async {
            if !discord.settings.serves(missed.server.map(GuildId::get))
                || discord.memory.find_answer(&missed.message.to_string()).await?.is_none()
            {
                return Ok(());
            }
            let mut message = discord.api.message(missed.channel, missed.message).await?;
            message.guild_id = missed.server;
            discord.hear_again(self.me, &message, false).await
        };
        match heard.await {
            Err(fault) if fault.is_passing() => discord.put_off(&missed, &fault).await,
            Err(fault) => discord.report(&discord.explained(fault, missed.channel, None).await),
            Ok(()) => {}
        }
    }

    async fn deleted(&self, missed: Missed) {
        let _busy = self.discord.begin_after(missed.message.get()).await;
        match self.discord.forget(missed.message).await {
            Err(fault) if fault.is_passing() => self.discord.put_off(&missed, &fault).await,
            Err(fault) => self.discord.report(&fault),
            Ok(()) => {}
        }
    }
}

fn missed(message: &Message) -> Missed {
    Missed { server: message.guild_id, channel: message.channel_id, message: message.id }
}

impl Discord {
    /// Says where the question stands that it cannot be answered, when there is something to be said.
    async fn apologise(&self, message: &Message, fault: &Fault) {
        let sentence = match fault {
            Fault::Assistant(_) | Fault::Memory(_) => text::UNAVAILABLE.to_owned(),
            Fault::MissingPermission { permission, .. } => text::missing_permission(permission),
            Fault::RateLimited { .. }
            | Fault::Unavailable(_)
            | Fault::MessagesClosed
            | Fault::Gone
            | Fault::NotUnderstood
            | Fault::Refused { .. } => return,
        };
        let nonce = super::nonce(&format!("{}/fault", message.id), 0);
        if let Err(fault) = self.api.send(message.channel_id, &render::said(&sentence), &nonce, Attempt::Send).await {
            tracing::debug!("nor can that be said: {fault}");
        }
    }
}
