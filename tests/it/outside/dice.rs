//! Chance that a seed begins (splitmix64): what is drawn can be drawn again, as far as the clock allows.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

pub(crate) struct Dice(AtomicU64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// A number below `end`.
    pub(crate) fn below(&self, end: u64) -> u64 {
        let mut bits = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (bits ^ (bits >> 31)) % end
    }

    /// True so many times of a hundred.
    pub(crate) fn falls(&self, percent: u64) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn millis(&self, longest: u64) -> Duration {
        Duration::from_millis(self.below(longest))
    }
}
