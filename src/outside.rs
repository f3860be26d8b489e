//! Other people's systems, as the settings name them.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use anyhow::Context;
use jiff::tz::TimeZone;
use tokio::sync::mpsc;

use crate::clients::jwks::Jwks;
use crate::clients::mail::Mailer;
use crate::clients::mail::file::{self, FileMailer};
use crate::clients::mail::message::Sender;
use crate::clients::mail::smtp::{self, SmtpMailer};
use crate::clients::oidc::{self, Provider};
use crate::clients::portal::http::HttpPortal;
use crate::clients::portal::memory::MemoryPortal;
use crate::clients::portal::{self, Portal};
use crate::clients::subscribers::{self, Subscriber};
use crate::clients::tickets::TicketDesk;
use crate::clients::tickets::webhook::Verifier;
use crate::clients::tickets::zendesk::{self, Zendesk};
use crate::clients::traces::Traces;
use crate::config::{Config, DeskKind, MailTransport, PortalHttp, PortalKind, Smtp, Webhook};
use crate::conversation::{Elsewhere, Lookups};
use crate::http::webhooks::Webhooks;
use crate::identity::demo::Signer;
use crate::identity::{self, Key, Keys};
use crate::model::Secret;
use crate::staff::sso::{Roles, Sso};
use crate::store::Store;
use crate::telemetry::Span;
use crate::token;
use crate::visitors::{self, Trust};

/// How old a delivery may be.
const DELIVERY_MAX_AGE: Duration = Duration::from_secs(5 * 60);

/// The name in the store of what signs for the users of the demo portal.
const DEMO_KEY: &str = "identity.demo";

/// The name in the store of what marks the cookies of people who are at the provider of identities.
const SSO_KEY: &str = "staff.sso";

/// How mails leave.
///
/// # Errors
/// When the settings contradict themselves; the message says how.
pub(crate) fn mailer(config: &Config) -> anyhow::Result<Arc<dyn Mailer>> {
    let mail = &config.mail;
    let sender = Sender::new(&mail.from_name, mail.from.clone(), &mail.domain).context("[mail]")?;
    Ok(match (mail.transport, &mail.smtp) {
        (MailTransport::Smtp, Some(smtp)) => {
            Arc::new(SmtpMailer::new(&smtp_settings(smtp)?, sender).context("[mail.smtp]")?)
        }
        _ => Arc::new(FileMailer::new(mail_dir(config), sender)),
    })
}

/// Where mails are written as files.
pub(crate) fn mail_dir(config: &Config) -> PathBuf {
    config.data_dir.join("mail")
}

/// Removes mails that were written as files before `before`, in milliseconds since 1970; how many.
///
/// # Errors
/// When a file cannot be removed.
pub(crate) async fn remove_mail_files(config: &Config, before: i64) -> std::io::Result<u64> {
    let (dir, before) = (mail_dir(config), Duration::from_millis(u64::try_from(before).unwrap_or_default()));
    let removed = tokio::task::spawn_blocking(move || file::remove_before(&dir, SystemTime::UNIX_EPOCH + before));
    removed.await.map_err(std::io::Error::other)?
}

/// The mails that were written as files here and that name one of `names`.
///
/// # Errors
/// When the folder or a file cannot be read.
pub(crate) fn mail_files_naming(config: &Config, names: &[String]) -> std::io::Result<Vec<PathBuf>> {
    file::list_naming(&mail_dir(config), names)
}

/// The desk outside, when there is one.
///
/// # Errors
/// When the settings contradict themselves; the message says how.
pub(crate) fn desk(config: &Config, zone: &TimeZone) -> anyhow::Result<Option<Arc<dyn TicketDesk>>> {
    let Some(account) = config.desk.zendesk.as_ref().filter(|_| config.desk.kind == DeskKind::Zendesk) else {
        return Ok(None);
    };
    let settings = zendesk::Settings {
        base_url: account.base_url.clone(),
        user: account.user.clone(),
        token: account.token.clone(),
        connect_timeout: Duration::from_millis(account.connect_timeout_ms),
        request_timeout: Duration::from_millis(account.request_timeout_ms),
        deadline: Duration::from_millis(account.deadline_ms),
        product_field: account.product_field,
        reference_field: account.reference_field,
        brand: account.brand,
        group: account.group,
        tags: account.tags.clone(),
        zone: zone.clone(),
    };
    Ok(Some(Arc::new(Zendesk::new(settings).context("[desk.zendesk]")?)))
}

