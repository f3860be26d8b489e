//! How long to wait before work is begun again.

use std::time::Duration;

/// How long to wait before work is begun again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Backoff {
    /// After the first failure.
    pub(crate) first: Duration,
    /// After many.
    pub(crate) longest: Duration,
}

impl Backoff {
    /// The wait after `attempts` failures: it doubles up to the longest, and is drawn from its upper half so that many
    /// that failed together do not come back together. `random` is between 0 and 1. What the outside asks for is the
    /// least.
    pub(super) fn wait(self, attempts: u32, random: f64, asked: Option<Duration>) -> Duration {
        let doubled = self.first.saturating_mul(1_u32.checked_shl(attempts.saturating_sub(1)).unwrap_or(u32::MAX));
        let drawn = doubled.min(self.longest).mul_f64(0.5 + random.clamp(0.0, 1.0) / 2.0);
        drawn.max(asked.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_is_drawn_and_respects_what_is_asked() {
        let backoff = Backoff { first: Duration::from_secs(2), longest: Duration::from_secs(900) };
        let seconds = |attempts, random| backoff.wait(attempts, random, None).as_secs_f64();
        assert_eq!((seconds(1, 1.0), seconds(2, 1.0), seconds(3, 1.0)), (2.0, 4.0, 8.0));
        assert_eq!((seconds(3, 0.0), seconds(60, 1.0)), (4.0, 900.0));
        assert_eq!(backoff.wait(1, 0.0, Some(Duration::from_secs(90))), Duration::from_secs(90));
    }
}
