//! What goes wrong with Discord, by what the connector can do about it.

use std::time::Duration;

use serenity::http::HttpError;

use super::permissions::{self, Permissions};
use crate::{AssistantError, DeliveryError, MemoryError};

/// How long a refusal because of limits is waited for that does not say it.
const UNSAID_WAIT: Duration = Duration::from_secs(30);

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// Too many requests, even after waiting.
    #[error("Discord's rate limit")]
    RateLimited {
        /// How long it asks to wait.
        after: Option<Duration>,
    },
    /// It does not answer, or fails itself.
    #[error("Discord is unavailable: {0}")]
    Unavailable(String),
    /// It has done what was asked, and what it says of it is not understood.
    #[error("Discord's answer is not understood")]
    NotUnderstood,
    /// The bot lacks a permission.
    #[error("a permission is missing: {permission}")]
    MissingPermission {
        /// For what.
        attempt: Attempt,
        /// What administrators see it as, in French; several when Discord says that several are missing.
        permission: String,
    },
    /// This person takes no direct messages.
    #[error("direct messages are closed")]
    MessagesClosed,
    /// The message, the thread or the channel was deleted, or an interaction is too old.
    #[error("it is gone")]
    Gone,
    /// Anything else that Discord refuses; nothing personal is in it.
    #[error("Discord refuses it: {status}, code {code}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// Discord's own code.
        code: isize,
    },
    /// The assistant.
    #[error(transparent)]
    Assistant(#[from] AssistantError),
    /// The notebook.
    #[error(transparent)]
    Memory(#[from] MemoryError),
}

/// What was attempted: a refusal says which permission is missing by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attempt {
    /// Read a channel.
    Read,
    /// Write in a channel.
    Send,
    /// Write in a thread.
    SendInThread,
    /// Open a thread.
    OpenThread,
    /// Rename or close a thread.
    EditThread,
    /// Anything that needs no permission.
    Other,
}

impl Attempt {
    /// What is most likely missing, when Discord does not say what we have.
    fn likely(self) -> String {
        permissions::NEEDED
            .iter()
            .find(|(attempt, _)| *attempt == self)
            .map_or_else(|| permissions::name(Permissions::SEND_MESSAGES), |(_, needed)| permissions::name(needed[0]))
    }
}

/// Discord's own codes of errors (JSON error codes in its documentation).
mod code {
    pub(super) const UNKNOWN_CHANNEL: isize = 10003;
    pub(super) const UNKNOWN_MESSAGE: isize = 10008;
    pub(super) const UNKNOWN_INTERACTION: isize = 10062;
    pub(super) const MISSING_ACCESS: isize = 50001;
    pub(super) const CANNOT_SEND_TO_USER: isize = 50007;
    pub(super) const MISSING_PERMISSIONS: isize = 50013;
}

impl Fault {
    /// What an error of the client means when `attempt` was made.
    pub(super) fn of(error: &serenity::Error, attempt: Attempt) -> Self {
        let serenity::Error::Http(error) = error else { return Self::Unavailable("the client failed".to_owned()) };
        match error {
            HttpError::UnsuccessfulRequest(response) => {
                Self::refused(response.status_code.as_u16(), response.error.code, None, attempt)
            }
            _ => Self::Unavailable("there is no connection".to_owned()),
        }
    }

    /// What a refusal means: Discord's status and code, and how long it asks to wait.
    pub(super) fn refused(status: u16, code: isize, after: Option<Duration>, attempt: Attempt) -> Self {
        match (status, code) {
            (429, _) => Self::RateLimited { after },
            (500.., _) => Self::Unavailable(format!("it answers {status}")),
            (_, code::UNKNOWN_CHANNEL | code::UNKNOWN_MESSAGE | code::UNKNOWN_INTERACTION) => Self::Gone,
            (_, code::CANNOT_SEND_TO_USER) => Self::MessagesClosed,
            (_, code::MISSING_ACCESS) => {
                Self::MissingPermission { attempt: Attempt::Read, permission: Attempt::Read.likely() }
            }
            (_, code::MISSING_PERMISSIONS) => Self::MissingPermission { attempt, permission: attempt.likely() },
            (404, _) => Self::Gone,
            (status, code) => Self::Refused { status, code },
        }
    }

    /// Whether the same may work in a moment.
    pub(super) fn is_passing(&self) -> bool {
        matches!(self, Self::RateLimited { .. } | Self::Unavailable(_))
    }

    /// How long Discord asks to wait.
    pub(super) fn wait(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { after } => *after,
            _ => None,
        }
    }
}

impl From<Fault> for DeliveryError {
    fn from(fault: Fault) -> Self {
        let reason = fault.to_string();
        match fault {
            Fault::RateLimited { after } => Self::Later { reason, after: after.or(Some(UNSAID_WAIT)) },
            // An administrator may give the permission.
            Fault::Unavailable(_) | Fault::MissingPermission { .. } | Fault::Assistant(_) | Fault::Memory(_) => {
                Self::Later { reason, after: None }
            }
            Fault::MessagesClosed | Fault::Gone | Fault::NotUnderstood | Fault::Refused { .. } => {
                Self::Never { reason }
            }
        }
    }
}