/// Where open requests of whoever is signed in are looked for, when they are.
pub(crate) fn elsewhere(config: &Config, desk: Option<&Arc<dyn TicketDesk>>) -> Option<Elsewhere> {
    let patience = config.desk.look_for()?;
    desk.map(|desk| Elsewhere { desk: Arc::clone(desk), patience })
}

/// What is needed to understand the deliveries of the desk outside, when there is one.
pub(crate) fn webhooks(config: &Config) -> Option<Arc<Webhooks>> {
    let account = config.desk.zendesk.as_ref().filter(|_| config.desk.kind == DeskKind::Zendesk)?;
    let verifier = Verifier::new(account.webhook_secrets.clone(), DELIVERY_MAX_AGE);
    Some(Arc::new(Webhooks { verifier, own_user: OnceLock::new() }))
}

/// Who collects traces, when somebody does; `ended` is what is collected.
///
/// # Errors
/// When this machine can make no client.
pub(crate) fn traces(config: &Config, ended: Option<mpsc::Receiver<Span>>) -> anyhow::Result<Option<Traces>> {
    let (Some(endpoint), Some(ended)) = (&config.traces.endpoint, ended) else { return Ok(None) };
    Ok(Some(Traces::new(endpoint, ended).context("traces cannot be sent")?))
}

/// Who is told what happens to tickets.
///
/// # Errors
/// When an address is wrong; the message says which.
pub(crate) fn subscribers(config: &Config) -> anyhow::Result<Vec<Subscriber>> {
    let subscriber = |(number, webhook): (usize, &Webhook)| {
        let (secret, events) = (webhook.secret.clone(), webhook.events.clone());
        Subscriber::new(&webhook.url, secret, events, webhook.with_personal_data)
            .with_context(|| format!("[[webhook]] number {}", number + 1))
    };
    config.webhook.iter().enumerate().map(subscriber).collect()
}

/// The demo portal, with what signs for its users.
pub(crate) struct DemoPortal {
    pub(crate) portal: Arc<MemoryPortal>,
    pub(crate) signer: Signer,
}

/// The demo portal, when no other is configured.
///
/// All replicas on one store sign with one key, so that each takes the tokens of the others.
///
/// # Errors
/// When the store fails.
pub(crate) async fn demo_portal(config: &Config, store: &Store) -> anyhow::Result<Option<Arc<DemoPortal>>> {
    if config.portal.kind != PortalKind::Demo {
        return Ok(None);
    }
    let fresh = Secret::new(token::new());
    let secret = store.shared_secret(DEMO_KEY, &fresh).await.context("the key of the demo portal cannot be kept")?;
    let signer = Signer { secret, issuer: config.identity.issuer.clone(), audience: config.identity.audience.clone() };
    Ok(Some(Arc::new(DemoPortal { portal: Arc::new(MemoryPortal::of_today()), signer })))
}

/// Where facts about customers are looked up.
///
/// # Errors
/// When the settings contradict themselves; the message says how.
pub(crate) fn lookups(config: &Config, demo: Option<&DemoPortal>) -> anyhow::Result<Lookups> {
    let portal: Option<Arc<dyn Portal>> = match (&config.portal.http, demo) {
        (Some(http), _) => Some(Arc::new(HttpPortal::new(portal_settings(http)).context("[portal.http]")?)),
        (None, Some(demo)) => Some(Arc::clone(&demo.portal) as Arc<dyn Portal>),
        (None, None) => None,
    };
    Ok(Lookups {
        portal,
        patience: Duration::from_millis(config.portal.patience_ms),
        facts_stay: Duration::from_millis(config.portal.facts_stay_ms),
        clock: jiff::Timestamp::now,
    })
}

