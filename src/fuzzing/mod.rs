//! Bytes of strangers and curators, thrown at what reads them. A target takes any bytes and panics when a promise is
//! broken: that is what a fuzzer looks for.
//!
//! None of it is in the service. `scripts/fuzz` builds the targets with the fuzzer's own instruments (`fuzz/` names them
//! one by one); the tests here run the same targets over their seeds (`fuzz/seeds/`, and the knowledge base) and small
//! changes of these, in seconds and with the usual compiler.

mod analyzer;
mod discord;
mod front_matter;
mod importer;
mod templates;
#[cfg(test)]
mod tests;
mod webhooks;

pub use analyzer::analyzer;
pub use discord::discord;
pub use front_matter::front_matter;
pub use importer::importer;
pub use templates::templates;
pub use webhooks::webhooks;

use std::sync::LazyLock;

use guichet_bots::{Block, terminal};
use guichet_kb::{Entry, KnowledgeBase};

use crate::reply;

/// What entries refer to.
static KNOWLEDGE: LazyLock<KnowledgeBase> =
    LazyLock::new(|| crate::knowledge::load(None).expect("the binary carries a knowledge base").knowledge_base);

/// An entry that could be read can be shown, kept and read back, whatever its Markdown holds.
fn is_shown(entry: &Entry) {
    let (blocks, source) = reply::entry(entry, &KNOWLEDGE);
    let mut shown = reply::handoff();
    shown.blocks = blocks;
    shown.sources = vec![source];
    terminal::plain(&shown);
    let kept = serde_json::to_string(&shown.blocks).expect("blocks are JSON");
    let read: Vec<Block> = serde_json::from_str(&kept).expect("what was kept is read back");
    assert_eq!(read, shown.blocks);
}
