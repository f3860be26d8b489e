//! A circuit breaker: a portal that fails is left alone for a while, so that nobody waits for it in vain. Pure: the moment
//! is an argument.

use std::time::{Duration, Instant};

/// When it opens and for how long.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Failures in a row.
    pub(super) failures: u32,
    /// How long nothing is tried.
    pub(super) pause: Duration,
}

/// Where the breaker stands.
#[derive(Debug)]
pub(super) struct Breaker {
    limits: Limits,
    state: State,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    /// All may pass; so many have failed in a row.
    Closed { failures: u32 },
    /// None may pass before this moment; then one.
    Open { until: Instant },
    /// One is on its way since this moment; the others wait for what it finds.
    Probing { since: Instant },
}

impl Breaker {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, state: State::Closed { failures: 0 } }
    }

    /// Whether a request may go out now. Who is told yes says how it ended.
    pub(super) fn may_pass(&mut self, now: Instant) -> bool {
        match self.state {
            State::Closed { .. } => true,
            State::Open { until } if now < until => false,
            // A probe that was given up never reports: the next one may go after another pause.
            State::Probing { since } if now < since + self.limits.pause => false,
            State::Open { .. } | State::Probing { .. } => {
                self.state = State::Probing { since: now };
                true
            }
        }
    }

    /// Whether nothing may go out now.
    pub(super) fn is_open(&self, now: Instant) -> bool {
        matches!(self.state, State::Open { until } if now < until)
    }

    /// The portal answered, whatever it said.
    pub(super) fn succeeded(&mut self) {
        self.state = State::Closed { failures: 0 };
    }

    /// The portal did not answer. True when that opened the breaker.
    pub(super) fn failed(&mut self, now: Instant) -> bool {
        let failures = match self.state {
            State::Closed { failures } => failures + 1,
            // A request that went out before the breaker opened changes nothing.
            State::Open { .. } => return false,
            State::Probing { .. } => self.limits.failures,
        };
        let opens = failures >= self.limits.failures;
        self.state = if opens { State::Open { until: now + self.limits.pause } } else { State::Closed { failures } };
        opens
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { failures: 3, pause: Duration::from_secs(10) };

    #[test]
    fn it_opens_after_failures_in_a_row_and_lets_one_through_after_the_pause() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut breaker = Breaker::new(LIMITS);
        assert!(!breaker.failed(at(0)) && !breaker.failed(at(0)));
        breaker.succeeded();
        assert!(!breaker.failed(at(1)) && !breaker.failed(at(1)) && breaker.may_pass(at(1)));
        assert!(breaker.failed(at(1)), "three in a row");
        assert!(!breaker.may_pass(at(2)) && !breaker.failed(at(2)), "those on their way do not prolong the pause");
        assert!(breaker.may_pass(at(11)), "one may look");
        assert!(!breaker.may_pass(at(12)), "only one");
        assert!(breaker.failed(at(12)) && !breaker.may_pass(at(21)));
        assert!(breaker.may_pass(at(22)));
        breaker.succeeded();
        assert!(breaker.may_pass(at(22)) && breaker.may_pass(at(22)));
    }

    #[test]
    fn a_probe_that_never_reports_does_not_close_the_door_for_ever() {
        let start = Instant::now();
        let mut breaker = Breaker::new(Limits { failures: 1, ..LIMITS });
        breaker.failed(start);
        assert!(breaker.may_pass(start + Duration::from_secs(10)));
        assert!(!breaker.may_pass(start + Duration::from_secs(19)));
        assert!(breaker.may_pass(start + Duration::from_secs(20)));
    }
}
