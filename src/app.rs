//! The service put together. The only place that names concrete adapters.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use guichet_bots::Channel;
use guichet_bots::discord::Discord;
use guichet_bots::lines::{self, Lines};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::attachments::Limits;
use crate::channels::{Channels, Notebook};
use crate::clients::subscribers::Courier;
use crate::clients::tickets::TicketDesk;
use crate::config::Config;
use crate::conversation::{Absence, Bell, Conversations, Hours, Incidents, Support};
use crate::curation::report::Remembered;
use crate::http::webhooks::Webhooks;
use crate::jobs::{
    Backoff, ChannelCatchUp, ChannelDeliver, DeskClose, DeskReconcile, MailDigest, Office, Outgoing, RetentionPurge,
    Runner, Settings, Wake,
};
use crate::live::Live;
use crate::model::Secret;
use crate::outside::DemoPortal;
use crate::publishing::publish::Publisher;
use crate::readiness::Readiness;
use crate::staff::Door;
use crate::staff::sso::Sso;
use crate::steady::Steady;
use crate::store::{Store, StoreError};
use crate::visitors::Visitors;
use crate::{http, jobs, measure, opening, outside, reply, token};

/// How long connections may take to end after the service was told to stop.
const PATIENCE_AT_STOP: Duration = Duration::from_secs(20);

/// How long to wait before the other desk is asked again who we are there.
const INTRODUCTION_PAUSE: Duration = Duration::from_secs(30);

/// How often what stays minutes or hours is looked for.
const SWEEP_PAUSE: Duration = Duration::from_secs(60);
/// The name under which the key of conversations in lines is kept.
const LINES_KEY: &str = "lines";
/// How often it is looked for conversations that nobody answers any more.
const GIVE_BACK_PAUSE: Duration = Duration::from_secs(2);

/// What handlers share; cheap to clone.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) config: Arc<Config>,
    pub(crate) live: Arc<Live>,
    pub(crate) store: Store,
    pub(crate) conversations: Arc<Conversations>,
    /// Who visitors are.
    pub(crate) visitors: Arc<Visitors>,
    /// The invented portal, when no other is configured.
    pub(crate) demo: Option<Arc<DemoPortal>>,
    /// Lets staff in.
    pub(crate) door: Arc<Door>,
    /// Lets staff in by the provider of identities of the company, when there is one.
    pub(crate) sso: Option<Arc<Sso>>,
    /// What curators must know of what is in force.
    pub(crate) report: Arc<Remembered>,
    pub(crate) outgoing: Outgoing,
    /// Whether this process should get questions.
    pub(crate) readiness: Arc<Readiness>,
    /// Tells this process that there is work.
    pub(crate) wake: Wake,
    /// Says when the service stops: what never ends by itself must end then.
    pub(crate) stop: watch::Receiver<bool>,
    /// What the other desk tells us, when there is one.
    pub(crate) webhooks: Option<Arc<Webhooks>>,
    /// Conversations in lines.
    lines: Arc<Lines>,
    /// Discord, when it is configured.
    pub(crate) discord: Option<Arc<Discord>>,
    desk: Option<Arc<dyn TicketDesk>>,
    runner: Arc<Runner>,
    stopper: Arc<watch::Sender<bool>>,
}

