//! Other people's systems: one folder each, with a trait, the real thing and one in memory.

mod body;
mod encrypted;
pub(crate) mod jwks;
pub(crate) mod mail;
pub(crate) mod oidc;
pub(crate) mod portal;
pub(crate) mod subscribers;
pub(crate) mod tickets;
mod tls;
pub(crate) mod traces;
