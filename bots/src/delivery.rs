//! What reaches people later, when nobody asks: an agent's answer, a ticket that moves.

use std::time::Duration;

use async_trait::async_trait;

use crate::Place;

/// Something to be brought to a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its id: delivered again, it is recognised as the same.
    pub id: String,
    /// What happened.
    pub news: News,
    /// It names a customer, an address or a number: it is not said where others read.
    pub is_private: bool,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// An agent answered.
    Answer {
        /// Reference of the ticket it is about; none: the agent holds the conversation.
        ticket: Option<String>,
        /// The name that is shown.
        agent: String,
        /// Plain text.
        text: String,
    },
    /// A sentence of the assistant that nobody asked for.
    Notice {
        /// Plain text.
        text: String,
    },
    /// A ticket stands elsewhere now.
    Status {
        /// Its reference.
        ticket: String,
        /// Where, in French.
        label: String,
        /// How far it is.
        progress: Progress,
    },
}

/// How far a ticket is, as far as a channel shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Somebody works on it, or waits.
    Open,
    /// It is thought done; an answer opens it again.
    Solved,
    /// It is done for good.
    Closed,
}

/// Why something was not delivered.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// Try again, not before the wait when there is one.
    #[error("{reason}")]
    Later {
        /// For the operator; holds nothing personal.
        reason: String,
        /// How long the platform asks to wait.
        after: Option<Duration>,
    },
    /// Nobody can deliver it.
    #[error("{reason}")]
    Never {
        /// For the operator; holds nothing personal.
        reason: String,
    },
}

/// A platform that can be spoken to without having asked first.
#[async_trait]
pub trait Channel: Send + Sync {
    /// Brings `delivery` to `place`; the same one twice is shown once.
    async fn deliver(&self, place: &Place, delivery: &Delivery) -> Result<(), DeliveryError>;

    /// Does what could not be done when it was to be, and was given to [`Memory::put_off`](crate::Memory::put_off).
    async fn catch_up(&self, what: &str) -> Result<(), DeliveryError>;
}
