//! Channels: how people reach Guichet, whatever stands behind.
//!
//! A connector turns what a platform sends into an [`Inbound`], hands it to an [`Assistant`], and shows the
//! [`Outbound`] that comes back in the platform's own form. It decides nothing and knows nothing of the service: no
//! knowledge base, no store, no HTTP. The web widget's files are here as well ([`widget`]); its connector is the HTTP
//! API itself.

mod assistant;
mod inbound;
mod outbound;
pub mod terminal;
pub mod widget;

pub use assistant::{Assistant, AssistantError, ConversationKey};
pub use inbound::Inbound;
pub use outbound::{Block, Choice, Outbound, Source, SourceKind, Span};
