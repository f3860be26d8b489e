//! Settings: `default.toml` (the manual), then a file, then the environment, then the command line.

mod attachments;
mod console;
mod discord;
mod limits;
mod mail;
mod oidc;
mod portal;
mod retention;
mod support;
mod webhooks;
mod widget;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, ensure};
use serde::{Deserialize, Serialize};

pub(crate) use attachments::Attachments;
pub(crate) use console::Console;
pub(crate) use discord::Discord;
pub(crate) use limits::Limits;
pub(crate) use mail::{Mail, MailTransport, Smtp};
pub(crate) use oidc::Oidc;
pub(crate) use portal::{Identity, Portal, PortalHttp, PortalKind};
pub(crate) use retention::Retention;
pub(crate) use support::{Desk, DeskKind, Jobs, Staff, Support};
pub(crate) use webhooks::Webhook;
pub(crate) use widget::{Site, Widget};

use crate::redact::Redaction;

/// The manual, with every default.
pub(crate) const DEFAULT: &str = include_str!("default.toml");

/// Begins every variable of the environment that is a setting.
const PREFIX: &str = "GUICHET";

/// Every setting; `default.toml` says what each means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) data_dir: PathBuf,
    pub(crate) http: Http,
    pub(crate) widget: Widget,
    pub(crate) limits: Limits,
    pub(crate) knowledge: Knowledge,
    pub(crate) store: Store,
    pub(crate) support: Support,
    pub(crate) desk: Desk,
    pub(crate) mail: Mail,
    pub(crate) attachments: Attachments,
    pub(crate) portal: Portal,
    pub(crate) identity: Identity,
    pub(crate) redaction: Redaction,
    pub(crate) retention: Retention,
    #[serde(default)]
    pub(crate) webhook: Vec<Webhook>,
    pub(crate) staff: Staff,
    pub(crate) console: Console,
    pub(crate) discord: Discord,
    pub(crate) jobs: Jobs,
    pub(crate) metrics: Metrics,
    pub(crate) traces: Traces,
    pub(crate) log: Log,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Http {
    pub(crate) listen: SocketAddr,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) public_url: Option<String>,
    pub(crate) request_timeout_ms: u64,
    pub(crate) header_timeout_ms: u64,
    pub(crate) drain_ms: u64,
    pub(crate) max_body_bytes: usize,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Knowledge {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) dir: Option<PathBuf>,
    pub(crate) watch_ms: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Store {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) url: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Metrics {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) listen: Option<SocketAddr>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Traces {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) endpoint: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Log {
    pub(crate) filter: String,
    pub(crate) format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    Text,
    Json,
}

/// What the command line says; it comes last.
#[derive(Debug, Default)]
pub(crate) struct Overrides<'a> {
    pub(crate) data_dir: Option<&'a Path>,
    pub(crate) knowledge_dir: Option<&'a Path>,
    pub(crate) listen: Option<SocketAddr>,
}

