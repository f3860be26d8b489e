//! Other people's systems, as the settings name them.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::Context;
use jiff::tz::TimeZone;

use crate::clients::mail::Mailer;
use crate::clients::mail::file::FileMailer;
use crate::clients::mail::message::Sender;
use crate::clients::mail::smtp::{self, SmtpMailer};
use crate::clients::subscribers::{self, Subscriber};
use crate::clients::tickets::TicketDesk;
use crate::clients::tickets::webhook::Verifier;
use crate::clients::tickets::zendesk::{self, Zendesk};
use crate::config::{Config, DeskKind, MailTransport, Smtp, Webhook};
use crate::http::webhooks::Webhooks;

/// How old a delivery may be.
const DELIVERY_MAX_AGE: Duration = Duration::from_secs(5 * 60);

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
        _ => Arc::new(FileMailer::new(config.data_dir.join("mail"), sender)),
    })
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

/// What is needed to understand the deliveries of the desk outside, when there is one.
pub(crate) fn webhooks(config: &Config) -> Option<Arc<Webhooks>> {
    let account = config.desk.zendesk.as_ref().filter(|_| config.desk.kind == DeskKind::Zendesk)?;
    let verifier = Verifier::new(account.webhook_secrets.clone(), DELIVERY_MAX_AGE);
    Some(Arc::new(Webhooks { verifier, own_user: OnceLock::new() }))
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

/// The longest that a call outside may take: a lease must be longer.
pub(crate) fn longest_call(config: &Config) -> Duration {
    let mail = config.mail.smtp.as_ref().map_or(Duration::ZERO, |smtp| Duration::from_millis(smtp.timeout_ms));
    let account = config.desk.zendesk.as_ref().filter(|_| config.desk.kind == DeskKind::Zendesk);
    let desk = account.map_or(Duration::ZERO, |account| Duration::from_millis(account.deadline_ms));
    let told = if config.webhook.is_empty() { Duration::ZERO } else { subscribers::TIMEOUT };
    mail.max(desk).max(told)
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
