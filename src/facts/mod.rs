//! Facts about customers: what a message names, and what the rules of the house say about a contract. Pure: the rules, the
//! day and what was read from the portal are arguments.

pub(crate) mod company;
pub(crate) mod fields;
pub(crate) mod keys;
pub(crate) mod mention;
pub(crate) mod period;
pub(crate) mod renewal;
pub(crate) mod rules;
pub(crate) mod siret;
pub(crate) mod termination;
pub(crate) mod typing;

#[cfg(test)]
mod tests;
