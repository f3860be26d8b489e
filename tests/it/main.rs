//! Black box: the real binary on a real port, with its own data directory. Each file tells what one kind of person sees.

mod commands;
mod embedding;
mod guichet;
mod http_errors;
mod partner;
mod start;
mod tickets;
