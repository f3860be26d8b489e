//! What goes wrong with Discord, by what the connector can do about it.

use std::time::Duration;

use serenity::http::{HttpError, StatusCode};

use crate::{AssistantError, DeliveryError, MemoryError};

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    /// Too many requests, even after waiting.
    #[error("Discord's rate limit")]
    RateLimited,
    /// It does not answer, or fails itself.
    #[error("Discord is unavailable: {0}")]
    Unavailable(String),
    /// The bot lacks a permission.
    #[error("a permission is missing: {permission}")]
    MissingPermission {
        /// What administrators see it as, in French.
        permission: &'static str,
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
    /// What administrators see the permission as.
    fn permission(self) -> &'static str {
        match self {
            Self::Read => "Voir le salon et lire l’historique",
            Self::Send | Self::Other => "Envoyer des messages",
            Self::SendInThread => "Envoyer des messages dans les fils",
            Self::OpenThread => "Créer des fils publics",
            Self::EditThread => "Gérer les fils",
        }
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
        let HttpError::UnsuccessfulRequest(response) = error else {
            return Self::Unavailable("there is no connection".to_owned());
        };
        match (response.status_code, response.error.code) {
            (StatusCode::TOO_MANY_REQUESTS, _) => Self::RateLimited,
            (status, _) if status.is_server_error() => Self::Unavailable(status.to_string()),
            (_, code::UNKNOWN_CHANNEL | code::UNKNOWN_MESSAGE | code::UNKNOWN_INTERACTION) => Self::Gone,
            (_, code::CANNOT_SEND_TO_USER) => Self::MessagesClosed,
            (_, code::MISSING_ACCESS) => Self::MissingPermission { permission: Attempt::Read.permission() },
            (_, code::MISSING_PERMISSIONS) => Self::MissingPermission { permission: attempt.permission() },
            (StatusCode::NOT_FOUND, _) => Self::Gone,
            (status, code) => Self::Refused { status: status.as_u16(), code },
        }
    }

    /// Whether the same may work in a moment.
    pub(super) fn is_passing(&self) -> bool {
        matches!(self, Self::RateLimited | Self::Unavailable(_))
    }
}

impl From<Fault> for DeliveryError {
    fn from(fault: Fault) -> Self {
        let reason = fault.to_string();
        match fault {
            Fault::RateLimited => Self::Later { reason, after: Some(Duration::from_secs(30)) },
            // An administrator may give the permission.
            Fault::Unavailable(_) | Fault::MissingPermission { .. } | Fault::Assistant(_) | Fault::Memory(_) => {
                Self::Later { reason, after: None }
            }
            Fault::MessagesClosed | Fault::Gone | Fault::Refused { .. } => Self::Never { reason },
        }
    }
}
