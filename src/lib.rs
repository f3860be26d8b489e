//! `guichet`: a French support assistant that answers from a curated FAQ, or says that it does not know.
//!
//! A program: [`run`] is all of it. It is a library so that the fuzzer can link it, which alone sees `fuzzing`.

mod answer;
mod app;
mod attachments;
mod channels;
mod cli;
mod clients;
mod config;
mod console;
mod conversation;
mod curation;
mod desk;
mod escalation;
mod eval;
mod facts;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod http;
mod identity;
mod jobs;
mod knowledge;
mod live;
mod lookup;
mod measure;
mod model;
mod opening;
mod outside;
mod policy;
mod portal_demo;
mod privacy;
mod publishing;
mod readiness;
mod redact;
mod reply;
mod simulation;
mod staff;
mod statistics;
mod steady;
mod store;
mod telemetry;
mod text;
mod token;
#[cfg(test)]
mod transcripts;
mod visitors;

pub use cli::run;
