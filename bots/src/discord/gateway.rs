//! The gateway: held open by one process of all, by a lease.

use std::sync::Arc;

use serenity::async_trait;
use serenity::client::{Context, EventHandler};
use serenity::model::application::Interaction;
use serenity::model::channel::Message;
use serenity::model::event::{MessageUpdateEvent, ResumedEvent};
use serenity::model::gateway::{GatewayIntents, Ready};
use serenity::model::id::UserId;
use serenity::prelude::GatewayError;
use tokio::sync::watch;

use super::fault::{Attempt, Fault};
use super::render;
use super::{Discord, text};

/// The lease of the gateway.
const LEASE: &str = "discord/gateway";

impl Discord {
    /// Holds the gateway open whenever the lease is ours, until `stop` says true.
    pub async fn run(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        if !self.settings.gateway {
            // The commands are told by whoever takes them.
            self.introduce().await;
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
        let Some(me) = self.introduce().await else { return };
        let intents = GatewayIntents::GUILDS
            | GatewayIntents::GUILD_MESSAGES
            | GatewayIntents::DIRECT_MESSAGES
            | GatewayIntents::MESSAGE_CONTENT;
        let http = super::api::Api::new(&self.settings).http;
        let handler = Handler { discord: Arc::clone(self), me };
        let mut client =
            match serenity::client::ClientBuilder::new_with_http(unwrapped(http), intents).event_handler(handler).await
            {
                Ok(client) => client,
                Err(error) => return self.report(&Fault::of(&error, Attempt::Other)),
            };
        let shards = Arc::clone(&client.shard_manager);
        tokio::select! {
            ended = client.start_autosharded() => told(ended),
            () = self.lease_lost(holder) => tracing::warn!("another process holds the gateway of Discord now"),
            _ = stop.wait_for(|stopping| *stopping) => {}
        }
        shards.shutdown_all().await;
    }

    /// Learns who we are and tells Discord which commands there are. Without, those it knows from before stay.
    async fn introduce(&self) -> Option<UserId> {
        let me = self.api.introduce().await.inspect_err(|fault| self.report(fault)).ok()?;
        if let Err(fault) = self.api.set_commands(&super::commands::all()).await {
            self.report(&fault);
        }
        Some(me)
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

/// The only reference: the client was made a moment ago.
fn unwrapped(http: Arc<serenity::http::Http>) -> serenity::http::Http {
    Arc::into_inner(http).expect("nobody else has it yet")
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
    }

    async fn resume(&self, _: Context, _: ResumedEvent) {
        tracing::info!("the gateway of Discord was resumed");
    }

    async fn message(&self, _: Context, message: Message) {
        let Some(_busy) = self.discord.begin(message.id.get()) else { return };
        if let Err(fault) = self.discord.hear(self.me, &message).await {
            self.discord.report(&fault);
            self.discord.apologise(&message, &fault).await;
        }
    }

    async fn interaction_create(&self, _: Context, interaction: Interaction) {
        let Some(_busy) = self.discord.begin(interaction.id().get()) else { return };
        self.discord.answer_at_gateway(interaction).await;
    }

    async fn message_update(&self, _: Context, _: Option<Message>, _: Option<Message>, event: MessageUpdateEvent) {
        let _busy = self.discord.begin_after(event.id.get()).await;
        if let Err(fault) = self.discord.hear_again(self.me, &event).await {
            self.discord.report(&fault);
        }
    }
}

impl Discord {
    /// Says where the question stands that it cannot be answered, when there is something to be said.
    async fn apologise(&self, message: &Message, fault: &Fault) {
        let sentence = match fault {
            Fault::Assistant(_) | Fault::Memory(_) => text::UNAVAILABLE.to_owned(),
            Fault::MissingPermission { permission } => text::missing_permission(permission),
            Fault::RateLimited
            | Fault::Unavailable(_)
            | Fault::MessagesClosed
            | Fault::Gone
            | Fault::Refused { .. } => return,
        };
        let nonce = super::nonce(&format!("{}/fault", message.id), 0);
        if let Err(fault) = self.api.send(message.channel_id, &render::said(&sentence), &nonce, Attempt::Send).await {
            tracing::debug!("nor can that be said: {fault}");
        }
    }
}
