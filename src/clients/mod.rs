//! Other people's systems: one folder each, with a trait, the real thing and one in memory.

pub(crate) mod mail;
pub(crate) mod tickets;
mod tls;
