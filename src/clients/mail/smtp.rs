//! Mails through an SMTP server.
//!
//! A mail whose acceptance was not heard of is sent again: SMTP has nothing to prevent it. Both copies have the same
//! Message-ID, and mail programs and servers that look at it show one.

use std::error::Error as _;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{self};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use super::message::{Sender, message};
use super::{Mail, MailError, Mailer};
use crate::clients::tls;
use crate::model::Secret;

/// How the connection is kept from being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Encryption {
    /// TLS after STARTTLS, and nothing when the server does not offer it (port 587).
    Starttls,
    /// TLS from the first byte (port 465).
    Tls,
    /// None. Only to this machine.
    None,
}

/// How to reach the server.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// Its name, which its certificate must have.
    pub(crate) host: String,
    /// Its port.
    pub(crate) port: u16,
    /// How the connection is kept from being read.
    pub(crate) encryption: Encryption,
    /// User and password, when it asks for them.
    pub(crate) credentials: Option<(String, Secret)>,
    /// Longest time for one mail. A job's lease must be longer.
    pub(crate) timeout: Duration,
    /// Certificates (PEM) to trust beside those of the system, as a company's own has.
    pub(crate) ca: Option<Vec<u8>>,
}

/// Sends mails through a server. Each has a connection of its own: there are few, and an idle one is closed by the
/// server at moments that look like failures.
#[derive(Debug)]
pub(crate) struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    sender: Sender,
    timeout: Duration,
}

impl SmtpMailer {
    /// Mails from `sender` go through the server of `settings`.
    ///
    /// # Errors
    /// [`MailError::Invalid`] when the connection would be readable, or a certificate cannot be understood.
    pub(crate) fn new(settings: &Settings, sender: Sender) -> Result<Self, MailError> {
        let tls = match settings.encryption {
            Encryption::Starttls => Tls::Required(tls_parameters(settings)?),
            Encryption::Tls => Tls::Wrapper(tls_parameters(settings)?),
            Encryption::None if matches!(settings.host.as_str(), "127.0.0.1" | "::1" | "localhost") => Tls::None,
            Encryption::None => return Err(invalid("mail without TLS is for this machine only")),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port)
            .tls(tls)
            .hello_name(ClientId::Domain(sender.domain().to_owned()))
            .timeout(Some(settings.timeout));
        if let Some((user, password)) = &settings.credentials {
            builder = builder
                .credentials(Credentials::new(user.clone(), password.reveal().to_owned()))
                .authentication(vec![Mechanism::Plain, Mechanism::Login]);
        }
        Ok(Self { transport: builder.build(), sender, timeout: settings.timeout })
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let message = message(mail, &self.sender, SystemTime::now())?;
        // lettre's own limit is for each exchange: a server that is slow every time would take many times as long.
        let sent = tokio::time::timeout(self.timeout, self.transport.send(message)).await;
        match sent {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(failure(&error)),
            Err(_) => Err(MailError::Unavailable("it takes too long".to_owned())),
        }
    }

    fn message_id(&self, key: &str) -> String {
        self.sender.message_id(key)
    }
}

fn tls_parameters(settings: &Settings) -> Result<TlsParameters, MailError> {
    tls::install_provider();
    let mut builder = TlsParameters::builder(settings.host.clone());
    if let Some(pem) = &settings.ca {
        let certificate = Certificate::from_pem(pem).map_err(|_| invalid("the certificate is no PEM"))?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build().map_err(|_| invalid("the certificates cannot be used"))
}

/// What `error` means for the caller. The server's own words are left out: they quote addresses.
fn failure(error: &smtp::Error) -> MailError {
    let code = error.status().map(|code| format!("status {code}"));
    if error.is_permanent() {
        let code = code.unwrap_or_default();
        return if is_about_us(&code) { MailError::ToBeMended(code) } else { MailError::Refused(code) };
    }
    if error.source().is_some_and(tls::is_certificate_error) {
        return MailError::ToBeMended("its certificate is not to be trusted".to_owned());
    }
    let reason = if error.is_timeout() {
        "it takes too long"
    } else if error.is_response() {
        "it cannot be understood"
    } else if error.is_client() {
        "it does not offer what is needed"
    } else {
        "it cannot be reached, or the connection broke"
    };
    MailError::Unavailable(code.unwrap_or_else(|| reason.to_owned()))
}

/// RFC 4954: authentication is missing (530), too weak (534), wrong (535), or needs encryption (538). Another mail would be
/// refused as well.
fn is_about_us(code: &str) -> bool {
    matches!(code, "status 530" | "status 534" | "status 535" | "status 538")
}

fn invalid(reason: &str) -> MailError {
    MailError::Invalid(reason.to_owned())
}
