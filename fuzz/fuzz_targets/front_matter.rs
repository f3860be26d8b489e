//! See `src/fuzzing/front_matter.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| guichet::fuzzing::front_matter(data));
