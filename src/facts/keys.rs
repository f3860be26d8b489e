//! When keys come.

use jiff::{Span, Timestamp};

use super::rules::Rules;
use crate::model::ActivationKey;

/// Where a key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyState {
    /// It is there.
    Available {
        /// Since when.
        since: Timestamp,
    },
    /// It comes before this moment.
    Expected {
        /// The end of the delay.
        before: Timestamp,
    },
    /// It should be there and is not.
    Late {
        /// Since when.
        since: Timestamp,
    },
}

/// Where `key` stands at `now`, by the rule of its delay.
pub(crate) fn key_state(key: &ActivationKey, now: Timestamp, rules: &Rules) -> KeyState {
    let delay = Span::new().hours(i64::from(rules.keys_delay.hours));
    let before = key.ordered_at.checked_add(delay).unwrap_or(Timestamp::MAX);
    match key.available_at {
        Some(since) if since <= now => KeyState::Available { since },
        _ if now <= before => KeyState::Expected { before },
        _ => KeyState::Late { since: before },
    }
}