impl App {
    /// Opens the knowledge, the index, the store and the ways outside that `config` names.
    ///
    /// # Errors
    /// When one of them cannot be opened; the message says which and what to do.
    pub(crate) async fn open(config: Config) -> anyhow::Result<Self> {
        make_private_dir(&config.data_dir)?;
        let (dir, index_dir) = (config.knowledge.dir.clone(), config.index_dir());
        let store = Store::open(&config.store_url()).await?;
        let live = Arc::new(Live::open(&store, dir.as_deref(), &index_dir).await?);
        let support = Support {
            hours: Hours::new(config.support.opening.clone()),
            products: config.support.products.clone(),
            zone: opening::paris(),
        };
        support.hours.read(&store).await.context("the opening hours cannot be read")?;
        let desk = outside::desk(&config, &support.zone)?;
        let subscribers = outside::subscribers(&config)?;
        let outgoing = Outgoing {
            has_desk: desk.is_some(),
            has_support_box: config.support.mailbox.is_some(),
            subscriptions: subscribers.iter().map(|known| (known.id.clone(), known.events.clone())).collect(),
            platforms: match config.discord.is_on() {
                true => &[guichet_bots::discord::PLATFORM, lines::PLATFORM],
                false => &[lines::PLATFORM],
            },
        };
        let files =
            Limits { per_ticket: config.attachments.per_ticket, media_types: config.attachments.media_types.clone() };
        let office = Office {
            store: store.clone(),
            desk: desk.clone(),
            mailer: outside::mailer(&config)?,
            outgoing: outgoing.clone(),
            subscribers,
            courier: Courier::new().context("messages to [[webhook]] cannot be sent")?,
            support_box: config.support.mailbox.clone(),
            support: support.clone(),
            mail_after_ms: config.desk.mail_after_ms,
            max_acknowledgements: i64::from(config.mail.acknowledgements_per_day),
            files: files.clone(),
            max_file_bytes: config.attachments.max_bytes,
            max_mail_bytes: config.attachments.max_mail_bytes,
        };
        let wake = Wake::default();
        let settings = Settings {
            workers: config.jobs.workers,
            lease: Duration::from_millis(config.jobs.lease_ms),
            poll: Duration::from_millis(config.jobs.poll_ms),
            max_age: Duration::from_millis(config.jobs.max_age_ms),
            backoff: Backoff {
                first: Duration::from_millis(config.jobs.first_wait_ms),
                longest: Duration::from_millis(config.jobs.longest_wait_ms),
            },
        };
        let demo = outside::demo_portal(&config, &store).await?;
        let visitors = Arc::new(Visitors::new(store.clone(), outside::trust(&config, demo.as_deref())?));
        let conversations = Arc::new(Conversations {
            lookups: outside::lookups(&config, demo.as_deref())?,
            live: Arc::clone(&live),
            store: store.clone(),
            outgoing: outgoing.clone(),
            wake: wake.clone(),
            bell: Bell::new(),
            support,
            incidents: Incidents::default(),
            files,
            absence: Absence { away_ms: config.console.away_ms, answer_ms: config.console.answer_ms },
            redaction: config.redaction.clone(),
            elsewhere: outside::elsewhere(&config, desk.as_ref()),
            public_url: config.http.public_url.clone(),
        });
        let door = Arc::new(Door::new(store.clone(), config.console.clone()));
        let sso = outside::sso(&config, &store).await?.map(Arc::new);
        let discord = discord(&config, &conversations, &visitors, &store)?;
        let office = Arc::new(office);
        let mut kinds = jobs::kinds(&office, Publisher::new(&store, &live));
        let recipients = config.console.digest.clone();
        kinds.push(Arc::new(DeskClose::new(Arc::clone(&office), config.desk.close_after_days)));
        kinds.push(Arc::new(DeskReconcile::new(Arc::clone(&office), config.desk.read_every())));
        kinds.push(Arc::new(MailDigest { office, live: Arc::clone(&live), recipients }));
        kinds.push(Arc::new(RetentionPurge::new(store.clone(), config.retention.clone())));
        let channels = discord.iter().map(|discord| (guichet_bots::discord::PLATFORM, Arc::clone(discord) as _));
        let lines = Arc::new(lines(&conversations, &visitors, &store).await?);
        let mut channels: BTreeMap<_, Arc<dyn Channel>> = channels.collect();
        channels.insert(lines::PLATFORM, Arc::clone(&lines) as _);
        kinds.push(Arc::new(ChannelCatchUp { store: store.clone(), channels: channels.clone() }));
        kinds.push(Arc::new(ChannelDeliver { store: store.clone(), live: Arc::clone(&live), channels }));
        let runner = Runner::new(store.clone(), kinds, settings, outside::longest_call(&config), wake.clone())?;
        let (stopper, stop) = watch::channel(false);
        let webhooks = outside::webhooks(&config);
        Ok(Self {
            config: Arc::new(config),
            live,
            readiness: Arc::new(Readiness::new(store.clone())),
            store,
            conversations,
            visitors,
            demo,
            door,
            sso,
            report: Arc::default(),
            outgoing,
            wake,
            stop,
            webhooks,
            lines,
            discord,
            desk,
            runner: Arc::new(runner),
            stopper: Arc::new(stopper),
        })
    }

    /// The service as a connector of this process sees it that keeps no places.
    pub(crate) fn channels(&self) -> Channels {
        Channels::new(Arc::clone(&self.conversations), Arc::clone(&self.visitors), self.store.clone(), "")
    }

    /// Talks in lines to whoever connects, for ever, and does work that leaves the house meanwhile.
    ///
    /// # Errors
    /// When no connection can be accepted any more.
    pub(crate) async fn talk_in_lines(self, listener: TcpListener) -> anyhow::Result<()> {
        let work = tokio::spawn(Arc::clone(&self.runner).run(self.stop.clone()));
        let outcome = self.lines.serve(listener).await;
        work.abort();
        Ok(outcome?)
    }

