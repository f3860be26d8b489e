//! How long to wait before work is begun again.

use std::time::Duration;

/// How many failures people are slower than networks: what begins with two seconds begins with a minute.
const MENDING: u32 = 5;

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

    /// The wait for somebody who mends something, after `attempts` failures: the same from further on, since people are not
    /// as fast as networks.
    pub(super) fn until_mended(self, attempts: u32, random: f64) -> Duration {
        self.wait(attempts.saturating_add(MENDING), random, None)
    }

    /// The same for all work, which `lasted` so long already: another such time, neither too short nor too long.
    pub(super) fn after_so_long(self, lasted: Duration) -> Duration {
        lasted.clamp(self.until_mended(1, 1.0), self.longest)
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
        assert_eq!(backoff.until_mended(1, 1.0).as_secs(), 64);
        let lasted = |seconds| backoff.after_so_long(Duration::from_secs(seconds)).as_secs();
        assert_eq!((lasted(0), lasted(64), lasted(300), lasted(86_400)), (64, 64, 300, 900));
        assert_eq!(backoff.wait(1, 0.0, Some(Duration::from_secs(90))), Duration::from_secs(90));
    }
}
