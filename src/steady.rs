//! Whether the clock of this machine goes as time does. A clock may be set, by a person or by the network: what is done
//! because so much time has passed must not be done because of that.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A clock that is corrected by less is steady.
const TOLERANCE_MS: i64 = 60_000;
/// How long a clock must have gone steadily after a jump before its word counts again.
pub(crate) const PROBATION: Duration = Duration::from_secs(60 * 60);

/// What was seen of the clock.
#[derive(Debug)]
pub(crate) struct Steady {
    wall: i64,
    at: Instant,
    jumped: Option<Instant>,
}

impl Steady {
    /// A clock that shows `wall` (milliseconds) at the moment `at`.
    pub(crate) fn new(wall: i64, at: Instant) -> Self {
        Self { wall, at, jumped: None }
    }

    /// Looks at the clock again; how far it jumped since the last look, in milliseconds (less than nothing: back).
    pub(crate) fn look(&mut self, wall: i64, at: Instant) -> Option<i64> {
        let passed = i64::try_from((at - self.at).as_millis()).unwrap_or(i64::MAX);
        let jump = wall.saturating_sub(self.wall).saturating_sub(passed);
        (self.wall, self.at) = (wall, at);
        let has_jumped = jump.abs() > TOLERANCE_MS;
        if has_jumped {
            self.jumped = Some(at);
        }
        has_jumped.then_some(jump)
    }

    /// Whether it may be believed how late it is.
    pub(crate) fn is_believed(&self, at: Instant) -> bool {
        self.jumped.is_none_or(|jumped| at - jumped >= PROBATION)
    }
}

/// A clock that work of the queue looks at before it removes or ends something for its age.
#[derive(Debug)]
pub(crate) struct Watched(Mutex<Steady>);

impl Watched {
    /// A clock that shows `wall` (milliseconds) at the moment `at`.
    pub(crate) fn new(wall: i64, at: Instant) -> Self {
        Self(Mutex::new(Steady::new(wall, at)))
    }

    /// Looks at the clock again; whether it may be believed.
    pub(crate) fn is_believed(&self, wall: i64, at: Instant) -> bool {
        let mut clock = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        clock.look(wall, at);
        clock.is_believed(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 3_600_000;

    #[test]
    fn a_clock_that_jumps_is_not_believed_for_an_hour() {
        let begin = Instant::now();
        let after = |minutes: u64| begin + Duration::from_secs(60 * minutes);
        let mut clock = Steady::new(0, begin);
        assert_eq!(clock.look(60_500, after(1)), None, "it goes half a second wrong");
        assert!(clock.is_believed(after(1)));
        assert_eq!(clock.look(2 * 60_000 + 500 + HOUR_MS, after(2)), Some(HOUR_MS));
        assert!(!clock.is_believed(after(2)));
        assert_eq!(clock.look(3 * 60_000, after(3)), Some(-HOUR_MS - 500));
        assert!(!clock.is_believed(after(62)));
        assert_eq!(clock.look(63 * 60_000, after(63)), None);
        assert!(clock.is_believed(after(63)));
    }
}