    /// Serves until SIGINT or SIGTERM; requests and work that have begun are finished.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub(crate) async fn serve(self) -> anyhow::Result<()> {
        // Before anything is said to be ready: who is told to stop right away must not die half way.
        let signals = Signals::listen()?;
        let listen = self.config.http.listen;
        let listener = TcpListener::bind(listen).await.with_context(|| {
            format!("cannot listen on {listen}: it may be in use, choose another with --listen or http.listen")
        })?;
        let address = listener.local_addr().context("the address of the listener")?;
        // What goes on beside the requests and may be cut off anywhere.
        let mut background = JoinSet::new();
        if let Some(listen) = self.config.metrics.listen {
            background.spawn(show_metrics(listen, self.store.clone()).await?);
        }
        let watch_period = Duration::from_millis(self.config.knowledge.watch_ms);
        background.spawn(Arc::clone(&self.live).watch(watch_period));
        background.spawn(Arc::clone(&self.live).follow_others());
        let readiness = Arc::clone(&self.readiness);
        background.spawn(async move { readiness.look_over().await });
        background.spawn(introduce(self.desk.clone(), self.webhooks.clone()));
        background.spawn(sweep(self.store.clone(), Arc::clone(&self.door), Arc::clone(&self.config)));
        background.spawn(Arc::clone(&self.visitors).keep_keys());
        background.spawn(self.conversations.support.hours.clone().follow(self.store.clone()));
        background.spawn(give_back_abandoned(Arc::clone(&self.conversations)));
        let (recipients, zone) = (self.config.console.digest.clone(), self.conversations.support.zone.clone());
        background.spawn(jobs::remind(self.store.clone(), recipients, zone.clone()));
        background.spawn(jobs::remind_to_purge(self.store.clone(), zone));
        let read_every = self.config.desk.read_every();
        if self.desk.is_some() && !read_every.is_zero() {
            background.spawn(jobs::remind_to_reconcile(self.store.clone(), read_every));
        }
        if self.desk.is_none() && self.config.desk.close_after_days > 0 {
            background.spawn(jobs::remind_to_close(self.store.clone()));
        }
        // Settings are read at the start: what was wrong with them may be mended.
        match self.store.release_mended().await {
            Ok(0) => {}
            Ok(_) => tracing::info!("work that waited for a setting to be mended is begun again"),
            Err(error) => tracing::warn!("work that waits cannot be released: {:#}", anyhow::Error::from(error)),
        }
        let work = tokio::spawn(Arc::clone(&self.runner).run(self.stop.clone()));
        let gateway = self.discord.clone().map(|discord| tokio::spawn(discord.run(self.stop.clone())));
        tracing::info!("the chat is at http://{address}/, the API is described at http://{address}/docs");
        invite_first_admin(&self.door, address).await?;
        let stopper = Arc::clone(&self.stopper);
        let (readiness, drain) = (Arc::clone(&self.readiness), self.config.http.drain());
        let stopping = async move {
            signals.asked_to_stop().await;
            // Balancers hear it and ask others, while whoever comes meanwhile is still served.
            readiness.stop();
            tokio::time::sleep(drain).await;
            stopper.send_replace(true);
        };
        let mut stop = self.stop.clone();
        let header_timeout = Duration::from_millis(self.config.http.header_timeout_ms);
        let served = http::connections::serve(listener, http::router(self), header_timeout, stopping);
        let out_of_patience = async move {
            // It is told once; a sender that is gone means that the service ends anyway.
            let _ = stop.wait_for(|stopping| *stopping).await;
            tokio::time::sleep(PATIENCE_AT_STOP).await;
        };
        tokio::select! {
            () = served => {}
            () = out_of_patience => tracing::warn!("some connections did not end in time and are closed"),
        }
        background.abort_all();
        if let Some(gateway) = gateway {
            gateway.await.context("Discord failed")?;
        }
        work.await.context("the work that leaves the house failed")?;
        tracing::info!("stopped");
        Ok(())
    }
}

/// Listens on the port for operators; what is given back answers there.
async fn show_metrics(listen: SocketAddr, store: Store) -> anyhow::Result<impl Future<Output = ()>> {
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen}: choose another with metrics.listen"))?;
    tracing::info!("metrics are at http://{}/metrics", listener.local_addr().context("an address")?);
    let router = http::metrics::router(measure::start()?, store);
    Ok(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!("metrics are no longer shown: {error}");
        }
    })
}

/// Conversations in lines; all processes know them again.
async fn lines(conversations: &Arc<Conversations>, visitors: &Arc<Visitors>, store: &Store) -> anyhow::Result<Lines> {
    let secret = store.shared_secret(LINES_KEY, &Secret::new(token::new())).await;
    let secret = secret.context("the key of conversations in lines cannot be kept")?;
    let channels = Channels::new(Arc::clone(conversations), Arc::clone(visitors), store.clone(), secret.reveal());
    Ok(Lines::new(Arc::new(channels)))
}

