//! What curators must know about their knowledge base: which check questions fail and which entry steals them
//! ([`checks`]), and what deserves a look before partners stumble on it ([`report`]). Pure: an engine and values in, values
//! out; the command line prints them and the console can show them.

pub(crate) mod checks;
pub(crate) mod confusions;
pub(crate) mod contradictions;
pub(crate) mod gaps;
pub(crate) mod hard_to_find;
pub(crate) mod report;
mod statements;
pub(crate) mod twins;
