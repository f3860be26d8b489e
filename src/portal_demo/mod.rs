//! A portal with invented companies, for trying Guichet and for tests: the same world each time, dated from one given day,
//! behind the same API as a real one (`docs/portal-openapi.yaml`).

mod cases;
mod contracts;
#[cfg(test)]
pub(crate) mod described;
#[cfg(test)]
mod generated;
mod names;
mod numbers;
mod seen;
mod server;
mod state;
mod world;

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use cases::demo_dossiers;
pub(crate) use cases::{Case, cases};
pub(crate) use seen::{Denied, Seen};
#[cfg(test)]
pub(crate) use server::watched;
pub(crate) use server::{Demo, serve};
pub(crate) use world::{World, today};