/// Discord, when there is a token.
fn discord(
    config: &Config,
    conversations: &Arc<Conversations>,
    visitors: &Arc<Visitors>,
    store: &Store,
) -> anyhow::Result<Option<Arc<Discord>>> {
    let Some(settings) = config.discord.settings()? else { return Ok(None) };
    let channels = Channels::new(Arc::clone(conversations), Arc::clone(visitors), store.clone(), &settings.token);
    Ok(Some(Arc::new(Discord::new(settings, Arc::new(channels), Arc::new(Notebook(store.clone()))))))
}

/// Asks the other desk who we are there, until it answers.
async fn introduce(desk: Option<Arc<dyn TicketDesk>>, webhooks: Option<Arc<Webhooks>>) {
    let (Some(desk), Some(webhooks)) = (desk, webhooks) else { return };
    loop {
        match desk.find_own_user().await {
            Ok(id) => return drop(webhooks.own_user.set(id)),
            Err(error) => tracing::warn!("the desk does not say who we are there, asked again soon: {error}"),
        }
        tokio::time::sleep(INTRODUCTION_PAUSE).await;
    }
}

/// As long as nobody may sign in: the link by which the first admin comes in. It goes to the standard output, once, and
/// never to the log, which is kept and read by others.
async fn invite_first_admin(door: &Door, address: SocketAddr) -> anyhow::Result<()> {
    let now = jiff::Timestamp::now().as_millisecond();
    if let Some(secret) = door.first_link(now).await.context("the link of the first admin cannot be kept")? {
        let mut out = std::io::stdout();
        let said = writeln!(out, "first admin (once, within 24 hours): http://{address}/console/acces?jeton={secret}");
        // A service that is started without an output is not stopped for it: `guichet staff add` invites as well.
        if said.and_then(|()| out.flush()).is_err() {
            tracing::warn!("the link of the first admin cannot be printed: use `guichet staff add --role admin`");
        }
    }
    Ok(())
}

/// Removes, again and again, what stays minutes or hours, and what stands on the disk of this process. What stays days is
/// removed by one process for all: `jobs::RetentionPurge`.
async fn sweep(store: Store, door: Arc<Door>, config: Arc<Config>) {
    let mut clock = Steady::new(jiff::Timestamp::now().as_millisecond(), Instant::now());
    loop {
        let now = jiff::Timestamp::now().as_millisecond();
        if let Some(jump_ms) = clock.look(now, Instant::now()) {
            tracing::warn!(clock.jump_ms = jump_ms, "the clock has jumped: nothing is removed for its age for an hour");
        }
        if !clock.is_believed(Instant::now()) {
            tokio::time::sleep(SWEEP_PAUSE).await;
            continue;
        }
        let told = |what: &str, removed: Result<u64, StoreError>| match removed {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "removed: {what}"),
            Err(error) => tracing::warn!("cannot be removed: {what}: {:#}", anyhow::Error::from(error)),
        };
        let erased = store.erase_facts(now, &reply::erased).await.map(|count| count as u64);
        told("facts of the portal in replies", erased);
        let unused = store.remove_waiting_attachments(config.retention.unused_files_end(now)).await;
        told("files that no ticket took", unused);
        told("sessions and links of the staff that expired", door.sweep(now).await);
        match outside::remove_mail_files(&config, config.retention.mail_files_end(now)).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "removed: mails that were written as files"),
            Err(error) => tracing::warn!("mails that were written as files cannot be removed: {}", error.kind()),
        }
        tokio::time::sleep(SWEEP_PAUSE).await;
    }
}

/// Gives back, again and again, conversations that the person who has taken them over does not answer any more.
async fn give_back_abandoned(conversations: Arc<Conversations>) {
    loop {
        match conversations.give_back_abandoned().await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "conversations were given back to the assistant"),
            Err(error) => tracing::warn!("conversations cannot be given back: {:#}", anyhow::Error::from(error)),
        }
        tokio::time::sleep(GIVE_BACK_PAUSE).await;
    }
}

/// The data directory holds what people wrote: only its owner may look into it.
pub(crate) fn make_private_dir(dir: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    let builder = || std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir);
    builder()
        .with_context(|| format!("cannot make the data directory {}: choose another with --data-dir", dir.display()))?;
    let mode = std::fs::metadata(dir).map(|found| found.permissions().mode() & 0o077).unwrap_or_default();
    if mode != 0 {
        let dir = dir.display();
        tracing::warn!("others may look into the data directory, which holds what people wrote: chmod 700 {dir}");
    }
    Ok(())
}

/// SIGTERM and SIGINT.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> anyhow::Result<Self> {
        let listen = |kind| signal(kind).context("the process may not listen to signals");
        Ok(Self { terminate: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
    }

    /// Waits until one of them comes.
    async fn asked_to_stop(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
        tracing::info!("stopping: what has begun is finished");
    }
}