impl Config {
    /// The settings of `file`, the environment and the command line over the defaults.
    ///
    /// # Errors
    /// When the file cannot be read, a name is unknown, or a value does not make sense; the message names it.
    pub(crate) fn load(file: Option<&Path>, overrides: &Overrides<'_>) -> anyhow::Result<Self> {
        let format = config::FileFormat::Toml;
        let mut builder = config::Config::builder().add_source(config::File::from_str(DEFAULT, format));
        if let Some(file) = file {
            ensure!(file.is_file(), "there is no configuration file {}", file.display());
            builder = builder.add_source(config::File::from(file).format(format));
        }
        let environment = config::Environment::with_prefix(PREFIX).prefix_separator("__").separator("__");
        let builder = builder.add_source(environment);
        let mut config: Self = builder
            .build()
            .and_then(config::Config::try_deserialize)
            .context("the configuration is wrong: `guichet config print --default` shows every setting")?;
        if let Some(dir) = overrides.data_dir {
            config.data_dir = dir.to_owned();
        }
        if let Some(dir) = overrides.knowledge_dir {
            config.knowledge.dir = Some(dir.to_owned());
        }
        if let Some(listen) = overrides.listen {
            config.http.listen = listen;
        }
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> anyhow::Result<()> {
        ensure!(self.http.request_timeout_ms > 0, "http.request_timeout_ms is 0: no request could be answered");
        ensure!(self.http.header_timeout_ms > 0, "http.header_timeout_ms is 0: no request could be read");
        ensure!(
            self.http.max_body_bytes >= 20_000,
            "http.max_body_bytes is {}: the longest message needs 20000",
            self.http.max_body_bytes
        );
        let is_http = |url: &String| url.starts_with("http://") || url.starts_with("https://");
        ensure!(
            self.traces.endpoint.as_ref().is_none_or(is_http),
            "traces.endpoint must begin with http:// or https://"
        );
        ensure!(
            self.http.public_url.as_ref().is_none_or(is_http),
            "http.public_url is where people reach the service, such as https://guichet.editeur.example"
        );
        self.widget.check()?;
        self.desk.check(self.http.request_timeout_ms)?;
        self.mail.check()?;
        self.attachments.check()?;
        webhooks::check(&self.webhook)?;
        self.staff.check()?;
        self.console.check()?;
        self.discord.check()?;
        self.jobs.check()?;
        self.retention.check(self.jobs.max_age_ms)?;
        self.portal.check(&self.identity, self.http.request_timeout_ms)?;
        Ok(())
    }

    /// The settings in force, as TOML. Passwords inside URLs are hidden.
    ///
    /// # Errors
    /// When a path is not UTF-8.
    pub(crate) fn to_toml(&self) -> anyhow::Result<String> {
        let mut shown = self.clone();
        shown.store.url = shown.store.url.as_deref().map(without_password);
        toml::to_string(&shown).context("the settings cannot be written as TOML")
    }

    /// URL of the store.
    pub(crate) fn store_url(&self) -> String {
        let file = self.data_dir.join("guichet.db");
        self.store.url.clone().unwrap_or_else(|| format!("sqlite://{}", file.display()))
    }

    /// Directory of the index.
    pub(crate) fn index_dir(&self) -> PathBuf {
        self.data_dir.join("index")
    }
}

impl Http {
    /// How long a request may take.
    pub(crate) fn request_timeout(&self) -> Duration {
        Duration::from_millis(self.request_timeout_ms)
    }

    /// How long requests are still taken after the service was told to stop.
    pub(crate) fn drain(&self) -> Duration {
        Duration::from_millis(self.drain_ms)
    }
}

/// `scheme://user:password@host` with the password hidden.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    // A password may hold an @, and a parameter may hold a password.
    let rest = rest.split_once('?').map_or(rest.to_owned(), |(place, _)| format!("{place}?***"));
    match rest.rsplit_once('@') {
        Some((user, host)) => {
            let user = user.split_once(':').map_or(user.to_owned(), |(name, _)| format!("{name}:***"));
            format!("{scheme}://{user}@{host}")
        }
        None => format!("{scheme}://{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> anyhow::Result<Config> {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let file = dir.path().join("guichet.toml");
        std::fs::write(&file, text).expect("the file can be written");
        Config::load(Some(&file), &Overrides::default())
    }

    #[test]
    fn a_file_sets_only_what_differs() {
        let config = load("[http]\nlisten = \"127.0.0.1:9000\"\n").expect("it is right");
        assert_eq!(config.http.listen.port(), 9000);
        assert_eq!(config.knowledge.dir, None);
        assert_eq!(config.store_url(), "sqlite://guichet-data/guichet.db");
    }

    #[test]
    fn unknown_names_and_senseless_values_are_refused_and_named() {
        for (text, named) in [
            ("[http]\nlistne = 1\n", "listne"),
            ("[http]\nlisten = \"here\"\n", "listen"),
            ("[http]\nmax_body_bytes = 10\n", "max_body_bytes"),
            ("[log]\nformat = \"xml\"\n", "xml"),
            ("[retention]\ntickets_days = 0\n", "tickets_days"),
            (
                "[desk.zendesk]\nbase_url = \"https://x.example\"\nuser = \"u\"\ntoken = \"t\"\nlook_ms = 99999\n",
                "look_ms",
            ),
            ("[retention]\ndone_jobs_days = 6\n", "done_jobs_days"),
        ] {
            let error = format!("{:#}", load(text).expect_err(text));
            assert!(error.contains(named), "{error}");
        }
        assert!(Config::load(Some(Path::new("absent.toml")), &Overrides::default()).is_err());
    }

    #[test]
    fn what_is_printed_can_be_loaded_and_holds_no_password() {
        let mut config = load("").expect("the defaults are right");
        assert_eq!(load(&config.to_toml().expect("TOML")).expect("it is right"), config);
        config.store.url = Some("postgres://guichet:ge@heim@db.example/guichet".into());
        let printed = config.to_toml().expect("TOML");
        assert!(printed.contains("postgres://guichet:***@db.example/guichet"), "{printed}");
    }
}