/// Whose word is taken for who a visitor is.
///
/// # Errors
/// When a key cannot be used; the message says which.
pub(crate) fn trust(config: &Config, demo: Option<&DemoPortal>) -> anyhow::Result<Trust> {
    let identity = &config.identity;
    let keys = identity.key.iter().map(|key| Key::shared(&key.id, &key.secret));
    let demo_key = demo.map(|demo| Key::shared(identity::demo::KEY, &demo.signer.secret));
    let keys: Result<Vec<Key>, _> = keys.chain(demo_key).collect();
    Ok(Trust {
        issuer: identity.issuer.clone(),
        audience: identity.audience.clone(),
        fixed: keys.and_then(Keys::new).context("[[identity.key]]")?,
        published: identity.jwks_url.as_deref().map(Jwks::new).transpose().context("identity.jwks_url")?,
        refresh: Duration::from_millis(identity.jwks_refresh_ms),
        fetch_pause: visitors::FETCH_PAUSE,
        link_code_ms: identity.link_code_ms,
    })
}

/// The way in by the provider of identities of the company, when there is one.
///
/// # Errors
/// When the settings contradict themselves, or the store fails; the message says how.
pub(crate) async fn sso(config: &Config, store: &Store) -> anyhow::Result<Option<Sso>> {
    let Some(settings) = &config.console.oidc else { return Ok(None) };
    let roles = Roles {
        claim: settings.roles_claim.clone(),
        of: settings.role.iter().map(|of| (of.value.clone(), of.role)).collect(),
        otherwise: settings.default_role,
    };
    let provider = Provider::new(oidc::Settings {
        issuer: settings.issuer.clone(),
        client_id: settings.client_id.clone(),
        client_secret: settings.secret()?,
        redirect_uri: format!("{}{}", settings.public_url, crate::console::SSO_RETURN),
        scopes: settings.scopes.clone(),
        wanted: roles.wanted(),
        pause: oidc::PAUSE,
    });
    let provider = provider.context("[console.oidc] issuer, public_url")?;
    let secret = store.shared_secret(SSO_KEY, &Secret::new(token::new())).await;
    let secret = secret.context("the key of the cookies of [console.oidc] cannot be kept")?;
    Ok(Some(Sso::new(store.clone(), provider, roles, &secret)))
}

fn portal_settings(http: &PortalHttp) -> portal::http::Settings {
    portal::http::Settings {
        base_url: http.base_url.clone(),
        token_url: http.token_url.clone(),
        client_id: http.client_id.clone(),
        client_secret: http.client_secret.clone(),
        connect_timeout: Duration::from_millis(http.connect_timeout_ms),
        request_timeout: Duration::from_millis(http.request_timeout_ms),
        deadline: Duration::from_millis(http.deadline_ms),
        fresh: Duration::from_millis(http.fresh_ms),
        breaker_failures: http.breaker_failures,
        breaker_pause: Duration::from_millis(http.breaker_pause_ms),
    }
}

/// The longest that a call outside may take: a lease must be longer.
pub(crate) fn longest_call(config: &Config) -> Duration {
    let mail = config.mail.smtp.as_ref().map_or(Duration::ZERO, |smtp| Duration::from_millis(smtp.timeout_ms));
    let account = config.desk.zendesk.as_ref().filter(|_| config.desk.kind == DeskKind::Zendesk);
    let desk = account.map_or(Duration::ZERO, |account| Duration::from_millis(account.deadline_ms));
    let told = if config.webhook.is_empty() { Duration::ZERO } else { subscribers::TIMEOUT };
    let discord = if config.discord.is_on() { guichet_bots::discord::TIMEOUT } else { Duration::ZERO };
    mail.max(desk).max(told).max(discord)
}

fn smtp_settings(smtp: &Smtp) -> anyhow::Result<smtp::Settings> {
    let ca = match &smtp.ca_file {
        Some(file) => {
            Some(std::fs::read(file).with_context(|| format!("mail.smtp.ca_file: cannot read {}", file.display()))?)
        }
        None => None,
    };
    Ok(smtp::Settings {
        host: smtp.host.clone(),
        port: smtp.port,
        encryption: smtp.encryption,
        credentials: smtp.user.clone().zip(smtp.password.clone()),
        timeout: Duration::from_millis(smtp.timeout_ms),
        ca,
    })
}
