//! Black box: the real binary on a real port, with its own data directory. Each file tells what one kind of person sees.

mod attachments;
mod commands;
mod console;
mod crash;
mod curating;
mod desk_news;
mod desk_webhook;
mod dialogues;
mod discord;
mod embedding;
mod faults;
mod feedback;
mod following;
mod guichet;
mod http_errors;
mod images;
mod incidents;
mod limits;
mod lines;
mod live;
mod lookups;
mod masking;
mod metrics;
mod outside;
mod partner;
mod postgres;
mod privacy;
mod replicas;
mod requests;
mod staff;
mod start;
mod tickets;
mod traces;
#[path = "../../src/transcripts.rs"]
mod transcripts;
mod webhooks;
