//! The places of Discord: a person in private, a thread of ours, or a person in a channel without threads.

use std::fmt;
use std::str::FromStr;

use serenity::model::id::{ChannelId, UserId};

use crate::{Account, Place};

/// The name of the platform in accounts and places.
pub const PLATFORM: &str = "discord";

/// A place of Discord.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spot {
    /// Direct messages and replies that only this person sees: one conversation.
    User(UserId),
    /// A thread.
    Thread(ChannelId),
    /// A channel where no thread can be made, for this person.
    Channel(ChannelId, UserId),
}

impl Spot {
    /// The place, as the service keeps it.
    pub(super) fn place(self, owner: UserId) -> Place {
        let is_public = !matches!(self, Self::User(_));
        Place { id: self.to_string(), owner: account(owner), is_public }
    }
}

/// The account of a user.
pub(super) fn account(user: UserId) -> Account {
    Account { platform: PLATFORM.to_owned(), id: user.to_string() }
}

/// The user of an account.
pub(super) fn user(account: &Account) -> Option<UserId> {
    snowflake(&account.id).map(UserId::new)
}

/// An id of Discord: a number that is not 0.
pub(super) fn snowflake(text: &str) -> Option<u64> {
    text.parse().ok().filter(|id| *id != 0)
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user) => write!(f, "{PLATFORM}/user/{user}"),
            Self::Thread(thread) => write!(f, "{PLATFORM}/thread/{thread}"),
            Self::Channel(channel, user) => write!(f, "{PLATFORM}/channel/{channel}/{user}"),
        }
    }
}

/// The text names no place of Discord.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no place of Discord")]
pub(super) struct NoSpot;

impl FromStr for Spot {
    type Err = NoSpot;

    fn from_str(text: &str) -> Result<Self, NoSpot> {
        let mut parts = text.split('/');
        if parts.next() != Some(PLATFORM) {
            return Err(NoSpot);
        }
        let kind = parts.next();
        let ids: Vec<u64> = parts.map(|part| snowflake(part).ok_or(NoSpot)).collect::<Result<_, _>>()?;
        match (kind, ids.as_slice()) {
            (Some("user"), [user]) => Ok(Self::User(UserId::new(*user))),
            (Some("thread"), [thread]) => Ok(Self::Thread(ChannelId::new(*thread))),
            (Some("channel"), [channel, user]) => Ok(Self::Channel(ChannelId::new(*channel), UserId::new(*user))),
            _ => Err(NoSpot),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_found_again_by_its_name() {
        let (user, channel) = (UserId::new(7), ChannelId::new(9));
        for spot in [Spot::User(user), Spot::Thread(channel), Spot::Channel(channel, user)] {
            assert_eq!(spot.to_string().parse(), Ok(spot));
        }
        for text in ["", "slack/user/7", "discord/user/0", "discord/user/x", "discord/thread/1/2", "discord/channel/1"]
        {
            assert_eq!(text.parse::<Spot>(), Err(NoSpot), "{text}");
        }
    }
}
