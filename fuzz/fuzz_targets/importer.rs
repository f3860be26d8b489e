//! See `src/fuzzing/importer.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| guichet::fuzzing::importer(data));
