//! `guichet`: a French support assistant that answers from a curated FAQ, or says that it does not know.

mod answer;
mod app;
mod attachments;
mod channels;
mod cli;
mod clients;
mod config;
mod conversation;
mod curation;
mod desk;
mod escalation;
mod eval;
#[cfg_attr(not(test), expect(dead_code, reason = "wired when lookups are"))]
mod facts;
mod http;
#[cfg_attr(not(test), expect(dead_code, reason = "wired when lookups are"))]
mod identity;
mod jobs;
mod knowledge;
mod live;
mod measure;
mod model;
mod opening;
mod outside;
mod policy;
mod portal_demo;
mod publishing;
mod redact;
mod reply;
mod store;
mod telemetry;
mod text;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
