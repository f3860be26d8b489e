//! The knowledge of Guichet: curated French entries, the contacts and links they cite, and small talk.
//!
//! For whoever reads, checks, imports or exports a knowledge base. Loading never fails on bad content: it returns the
//! good entries *and* the list of [`Diagnostic`]s, each with its file and line, so that a command can print them and a
//! service can start with what is right.
//!
//! A knowledge base is a set of files ([`files`]): `entries/<lang>/<category>/<id>.md`, `orientations/<lang>/<id>.md`,
//! `images/<name>`, `contacts.toml`, `rules.fr.toml`, `small_talk.fr.toml`, `synonyms.fr.toml`. They may come from a directory or from the binary itself.

pub mod check;
pub mod composed;
pub mod contacts;
pub mod diagnostic;
pub mod diff;
pub mod document;
pub mod entry;
pub mod export;
mod fields;
pub mod files;
pub mod fold;
pub mod front_matter;
pub mod image;
pub mod import;
pub mod knowledge_base;
pub mod merge;
pub mod orientation;
pub mod reference;
pub mod rules;
pub mod small_talk;
pub mod synonyms;

pub use contacts::{Contact, Contacts, Link};
pub use diagnostic::{Diagnostic, Severity};
pub use document::{DocumentKey, DocumentKind};
pub use entry::{Audience, Checks, Entry, EntryId, Status};
pub use files::File;
pub use image::{Image, ImageError, ImageKind, ImageName};
pub use knowledge_base::{KnowledgeBase, Loaded, Origin};
pub use orientation::Orientation;
pub use rules::{RuleId, Rules};
pub use small_talk::{Intent, Requests, SmallTalk};
pub use synonyms::{Synonym, Synonyms};
