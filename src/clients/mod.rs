//! Other people's systems: one folder each, with a trait, the real thing and one in memory.

pub(crate) mod mail;
#[cfg_attr(not(test), expect(dead_code, reason = "wired when lookups are"))]
pub(crate) mod portal;
pub(crate) mod subscribers;
pub(crate) mod tickets;
mod tls;
