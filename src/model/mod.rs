//! Nouns: values without IO, one file each.

mod candidate;
mod decision;

pub(crate) use candidate::Candidate;
pub(crate) use decision::Decision;
