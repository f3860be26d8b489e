//! See `src/fuzzing/templates.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| guichet::fuzzing::templates(data));
