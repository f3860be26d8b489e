//! See `src/fuzzing/webhooks.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| guichet::fuzzing::webhooks(data));
