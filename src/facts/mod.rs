//! Facts about customers: what a message names, and what the rules of the house say about a contract. Pure: the rules, the
//! day and what was read from the portal are arguments.

pub(crate) mod company;
pub(crate) mod dossier;
pub(crate) mod keys;
pub(crate) mod mention;
pub(crate) mod period;
pub(crate) mod renewal;
pub(crate) mod siret;
pub(crate) mod termination;
pub(crate) mod typing;
pub(crate) mod values;

pub(crate) use guichet_kb::rules;

#[cfg(test)]
mod tests;
