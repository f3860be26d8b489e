//! Channels: how people reach Guichet, whatever stands behind.
//!
//! A connector turns what a platform sends into an [`Inbound`], hands it to an [`Assistant`], and shows the
//! [`Outbound`] that comes back in the platform's own form. It decides nothing and knows nothing of the service: no
//! knowledge base, no store, no HTTP. The web widget's files are here as well ([`widget`]); its connector is the HTTP
//! API itself.

mod assistant;
mod delivery;
#[cfg(feature = "discord")]
pub mod discord;
mod inbound;
pub mod lines;
mod memory;
mod outbound;
mod place;
pub mod terminal;
pub mod widget;

pub use assistant::{Assistant, AssistantError, ConversationKey, Request, RequestState, Requested};
pub use delivery::{Channel, Delivery, DeliveryError, News, Progress};
pub use inbound::Inbound;
pub use memory::{Memory, MemoryError, Post};
pub use outbound::{Block, Choice, Outbound, Picture, Source, SourceKind, Span};
pub use place::{Account, Place};
