//! What could not be done while Discord was down: kept by the queue, and done when it is back. Only ids are kept; what a
//! message says is asked of Discord again.

use std::fmt;
use std::str::FromStr;

use serenity::model::id::{ChannelId, GuildId, MessageId};

use super::Discord;
use super::fault::Fault;
use super::spot::{self, snowflake};

/// A message that was heard and not answered, or that was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Missed {
    /// Its server; none in direct messages.
    pub(super) server: Option<GuildId>,
    pub(super) channel: ChannelId,
    pub(super) message: MessageId,
}

/// The text names nothing that was put off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is nothing that was put off")]
pub(super) struct NotMissed;

impl fmt::Display for Missed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let server = self.server.map_or(0, GuildId::get);
        write!(f, "message/{server}/{}/{}", self.channel, self.message)
    }
}

impl FromStr for Missed {
    type Err = NotMissed;

    fn from_str(text: &str) -> Result<Self, NotMissed> {
        match text.split('/').collect::<Vec<_>>().as_slice() {
            ["message", server, channel, message] => Ok(Self {
                server: if *server == "0" { None } else { Some(GuildId::new(snowflake(server).ok_or(NotMissed)?)) },
                channel: ChannelId::new(snowflake(channel).ok_or(NotMissed)?),
                message: MessageId::new(snowflake(message).ok_or(NotMissed)?),
            }),
            _ => Err(NotMissed),
        }
    }
}

impl Discord {
    /// Leaves to the queue what Discord did not take.
    pub(super) async fn put_off(&self, missed: &Missed, fault: &Fault) {
        match self.memory.put_off(spot::PLATFORM, &missed.to_string(), fault.wait().unwrap_or_default()).await {
            Ok(()) => tracing::info!("a message is answered later: {fault}"),
            Err(error) => tracing::warn!("a message is not answered, nor later: {error}"),
        }
    }

    /// Answers what was missed, as far as it was; what is there no more takes its answer with it.
    pub(super) async fn make_up_for(&self, missed: &Missed) -> Result<(), Fault> {
        let _busy = self.begin_after(missed.message.get()).await;
        let me = self.api.introduce().await?;
        let mut message = match self.api.message(missed.channel, missed.message).await {
            Err(Fault::Gone) => return self.forget(missed.message).await,
            found => found?,
        };
        // Discord says it in events only.
        message.guild_id = missed.server;
        let known = self.memory.find_answer(&missed.message.to_string()).await?;
        match known.is_some_and(|known| known.shown_in.is_some()) {
            true => self.hear_again(me, &message, true).await,
            false => self.hear(me, &message).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_missed_is_found_again_by_its_name() {
        let direct = Missed { server: None, channel: ChannelId::new(9), message: MessageId::new(8) };
        for missed in [direct, Missed { server: Some(GuildId::new(5)), ..direct }] {
            assert_eq!(missed.to_string().parse(), Ok(missed));
        }
        for text in ["", "message/0/0/1", "message/x/1/1", "message/1/1", "thread/1/1/1"] {
            assert_eq!(text.parse::<Missed>(), Err(NotMissed), "{text}");
        }
    }
}
